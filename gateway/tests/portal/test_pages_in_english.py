"""A page in English says nothing in Chinese but names, and what people typed: forms of real matters, refusals, /v."""

import json
import re
import subprocess
import sys
from collections.abc import Callable
from html import unescape
from typing import Any

import pytest

from chassis.errors import Conflict, Forbidden, Invalid, NotFound, Unavailable
from gateway.languages import COOKIE
from gateway.portal.review import standard_texts
from gateway.settings import REPOSITORY
from gateway.testing import papers
from gateway.testing.rooms import Rooms
from gateway.tests.portal import made_up, replies, test_duty, test_duty_sites
from gateway.tests.portal.conftest import Browser
from gateway.tests.portal.made_up import APPLICATION

DESCRIBE = """
import json
from filing import catalogue, matters
from filing.desk import Desk
print(json.dumps({code: catalogue.get_matter(Desk(None), code=code) for code in matters.ALL}))
"""
EDIT = f"/applications/{APPLICATION}/edit"
CHECK = f"/applications/{APPLICATION}/check"
ONE = replies.id_of("one")
REVIEW = f"/review/{ONE}"
# Divisions, firms, people, projects and the papers of the made-up town: proper names, and typed by somebody.
NAMES = (
    *("石家庄市", "长安区", "桥西区", "安监站", "河北省", "河北某建筑公司", "某安装公司", "某小区一期", "李四", "张三"),
    *("河北某某建设工程有限公司", "石家庄市长安区建筑工程安全监督站", "某某花园一期", "备案证明.pdf", "中文"),
    *("姓名clerk-one", "姓名officer", "王建国", "某公司", "长安花园"),
    *("建筑工程施工总承包", "（冀）JZ安许证字〔2023〕087974", "冀使130102-2026-00001", "冀AB-T00001", "受〔2026〕1号"),
)
# As attendance has them (attendance/data/attendance_rules.toml).
CLAUSE = "项目负责人每月带班生产时间不得少于本月施工时间的80%"
DAY_BASIS = "系统默认口径：在场跨度不少于4小时且定位不少于2次；主管机关可另行设定"
# The sentences that an officer may take into a decision are official wording, which is Chinese.
OFFICIAL = [text for edition in standard_texts.editions() for texts in edition.texts.values() for text in texts]


@pytest.fixture(scope="module")
def matters() -> dict[str, Any]:
    """Every matter as filing describes it, in a process of its own."""
    done = subprocess.run(
        [sys.executable, "-c", DESCRIBE], cwd=REPOSITORY, capture_output=True, text=True, timeout=60, check=True
    )
    told: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return told


@pytest.fixture
def reader(town: Any, rooms: Rooms, browser: Callable[[], Browser]) -> Browser:
    """A clerk who chose English."""
    town.administrator(town.enterprise(), "clerk-one")
    rooms.say("filing.list_divisions", made_up.DIVISIONS)
    return in_english(browser().sign_in("clerk-one"))


@pytest.fixture
def officer(town: Any, rooms: Rooms, browser: Callable[[], Browser]) -> Browser:
    leader = town.administrator(town.agency(), "leader")
    town.account(leader, "officer", ["acceptor", "reviewer", "approver"])
    for name in ("summarise", "list_bulletins", "list_downloads", "list_applications"):
        rooms.say(f"filing.{name}", Conflict("not_now"))
    return in_english(browser().sign_in("officer"))


def in_english(browser: Browser) -> Browser:
    browser.client.set_cookie(COOKIE, "en")
    return browser


def chinese(page: str) -> list[str]:
    """What a page shows in Chinese and no name is; what stands in attributes counts, too."""
    shown = re.sub(r"<script.*?</script>", "", page, flags=re.S)
    for name in (*OFFICIAL, *sorted(NAMES, key=len, reverse=True)):
        shown = shown.replace(name, "")
    return re.findall(r"[^<>\"\n]*[\u4e00-\u9fff][^<>\"\n]*", unescape(shown))


