"""The tables of the registers: columns to choose, heads that sort, both in the address; what a page asks of its service."""

import html
import re
from collections.abc import Callable
from typing import Any

import pytest

from gateway.portal.applications import views as applications
from gateway.portal.certificates import views as certificates
from gateway.portal.machines import views as machines
from gateway.portal.people import views as people
from gateway.portal.projects import views as projects
from gateway.portal.registers.tables import Column
from gateway.testing.rooms import Rooms
from gateway.tests.portal.conftest import Browser
from gateway.tests.portal.replies import AT, checked, id_of, item
from gateway.tests.portal.test_english import catalogue
from gateway.tests.portal.test_registers import machine, person

Registers = list[tuple[str, list[Column], str]]
REGISTERS: dict[str, tuple[Any, str]] = {
    "/applications": (applications, "filing.list_applications"),
    "/projects": (projects, "filing.list_projects"),
    "/certificates": (certificates, "filing.list_certificates"),
    "/machines": (machines, "equipment.list_machines"),
    "/people": (people, "personnel.list_people"),
}


def certificate(**told: Any) -> dict[str, Any]:
    return {
        "certificate_id": id_of("certificate"),
        "version": 1,
        "kind": "use_registration",
        "title": "建筑起重机械使用登记证",
        "number": "冀使130207-2026-00001",
        "verification_code": "23456789ABCDEFGH",
        "application_id": id_of("application"),
        "holder_id": id_of("holder"),
        "holder_name": "某建筑公司",
        "agency_id": id_of("agency"),
        "agency_name": "桥西区安监站",
        "project_id": None,
        "project_name": None,
        "machine_id": None,
        "issued_on": "2026-03-02",
        "valid_to": None,
        "stage": "valid",
        "cancelled_at": None,
        "cancel_reason": "",
        "replaces": None,
        "replaced_by": None,
        "shown": {},
        "lines": [],
        **told,
    }


def project(**told: Any) -> dict[str, Any]:
    return {
        "project_id": id_of("project"),
        "number": "13020320260002",
        "name": "金色府",
        "stage": "filed",
        "place": "唐山市路北区",
        "owner_name": "某置业",
        "contractor_name": "某建筑公司",
        "supervisor_name": "某监理",
        "works_kind": None,
        "starts_on": "2026-01-01",
        "finishes_on": "2027-12-31",
        "changed_at": AT,
        **told,
    }


@pytest.fixture
def rooms(rooms: Rooms) -> Rooms:
    """Every register holds one row and goes on."""
    matters = {"items": [{"code": "install_notice", "title": "安装告知"}], "next": None}
    rooms.say("filing.list_matters", matters)
    rooms.say("filing.list_applications", _page(item("one", submitted_at=AT)))
    rooms.say("filing.list_projects", _page(project()))
    rooms.say("filing.list_certificates", checked("list_certificates", _page(certificate())))
    rooms.say("equipment.list_machines", _page(machine(recorded_at=AT)))
    rooms.say("personnel.list_people", _page(person()))
    return rooms


def _page(*items: dict[str, Any]) -> dict[str, Any]:
    return {"items": list(items), "next": "further", "total": 1001, "total_is_exact": False}


@pytest.fixture
def clerk(town: Any, rooms: Rooms, browser: Callable[[], Browser]) -> Browser:
    town.administrator(town.enterprise(), "clerk")
    return browser().sign_in("clerk")


def heads(page: str) -> list[str]:
    """The table's columns, by their titles."""
    found = re.findall(r"<th [^>]*>(.*?)</th>", page.split("<thead>")[1].split("</thead>")[0], re.DOTALL)
    return [re.sub(r"<[^>]+>|[▲▼↕]", "", each).strip() for each in found]


def sorted_by(page: str) -> list[tuple[str, str]]:
    """(title, direction) of each column that says so."""
    found = re.findall(r'<th scope="col" aria-sort="(\w+)">(.*?)</th>', page, re.DOTALL)
    return [(re.sub(r"<[^>]+>|[▲▼↕]", "", title), direction) for direction, title in found]


def link(page: str, title: str) -> str:
    """Where the head of a column leads."""
    (found,) = re.findall(rf'<th [^>]*><a href="([^"]+)">{title}<', page)
    return html.unescape(found)


@pytest.fixture
def each_register(clerk: Browser) -> Registers:
    """Address, columns, and what it asks of its service."""
    return [(address, list(views.COLUMNS), asked) for address, (views, asked) in REGISTERS.items()]


def test_what_is_chosen_is_shown_and_the_first_column_always(clerk: Browser, each_register: Registers) -> None:
    for address, columns, _ in each_register:
        usual = clerk.get(address).text
        codes = re.findall(r'<input class="form-check-input" type="checkbox" name="columns" value="(\w+)"', usual)
        everything = clerk.get(f"{address}?{'&'.join(f'columns={each}' for each in codes)}").text
        least = clerk.get(f"{address}?columns={columns[0].code}").text

        assert heads(least) == heads(usual)[:1]
        assert len(heads(everything)) == len(codes) + 1 > 5
        for page in (usual, everything, least):
            row = page.split("<tbody>")[1].split("</tr>")[0]
            cells = re.findall(r"<td[^>]*>(.*?)</td>", row, re.DOTALL)
            assert re.findall(r'data-label="([^"]+)"', row) == heads(page)
            assert all(re.sub(r"<[^>]+>", "", cell).strip() for cell in cells), address


