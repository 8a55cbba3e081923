"""Every matter as a portal gets it: forms derived from the schemas, documents, routes, deadlines."""

import json

import pytest

from chassis.schemas import Choice, Day, Number, Part, Rows, Schema, Text
from filing import matters
from filing.catalogue import get_matter, list_matters
from filing.desk import Desk
from filing.forms import describe
from services.filing.tests import factories

TYPES = {
    "boundary", "choice", "credit_code", "day", "flag", "id", "identity_number", "integer", "moment", "number", "object",
    "part", "phone", "rows", "text",
}  # fmt: skip


class Inner(Schema):
    name = Text("姓名", max=30, required=True)


class Form(Schema):
    kind = Choice("类型", choices={"T": "塔式起重机"}, required=True, section="设备", help="选一个")
    height = Number("高度", unit="m", min=0, max=100)
    crew = Rows(Part(Inner), "人员", min=1, max=9, section="人员", required=True)
    notes = Rows(Text("备注", max=20), "备注")
    on = Day("日期", section="时间")


def test_a_form_is_told_by_sections_with_labels_limits_choices_and_nested_fields():
    assert [each["title"] for each in describe(Form)] == ["设备", "人员", "时间"]
    kind, height = describe(Form)[0]["fields"]
    crew, notes = describe(Form)[1]["fields"]
    assert kind == {
        "name": "kind",
        "label": "类型",
        "required": True,
        "type": "choice",
        "choices": [{"code": "T", "label": "塔式起重机"}],
        "help": "选一个",
    }
    assert (height["type"], height["unit"], height["min"], height["max"]) == ("number", "m", 0, 100)
    assert (crew["min_items"], crew["max_items"]) == (1, 9)
    assert crew["item"]["fields"][0]["label"] == "姓名"
    assert notes["item"]["type"] == "text"


def desk() -> Desk:
    return Desk(sessions=None)  # the catalogue reads no database


def fields_of(described):
    for field in described:
        yield field
        yield from fields_of(field.get("fields", []))
        yield from fields_of(field.get("item", {}).get("fields", []))


@pytest.mark.parametrize("code", list(matters.ALL))
def test_every_field_of_every_matter_has_a_chinese_label_and_a_known_type(code):
    told = get_matter(desk(), code=code)

    assert json.loads(json.dumps(told)) == told
    for section in told["sections"]:
        assert section["title"]
        for field in fields_of(section["fields"]):
            assert any("\u4e00" <= each <= "\u9fff" for each in field["label"]), field["name"]
            assert field["type"] in TYPES
    assert {name for section in told["sections"] for name in (f["name"] for f in section["fields"])} == set(
        matters.ALL[code].form().fields
    )


@pytest.mark.parametrize("code", list(matters.ALL))
def test_every_matter_has_its_deadline_with_a_basis_and_documents_with_codes_of_their_own(code):
    told = get_matter(desk(), code=code)
    codes = [each["code"] for each in told["attachments"]]

    assert told["deadline"]["basis"]
    assert len(set(codes)) == len(codes)
    assert all(each["note"] for each in told["attachments"] if each["required"] == "depends")


def test_the_matters_with_their_levels_deadlines_and_signers():
    told = {code: get_matter(desk(), code=code) for code in matters.ALL}

    two_levels = {code for code, each in told.items() if each["review_levels"] == 2}
    assert two_levels == {
        "safety_filing",
        "machine_filing",
        "installer_filing",
        "use_registration",
        "civilised_site",
    }
    limits = {code: (each["deadline"]["limit"], each["deadline"]["unit"]) for code, each in told.items()}
    assert limits == {
        "enterprise_registration": (24, "hours"),
        "enterprise_papers": (7, "workdays"),
        "safety_filing": (5, "workdays"),
        "personnel_change": (5, "workdays"),
        "lessor_filing": (7, "workdays"),
        "machine_filing": (7, "workdays"),
        "machine_registration": (7, "workdays"),
        "installer_filing": (7, "workdays"),
        "install_notice": (2, "workdays"),
        "use_registration": (7, "workdays"),
        "inspection_report": (7, "workdays"),
        "dismantling_notice": (2, "workdays"),
        "supervision_suspension": (5, "workdays"),
        "supervision_resumption": (5, "workdays"),
        "supervision_termination": (5, "workdays"),
        "comprehensive_assessment": (10, "workdays"),
        "civilised_site": (10, "workdays"),
        "machine_cancellation": (7, "workdays"),
        "machine_release": (5, "workdays"),
        "person_release": (5, "workdays"),
    }
    signed = {code for code, each in told.items() if each["countersigners"]}
    assert signed == {
        "install_notice",
        "dismantling_notice",
        "supervision_resumption",
        "supervision_termination",
    }


def test_the_list_marks_what_the_reader_may_apply_for():
    def mine(principal):
        return {each["code"] for each in list_matters(desk(), principal)["items"] if each["for_me"]}

    assert mine(factories.INSTALLER) == {
        "enterprise_papers",
        "installer_filing",
        "install_notice",
        "dismantling_notice",
        "person_release",
    }
    assert mine(factories.OWNER) == {
        "safety_filing",
        "personnel_change",
        "supervision_suspension",
        "supervision_resumption",
        "supervision_termination",
        "comprehensive_assessment",
        "machine_release",
        "person_release",
    }
    assert mine(factories.MERE_LESSOR) == {
        "lessor_filing",
        "machine_filing",
        "machine_registration",
        "machine_cancellation",
        "machine_release",
        "person_release",
    }
    assert mine(factories.officer()) == set()
