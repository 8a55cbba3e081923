"""The map of projects: a point inside each site, only of what one may see, by the list's own filters."""

from typing import Any

from chassis.database import transaction
from chassis.principal import Principal
from filing.models import Project
from filing.queries import project_map
from filing.schemas.project_map import LocateProjects, ProjectMap
from services.filing.tests import forms
from services.filing.tests.factories import CITY, COUNTY, OTHER_COUNTY, OWNER, Stage, officer
from services.filing.tests.steps import submitted
from services.filing.tests.test_replies import same


def located(at: Stage, by: Principal, **asked: Any) -> dict[str, Any]:
    request: dict[str, Any] = LocateProjects().load(asked)
    with transaction(at.desk.sessions) as session:
        return project_map.locate_projects(session, by, request)


def test_a_filed_site_is_marked_inside_its_boundary(stage: Stage) -> None:
    submitted(stage, "safety_filing", forms.safety_filing(), OWNER)

    told = located(stage, officer(COUNTY))

    assert same(ProjectMap, told)
    assert told["total"] == len(told["items"]) == 1
    [site] = told["items"]
    corners = site["boundary"]["coordinates"][0]
    for place in (0, 1):
        assert min(each[place] for each in corners) < site["position"][place] < max(each[place] for each in corners)


def test_nobody_sees_sites_that_are_not_his(stage: Stage) -> None:
    submitted(stage, "safety_filing", forms.safety_filing(), OWNER)

    assert located(stage, officer(CITY))["total"] == 1 and located(stage, OWNER)["total"] == 1
    assert located(stage, officer(OTHER_COUNTY))["items"] == []


def test_projects_without_a_boundary_have_no_place(stage: Stage) -> None:
    with transaction(stage.desk.sessions) as session:
        assert session.query(Project).count() > 0  # the stage's own, known by name only

    assert located(stage, officer(COUNTY))["total"] == 0


def test_the_map_is_narrowed_as_the_list_is(stage: Stage) -> None:
    submitted(stage, "safety_filing", forms.safety_filing(), OWNER)

    assert located(stage, officer(COUNTY), stage="closed")["total"] == 0
    assert located(stage, officer(COUNTY), stage="under_filing")["total"] == 1