def test_the_choice_stands_in_the_links_of_the_page_and_not_in_the_export(
    clerk: Browser, each_register: Registers
) -> None:
    for address, columns, _ in each_register:
        first, second = [each.code for each in columns if each.usual][:2]

        page = html.unescape(clerk.get(f"{address}?columns={first}&columns={second}&q=QTZ&after=here").text)

        following = re.search(r'rel="next" href="([^"]+)"', page)
        assert following and f"columns={first}&columns={second}" in following[1] and "after=further" in following[1]
        exported = page.split('name="filter" value=')[1].split(">")[0]
        assert "columns" not in exported and "QTZ" in exported


def test_what_is_no_column_and_no_order_counts_for_nothing(
    rooms: Rooms, clerk: Browser, each_register: Registers
) -> None:
    for address, _, rpc in each_register:
        page = clerk.get(f"{address}?columns=nothing&sort=nothing&backwards=perhaps").text

        assert not {"sort", "backwards", "columns"} & set(rooms.asked_of(rpc)[-1].request)
        assert heads(page) == heads(clerk.get(address).text)


def test_a_head_sorts_and_turns_round_from_the_beginning(rooms: Rooms, clerk: Browser) -> None:
    assert sorted_by(clerk.get("/certificates").text) == [("发证日期", "descending")]

    page = clerk.get(link(clerk.get("/certificates?q=冀使&after=here&columns=valid_to").text, "有效期至")).text
    turned = clerk.get(link(page, "有效期至")).text

    assert sorted_by(page) == [("有效期至", "ascending")] and "按有效期排序时只列有期限的证书" in page
    assert sorted_by(turned) == [("有效期至", "descending")]
    *_, first, second = (each.request for each in rooms.asked_of("filing.list_certificates"))
    assert (first["sort"], first.get("backwards"), first["q"]) == ("runs_out", None, "冀使")
    assert (second["sort"], second["backwards"], second.get("after")) == ("runs_out", True, None)
    assert heads(turned) == ["证书", "有效期至"]
    assert link(turned, "有效期至").count("backwards") == 0


def test_the_lists_own_order_turned_round(rooms: Rooms, clerk: Browser) -> None:
    page = clerk.get(link(clerk.get("/people?columns=entered_at").text, "录入时间")).text

    assert sorted_by(page) == [("录入时间", "ascending")]
    asked = rooms.asked_of("personnel.list_people")[-1].request
    assert asked["backwards"] is True and "sort" not in asked
    assert '<input type="hidden" name="backwards" value="1">' in page


def test_applications_are_sorted_by_deadline_only_where_time_runs(rooms: Rooms, clerk: Browser) -> None:
    clerk.get("/applications?sort=deadline")
    under_way = rooms.asked_of("filing.list_applications")[-1].request
    closed = clerk.get("/applications?open=0&sort=deadline").text

    assert under_way["sort"] == "deadline" and under_way["open"] is True
    assert "sort" not in rooms.asked_of("filing.list_applications")[-1].request
    assert "办结时间" in heads(closed) and not {"期限", "下一步"} & set(heads(closed))


def test_an_export_has_the_order_of_its_page(rooms: Rooms, clerk: Browser) -> None:
    page = html.unescape(clerk.get("/machines?sort=runs_out&kind=T").text)

    assert '"sort": "runs_out"' in page.split('name="filter" value=')[1].split(">")[0]


def test_certificates_are_looked_for_narrowed_and_exported(rooms: Rooms, clerk: Browser) -> None:
    page = clerk.get("/certificates?q=冀使130207&kind=use_registration&area=13.1302").text
    shown = html.unescape(page.split('name="filter" value=')[1].split("'")[1])
    rooms.say("filing.start_export", {"export_id": id_of("export"), "stage": "waiting"})
    clerk.post("/exports", {"list": "certificates", "filter": shown})

    wanted = {"q": "冀使130207", "kind": "use_registration", "area": "13.1302"}
    asked = rooms.asked_of("filing.list_certificates")[-1].request
    assert {name: asked[name] for name in wanted} == wanted
    assert '<option value="use_registration" selected>建筑起重机械使用登记证</option>' in page
    assert rooms.asked_of("filing.start_export")[-1].request == {"list": "certificates", "filter": wanted}


def test_the_box_over_everything_shows_certificates(rooms: Rooms, clerk: Browser) -> None:
    nothing: dict[str, Any] = {"items": [], "next": None, "total": 0, "total_is_exact": True}
    found = dict.fromkeys(("applications", "projects", "organisations"), nothing) | {
        "certificates": _page(certificate())
    }
    rooms.say("filing.search", found)

    page = clerk.get("/search?q=冀使130207").text

    assert f"/certificates/{id_of('certificate')}" in page and "/certificates?q=%E5%86%80" in page
    assert "没有找到" not in page.split("<h2>")[1]


def test_an_agency_narrows_people_and_certificates_to_a_part_of_its_area(
    rooms: Rooms, town: Any, browser: Callable[[], Browser], clerk: Browser
) -> None:
    city = {"area": "13.1301", "name": "石家庄市", "level": "city"}
    counties = [{"area": f"13.1301.13010{n}", "name": f"{n} 区", "level": "county"} for n in (2, 4)]
    rooms.say("filing.list_divisions", {"items": [city, *counties], "next": None})
    town.administrator(town.agency("石家庄市安监站", "13.1301", "city"), "officer")
    officer = browser().sign_in("officer")

    for address in ("/people", "/certificates"):
        page = officer.get(f"{address}?area=13.1301.130102").text
        assert '<option value="13.1301.130102" selected>' in page
        assert rooms.asked_of(REGISTERS[address][1])[-1].request["area"] == "13.1301.130102"
        assert 'name="area"' not in clerk.get(address).text


def test_every_title_of_a_column_has_its_english() -> None:
    columns = [each for views, _ in REGISTERS.values() for each in views.COLUMNS]
    assert not {text for each in columns for text in (each.title, each.only) if text} - catalogue().keys()
