"""The catalogue of matters, the lists, and one application: what is next stands first, acts only for those who may."""

from collections.abc import Callable
from typing import Any

import pytest

from gateway.tests.portal import made_up as told
from gateway.tests.portal.conftest import Browser
from gateway.tests.portal.made_up import APPLICATION

HERE = f"/applications/{APPLICATION}"


@pytest.fixture
def firm(town: Any) -> str:
    firm: str = town.enterprise()
    town.administrator(firm, "clerk-one")
    return firm


@pytest.fixture
def clerk(firm: str, rooms: Any, browser: Callable[[], Browser]) -> Browser:
    head = {name: told.matter()[name] for name in ("code", "title", "applicants", "deadline")}
    other = head | {"code": "other", "title": "别家的事项", "for_me": False}
    rooms.say("filing.list_matters", {"items": [head | {"for_me": True}, other]})
    rooms.say("filing.get_matter", told.matter())
    rooms.say("filing.print_application", told.printed())
    return browser().sign_in("clerk-one")


def test_matters_for_me_come_first_with_a_button_and_how_many_are_under_way(clerk: Browser, rooms: Any) -> None:
    rooms.say("filing.summarise", {"under_way": {"made_up": 7}})

    page = clerk.get("/matters").text

    assert page.index("编造的事项") < page.index("其他事项") < page.index("别家的事项")
    assert 'action="/applications/new/made_up"' in page and 'action="/applications/new/other"' not in page
    assert "5 个工作日" in page and ">7<" in page


def test_what_it_takes_is_told_before_it_is_begun(clerk: Browser) -> None:
    page = clerk.get("/applications/new/made_up?project_id=p-1").text

    assert all(text in page for text in ("单位注册所在地的监督机构", "某办法第五条", "N1", "600 KB", 'value="p-1"'))


def test_one_press_or_two_begin_one_draft(clerk: Browser, rooms: Any) -> None:
    rooms.say("filing.start_application", told.saved(1))
    clerk.get("/applications/new/made_up")

    first, second = (clerk.post("/applications/new/made_up", {"project_id": ""}).headers["Location"] for _ in range(2))

    assert first == second and first.endswith("/edit")
    asked = rooms.asked_of("filing.start_application")
    assert {each.request["application_id"] for each in asked} == {first.split("/")[2]}
    assert "project_id" not in asked[0].request


def test_lists_ask_with_the_filters_of_the_address_and_keep_them(clerk: Browser, rooms: Any) -> None:
    rooms.say(
        "filing.list_applications",
        {"items": [told.item(applicant_name="x", project_name="<i>一号院</i>")], "next": "more"},
    )

    page = clerk.get("/applications?matter=made_up&stage=draft&q=塔吊").text

    asked = rooms.asked_of("filing.list_applications")[-1].request
    assert (asked["matter"], asked["stage"], asked["q"], asked["open"]) == ("made_up", "draft", "塔吊", True)
    assert f'href="{HERE}"' in page and "草稿" in page and "&lt;i&gt;一号院" in page
    assert "after=more" in page and "matter=made_up" in page


def test_closed_ones_are_a_list_of_their_own_and_one_letter_is_no_search(clerk: Browser, rooms: Any) -> None:
    rooms.say("filing.list_applications", {"items": [], "next": None})

    page = clerk.get("/applications?open=0&q=塔").text

    asked = rooms.asked_of("filing.list_applications")[-1].request
    assert asked["open"] is False and "q" not in asked
    assert "两个字以上" in page


def test_a_draft_says_what_to_do_and_can_be_thrown_away(clerk: Browser, rooms: Any) -> None:
    rooms.say("filing.withdraw_application", told.saved(4, "closed") | {"outcome": "withdrawn"})

    page = clerk.get(HERE).text
    assert "草稿尚未上报" in page and f'href="{HERE}/edit"' in page and "删除草稿" in page
    gone = clerk.post(f"{HERE}/withdraw", {"_version": "3", "reason": " 填错 "})

    assert gone.status_code == 303
    asked = rooms.asked_of("filing.withdraw_application")[0].request
    assert asked == {"application_id": APPLICATION, "version": 3, "reason": "填错"}


