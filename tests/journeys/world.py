"""The people of the journeys, each coming in through the front door with an account of his own.

A `World` has the platform's operator, four agencies (province, 石家庄, and two of its counties) with their officers, and
opens firms on demand by the way every firm goes: it registers itself, the agency approves.
"""

from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

from deploy.demo import papers
from deploy.demo.client import Client
from tests.journeys import forms

Body = dict[str, Any]
PASSWORD = "Journey-2026-安监"
OFFICER_ROLES = ("acceptor", "reviewer", "approver")


@dataclass
class Agency:
    """`acceptor`, `reviewer` and `approver` are three people; `administrator` keeps their accounts."""

    organisation_id: str
    administrator: Client
    officers: dict[str, Client]

    def __getattr__(self, role: str) -> Client:
        try:
            officer: Client = self.__dict__["officers"][role]
        except KeyError as error:
            raise AttributeError(role) from error
        return officer


@dataclass
class Firm:
    client: Client
    organisation_id: str
    name: str

    def hire(self, name: str, *certificates: Body, **changed: Any) -> str:
        """Enter somebody among the firm's staff; returns his id."""
        return str(self.client.post("/people", forms.person(name, list(certificates), **changed))["person_id"])

    def manager(self) -> str:
        return self.hire("项经理", forms.certificate("B"), forms.certificate("builder"))

    def safety_officer(self) -> str:
        return self.hire("安全员", forms.certificate("C3"))

    def driver(self, trade: str = "05") -> str:
        return self.hire("司机", forms.certificate("special_operation", trade))

    def signaller(self) -> str:
        return self.hire("信号工", forms.certificate("special_operation", "04"))

    def crew(self, trade: str = "08") -> list[Body]:
        """Who may put up a tower crane (or, by another trade, another machine): a lead, a safety officer, two workers."""
        workers = [self.hire("安装工", forms.certificate("special_operation", trade)) for _ in range(2)]
        return [
            {"person_id": self.hire("负责人", forms.certificate("special_operation", trade)), "role": "install_lead"},
            {"person_id": self.hire("专职", forms.certificate("C1")), "role": "install_safety_officer"},
            *({"person_id": each, "role": "install_worker"} for each in workers),
        ]


@dataclass
class World:
    """`door` is a client that nobody has signed in on."""

    door: Client
    operator: Client
    agencies: dict[str, Agency] = field(default_factory=dict)

    @property
    def province(self) -> Agency:
        return self.agencies["130000"]

    @property
    def city(self) -> Agency:
        return self.agencies["130100"]

    @property
    def county(self) -> Agency:
        """长安区, where the projects of the journeys are."""
        return self.agencies["130102"]

    @property
    def other_county(self) -> Agency:
        return self.agencies["130104"]

    # Opening

    def open_agency(self, division: str, name: str) -> Agency:
        made = self.operator.post("/agencies", {"division": division, "name": name})
        identity = made["organisation_id"]
        administrator = self._account(self.operator, f"admin{division}", ["administrator"], organisation_id=identity)
        officers = {role: self._account(administrator, f"{role}{division}", [role]) for role in OFFICER_ROLES}
        self.agencies[division] = Agency(identity, administrator, officers)
        return self.agencies[division]

    def register(
        self, *kinds: str, division: str = "130102", username: str = "", **changed: Any
    ) -> tuple[Client, Body, Body]:
        """A firm that waits to be opened: its client, what was answered, and its form."""
        username = username or f"firm{uuid4().hex[:12]}"
        form = forms.registration(f"{username}建设有限公司", list(kinds), division) | changed
        documents = [self.document(code, self.door) for code in ("E1", "E2", "E3")]
        account = {"username": username, "password": PASSWORD, "name": "经办人"}
        taken = self.door.post("/registrations", {"account": account, "form": form, "attachments": documents})
        return self.door.another().sign_in(username, PASSWORD), taken, form

    def open_firm(self, *kinds: str, division: str = "130102", **changed: Any) -> Firm:
        client, taken, form = self.register(*kinds, division=division, **changed)
        self.decide(taken["application_id"], self.agencies[division])
        return Firm(client, taken["organisation_id"], form["name"])

    def open_lessor(self) -> Firm:
        """A firm that is a registered lessor, so that it may have machines filed."""
        lessor = self.open_firm("lessor")
        self.decide(self.submit(lessor.client, "lessor_filing", forms.lessor_filing()), self.county)
        return lessor

    def _account(self, maker: Client, username: str, roles: list[str], **more: str) -> Client:
        made = maker.post("/accounts", {"username": username, "name": username, "roles": roles, **more})
        client = self.door.another().sign_in(username, made["one_time_password"])
        client.post("/account/password", {"current_password": made["one_time_password"], "new_password": PASSWORD})
        return client

    # Applications

    def document(self, code: str, client: Client) -> Body:
        """A PDF for one kind of attachment, as the draft refers to it."""
        kept = client.upload("/attachments", papers.pdf(f"材料 {code}"), name=f"{code}.pdf")
        return {"code": code, **{name: kept[name] for name in ("name", "sha256", "size", "media_type")}}

    def documents(self, client: Client, matter: str, *, without: tuple[str, ...] = ()) -> list[Body]:
        """Every attachment that the matter may ask for, less those in `without`, handed in by this user."""
        codes = [each["code"] for each in client.get(f"/matters/{matter}")["attachments"]]
        return [self.document(code, client) for code in codes if code not in without]

    def draft(
        self,
        client: Client,
        matter: str,
        form: Body,
        *,
        without: tuple[str, ...] = (),
        documents: list[Body] | None = None,
    ) -> Body:
        """A draft with the form and all its attachments, or with `documents` that were handed in before."""
        started = client.post("/applications", {"matter": matter})
        attachments = self.documents(client, matter, without=without) if documents is None else documents
        return client.put(
            f"/applications/{started['application_id']}/draft",
            {"version": started["version"], "form": form, "attachments": attachments},
        )

    def submit(self, client: Client, matter: str, form: Body, **options: Any) -> str:
        """Draft and hand in; returns the application's id."""
        drafted = self.draft(client, matter, form, **options)
        self.act(client, drafted["application_id"], "submit")
        return str(drafted["application_id"])

    def correct(self, client: Client, application_id: str, **changed: Any) -> None:
        """Mend some fields of a draft and hand it in again."""
        seen = client.get(f"/applications/{application_id}")
        body = {"version": seen["version"], "form": seen["form"] | changed, "attachments": seen["attachments"]}
        client.put(f"/applications/{application_id}/draft", body)
        self.act(client, application_id, "submit")

    def act(self, client: Client, application_id: str, act: str, **words: Any) -> Body:
        """One act on the version that this user sees now."""
        version = client.get(f"/applications/{application_id}")["version"]
        return client.post(f"/applications/{application_id}/{act}", {"version": version, **words})

    def decide(self, application_id: str, agency: Agency) -> Body:
        """Accept, review where the matter has two levels, approve: each by its officer."""
        self.act(agency.acceptor, application_id, "accept")
        matter = agency.acceptor.get(f"/applications/{application_id}")["matter"]
        if self.door.get(f"/matters/{matter}")["review_levels"] == 2:
            self.act(agency.reviewer, application_id, "review", opinion="材料齐全")
        return self.act(agency.approver, application_id, "approve", opinion="同意")

    def countersign(self, application_id: str, *firms: Firm) -> None:
        for firm in firms:
            self.act(firm.client, application_id, "countersign", agrees=True, remarks="已审核")
