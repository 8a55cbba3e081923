"""The filled-in forms are what filing's matters ask for: its own schemas read them, and no paper is missing."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import date

import pytest

from chassis.identifiers import derived_id
from chassis.schemas import read
from deploy.demo import again, filings, firms, forms, later, lives, machines, site_forms, sites, staff
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
    yield from (each.filing for each in later.all_later(ids, TODAY))


FILINGS = list(all_filings())


def test_every_matter_is_used() -> None:
    assert {each.matter for each in FILINGS} == set(matters.ALL)


def test_what_an_approval_has_to_decide_is_as_filing_asks_for_it() -> None:
    for filing in FILINGS:
        asked = matters.ALL[filing.matter].decision
        assert bool(asked) == bool(filing.decision), filing.matter
        if asked:
            read(asked(), filing.decision, under="decision")


def test_what_comes_later_is_about_sites_and_machines_that_are_ready_for_it() -> None:
    by_number = {each.number: each for each in sites.all_sites(TODAY)}
    occupied = {each.place.number for each in lives.all_lives(TODAY) if isinstance(each.place, sites.Site)}
    assert all(by_number[number].is_filed for stages in later.OF_SITES.values() for number in stages)
    assert not occupied & set(later.OF_SITES["supervision_termination"])
    assert all(by_number[number].civilised_standard != "none" for number in later.OF_SITES["civilised_site"])
    waiting = {each.number for each in lives.all_lives(TODAY) if each.story == lives.Story("approved")}
    assert set(later.MACHINE_RELEASES) <= waiting
    assert len(later.in_yards(TODAY)) >= len(later.CANCELLATIONS)
    logs = [later.writes_logs(each, TODAY) for each in by_number.values()]
    assert any(logs) and not all(logs)


@pytest.mark.parametrize("matter", sorted({each.matter for each in FILINGS}))
def test_filings_schemas_read_every_form_and_every_required_paper_is_there(matter: str) -> None:
    asked = matters.ALL[matter]
    for filing in (each for each in FILINGS if each.matter == matter):
        form = read(asked.form(), filing.form, under="form")
        required = {kind.code for kind in asked.attachments if kind.is_required(form)}
        assert required <= set(filing.documents) <= {kind.code for kind in asked.attachments}


def test_what_comes_back_had_a_slip_in_one_field_and_needs_no_signature_anew() -> None:
    ids = Ids(Named(), Named(), Named(), Named())
    filed = {each.key: forms.machine_filing(each) for each in machines.all_machines(TODAY)}
    filed |= {each.key: forms.safety_filing(each, ids, TODAY) for each in sites.all_sites(TODAY)}
    filed |= {each.name: each.filing for each in later.all_later(ids, TODAY) if not each.signers}

    for name in again.CAME_BACK:
        right, slip = filed[name].form, again.slip_of(name, filed[name])
        assert slip is not None
        slipped = slip.slipped(right)
        assert [field for field in right if slipped[field] != right[field]] == [slip.field]
        read(matters.ALL[filed[name].matter].form(), slipped, under="form")


def test_one_comes_back_twice_the_second_time_with_a_late_objection() -> None:
    assert {each.key: each.stage for each in machines.all_machines(TODAY)}[again.LATE] == "returned"
    assert again.LATE in again.CAME_BACK