def test_every_matters_draft_is_drawn_in_english(reader: Browser, rooms: Rooms, matters: dict[str, Any]) -> None:
    for code, matter in matters.items():
        told = made_up.printed({}, matter=code, matter_title=matter["title"], attachments=[])
        rooms.say("filing.print_application", told | {"matter": matter})

        page = reader.get(EDIT)

        assert page.status_code == 200
        assert (code, chinese(page.text)) == (code, [])


def test_a_new_matter_without_english_stays_chinese_and_is_drawn(reader: Browser, rooms: Rooms) -> None:
    rooms.say("filing.print_application", made_up.printed({}))
    page = reader.get(EDIT).text
    assert "编造的事项" in page and "Save draft" in page


def test_what_somebody_typed_is_not_translated(reader: Browser, rooms: Rooms) -> None:
    """Even where it is a word of ours, in a field of such a name: or the next save would put the English on record."""
    matter = made_up.matter() | {"sections": [{"title": "一", "fields": [made_up.field("title", "标题")]}]}
    rooms.say("filing.print_application", made_up.printed({"title": "停工"}) | {"matter": matter})
    assert re.search(r'name="title"[^>]* value="停工"', reader.get(EDIT).text)


def test_a_matter_and_its_documents_are_told_in_english(reader: Browser, rooms: Rooms, matters: dict[str, Any]) -> None:
    for code, matter in matters.items():
        rooms.say("filing.get_matter", matter)
        assert (code, chinese(reader.get(f"/applications/new/{code}").text)) == (code, [])


def test_an_officer_decides_in_english(officer: Browser, rooms: Rooms, matters: dict[str, Any]) -> None:
    finding = {"code": "machine_over_age", "severity": "warning", "path": "attachments.N2", "detail": {}}
    acts = ["accept_application", "return_application", "reject_application", "approve_application"]
    for code in ("install_notice", "comprehensive_assessment"):
        application = replies.detail("one", acts, findings=[finding], matter=code, form={})
        told = replies.printed(application | {"matter_title": matters[code]["title"]}, matter=matters[code], labels={})
        rooms.say("filing.print_application", told)

        page = officer.get(REVIEW)

        assert page.status_code == 200
        assert "past its service life" in page.text
        assert (code, chinese(page.text)) == (code, [])


@pytest.mark.parametrize(
    ("refusal", "status", "said"),
    [
        (Forbidden("not_permitted"), 403, "Your role or organisation may not do this."),
        (NotFound("not_found"), 404, "It does not exist, or is not yours to see."),
        (Conflict("wrong_stage", stage="closed"), 409, "It stands at “Closed”"),
        (Unavailable("service_down", service="filing"), 503, "The service for applications is unavailable."),
        (Invalid({"code": [{"rule": "unknown_matter"}]}), 422, "There is no such matter."),
    ],
)
def test_a_refused_page_says_so_in_english(reader: Browser, rooms: Rooms, refusal: Any, status: int, said: str) -> None:
    rooms.say("filing.print_application", refusal)
    page = reader.get(EDIT)
    assert page.status_code == status
    assert said in unescape(page.text)
    assert chinese(page.text) == []
    assert 'value="zh"' in page.text


def test_a_fault_of_ours_is_told_in_english(reader: Browser, rooms: Rooms) -> None:
    rooms.say("filing.print_application", {"application": None})
    page = reader.get(EDIT)
    assert page.status_code == 500
    assert "System fault" in page.text and chinese(page.text) == []


