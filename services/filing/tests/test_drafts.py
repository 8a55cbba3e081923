"""Drafts: begun once under the client's id, saved half-filled, refused only where something is of the wrong kind."""

from typing import Any

import pytest

from chassis.errors import Conflict, Forbidden, Invalid, NotFound
from chassis.identifiers import new_id
from chassis.principal import Principal
from filing import applications
from filing.applications.drafts import FORM_LIMIT
from filing.desk import Command
from filing.models import Organisation
from services.filing.tests import forms
from services.filing.tests.factories import (
    CONTRACTOR,
    COUNTY,
    INSTALLER,
    LESSOR,
    OTHER_INSTALLER,
    OWNER,
    PAPER,
    STORE,
    Stage,
    clerk,
    id_of,
    officer,
    seen,
)
from services.filing.tests.steps import approved


def begin(stage: Stage, **values: Any) -> dict[str, Any]:
    given = {"application_id": new_id(), "matter": "install_notice"}
    return applications.start(stage.desk, Command(values.pop("by", INSTALLER)), **(given | values))


def test_the_same_id_again_finds_the_draft_begun_before(stage: Stage) -> None:
    first = begin(stage)
    saved = stage.save(first, form={"position": "1 号楼"})

    assert begin(stage, application_id=first["application_id"]) == saved


def test_somebody_elses_id_or_another_matters_is_taken(stage: Stage) -> None:
    first = begin(stage)["application_id"]

    with pytest.raises(Conflict, match="id_taken"):
        begin(stage, application_id=first, by=OTHER_INSTALLER)
    with pytest.raises(Conflict, match="id_taken"):
        begin(stage, application_id=first, matter="dismantling_notice")


def test_a_project_may_be_chosen_before_the_form_is_opened(stage: Stage) -> None:
    begun = begin(stage, project_id=id_of("project"))

    assert stage.look(begun, INSTALLER)["form"] == {"project_id": id_of("project")}


def listed(stage: Stage, draft: dict[str, Any], by: Principal) -> tuple[str | None, dict[str, Any]]:
    """The project and the machine that the applicant's list shows beside a draft."""
    items = applications.list_all(stage.desk, by, {})["items"]
    found = next(each for each in items if each["application_id"] == draft["application_id"])
    return found["project_name"], {name: said for name, said in found["machine_words"].items() if said}


def test_the_list_shows_the_project_that_a_draft_names_or_describes(stage: Stage) -> None:
    begun = begin(stage, project_id=id_of("project"))
    assert listed(stage, begun, INSTALLER)[0] == "project 一期"

    described = stage.save(begun, form={"unfiled_project": {"name": "某某小区"}})
    assert listed(stage, described, INSTALLER)[0] == "某某小区"
    assert listed(stage, stage.save(described, form={}), INSTALLER)[0] is None
    filing = stage.save(begin(stage, matter="safety_filing", by=OWNER), OWNER, form={"name": "某某花园"})
    assert listed(stage, filing, OWNER)[0] == "某某花园"


def test_the_list_shows_the_machine_that_a_draft_names_or_describes(stage: Stage) -> None:
    filed = approved(stage, "machine_filing", forms.machine_filing(), LESSOR)
    crane = stage.look(filed, LESSOR)
    named = {"machine_kind": "T", "machine_id": crane["machine_id"]}

    machine = listed(stage, stage.save(begin(stage), form=named), INSTALLER)[1]

    typed = forms.machine_filing()
    of_the_form = {name: typed[name] for name in ("kind", "model", "serial_number")}
    assert machine == of_the_form | {"filing_number": crane["certificate_number"]}
    filing = begin(stage, matter="machine_filing", by=LESSOR, form=of_the_form)
    assert listed(stage, filing, LESSOR)[1] == of_the_form


def test_a_draft_that_names_a_machine_keeps_nobody_from_applying_for_it(stage: Stage) -> None:
    stage.save(begin(stage, by=OTHER_INSTALLER), OTHER_INSTALLER, form=forms.install_notice())

    assert stage.submit(stage.draft())["stage"] == "countersigning"


def test_what_was_handed_in_keeps_its_project_while_it_is_corrected(stage: Stage) -> None:
    returned = stage.give_back(stage.arrived(), ("form.project_id", "填错工程"))

    changed = stage.save(returned, form={"unfiled_project": {"name": "另一工程"}})

    assert listed(stage, changed, INSTALLER)[0] == "project 一期"


def test_half_a_form_is_kept_as_it_is(stage: Stage) -> None:
    half = {"position": "1 号楼", "lead_phone": "138", "install_height_m": 0, "crew": []}

    saved = stage.save(begin(stage), form=half | {"site_number": "", "use_from": None})

    assert stage.look(saved, INSTALLER)["form"] == half


@pytest.mark.parametrize(
    ("form", "path", "rule"),
    [
        ({"colour": "red"}, "form.colour", "unknown_field"),
        ({"position": 7}, "form.position", "not_text"),
        ({"install_height_m": "high"}, "form.install_height_m", "not_number"),
        ({"planned_start": "2026-02-30"}, "form.planned_start", "not_a_day"),
        ({"machine_kind": "Z"}, "form.machine_kind", "not_a_choice"),
        ({"machine_id": "crane"}, "form.machine_id", "not_an_id"),
        ({"crew": "everybody"}, "form.crew", "not_a_list"),
        ({"crew": [{"role": "install_lead", "name": "张三"}]}, "form.crew.0.name", "unknown_field"),
        ({"crew": ["张三"]}, "form.crew.0", "not_object"),
        ({"unfiled_project": []}, "form.unfiled_project", "not_object"),
    ],
)
def test_wrong_kinds_and_unknown_fields_are_refused_and_the_draft_stays(
    stage: Stage, form: dict[str, Any], path: str, rule: str
) -> None:
    draft = stage.draft()

    with pytest.raises(Invalid) as refused:
        stage.save(draft, form=form)

    assert [each["rule"] for each in refused.value.fields[path]] == [rule]
    page = stage.look(draft, INSTALLER)
    assert (page["version"], page["form"]) == (draft["version"], forms.install_notice())


