"""What a paper of an application needs comes in one reply, in words, and only to those who may see the record."""

from typing import Any

import pytest

from chassis.errors import NotFound
from filing import applications, matters, words
from filing.applications import print_application
from filing.forms import describe
from filing.schemas.applications import GetApplication
from filing.schemas.home import Print
from services.filing.tests import forms
from services.filing.tests.factories import CONTRACTOR, INSTALLER, LESSOR, OTHER_COUNTY, OWNER, Stage, officer, seen
from services.filing.tests.forms import id_of
from services.filing.tests.steps import submitted
from services.filing.tests.test_replies import same

APPLICANTS = {
    "safety_filing": ("owner", forms.safety_filing()),
    "personnel_change": ("owner", forms.personnel_change()),
    "machine_filing": ("lessor", forms.machine_filing()),
    "machine_registration": ("lessor", forms.machine_registration()),
    "enterprise_papers": ("installer", forms.enterprise_papers()),
    "lessor_filing": ("lessor", forms.lessor_filing()),
    "installer_filing": ("installer", forms.installer_filing()),
    "install_notice": ("installer", forms.install_notice()),
    "use_registration": ("contractor", forms.use_registration()),
    "dismantling_notice": ("installer", forms.dismantling_notice()),
    "supervision_suspension": ("owner", forms.supervision_suspension()),
    "supervision_resumption": ("owner", forms.supervision_resumption()),
    "supervision_termination": ("owner", forms.supervision_termination()),
    "civilised_site": ("contractor", forms.civilised_site()),
    "comprehensive_assessment": ("owner", forms.comprehensive_assessment()),
    "machine_cancellation": ("lessor", forms.machine_cancellation()),
}
DECISIONS = {"comprehensive_assessment": {"grade": "excellent"}}


def printed(stage: Stage, at: dict[str, Any], by: Any, **asked: Any) -> dict[str, Any]:
    request: dict[str, Any] = GetApplication().load({"application_id": at["application_id"], **asked})
    return print_application(stage.desk, by, **request)


def test_everything_that_a_form_names_by_id_is_told_in_words(stage: Stage) -> None:
    told = printed(stage, stage.arrived(), officer())

    assert same(Print, told)
    labels = told["labels"]
    assert labels[id_of("project")] == "project 一期"
    assert labels[id_of("machine")].startswith("塔式起重机 QTZ80，出厂编号 SN-")
    assert labels[id_of("machine")].endswith("备案编号 冀AB-T00001")
    assert labels[id_of("person", "install_lead")] == "张三（甲公司）"
    assert told["matter"]["sections"] and told["application"]["round_shown"] == 1


def test_a_safety_filing_names_its_firms_its_people_and_its_place(stage: Stage) -> None:
    told = printed(stage, submitted(stage, "safety_filing", forms.safety_filing(), OWNER), OWNER)

    labels = told["labels"]
    assert labels["130102"] == "河北省石家庄市长安区"
    assert (labels[id_of("contractor")], labels[id_of("supervisor")]) == ("contractor", "supervisor")
    assert labels[id_of("project_manager", "1")] == "张三（甲公司）"


def test_a_draft_prints_what_is_known(stage: Stage) -> None:
    told = printed(stage, stage.draft(), INSTALLER)

    assert id_of("machine") not in told["labels"] and told["labels"][id_of("project")] == "project 一期"
    assert told["application"]["round_shown"] is None


def test_what_is_not_of_its_fields_shape_names_nothing() -> None:
    nonsense = {"crew": "nobody", "unfiled_project": ["x"], "project_id": 7, "machine_id": {"a": 1}}
    sections = describe(matters.ALL["install_notice"].form)

    assert words.named_in(sections, nonsense) == []
    assert words.named_in(sections, None) == []


def test_each_round_is_printed_with_what_was_claimed_for_it(stage: Stage) -> None:
    returned = stage.give_back(stage.accepted())
    crew = [*forms.crew()[:2], {"person_id": id_of("person", "another"), "role": "install_worker"}]
    mended = stage.save(returned, form=forms.install_notice(crew=crew))
    again = stage.submit(mended)

    first, last = printed(stage, again, INSTALLER, round=1), printed(stage, again, INSTALLER)
    assert id_of("person", "install_worker") in first["labels"] and id_of("person", "another") not in first["labels"]
    assert id_of("person", "another") in last["labels"] and last["application"]["round_shown"] == 2


def test_what_stood_there_in_the_round_before_is_told_in_words_too(stage: Stage) -> None:
    returned = stage.give_back(stage.accepted())
    crew = [*forms.crew()[:2], {"person_id": id_of("person", "another"), "role": "install_worker"}]
    again = stage.submit(stage.save(returned, form=forms.install_notice(crew=crew)))

    told = printed(stage, again, INSTALLER)

    [change] = told["application"]["changes"]["form"]
    assert {change["before"], change["after"]} <= told["labels"].keys()


def test_papers_are_for_who_may_see_the_record(stage: Stage) -> None:
    at = stage.arrived()

    printed(stage, at, CONTRACTOR)  # asked to sign
    for stranger in (LESSOR, OWNER, officer(OTHER_COUNTY)):
        with pytest.raises(NotFound):
            printed(stage, at, stranger)
    with pytest.raises(NotFound):
        printed(stage, at, INSTALLER, round=9)
    assert applications.get(stage.desk, INSTALLER, application_id=seen(at)["application_id"])["round_shown"] == 1


@pytest.mark.parametrize("code", [each.code for each in matters.ALL.values() if each.certificate])
def test_every_line_of_every_certificate_has_its_words(code: str) -> None:
    by, form = APPLICANTS[code]
    rule = matters.ALL[code].certificate
    assert rule is not None
    shown = rule.shown(forms.facts(code, form, by, machine=forms.MACHINE, decision=DECISIONS.get(code, {})))

    for line in words.lines(shown):
        assert line["name"] in words.LABELS, "a new line needs its label in filing/words.py"
        assert line["text"] and line["text"] not in ("T", "S", "W", "L", "Q", "M")


def test_a_certificate_is_told_in_words_in_the_order_of_the_paper(stage: Stage) -> None:
    approved = stage.approve(stage.accepted())

    lines = stage.look(approved, INSTALLER)["certificate"]["lines"]

    assert [each["label"] for each in lines[:4]] == ["工程名称", "工程所在地", "设备备案编号", "设备类型"]
    assert [each["text"] for each in lines if each["name"] == "kind"] == ["塔式起重机"]
