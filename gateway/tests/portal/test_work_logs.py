"""Work-process logs on pages: missing days stand out, a day is written from filing's form, nothing typed is lost."""

import io
import json
import re
from collections.abc import Callable
from html import unescape
from typing import Any

import pytest

from chassis.errors import Conflict, Invalid, NotFound
from chassis.identifiers import derived_id
from gateway.tests.portal.conftest import Browser
from gateway.tests.portal.replies import checked

PROJECT = derived_id("project", "logs")
SHA = "cd" * 32
CALENDAR = f"/projects/{PROJECT}/work-logs"
EDIT = f"{CALENDAR}/2026-11-20/edit"
COUNT = {"owed": 3, "written": 1, "late": 0, "missing": 1, "due": 1}
SECTIONS = [
    {
        "title": "基本信息",
        "fields": [
            {"name": "weather", "label": "天气", "type": "text", "required": True, "max_length": 100},
            {"name": "work_done", "label": "施工内容", "type": "text", "required": True, "max_length": 2000},
            {
                "name": "works",
                "label": "正在施工的危大工程",
                "type": "rows",
                "required": False,
                "item": {
                    "type": "part",
                    "fields": [
                        {
                            "name": "number",
                            "label": "危大工程",
                            "type": "choice",
                            "required": True,
                            "choices": [{"code": "1", "label": "1 基坑工程 东侧"}, {"code": "2", "label": "2 模板"}],
                        },
                        {"name": "progress", "label": "进展情况", "type": "text", "required": False},
                    ],
                },
            },
            {"name": "measures", "label": "安全措施落实情况", "type": "text", "required": True, "max_length": 2000},
        ],
    }
]
LOG = {
    "project_id": PROJECT,
    "project_name": "某小区一期",
    "day": "2026-11-20",
    "version": 1,
    "is_late": True,
    "hazard": "2",
    "weather": "晴",
    "work_done": "<script>alert(1)</script>",
    "works": [{"number": 2, "kind": "模板工程", "part": "三层", "hazard": "2", "progress": "支模"}],
    "measures": "到位",
    "photos": [
        {"sha256": SHA, "name": "东.jpg", "caption": "东侧", "taken_at": None, "size": 9, "media_type": "image/jpeg"}
    ],
    "versions": [{"version": 1, "at": "2026-11-21T01:00:00+00:00", "by": {}, "correction": ""}],
}
TYPED = {"_version": "0", "weather": "晴", "work_done": "挖土", "measures": "到位"}


def day(on: str, state: str | None, **told: Any) -> dict[str, Any]:
    return {"day": on, "hazard": "1", "works": [1], "state": state, "version": None, **told}


def owed(*days: dict[str, Any], may_write: bool = True) -> dict[str, Any]:
    reply = {
        "project_id": PROJECT, "project_name": "某小区一期", "first": "2026-11-01", "last": "2026-11-23",
        "days": list(days), "count": COUNT, "may_write": may_write,
    }  # fmt: skip
    return checked("list_owed_logs", reply)


def form_told(written: dict[str, Any] | None = None, **told: Any) -> dict[str, Any]:
    reply = {
        "project_id": PROJECT, "project_name": "某小区一期", "day": "2026-11-20", "hazard": "2", "works": [2],
        "sections": SECTIONS, "written": written, "may_write": True, **told,
    }  # fmt: skip
    return checked("get_log_form", reply)


@pytest.fixture
def clerk(town: Any, rooms: Any, browser: Callable[[], Browser]) -> Browser:
    town.administrator(town.enterprise(), "clerk-one")
    for name in ("summarise", "list_bulletins", "list_downloads"):
        rooms.say(f"filing.{name}", Conflict("not_now"))
    rooms.say("filing.get_log_form", form_told())
    written = {"project_id": PROJECT, "day": "2026-11-20", "version": 1, "is_late": True}
    rooms.say("filing.write_work_log", checked("write_work_log", written))
    return browser().sign_in("clerk-one")


def sent(rooms: Any) -> dict[str, Any]:
    request: dict[str, Any] = rooms.asked_of("filing.write_work_log")[-1].request
    return request


def test_missing_days_stand_out_and_lead_to_writing_them(clerk: Browser, rooms: Any) -> None:
    days = (
        day("2026-11-18", "written", version=1),
        day("2026-11-19", "late", version=2),
        day("2026-11-20", "missing", hazard="2"),
        day("2026-11-23", "due"),
        day("2026-11-02", None, version=1, hazard="0", works=[]),
    )
    rooms.say("filing.list_owed_logs", owed(*days))

    shown = clerk.get(f"{CALENDAR}?month=2026-11").text

    asked = rooms.asked_of("filing.list_owed_logs")[-1].request
    assert (asked["first"], asked["last"]) == ("2026-11-01", "2026-11-30")
    assert shown.count('class="log-missing"') == 1 and "缺报 1 日" in shown and "重大危险源" in shown
    assert f'href="{EDIT}"' in shown and f'href="{CALENDAR}/2026-11-19"' in shown
    assert f'href="{CALENDAR}/2026-11-02"' in shown and "另行填报" in shown
    assert "?month=2026-10" in shown


def test_who_only_reads_sees_what_is_missing_and_no_way_to_write_it(clerk: Browser, rooms: Any) -> None:
    rooms.say("filing.list_owed_logs", owed(day("2026-11-20", "missing"), may_write=False))

    shown = clerk.get(f"{CALENDAR}?month=2026-11").text

    assert "log-missing" in shown and "/edit" not in shown
    rooms.say("filing.get_log_form", form_told(may_write=False))
    assert clerk.get(EDIT).headers["Location"] == f"{CALENDAR}?month=2026-11"


