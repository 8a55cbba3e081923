"""Short ways through the life of any matter, for tests of what comes of it."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

from chassis.database import transaction
from chassis.envelope import Event
from chassis.identifiers import new_id
from chassis.outbox import OutboxRow
from chassis.principal import Principal
from filing import applications, matters
from filing.desk import Command, Reply
from filing.registration import register_enterprise
from services.filing.tests import forms
from services.filing.tests.factories import CONTRACTOR, COUNTY, SUPERVISOR, Stage, documents, id_of, officer, seen

REGISTRANT = Principal(user_id="registrant", roles=("registrant",))
ACCEPTOR, REVIEWER, APPROVER = (("acceptor",), ("reviewer",), ("approver",))


def register(stage: Stage, key: str | None = None, agency_id: str | None = None, **changes: Any) -> Reply:
    """A registration handed in by somebody unknown."""
    form = forms.enterprise_registration(**changes)
    return register_enterprise(
        stage.desk,
        Command(REGISTRANT, key),
        organisation_id=new_id(),
        application_id=new_id(),
        form=form,
        attachments=documents("enterprise_registration", forms.enterprise_registration()),
        agency_id=agency_id,
    )


def submitted(stage: Stage, matter: str, form: dict[str, Any], by: Principal) -> Reply:
    """With the agency: whoever has to countersign has signed."""
    at = stage.submit(stage.draft(by, matter, form), by)
    if matters.ALL[matter].countersigners:
        at = stage.sign(stage.sign(at, CONTRACTOR), SUPERVISOR)
    return at


def accepted(stage: Stage, matter: str, form: dict[str, Any], by: Principal, area: str = COUNTY) -> Reply:
    return accept(stage, submitted(stage, matter, form, by), area)


def accept(stage: Stage, at: Reply, area: str = COUNTY) -> Reply:
    return applications.accept(stage.desk, Command(officer(area, "a", ACCEPTOR)), **seen(at))


def decide(stage: Stage, matter: str, at: Reply, area: str = COUNTY, decision: dict[str, Any] | None = None) -> Reply:
    """Review where the matter has two levels, then approve, by another officer."""
    if matters.ALL[matter].review_levels == 2:
        reviewer = Command(officer(area, "r", REVIEWER))
        at = applications.review(stage.desk, reviewer, **seen(at), opinion="符合")
    approver = Command(officer(area, "p", APPROVER))
    return applications.approve(stage.desk, stage.owners, approver, **seen(at), opinion="同意", decision=decision)


def approved(
    stage: Stage,
    matter: str,
    form: dict[str, Any],
    by: Principal,
    area: str = COUNTY,
    decision: dict[str, Any] | None = None,
) -> Reply:
    return decide(stage, matter, accepted(stage, matter, form, by, area), area, decision)


def rejected(stage: Stage, at: Reply, area: str = COUNTY) -> Reply:
    officer_ = Command(officer(area, "p", APPROVER))
    return applications.reject(stage.desk, officer_, **seen(at), reason="不符合")


def events(stage: Stage, type_: str) -> list[dict[str, Any]]:
    """The data of all events of a type, in the order of recording."""
    with transaction(stage.desk.sessions) as session:
        rows = session.query(OutboxRow).filter_by(type=type_).order_by(OutboxRow.position)
        return [row.body["data"] for row in rows]


def as_enterprise(reply: Reply, **changes: Any) -> Principal:
    """A clerk of an enterprise that has just registered."""
    given = Principal(
        user_id=f"user of {reply['organisation_id']}",
        organisation_id=reply["organisation_id"],
        organisation_kind="enterprise",
        roles=("clerk",),
    )
    return replace(given, **changes)


def unlocked(stage: Stage, notice: str | None = None, ago: timedelta = timedelta()) -> Event:
    """equipment tells that an agency has unlocked the machine of all forms."""
    held = {"project_id": id_of("project"), "application_id": notice or id_of("install notice")}
    return Event(
        type="machine_unlocked",
        version=1,
        subject=id_of("machine"),
        data={"machine_id": id_of("machine"), **held},
        principal=officer().brief(),
        occurred_at=stage.desk.clock() - ago,
    )
