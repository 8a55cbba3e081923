"""A firm's report: complete or refused with what is missing; the other firms' word; and the agency's decision."""

from datetime import timedelta

import pytest

from chassis.database import transaction
from chassis.errors import Conflict, Forbidden, Invalid, NotFound
from chassis.principal import service_principal
from enforcement import files, rectifications
from enforcement.models import Evidence, Finding
from services.enforcement.tests.factories import CONTRACTOR, OWNER, SUPERVISOR, Field, an_id
from services.enforcement.tests.ordering import (
    HEAD,
    INSPECTOR,
    SHA,
    again,
    answer,
    decide,
    findings,
    get,
    look,
    order,
    recheck,
    reported,
    save,
    submit,
    timeline,
)

FIRST, SECOND = an_id("finding 临边无防护"), an_id("finding 灭火器过期")


def closed(ground: Field) -> dict[str, bool]:
    with transaction(ground.sessions) as session:
        return {each: session.get_one(Finding, each).closed_at is not None for each in (FIRST, SECOND)}


def opinion(ground: Field, report: str, who: object, agrees: bool = True, remark: str = "") -> object:
    return rectifications.give_opinion(
        ground.sessions,
        who,
        ground.clock,
        rectification_id=report,
        agrees=agrees,
        remark=remark,  # type: ignore[arg-type]
    )


def test_a_report_is_refused_with_each_finding_that_lacks_its_text_or_its_photo(ground: Field) -> None:
    report = save(ground, order(ground), [answer(FIRST, "", "before", "after"), answer(SECOND, "已更换", "before")])

    with pytest.raises(Invalid) as refused:
        submit(ground, report)

    assert {place: rules[0]["rule"] for place, rules in refused.value.fields.items()} == {
        "answers.0.done": "finding_unanswered",
        "answers.1.photos": "photo_after_missing",
    }
    assert refused.value.fields["answers.1.photos"][0]["finding"] == "灭火器过期"


def test_photos_are_not_needed_where_the_agency_said_that_paper_is_enough(ground: Field) -> None:
    order_id = order(ground, on_paper=True)
    submit(ground, save(ground, order_id, [answer(FIRST), answer(SECOND)]))

    assert get(ground, order_id)["stage"] == "reported"


def test_a_report_sent_ten_times_is_one_and_its_photos_are_evidence(ground: Field) -> None:
    order_id = order(ground)
    report = reported(ground, order_id)
    replies = [submit(ground, report) for _ in range(9)]

    assert all(each == replies[0] for each in replies)
    assert [each["data"]["round"] for each in ground.told("rectification_submitted")] == [1]
    assert timeline(ground, order_id) == ["issue", "submit"]
    with transaction(ground.sessions) as session:
        assert session.query(Evidence).filter_by(subject_kind="rectification", subject_id=report).count() == 2


def test_written_and_submitted_in_one_act_it_is_one_report_and_kept_as_a_draft_if_refused(ground: Field) -> None:
    order_id, report = order(ground), an_id("report")

    def send(*answers: dict[str, object]) -> object:
        told = {"rectification_id": report, "order_id": order_id, "answers": list(answers)}
        return rectifications.submit_rectification(ground.sessions, CONTRACTOR, ground.clock, look, **told)  # type: ignore[arg-type]

    with pytest.raises(Invalid):
        send(answer(FIRST, "已加装防护栏", "after"))
    assert get(ground, order_id, CONTRACTOR)["report"]["answers"][0]["done"] == "已加装防护栏"
    whole = [answer(FIRST, "已加装防护栏", "after"), answer(SECOND, "已更换", "after")]

    assert send(*whole) == send(*whole)
    assert len(ground.told("rectification_submitted")) == 1


def test_a_draft_is_its_firms_alone_and_what_it_names_is_in_the_order(ground: Field) -> None:
    order_id = order(ground)
    report = save(ground, order_id, [answer(FIRST, "正在整改")])

    assert get(ground, order_id, CONTRACTOR)["report"]["answers"][0]["done"] == "正在整改"
    assert get(ground, order_id)["report"] is None
    with pytest.raises(NotFound):
        submit(ground, report, OWNER)
    with pytest.raises(Forbidden):
        save(ground, order_id, [], "other", OWNER)
    with pytest.raises(Conflict, match="rectification_begun"):
        save(ground, order_id, [], "a colleague's")
    with pytest.raises(Invalid):
        save(ground, order_id, [answer(an_id("finding of another order"))])


def test_the_supervising_firm_and_the_developer_say_once_what_they_think_and_nothing_waits_for_it(
    ground: Field,
) -> None:
    order_id = order(ground)
    report = reported(ground, order_id)
    for _ in range(2):
        opinion(ground, report, SUPERVISOR)
    opinion(ground, report, OWNER, agrees=False, remark="3号楼仍未整改")

    found = get(ground, order_id)["report"]
    assert (found["supervisor_opinion"]["agrees"], found["owner_opinion"]["remark"]) == (True, "3号楼仍未整改")
    with pytest.raises(Conflict, match="opinion_given"):
        opinion(ground, report, SUPERVISOR, agrees=False, remark="有误")
    with pytest.raises(Forbidden):
        opinion(ground, report, CONTRACTOR)


