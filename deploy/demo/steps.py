"""The first steps of a load: agencies with their officers, papers, enterprises, staff."""

from collections.abc import Iterator
from functools import partial

from deploy.demo import agencies, firms, forms, names, papers, sheets, staff
from deploy.demo.agencies import Agency
from deploy.demo.chance import chance
from deploy.demo.client import Body, Client
from deploy.demo.crowd import Task
from deploy.demo.firms import Firm
from deploy.demo.loading import Course, Loading, NotAsExpected
from deploy.demo.people import Certificate, Person
from deploy.demo.users import NewAccount

SHADES = 6  # so many different scans
SHEET_FROM = 20  # an enterprise with so many people enters them by an Excel sheet, the others one by one
SHOWN_OF_PHONE = 4  # lists mask all but these last places


def agency_ranks(loading: Loading, operator: Client) -> Iterator[list[Task]]:
    """Rank by rank, because an agency stands below another: the province, the cities, all others."""
    ranks = (("province",), ("city",), ("county",))
    for levels in ranks:
        yield [
            Task(each.name, partial(_found_agency, loading, operator, each))
            for each in agencies.all_agencies()
            if each.level in levels
        ]


def documents(loading: Loading, operator: Client) -> list[Task]:
    """Every paper that any matter asks for, once: whoever attaches the same one later names it by its content."""
    matters = operator.get("/matters")["items"]
    kinds = [(matter["code"], kind) for matter in matters for kind in _kinds(operator, matter["code"])]
    return [Task(kind["title"], partial(_paper, loading, operator, code, kind)) for code, kind in kinds]


def enterprises(loading: Loading) -> list[Task]:
    """Each registers itself, and its agency opens it, or not."""
    return [Task(firm.name, partial(_register, loading, firm)) for firm in firms.all_firms(loading.today)]


def staffing(loading: Loading) -> list[Task]:
    """Each enterprise enters its people (seed S1: before any filing names them)."""
    open_ones = [each for each in firms.all_firms(loading.today) if each.is_open]
    return [Task(f"staff of {firm.name}", partial(_enter_staff, loading, firm)) for firm in open_ones]


def _found_agency(loading: Loading, operator: Client, agency: Agency) -> None:
    told = {"name": agency.name, "division": agency.division, "address": agency.address, "phone": agency.phone}
    told |= {"zone_code": agency.key} if agency.zone else {}
    made = operator.post("/agencies", told, key=loading.kept.key("agency", agency.key))
    organisation_id = made["organisation_id"]
    loading.agency_ids[agency.key] = organisation_id
    loading.agencies[organisation_id] = agency
    first, *others = agency.officers
    alone = NewAccount(first.username, first.name, ("administrator",), organisation_id)
    administrator = loading.users.make(operator, alone)
    _give_roles(loading, administrator, first.roles)
    for officer in others:
        loading.users.make(administrator, NewAccount(officer.username, officer.name, officer.roles))


def _give_roles(loading: Loading, administrator: Client, roles: tuple[str, ...]) -> None:
    """The operator makes administrators only; what else they do they say themselves."""
    account = administrator.get("/sessions/current")["account"]
    if set(account["roles"]) == set(roles):
        return
    change = {"version": account["version"], "roles": list(roles)}
    administrator.patch(
        f"/accounts/{account['account_id']}", change, key=loading.kept.key("roles", account["username"])
    )


def _kinds(operator: Client, matter: str) -> list[Body]:
    kinds: list[Body] = operator.get(f"/matters/{matter}")["attachments"]
    return kinds


def _paper(loading: Loading, operator: Client, matter: str, kind: Body) -> None:
    """Certificates and photographs are scans, all else are texts."""
    title, code = kind["title"], kind["code"]
    scanned = title.endswith(("证书", "证明", "副本", "许可证"))
    content = (
        papers.png(200 + len(title) % SHADES * 8) if scanned else papers.pdf(title, "河北省（演示数据）", matter, code)
    )
    name = f"{title[:40]}.{'png' if scanned else 'pdf'}"
    kept = operator.upload("/attachments", content, key=loading.kept.key("paper", matter, code), name=name)
    loading.papers[matter, code] = kept


def _register(loading: Loading, firm: Firm) -> None:
    filing = forms.registration(firm)
    account = {"username": firm.username, "password": loading.kept.password(firm.username), "name": firm.contact}
    told = {"account": account, "form": filing.form, "attachments": loading.attachments(filing)}
    made = loading.users.door.post("/registrations", told, key=loading.kept.key("registration", firm.key))
    loading.ids.firms[firm.key] = made["organisation_id"]
    Course(loading, firm.key, loading.users.door, filing, standing=made).go(firm.registration)


def _enter_staff(loading: Loading, firm: Firm) -> None:
    client = loading.firm(firm)
    if firm.has_clerk:
        name = chance("clerk", firm.key)
        loading.users.make(client, NewAccount(firm.clerk, names.person(name, male=name.random() < 0.5), ("clerk",)))
    people = staff.people_of(firm, loading.today)
    if len(people) >= SHEET_FROM:
        _enter_by_sheet(loading, firm, people)
        return
    for person in people:
        made = client.post("/people", _person(person), key=loading.kept.key("person", person.key))
        loading.ids.people[person.key] = made["person_id"]


def _person(person: Person) -> Body:
    return {
        "identity_number": person.identity_number,
        "name": person.name,
        "phone": person.phone,
        "posts": [person.post],
        "certificates": [_certificate(each) for each in person.certificates],
    }


def _certificate(certificate: Certificate) -> Body:
    told = {
        "kind": certificate.kind,
        "number": certificate.number,
        "issued_on": certificate.issued_on.isoformat(),
        "valid_to": certificate.valid_to.isoformat(),
        "issuer": certificate.issuer,
        "trade": certificate.trade,
        "grade": certificate.grade,
    }
    return {name: value for name, value in told.items() if value}


def _enter_by_sheet(loading: Loading, firm: Firm, people: list[Person]) -> None:
    """By Excel; the same sheet again changes nothing, so no key of its own is needed."""
    client = loading.firm(firm)
    _import(client, firm, people)
    names_of = {(each.name, each.phone[-SHOWN_OF_PHONE:]): each.key for each in people}
    # Its own: an owner also sees the others whom its projects hold.
    for person in client.items("/people", organisation_id=loading.ids.firms[firm.key], limit=100):
        key = names_of[person["name"], person["phone"][-SHOWN_OF_PHONE:]]
        loading.ids.people[key] = person["person_id"]


def _import(client: Client, firm: Firm, people: list[Person]) -> None:
    """Raises `NotAsExpected` when a row is not taken."""
    sheet = client.upload("/attachments", sheets.staff_sheet(people), name="人员.xlsx", purpose="import")
    report = client.post("/people/imports", {"sha256": sheet["sha256"], "dry_run": False})
    if report["counts"]["error"]:
        wrong = [row["cells"] for row in report["rows"] if row["outcome"] == "error"]
        raise NotAsExpected(f"the staff of {firm.name} was not taken: {wrong[:3]}")
