"""Evidence: files as they came, by their SHA-256, never altered; what is odd about one is marked, not refused."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from chassis.media import JPEG, PDF, PNG, Kept
from chassis.principal import Principal
from enforcement.models import Evidence, Site
from enforcement.places import metres_outside

TYPES = (JPEG, PNG, PDF)
LARGEST = 10 * 1024 * 1024  # more than a photo has; the door takes up to 20 MB
FAR_METRES = 500.0
Mark = dict[str, Any]


def attach(
    session: Session,
    principal: Principal,
    now: datetime,
    *,
    subject_kind: str,
    subject_id: str,
    site: Site | None,
    files: Sequence[Mapping[str, Any]],
    looked: Mapping[str, Kept | None],
) -> list[Evidence]:
    """Evidence of a subject, in the caller's transaction; one that is there already under its id stays as it is.

    `files`: {"evidence_id", "name", "sha256", "purpose", "note", "taken_at", "taken_place"}, the place {"longitude",
    "latitude", "accuracy"} in WGS-84 and metres, or None. `looked`: of each SHA-256, what the blob store holds (size, type by
    content), None where it holds nothing: looked at before the transaction began.
    """
    known = set(session.scalars(select(Evidence.id).where(Evidence.id.in_([each["evidence_id"] for each in files]))))
    added = [
        _evidence(principal, now, subject_kind, subject_id, site, each, looked.get(each["sha256"]))
        for each in files
        if each["evidence_id"] not in known
    ]
    session.add_all(added)
    session.flush()
    return added


def _evidence(
    principal: Principal,
    now: datetime,
    subject_kind: str,
    subject_id: str,
    site: Site | None,
    told: Mapping[str, Any],
    kept: Kept | None,
) -> Evidence:
    return Evidence(
        id=told["evidence_id"],
        subject_kind=subject_kind,
        subject_id=subject_id,
        site_id=site.id if site else None,
        name=told["name"],
        sha256=told["sha256"],
        size=kept.size if kept else 0,
        media_type=kept.media_type if kept else None,
        purpose=told["purpose"],
        note=told["note"],
        taken_at=told["taken_at"],
        taken_place=told["taken_place"],
        marks=marks(told, kept, site, now),
        added_at=now,
        added_by=dict(principal.brief()),
    )


def marks(told: Mapping[str, Any], kept: Kept | None, site: Site | None, now: datetime) -> list[Mark]:
    """Why somebody should look twice: each with its figures."""
    found: list[Mark] = []
    if kept is None:
        found.append({"mark": "file_missing"})
    elif kept.media_type not in TYPES:
        found.append({"mark": "type_unusual", "found": kept.media_type})
    if kept is not None and kept.size > LARGEST:
        found.append({"mark": "too_large", "limit": LARGEST, "found": kept.size})
    if told["taken_at"] is not None and told["taken_at"] > now:
        found.append({"mark": "taken_in_the_future", "taken_at": told["taken_at"].isoformat()})
    return found + place_marks(told["taken_place"], site)


def place_marks(place: Mapping[str, Any] | None, site: Site | None) -> list[Mark]:
    """Of a place told by a phone, against the site's boundary."""
    if place is None:
        return [{"mark": "place_missing"}]
    if site is None or site.boundary is None:
        return []
    metres = metres_outside(site.boundary, place["longitude"], place["latitude"]) - place["accuracy"]
    return [{"mark": "far_from_site", "metres": round(metres)}] if metres > FAR_METRES else []
