"""Works stopped by an order of enforcement: a flag on the project's page, and nothing else of its supervision changes."""

from itertools import permutations
from typing import Any

import pytest

from chassis.database import transaction
from chassis.envelope import Event
from chassis.schemas import read
from filing import stops
from filing.heard import WorksHeard
from filing.models import Project
from filing.queries.projects import get_project
from services.filing.tests import forms
from services.filing.tests.factories import OWNER, Stage, id_of, officer
from services.filing.tests.steps import approved


@pytest.fixture
def project(stage: Stage) -> str:
    reply = approved(stage, "safety_filing", forms.safety_filing(), OWNER)
    with transaction(stage.desk.sessions) as session:
        return str(session.query(Project).filter_by(application_id=reply["application_id"]).one().id)


def tell(
    stage: Stage, kind: str, project: str, order: str = "order", whole: str = "whole", scope: str = "全部施工作业"
) -> None:
    data: dict[str, Any] = {
        "order_id": id_of(f"order {order}"),
        "number": f"停{order}号",
        "project_id": project,
        "whole": whole,
    }
    data |= {"scope": scope} if kind == "stopped" else {}
    event = Event(
        type=f"work_{kind}",
        version=1,
        subject=data["order_id"],
        data=read(WorksHeard(), data),
        occurred_at=stage.desk.clock(),
    )
    (stops.work_stopped if kind == "stopped" else stops.work_resumed)(stage.desk.sessions, event)


def flags(stage: Stage, project: str) -> list[tuple[str, bool, str]]:
    with transaction(stage.desk.sessions) as session:
        page = get_project(session, officer(), project)
    return [(each["number"], each["is_whole"], each["scope"]) for each in page["stopped_by"]]


def test_the_page_tells_which_orders_stop_all_works_and_which_a_part(stage: Stage, project: str) -> None:
    tell(stage, "stopped", project, "first")
    tell(stage, "stopped", project, "second", "part", "3号塔吊")
    assert flags(stage, project) == [("停first号", True, "全部施工作业"), ("停second号", False, "3号塔吊")]

    tell(stage, "resumed", project, "first")

    assert flags(stage, project) == [("停second号", False, "3号塔吊")]


@pytest.mark.parametrize("kinds", sorted(set(permutations(("stopped", "resumed", "stopped", "resumed")))))
def test_the_two_events_come_in_any_order_and_twice(stage: Stage, project: str, kinds: tuple[str, ...]) -> None:
    for kind in kinds:
        tell(stage, kind, project)

    assert flags(stage, project) == []