def test_a_returned_one_lists_what_to_mend_each_leading_to_its_field(clerk: Browser, rooms: Any) -> None:
    asked = [{"path": "form.height", "text": "与方案<b>不符</b>"}]
    rooms.say(
        "filing.print_application", told.printed({"height": 4}, stage="returned", remarks="请补正", corrections=asked)
    )

    page = clerk.get(HERE).text

    assert f'href="{HERE}/edit#form.height">安装高度</a>' in page and "与方案&lt;b&gt;不符" in page


def test_who_is_asked_to_sign_signs_and_others_only_see_it(clerk: Browser, rooms: Any, firm: str) -> None:
    rooms.say("filing.countersign_application", told.saved(4, "submitted"))
    waiting = {"stage": "countersigning", "round": 1, "countersignatures": [told.signature(firm)]}
    rooms.say("filing.print_application", told.printed(acts=[], **waiting))
    assert "/countersign" not in clerk.get(HERE).text
    rooms.say("filing.print_application", told.printed(acts=["countersign_application"], **waiting))
    assert "请贵单位会签" in clerk.get(HERE).text

    clerk.post(f"{HERE}/countersign", {"_version": "3", "agrees": "no", "remarks": "吊装方案未经审批"})

    asked = rooms.asked_of("filing.countersign_application")[0].request
    assert asked == {"application_id": APPLICATION, "version": 3, "agrees": False, "remarks": "吊装方案未经审批"}


def test_a_signature_refused_without_a_word_is_asked_for_one_on_the_same_page(
    clerk: Browser, rooms: Any, firm: str
) -> None:
    waiting = {"stage": "countersigning", "round": 1, "countersignatures": [told.signature(firm)]}
    rooms.say("filing.print_application", told.printed(acts=["countersign_application"], **waiting))
    rooms.say("filing.countersign_application", told.refused("remarks"))
    clerk.get(HERE)

    page = clerk.post(f"{HERE}/countersign", {"_version": "3", "agrees": "no", "remarks": ""})

    assert page.status_code == 422 and 'href="#remarks"' in page.text and "此项必填" in page.text


def a_step(act: str, stage: str, day: str, name: str, **told_: Any) -> dict[str, Any]:
    step = {
        "number": 2,
        "round": 1,
        "act": act,
        "stage_before": "draft",
        "stage_after": stage,
        "at": f"{day}T01:00:00+00:00",
        "user_id": "u",
        "user_name": name,
        "organisation_id": "o",
        "organisation_name": "某公司",
        "words": "",
        "detail": {},
    }
    return step | told_


def test_stages_show_how_far_it_is_with_their_days(clerk: Browser, rooms: Any) -> None:
    step = a_step("submit", "submitted", "2026-11-21", "张三", words="<script>")
    rooms.say("filing.print_application", told.printed(stage="submitted", round=1, steps=[step], acts=[]))

    page = clerk.get(HERE).text

    assert '<li class="stage-now" aria-current="step"><b>上报</b><span>2026-11-21</span><span>张三</span></li>' in page
    assert "审核" in page and "会签" not in page.split("stage-line")[1].split("</ol>")[0]
    assert "<script>" not in page.split("timeline")[1].split("</ol>")[0] and "张三" in page


ROUND_ONE = [
    a_step("submit", "submitted", "2026-11-21", "张三"),
    a_step("accept", "accepted", "2026-11-22", "李四"),
]


def test_after_a_return_the_line_keeps_the_days_and_names_of_the_round_before(clerk: Browser, rooms: Any) -> None:
    back = a_step("return", "returned", "2026-11-23", "王五")
    rooms.say("filing.print_application", told.printed(stage="returned", round=1, steps=[*ROUND_ONE, back]))
    returned = clerk.get(HERE).text.split("stage-line")[1].split("</ol>")[0]
    again = a_step("submit", "submitted", "2026-11-25", "张三", round=2)
    steps = [*ROUND_ONE, back, again]
    rooms.say("filing.print_application", told.printed(stage="submitted", round=2, steps=steps, acts=[]))
    resubmitted = clerk.get(HERE).text.split("stage-line")[1].split("</ol>")[0]

    assert "<b>退回补正</b><span>2026-11-23</span><span>王五</span>" in returned
    earlier = '<li class="stage-before"><b>{}</b><span>2026-11-{}</span><span>{}</span><span>第 1 次</span></li>'
    assert earlier.format("上报", "21", "张三") in returned and earlier.format("受理", "22", "李四") in returned
    assert 'aria-current="step"><b>上报</b><span>2026-11-25</span><span>张三</span></li>' in resubmitted
    assert earlier.format("受理", "22", "李四") in resubmitted