def test_a_form_that_is_refused_says_what_is_wrong_in_english(
    reader: Browser, rooms: Rooms, matters: dict[str, Any]
) -> None:
    matter = matters["supervision_suspension"]
    told = made_up.printed({}, matter="supervision_suspension", matter_title=matter["title"], attachments=[])
    rooms.say("filing.get_matter", matter)
    rooms.say("filing.print_application", told | {"matter": matter})
    rooms.say("filing.save_draft", Invalid({"form.since": [{"rule": "wrong_length", "min": 1, "max": 5}]}))
    reader.get(EDIT)

    page = reader.post(EDIT, {"_do": "save", "_matter": "supervision_suspension", "_version": "3"})

    assert page.status_code == 422
    assert "Has to be 1 to 5 characters long." in page.text and chinese(page.text) == []


@pytest.mark.parametrize("stage", ["valid", "suspended", "cancelled", "expired", "replaced"])
def test_anybody_reads_a_certificate_in_english(rooms: Rooms, browser: Callable[[], Browser], stage: str) -> None:
    told = {"suspended_on": "2026-04-01", "cancelled_on": "2026-05-01", "replaced_by_number": "130102-2"}
    rooms.say("filing.verify_certificate", papers.verification(stage=stage, **told))

    page = in_english(browser()).get(f"/v/{papers.CODE}")

    assert page.status_code == 200
    assert "Tower crane" in page.text and chinese(page.text) == []


@pytest.mark.parametrize("refusal", [NotFound("certificate_unknown"), Unavailable("service_down")])
def test_a_certificate_that_cannot_be_verified_is_told_in_english(
    rooms: Rooms, browser: Callable[[], Browser], refusal: Any
) -> None:
    rooms.say("filing.verify_certificate", refusal)
    assert chinese(in_english(browser()).get(f"/v/{papers.CODE}").text) == []


def test_the_language_is_switched_on_the_public_page(rooms: Rooms, browser: Callable[[], Browser]) -> None:
    rooms.say("filing.verify_certificate", papers.verification())
    passer = browser()
    address = f"/v/{papers.CODE}?s=0123"
    assert "证书查验" in passer.get(address).text

    moved = passer.post("/language", {"language": "en", "next": passer.hidden("next")})

    assert moved.headers["Location"] == address
    assert "Verification of a certificate" in passer.get(address).text


def test_a_program_asks_the_api_for_english_and_a_pages_script_reads_what_the_page_speaks(
    browser: Callable[[], Browser],
) -> None:
    client = browser().client
    plain = client.get("/api/v1/nowhere").json
    asked = client.get("/api/v1/nowhere", headers={"Accept-Language": "en-GB,en;q=0.9"}).json
    script = client.get("/api/v1/nowhere", headers={"Accept-Language": "en", "Sec-Fetch-Site": "same-origin"}).json
    assert (plain["title"], asked["title"], script["title"]) == ("地址不存在", "No such address", "地址不存在")
    client.set_cookie(COOKIE, "en")
    assert client.get("/api/v1/nowhere", headers={"Sec-Fetch-Site": "same-origin"}).json["title"] == "No such address"


def test_the_pages_of_duty_are_told_in_english(officer: Browser, rooms: Rooms) -> None:
    people = {"items": [{"person_id": test_duty.MANAGER, "name": "王建国", "employer_name": "某公司"}]}
    rooms.say("personnel.name_people", people)
    rooms.say("filing.list_divisions", made_up.DIVISIONS)
    rooms.say("attendance.get_duty_board", test_duty.board())
    rule = {"of": "construction_days", "document": "建质〔2011〕111号", "clause": CLAUSE, "day_basis": DAY_BASIS}
    rooms.say("attendance.get_month", test_duty.month(rule=rule))
    rooms.say("attendance.get_site_day", test_duty_sites.site_day())
    rooms.say("attendance.show_track", test_duty_sites.track())
    month = f"/people/{test_duty.MANAGER}/duty?month=2026-11"
    for address in ("/duty", month, f"/duty/sites/{test_duty_sites.SITE}", test_duty_sites.TRACK):
        page = officer.get(address)
        assert page.status_code == 200, address
        assert (address, chinese(page.text)) == (address, [])