@pytest.mark.parametrize("month", ["", "2026-13", "x", "2099-01", "' or 1=1"])
def test_a_month_that_is_none_or_has_not_begun_is_this_one(clerk: Browser, rooms: Any, month: str) -> None:
    rooms.say("filing.list_owed_logs", owed())

    assert clerk.get(CALENDAR, query_string={"month": month}).status_code == 200
    assert rooms.asked_of("filing.list_owed_logs")[-1].request["first"].endswith("-01")


def test_the_form_begins_with_a_row_for_each_work_that_is_planned_on_the_day(clerk: Browser) -> None:
    shown = clerk.get(EDIT).text

    assert re.search(r'<select[^>]*name="works\.0\.number".*?value="2" selected', shown, re.S)
    assert 'name="works.1.number"' not in shown and "重大危险源" in shown and "更正" not in shown
    assert 'class="told"' not in shown  # nothing was done yet that would be told


def test_a_day_is_written_with_its_photograph_without_scripts(clerk: Browser, rooms: Any) -> None:
    clerk.get(EDIT)
    picture = b"\x89PNG\r\n\x1a\n" + b"\0\0\0\rIHDR" + b"\0" * 40
    typed = TYPED | {
        "works.0.number": "2",
        "works.0.progress": "挖至 -4 m",
        "_file.photos": (io.BytesIO(picture), "东.png"),
    }

    reply = clerk.post(EDIT, typed, content_type="multipart/form-data")

    assert reply.headers["Location"] == f"{CALENDAR}/2026-11-20", reply.text
    asked = sent(rooms)
    assert asked["works"] == [{"number": 2, "progress": "挖至 -4 m"}] and asked["version"] == 0
    assert [each["name"] for each in asked["photos"]] == ["东.png"]
    assert (asked["weather"], asked["work_done"], asked["day"]) == ("晴", "挖土", "2026-11-20")


def test_a_refusal_stands_beside_its_field_and_everything_typed_stays(clerk: Browser, rooms: Any) -> None:
    clerk.get(EDIT)
    wrong = {"weather": [{"rule": "required"}], "photos": [{"rule": "too_few", "min": 1}]}
    rooms.say("filing.write_work_log", Invalid(wrong))

    reply = clerk.post(EDIT, TYPED | {"work_done": "写了很久的内容"})

    assert reply.status_code == 422 and "写了很久的内容" in reply.text
    assert 'id="form.weather-error"' in reply.text and 'id="attachments.photos-error"' in reply.text


def test_a_row_more_writes_nothing(clerk: Browser, rooms: Any) -> None:
    clerk.get(EDIT)

    reply = clerk.post(EDIT, TYPED | {"_do": "add:works", "works.0.number": "1"})

    assert 'name="works.1.number"' in reply.text and not rooms.asked_of("filing.write_work_log")


def test_a_correction_goes_on_from_what_stands_and_keeps_what_is_said_of_photographs(
    clerk: Browser, rooms: Any
) -> None:
    rooms.say("filing.get_log_form", form_told(LOG))
    shown = unescape(clerk.get(EDIT).text)
    assert "<script>alert" not in clerk.page and "alert(1)" in shown and "说明更正的原因" in shown
    held = json.dumps({"code": "photos", "sha256": SHA, "name": "东.jpg", "size": 9, "media_type": "image/jpeg"})

    clerk.post(EDIT, TYPED | {"_version": "1", "_attachment": held})

    assert sent(rooms)["version"] == 1
    assert sent(rooms)["photos"] == [{"sha256": SHA, "name": "东.jpg", "caption": "东侧", "taken_at": None}]


def test_somebody_who_was_quicker_is_told_and_the_next_try_stands_on_his_version(clerk: Browser, rooms: Any) -> None:
    clerk.get(EDIT)
    rooms.say("filing.write_work_log", Conflict("stale_version", version=1))
    rooms.say("filing.get_log_form", form_told(LOG))

    reply = clerk.post(EDIT, TYPED | {"work_done": "我的内容"})

    assert reply.status_code == 409 and "我的内容" in reply.text and 'name="_version" value="1"' in reply.text


def test_a_log_is_read_with_its_photographs_and_versions(clerk: Browser, rooms: Any) -> None:
    log = LOG | {"may_write": True, "version": 1}
    rooms.say("filing.get_work_log", log)

    shown = clerk.get(f"{CALENDAR}/2026-11-20").text

    assert f"/api/v1{CALENDAR}/2026-11-20/photos/{SHA}?version=1" in shown and "逾期填报" in shown
    assert "<script>alert" not in shown and "模板工程" in shown and f'href="{EDIT}"' in shown
    rooms.say("filing.get_work_log", NotFound("work_log_unknown"))
    assert clerk.get(f"{CALENDAR}/2026-11-20").status_code == 404
    assert clerk.get(f"{CALENDAR}/no-day").status_code == 404


def test_all_projects_that_keep_logs_are_listed_with_what_is_missing(clerk: Browser, rooms: Any) -> None:
    item = {
        "project_id": PROJECT, "project_name": "某小区一期", "place": "桥西区", "contractor_name": "某公司",
        "count": COUNT, "last_day": None,
    }  # fmt: skip
    rooms.say("filing.list_log_keeping", checked("list_log_keeping", {"items": [item], "next": None}))

    shown = clerk.get("/work-logs").text

    assert f'href="{CALENDAR}"' in shown and "缺 1 日" in shown