def test_a_closed_one_shows_only_the_stages_that_it_went_through(clerk: Browser, rooms: Any) -> None:
    steps = [*ROUND_ONE, a_step("reject", "closed", "2026-11-24", "王五", words="不符合<条件>")]
    closed = {"stage": "closed", "outcome": "rejected", "closed_at": "2026-11-24T01:00:00+00:00", "acts": []}
    rooms.say("filing.print_application", told.printed(round=1, steps=steps, **closed))

    page = clerk.get(HERE).text

    assert '<li class="stage-ahead"><b>审核</b><span></span></li>' in page
    assert '<li class="stage-done"><b>办结</b><span>2026-11-24</span><span>王五</span></li>' in page
    next_act = page.split('<section class="panel next-act">')[1].split("</section>")[0]
    assert "不予通过" in next_act and "不符合&lt;条件&gt;" in next_act


def test_a_failed_assessment_says_so_beside_its_chip(clerk: Browser, rooms: Any) -> None:
    grades = [{"code": "qualified", "label": "合格"}, {"code": "failed", "label": "不合格"}]
    decision = [{"title": "结论", "fields": [told.field("grade", "评定等级", "choice", choices=grades)]}]

    def heading(grade: str) -> str:
        reply = told.printed(stage="closed", outcome="approved", decision={"grade": grade}, acts=[])
        rooms.say("filing.print_application", reply | {"matter": told.matter() | {"decision": decision}})
        return clerk.get(HERE).text.split('class="page-acts"')[1].split("</header>")[0]

    assert '<span class="chip chip-rejected">不合格</span>' in heading("failed")
    assert '<span class="chip">合格</span>' in heading("qualified")


def test_what_was_asked_stays_in_the_record_after_it_is_handed_in_again(clerk: Browser, rooms: Any) -> None:
    in_time = {"path": "form.height", "text": "与方案<b>不符</b>", "late": False, "reviewed_in_round": None}
    late = {"path": "attachments.N1", "text": "缺少骑缝章", "late": True, "reviewed_in_round": 1}
    back = a_step("return", "returned", "2026-11-23", "王五", detail={"corrections": [in_time, late]})
    rooms.say("filing.print_application", told.printed(stage="submitted", round=2, steps=[*ROUND_ONE, back], acts=[]))
    record = clerk.get(HERE).text.split('<ol class="timeline">')[1].split("</section>")[0]
    returned = told.printed(stage="returned", round=2, steps=[back], corrections=[in_time, late])
    rooms.say("filing.print_application", returned)
    asked = clerk.get(HERE).text.split('<section class="panel next-act">')[1].split("</section>")[0]

    assert "安装高度：" in record and "与方案&lt;b&gt;不符" in record
    for shown in (record, asked):
        assert shown.count("迟到的意见") == 1 and "迟到的意见" in shown.split("缺少骑缝章")[1]


def test_a_figures_link_shows_exactly_what_it_counts_under_way_and_closed(clerk: Browser, rooms: Any) -> None:
    rooms.say("filing.list_applications", {"items": [told.item()], "next": "more", "total": 30, "total_is_exact": True})
    rooms.say("filing.list_divisions", {"items": [{"area": "13.1301", "name": "石家庄市", "level": "city"}]})

    page = clerk.get("/applications?area=13.1301&decided=1&late=0&closed_from=2026-01-01&round=2&matter=made_up").text

    asked = rooms.asked_of("filing.list_applications")[-1].request
    assert asked == {
        "area": "13.1301",
        "decided": True,
        "late": False,
        "closed_from": "2026-01-01",
        "round": 2,
        "matter": "made_up",
        "limit": 25,
        "after": None,
    }
    assert "辖区 石家庄市" in page and "办结自 2026-01-01" in page and "在办和办结" in page
    assert 'type="hidden" name="late" value="0"' in page  # another filter of the bar keeps it
    assert "late=0" in page.split('rel="next"')[1][:200] and "共 30 条" in page


def test_what_an_address_may_not_say_counts_for_nothing(clerk: Browser, rooms: Any) -> None:
    rooms.say("filing.list_applications", {"items": [], "next": None})

    clerk.get("/applications?late=perhaps&round=x&limit=9999&unknown=1")

    assert rooms.asked_of("filing.list_applications")[-1].request == {"open": True, "limit": 25, "after": None}
