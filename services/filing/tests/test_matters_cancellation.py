"""备案注销: a machine's owner cancels its filing, because it was scrapped or sold (76号 Art. 9, 10; domain.md §2.5-8)."""

import pytest

from chassis.database import transaction
from chassis.errors import Conflict
from filing import matters
from filing.models import Certificate
from services.filing.tests import forms
from services.filing.tests.factories import LESSOR, Stage, machine_told
from services.filing.tests.forms import errors, facts, id_of
from services.filing.tests.steps import accepted, approved, events, rejected

MATTER = "machine_cancellation"


def filed(stage: Stage) -> str:
    """A filed machine; returns its id."""
    reply = approved(stage, "machine_filing", forms.machine_filing(), LESSOR)
    return str(events(stage, "application_approved")[-1]["machine"]["machine_id"]) if reply else ""


def certificates(stage: Stage, machine_id: str) -> dict[str, tuple[str, str]]:
    with transaction(stage.desk.sessions) as session:
        rows = session.query(Certificate).filter_by(machine_id=machine_id)
        return {row.kind: (row.stage, row.cancel_reason) for row in rows}


def test_a_scrapped_machine_loses_its_filing_and_equipment_is_told_on_which_ground(stage: Stage) -> None:
    machine_id = filed(stage)

    reply = approved(stage, MATTER, forms.machine_cancellation(machine_id=machine_id), LESSOR)

    assert reply["certificate"]["number"] == "冀备销130102-2026-0001"
    assert certificates(stage, machine_id) == {
        "machine_filing": ("cancelled", "machine_scrapped"),
        MATTER: ("valid", ""),
    }
    told = events(stage, "application_approved")[-1]
    assert told["machine"] == {"machine_id": machine_id}
    assert told["evidence"] == {"retirement": {"ground": "scrapped", "new_owner": ""}}
    assert [each["kind"] for each in events(stage, "certificate_cancelled")] == ["machine_filing"]


def test_a_sale_names_the_new_owner_who_files_again(stage: Stage) -> None:
    machine_id = filed(stage)

    approved(stage, MATTER, forms.machine_sale(machine_id=machine_id), LESSOR)

    told = events(stage, "application_approved")[-1]["evidence"]["retirement"]
    assert told == {"ground": "transferred", "new_owner": "某某租赁有限公司"}
    assert certificates(stage, machine_id)["machine_filing"] == ("cancelled", "machine_transferred")


def test_a_rejected_cancellation_leaves_the_filing_in_force(stage: Stage) -> None:
    machine_id = filed(stage)

    rejected(stage, accepted(stage, MATTER, forms.machine_cancellation(machine_id=machine_id), LESSOR))

    assert certificates(stage, machine_id) == {"machine_filing": ("valid", "")}


def test_an_installed_machine_is_refused_with_equipments_reason(stage: Stage) -> None:
    stage.owners.refusals["equipment"] = Conflict("machine_locked", held_by="某某花园")

    with pytest.raises(Conflict, match="machine_locked"):
        stage.submit(stage.draft(LESSOR, MATTER, forms.machine_cancellation()), LESSOR)


def test_each_ground_has_its_own_fields():
    def missing(**changes):
        form = {name: value for name, value in changes.items() if value is not None}
        return errors(MATTER, form, "lessor")

    assert missing(**forms.machine_cancellation(destroyed_on=None)) == [("required", "form.destroyed_on")]
    assert missing(**forms.machine_sale(new_owner_name=None)) == [("required", "form.new_owner_name")]
    assert missing(**forms.machine_sale(destroyed_on="2026-02-01")) == [("other_ground", "form.destroyed_on")]
    assert missing(**forms.machine_cancellation(transferred_on="2026-02-01")) == [
        ("other_ground", "form.transferred_on")
    ]
    assert missing(**forms.machine_cancellation(destroyed_on="2026-03-03")) == [("in_the_future", "form.destroyed_on")]


def test_nobody_sells_to_himself():
    old = forms.party("lessor", credit_code="91130100MA00000A95")
    known = {"parties": {old.organisation_id: old}, "applicant": old}

    assert errors(MATTER, forms.machine_sale(), "lessor", **known) == [
        ("new_owner_is_old", "form.new_owner_credit_code")
    ]


def test_documents_follow_the_ground_and_the_agency_is_that_of_the_owners_seat():
    matter = matters.ALL[MATTER]

    assert matter.attachment("X4").is_required({"ground": "scrapped"})
    assert not matter.attachment("X2").is_required({"ground": "scrapped"})
    assert matter.attachment("X2").is_required({"ground": "transferred"})
    assert not matter.attachment("X4").is_required({"ground": "transferred"})
    assert matter.place(facts(MATTER, forms.machine_cancellation(), "lessor")).area == forms.party("lessor").area


def test_a_machine_of_another_kind_than_the_form_says_is_refused():
    machine = machine_told(id_of("machine")) | {"kind": "S"}

    assert errors(MATTER, forms.machine_cancellation(), "lessor", machine=machine) == [
        ("machine_of_other_kind", "form.machine_kind")
    ]
