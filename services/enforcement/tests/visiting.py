"""An inspection of 长安广场 by two officers, as a phone tells of it."""

from datetime import date, timedelta
from typing import Any

from chassis.media import JPEG, Kept
from chassis.principal import Principal
from chassis.schemas import read
from enforcement import completing, inspections
from enforcement.schemas.inspections import CompleteInspectionRequest, StartInspectionRequest
from services.enforcement.tests.factories import INSIDE, SITE, Field, an_id, officer

FIRST, SECOND = officer("张执法"), officer("李执法")
PHOTO, SIGNATURE = "ab" * 32, "cd" * 32
GUARDRAIL, CRANE = an_id("finding guardrail"), an_id("finding crane")


def look(sha256: str) -> Kept | None:
    return Kept(90_000, JPEG)


def officers(*names: str) -> list[str]:
    return [an_id(f"officer {each}") for each in names or ("张执法", "李执法")]


def place(at: tuple[float, float] = INSIDE, accuracy: float = 15) -> dict[str, float]:
    return {"longitude": at[0], "latitude": at[1], "accuracy": accuracy}


def start(ground: Field, name: str = "visit", who: Principal = FIRST, **told: Any) -> dict[str, Any]:
    asked = {
        "inspection_id": an_id(name), "project_id": an_id(SITE), "kind": "routine", "officer_ids": officers(),
        "started_at": ground.clock().isoformat(), "place": place(), **told,
    }  # fmt: skip
    return inspections.start_inspection(ground.sessions, who, ground.clock, **read(StartInspectionRequest(), asked))


def found(finding_id: str = GUARDRAIL, severity: str = "general", **told: Any) -> dict[str, Any]:
    return {
        "finding_id": finding_id, "clause_key": "B.13-04", "severity": severity, "description": "三层临边无防护栏杆",
        "part": "3号楼三层", "photos": [photo(finding_id)], **told,
    }  # fmt: skip


def photo(of: str, **told: Any) -> dict[str, Any]:
    return {"evidence_id": an_id(f"photo of {of}"), "name": "现场.jpg", "sha256": PHOTO, "taken_place": place(), **told}


def ordering(*finding_ids: str, kind: str = "rectify", **told: Any) -> dict[str, Any]:
    return {
        "kind": kind, "addressee": "contractor", "finding_ids": list(finding_ids or (GUARDRAIL,)),
        "due_on": date(2026, 3, 9).isoformat(), "demands": "按规范设置临边防护", **told,
    }  # fmt: skip


def filled(ground: Field, name: str = "visit", **told: Any) -> dict[str, Any]:
    """What a phone sends at the end, as it is loaded."""
    ended = (ground.clock() + timedelta(minutes=40)).isoformat()
    asked = {
        "inspection_id": an_id(name), "ended_at": ended, "ended_place": place(), "remark": "抽查3号楼",
        "tables": [{"table": "B.13", "off": [{"item": "B.13-04", "points": 10}], "missing": ["B.13-09"]}],
        "findings": [found()], "orders": [ordering()],
        "signatures": [{"officer_id": each, "signed_at": ended} for each in officers()],
        "site_signature": {"refused": False, "name": "王建国", "role": "项目负责人", "signed_at": ended, "sha256": SIGNATURE},
        **told,
    }  # fmt: skip
    loaded: dict[str, Any] = read(CompleteInspectionRequest(), asked)
    return loaded


def complete(ground: Field, who: Principal = FIRST, **told: Any) -> dict[str, Any]:
    return completing.complete_inspection(ground.sessions, who, ground.clock, look, **(told or filled(ground)))
