"""Findings that come back (问题反复发生): the same site against the same clause again within half a year."""

from collections.abc import Sequence

from sqlalchemy import text
from sqlalchemy.orm import Session

WITHIN = 180  # days
MARK = text("""
    update finding set is_repeated = true
    where site_id = :site and clause_key = any(:clauses) and not is_repeated and exists (
        select from finding before where before.site_id = finding.site_id and before.clause_key = finding.clause_key
            and before.found_on < finding.found_on and before.found_on >= finding.found_on - :within)""")


def mark(session: Session, site_id: str, clause_keys: Sequence[str]) -> None:
    """Says it of the findings just written, and of later ones where these come late from a phone."""
    session.execute(MARK, {"site": site_id, "clauses": list(clause_keys), "within": WITHIN})
