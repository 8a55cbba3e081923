"""Files that enforcement keeps references to: looked at before a transaction, and told of when the gateway clears up."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import select, text

from chassis.database import Sessions, transaction
from chassis.media import Kept
from chassis.principal import Principal
from enforcement.models import Evidence
from enforcement.permissions import permit

# Of a file by its SHA-256, what it is; None where there is none.
Look = Callable[[str], Kept | None]
IN_DRAFTS = text("""
    select distinct photo ->> 'sha256'
    from rectification, jsonb_array_elements(answers) answer, jsonb_array_elements(answer -> 'photos') photo
    where stage = 'draft' and photo ->> 'sha256' = any(:names)""")


def look_at(look: Look, names: Iterable[str]) -> Mapping[str, Kept | None]:
    """All of them, before a transaction begins: the store may be across a network."""
    return {sha256: look(sha256) for sha256 in set(names)}


def find_used_files(sessions: Sessions, principal: Principal, *, names: Sequence[str]) -> dict[str, Any]:
    """Those of `names` that are evidence, or that a report not yet submitted holds."""
    permit("find_used_files", principal)
    with transaction(sessions) as session:
        used = set(session.scalars(select(Evidence.sha256).where(Evidence.sha256.in_(names))))
        used |= set(session.scalars(IN_DRAFTS, {"names": list(names)}))
        return {"used": sorted(used)}
