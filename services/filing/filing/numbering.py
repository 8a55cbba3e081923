"""Numbers without gaps, by dated patterns (data/numbering.toml, docs/decisions/0017)."""

from collections.abc import Mapping
from datetime import date

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from filing import divisions
from filing.editions import edition
from filing.models import Counter, Organisation

ACCEPTANCE = "acceptance"
SERIAL = "{serial"


def next_number(session: Session, kind: str, agency: Organisation, on: date, parts: Mapping[str, str]) -> str:
    """The next number of a kind for an agency, as text.

    The counter's row stays locked until the transaction ends: others of the same agency and kind wait, and a roll-back
    gives the number back. So issue it late, and only in the transaction of the decision.
    """
    pattern = str(edition("numbering", on)["patterns"][kind])
    stem = pattern[: pattern.index(SERIAL)]
    values = {**_of_agency(agency), "year": str(on.year), **parts}
    filled = stem.format(**values)
    return pattern.format(**values, serial=_raise_counter(session, kind, filled))


def _of_agency(agency: Organisation) -> dict[str, str]:
    return {
        "province": divisions.short_name(),
        "letters": divisions.filing_letters(agency.area),
        "code": agency.code or agency.division,
    }


def _raise_counter(session: Session, kind: str, stem: str) -> int:
    first = insert(Counter).values(kind=kind, stem=stem, last=1)
    raised = first.on_conflict_do_update(index_elements=["kind", "stem"], set_={"last": Counter.last + 1})
    return session.execute(raised.returning(Counter.last)).scalar_one()
