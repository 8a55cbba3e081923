"""Whatever a use case answers is what the reply's schema says: dumping drops in silence what a schema does not name."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from marshmallow import Schema

from chassis.database import transaction
from chassis.identifiers import new_id
from chassis.principal import service_principal
from filing import agencies, bulletins, catalogue, matters, project_acts, summary
from filing.desk import Command
from filing.queries import organisations, projects
from filing.schemas import home
from filing.schemas import organisations as bodies
from filing.schemas import projects as sites
from filing.schemas.common import Page
from services.filing.tests import forms
from services.filing.tests.factories import (
    CITY,
    CONTRACTOR,
    COUNTY,
    FILED_PROJECT,
    LESSOR,
    OWNER,
    PAPER,
    Stage,
    officer,
)
from services.filing.tests.steps import approved, register, submitted

FILE = {"sha256": PAPER, "file_name": "表.pdf", "size": 1000, "media_type": "application/pdf"}


def asked(request: type[Schema], **given: Any) -> dict[str, Any]:
    loaded: dict[str, Any] = request().load(given)
    return loaded


def in_session(stage: Stage, query: Callable[..., dict[str, Any]], *arguments: Any) -> dict[str, Any]:
    with transaction(stage.desk.sessions) as session:
        return query(session, *arguments)


def dumped(schema: type[Schema], reply: dict[str, Any]) -> Any:
    return json.loads(json.dumps(schema().dump(reply)))


def same(schema: type[Schema], reply: dict[str, Any]) -> bool:
    assert dumped(schema, reply) == json.loads(json.dumps(reply))
    return True


def test_organisations_and_agencies(stage: Stage):
    registered = register(stage)
    officer_, page = officer(COUNTY), asked(bodies.ListOrganisations)

    assert same(bodies.RegisterReply, registered)
    assert same(bodies.OrganisationPage, in_session(stage, organisations.list_organisations, officer_, page))
    whole = in_session(stage, organisations.get_organisation, officer_, registered["organisation_id"])
    assert same(bodies.OrganisationDetail, whole)
    asker = service_principal("gateway")
    profile = in_session(stage, organisations.sign_in_profile, asker, registered["organisation_id"])
    assert same(bodies.SignInProfile, profile)
    assert same(bodies.Divisions, catalogue.list_divisions(under="13.1301"))
    assert len(catalogue.list_divisions(under="13.1301")["items"]) == 22
    assert same(bodies.Agencies, agencies.list_agencies(stage.desk))
    offered = agencies.offer_agencies(stage.desk, LESSOR, matter="machine_filing", form={})
    assert same(bodies.OfferedAgencies, offered)
    administrator = Command(officer(CITY, roles=("administrator",)))
    made = agencies.create_agency(stage.desk, administrator, name="某区监督站", division="130105")
    assert same(bodies.Agency, made)


def test_projects(stage: Stage):
    works = [{"kind": "pit", "part": "基坑", "depth": 6, "planned_start": "2026-04-01", "planned_finish": "2026-05-01"}]
    approved(stage, "safety_filing", forms.safety_filing(hazardous_works=works), OWNER)
    stage.approve(stage.accepted())

    listed = in_session(stage, projects.list_projects, officer(COUNTY), asked(sites.ListProjects))
    assert same(sites.ProjectPage, listed)
    for item in listed["items"]:
        for reader in (officer(COUNTY), CONTRACTOR):
            assert same(sites.ProjectDetail, in_session(stage, projects.get_project, reader, item["project_id"]))
    decider = Command(officer(COUNTY, "p", ("approver",)))
    stopped = project_acts.record_stoppage(
        stage.desk,
        decider,
        **asked(
            sites.RecordStoppage,
            project_id=FILED_PROJECT,
            version=1,
            since="2026-03-01",
            cause_by="other",
            owner_consents=False,
        ),
    )
    assert same(sites.ProjectReply, stopped)
    suspended = in_session(stage, projects.get_project, officer(COUNTY), FILED_PROJECT)
    assert suspended["suspended"]["since"] == "2026-03-01"
    assert same(sites.ProjectDetail, suspended)


@pytest.mark.parametrize("code", list(matters.ALL))
def test_matters(stage: Stage, code):
    assert same(home.MatterDetail, catalogue.get_matter(stage.desk, code=code))
    assert same(home.Matters, catalogue.list_matters(stage.desk, CONTRACTOR))


def test_the_home_page(stage: Stage):
    submitted(stage, "machine_filing", forms.machine_filing(), LESSOR)
    register(stage)

    assert same(home.Summary, summary.summarise(stage.desk, officer(COUNTY)))
    assert same(home.Summary, summary.summarise(stage.desk, LESSOR))


def test_bulletins_and_downloads(stage: Stage):
    editor, page = Command(officer(COUNTY, roles=("editor",))), asked(home.ListPublished)
    assert issubclass(home.ListPublished, Page)

    told = {"title": "题", "is_public": True}
    bulletin = asked(home.PublishBulletin, bulletin_id=new_id(), body="文", attachments=[FILE], **told)
    published = bulletins.publish_bulletin(stage.desk, editor, **bulletin)
    offered = bulletins.publish_download(
        stage.desk, editor, **asked(home.PublishDownload, download_id=new_id(), file=FILE, **told)
    )

    assert same(home.BulletinItem, published)
    assert same(home.DownloadItem, offered)
    assert same(home.BulletinPage, bulletins.list_bulletins(stage.desk, CONTRACTOR, page))
    assert same(home.DownloadPage, bulletins.list_downloads(stage.desk, CONTRACTOR, page))
    read = bulletins.get_bulletin(stage.desk, CONTRACTOR, bulletin_id=published["bulletin_id"])
    assert same(home.BulletinDetail, read)
