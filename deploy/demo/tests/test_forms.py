"""The filled-in forms are what filing's matters ask for: its own schemas read them, and no paper is missing."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import date

import pytest

from chassis.identifiers import derived_id
from chassis.schemas import read
from deploy.demo import filings, firms, forms, lives, machines, site_forms, sites, staff
from deploy.demo.forms import Filing, Ids
from filing import matters

TODAY = date(2026, 11, 23)


class Named(defaultdict[str, str]):
    """Every key has an id, as if the system had named it."""

    def __missing__(self, key: str) -> str:
        return derived_id("named", key)


def all_filings() -> Iterator[Filing]:
    ids = Ids(Named(), Named(), Named(), Named())
    for firm in firms.all_firms(TODAY):
        yield forms.registration(firm)
        if filings.lessor_filing(firm, TODAY):
            yield forms.lessor_filing(firm, TODAY)
        if filings.installer_filing(firm, TODAY):
            yield forms.installer_filing(firm)
    for site in sites.all_sites(TODAY):
        yield forms.safety_filing(site, ids, TODAY)
        if site.number in staff.CHANGES:
            yield site_forms.personnel_change(site, ids, TODAY)
    yield from (forms.machine_filing(machine) for machine in machines.all_machines(TODAY))
    for life in lives.all_lives(TODAY):
        yield site_forms.install_notice(life, ids, TODAY)
        yield site_forms.dismantling_notice(life, ids, TODAY)
        if life.story.use:
            yield site_forms.use_registration(life, ids, TODAY)
        if life.report:
            yield site_forms.inspection_report(life, ids, TODAY)


FILINGS = list(all_filings())


# Matters that came after the province was written; whoever shows one in it takes it out here.
NOT_SHOWN = {
    "civilised_site",
    "comprehensive_assessment",
    "machine_cancellation",
    "machine_release",
    "person_release",
    "supervision_resumption",
    "supervision_suspension",
    "supervision_termination",
}


def test_every_matter_is_used_but_those_named_as_not_shown() -> None:
    used = {each.matter for each in FILINGS}
    assert used | NOT_SHOWN == set(matters.ALL)
    assert not used & NOT_SHOWN


@pytest.mark.parametrize("matter", sorted({each.matter for each in FILINGS}))
def test_filings_schemas_read_every_form_and_every_required_paper_is_there(matter: str) -> None:
    asked = matters.ALL[matter]
    for filing in (each for each in FILINGS if each.matter == matter):
        form = read(asked.form(), filing.form, under="form")
        required = {kind.code for kind in asked.attachments if kind.is_required(form)}
        assert required <= set(filing.documents) <= {kind.code for kind in asked.attachments}