def test_a_form_of_a_megabyte_is_refused(stage: Stage) -> None:
    with pytest.raises(Invalid) as refused:
        stage.save(begin(stage), form={"position": "x" * FORM_LIMIT})

    assert refused.value.fields["form"] == [{"rule": "too_large", "max": FORM_LIMIT}]


def test_a_document_that_the_matter_does_not_know_is_refused(stage: Stage) -> None:
    paper = {"sha256": PAPER, "name": "a.pdf"}

    with pytest.raises(Invalid) as refused:
        stage.save(begin(stage), attachments=[paper | {"code": "N1"}, paper | {"code": "X9"}])

    assert refused.value.fields == {"attachments.1.code": [{"rule": "unknown_attachment", "code": "X9"}]}


def test_the_parts_of_a_large_document_stay_in_their_order(stage: Stage) -> None:
    parts = [{"code": "N4", "name": f"{n}.pdf", "sha256": STORE.put(b"%PDF-1.7 " + bytes([n]))} for n in (3, 1, 2)]

    saved = stage.save(begin(stage), attachments=parts)

    assert [each["name"] for each in stage.look(saved, INSTALLER)["attachments"]] == ["3.pdf", "1.pdf", "2.pdf"]


def test_size_and_type_of_a_document_are_those_of_the_file(stage: Stage) -> None:
    """T32: what the sender says of it counts for nothing."""
    said = {"code": "N1", "sha256": PAPER, "name": "1.pdf", "size": 7, "media_type": "image/png"}

    saved = stage.save(begin(stage), attachments=[said])

    [kept] = stage.look(saved, INSTALLER)["attachments"]
    assert (kept["size"], kept["media_type"]) == (1000, "application/pdf")


@pytest.mark.parametrize(
    ("content", "rule"),
    [
        (None, {"rule": "file_missing"}),
        (b"%PDF-1.7 ".ljust(614_401), {"rule": "attachment_too_large", "limit": 614_400}),
        (
            b"<html>",
            {"rule": "file_type_refused", "accepted": ["application/pdf", "image/jpeg", "image/png"], "found": None},
        ),
    ],
)
def test_a_document_that_is_not_there_or_not_fit_is_refused_and_the_draft_stays(
    stage: Stage, content: bytes | None, rule: dict[str, object]
) -> None:
    """R-F13, T32."""
    draft = stage.draft()
    wrong = {"code": "N4", "sha256": STORE.put(content) if content else "0" * 64, "name": "2.pdf", "size": 1000}
    fit = {"code": "N1", "sha256": PAPER, "name": "1.pdf"}

    with pytest.raises(Invalid) as refused:
        stage.save(draft, attachments=[fit, wrong])

    assert refused.value.fields == {"attachments.1.sha256": [rule]}
    page = stage.look(draft, INSTALLER)
    assert page["version"] == draft["version"] and len(page["attachments"]) > 2


def test_what_is_not_given_stays(stage: Stage) -> None:
    draft = stage.draft()

    chosen = stage.save(draft, agency_id=id_of("agency", COUNTY))

    page = stage.look(chosen, INSTALLER)
    assert page["form"] == forms.install_notice()
    assert page["agency_id"] == id_of("agency", COUNTY)


@pytest.mark.parametrize("agency_id", [new_id(), id_of("owner")])
def test_only_an_agency_can_be_chosen(stage: Stage, agency_id: str) -> None:
    with pytest.raises(Invalid) as refused:
        stage.save(begin(stage), agency_id=agency_id)

    assert refused.value.fields == {"agency_id": [{"rule": "unknown_agency"}]}


def test_an_unknown_matter_is_refused(stage: Stage) -> None:
    with pytest.raises(Invalid) as refused:
        begin(stage, matter="marriage")

    assert refused.value.fields["matter"][0]["rule"] == "unknown_matter"


@pytest.mark.parametrize("by", [officer(), clerk("nobody")])
def test_only_enterprises_apply(stage: Stage, by: Any) -> None:
    with pytest.raises((Forbidden, NotFound)):
        begin(stage, by=by)


def test_a_registration_is_not_begun_by_one_who_is_registered(stage: Stage) -> None:
    with pytest.raises((Forbidden, Conflict)):
        begin(stage, matter="enterprise_registration", by=OWNER)


def test_an_organisation_under_registration_applies_for_nothing_else(stage: Stage) -> None:
    with stage.desk.sessions.begin() as session:
        session.get_one(Organisation, id_of("installer")).stage = "pending"

    with pytest.raises(Forbidden) as refused:
        begin(stage)

    assert (refused.value.code, refused.value.detail) == ("organisation_not_open", {"stage": "pending"})


def test_a_stale_version_is_told_the_newest(stage: Stage) -> None:
    draft = stage.draft()
    newest = stage.save(draft, form={})

    with pytest.raises(Conflict) as refused:
        stage.save(draft, form=forms.install_notice())

    assert refused.value.detail == {"version": newest["version"], "stage": "draft"}


def test_what_is_handed_in_cannot_be_typed_in(stage: Stage) -> None:
    arrived = stage.arrived()

    with pytest.raises(Conflict, match="wrong_stage"):
        applications.save_draft(stage.desk, Command(INSTALLER), **seen(arrived), form={})
    with pytest.raises(Forbidden):
        applications.save_draft(stage.desk, Command(CONTRACTOR), **seen(arrived), form={})