def test_an_accepted_report_closes_findings_and_order_however_often_it_is_decided(ground: Field) -> None:
    order_id = order(ground)
    report = reported(ground, order_id)
    replies = [decide(ground, report, [FIRST, SECOND]) for _ in range(2)]

    assert replies[0] == replies[1]
    assert closed(ground) == {FIRST: True, SECOND: True}
    assert [each["data"]["stage"] for each in ground.told("order_closed")] == ["closed"]
    with pytest.raises(Conflict, match="order_settled"):
        decide(ground, report, [FIRST], again=again(), opinion="一项未整改")


def test_what_is_left_is_ordered_again_and_its_report_is_the_second_round(ground: Field) -> None:
    first = order(ground)
    reply = decide(ground, reported(ground, first), [FIRST], again=again(), opinion="灭火器仍过期")
    second = str(reply["next_order_id"])

    assert closed(ground) == {FIRST: True, SECOND: False}
    assert (get(ground, first)["stage"], get(ground, second)["follows"]) == ("ordered_again", first)
    assert [each["description"] for each in get(ground, second)["findings"]] == ["灭火器过期"]
    reported(ground, second, "second report")
    assert [each["round"] for each in get(ground, second)["rounds"]] == [2, 1]
    decide(ground, an_id("second report"), [SECOND])
    assert closed(ground) == {FIRST: True, SECOND: True}


def test_ordering_again_needs_a_reason_and_a_day(ground: Field) -> None:
    report = reported(ground, order(ground))

    for told in ({"again": None}, {"again": again(), "opinion": ""}):
        with pytest.raises(Invalid):
            decide(ground, report, [FIRST], **told)


def test_a_stop_is_lifted_in_the_act_that_closes_its_order_or_the_act_is_refused(ground: Field) -> None:
    order_id = order(ground, kind="full_stop")
    report = reported(ground, order_id)
    with pytest.raises(Conflict, match="stop_not_lifted"):
        decide(ground, report, [FIRST, SECOND])
    with pytest.raises(Invalid, match="invalid_fields"):
        decide(ground, report, [FIRST], lifts=True, again=again("full_stop"))
    reply = decide(ground, report, [FIRST, SECOND], lifts=True)

    assert reply["lifting_number"] == "冀建安复（130102）字〔2026〕第0001号"
    assert [each["type"] for each in ground.told()][-2:] == ["work_resumed", "order_closed"]
    assert ground.told("work_resumed")[0]["data"]["still_stopped"] == 0


def test_a_stop_that_goes_on_is_at_no_moment_without_an_order(ground: Field) -> None:
    report = reported(ground, order(ground, kind="full_stop"))
    decide(ground, report, [FIRST], again=again("full_stop"), opinion="仍不具备复工条件")

    stops = [each["type"] for each in ground.told() if each["type"].startswith("work_")]
    assert stops == ["work_stopped", "work_stopped", "work_resumed"]
    assert ground.told("work_resumed")[0]["data"]["still_stopped"] == 1


def test_a_check_on_the_site_is_one_of_that_site_after_the_order(ground: Field) -> None:
    order_id = order(ground)
    report = reported(ground, order_id)
    first_check = get(ground, order_id)["inspection_id"]
    for wrong in (None, first_check, an_id("unknown")):
        with pytest.raises(Invalid):
            decide(ground, report, [FIRST, SECOND], checked_by="site", inspection_id=wrong)
    ground.clock.advance(timedelta(days=1))

    assert (
        decide(ground, report, [FIRST, SECOND], checked_by="site", inspection_id=recheck(ground))["stage"] == "closed"
    )


def test_a_decision_waits_for_a_report_and_is_the_agencys(ground: Field) -> None:
    report = save(ground, order(ground), [answer(FIRST)])
    with pytest.raises(NotFound):
        decide(ground, report, [FIRST, SECOND])
    submit(
        ground,
        save(
            ground, get(ground, order(ground, "基坑"))["order_id"], [answer(findings_of("基坑"), "好", "after")], "r2"
        ),
    )
    with pytest.raises(Forbidden):
        decide(ground, an_id("r2"), [findings_of("基坑")], CONTRACTOR)
    assert decide(ground, an_id("r2"), [findings_of("基坑")], HEAD)["stage"] == "closed"


def findings_of(name: str) -> str:
    return an_id(f"finding {name}")


def test_the_report_can_be_late_and_says_so(ground: Field) -> None:
    order_id = order(ground)
    ground.clock.advance(timedelta(days=10))
    reported(ground, order_id)

    assert get(ground, order_id, INSPECTOR)["timeline"][-1]["detail"]["late"] is True
    assert findings(ground, "别的") != []


def test_photos_of_a_draft_and_of_a_report_are_in_use(ground: Field) -> None:
    def used() -> list[str]:
        asked = files.find_used_files(ground.sessions, service_principal("gateway"), names=[SHA, "cd" * 32])
        return list(asked["used"])

    report = save(ground, order(ground), [answer(FIRST, "已整改", "after"), answer(SECOND, "已更换", "after")])
    assert used() == [SHA]
    submit(ground, report)
    assert used() == [SHA]
