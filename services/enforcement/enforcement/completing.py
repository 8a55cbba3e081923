"""An inspection completed: scored, signed, its orders issued, its record numbered and sealed, in one transaction (style 6.3).

The seal is the SHA-256 of all that the record says, the photographs by theirs and the documents by their numbers; it stands in
the journal, whose entries are chained. From then on the database refuses to change the record.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from fractions import Fraction
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from chassis import journal
from chassis.clock import Clock, day_of
from chassis.database import Sessions, transaction
from chassis.errors import Conflict, Invalid
from chassis.identifiers import derived_id
from chassis.media import Kept
from chassis.principal import Principal
from enforcement import documents, evidence, orders, repeats, signing
from enforcement.evidence import place_marks
from enforcement.inspection_lists import parties_of, scored
from enforcement.inspections import AHEAD, hold, own, told_moment
from enforcement.library import Library, library
from enforcement.models import Document, Finding, Inspection, Order, Site
from enforcement.permissions import permit
from enforcement.scoring import Summary, score_table, summarise
from enforcement.terms import DocumentKind, InspectionKind, InspectionStage, OrderKind, Severity
from enforcement.words import DOCUMENT_KINDS

ADDRESSEES = {"contractor": "contractor_id", "owner": "owner_id", "supervisor": "supervisor_id"}
Reply = dict[str, Any]
Told = Mapping[str, Any]
Look = Callable[[str], Kept | None]


def complete_inspection(
    sessions: Sessions, principal: Principal, clock: Clock, look: Look, *, inspection_id: str, **told: Any
) -> Reply:
    """All that was found and signed, as schemas.inspections.CompleteInspectionRequest says it; sent again, the answer is the
    same with the same numbers.

    Refuses `Conflict("inspection_completed")` where another content was completed under this id, `Conflict
    ("inspection_abandoned")`, and `Invalid`: a clause or item that the library of the day does not have, an officer's
    signature that is missing (T31), a major hazard that no order answers (安全生产法 Art. 65), an end before the start.
    """
    permit("complete_inspection", principal)
    asked = documents.hash_of(_plain(told))
    looked = {name: look(name) for name in _files(told)}
    with transaction(sessions) as session:
        inspection = own(session, principal, inspection_id)
        if inspection.stage != InspectionStage.STARTED:
            return _repeat(inspection, asked)
        site = session.get_one(Site, inspection.site_id)
        rules = library(day_of(inspection.started_at))
        _check(inspection, rules, told, clock())
        _refuse_known(session, told["findings"])
        return _complete(session, principal, clock, inspection, site, rules, told, asked, looked)


def _refuse_known(session: Session, findings: Sequence[Told]) -> None:
    """Ids are made on phones: one that another inspection has would be two findings in one."""
    ids = [each["finding_id"] for each in findings]
    for each in sorted(ids):
        hold(session, each)
    known = set(session.scalars(select(Finding.id).where(Finding.id.in_(ids))))
    for place, each in enumerate(ids):
        if each in known:
            raise Invalid.field(f"findings.{place}.finding_id", "of_another_inspection")


def _repeat(inspection: Inspection, asked: str) -> Reply:
    if inspection.stage == InspectionStage.ABANDONED or inspection.content is None:
        raise Conflict("inspection_abandoned")
    if inspection.content["asked"] != asked:
        by = inspection.content["completed_by"]["user_name"]
        raise Conflict("inspection_completed", at=told_moment(inspection.sealed_at), by=by)
    reply: Reply = inspection.content["reply"]
    return reply


def _complete(
    session: Session,
    principal: Principal,
    clock: Clock,
    inspection: Inspection,
    site: Site,
    rules: Library,
    told: Told,
    asked: str,
    looked: Mapping[str, Kept | None],
) -> Reply:
    now = clock()
    found = _findings(session, principal, now, inspection, site, rules, told["findings"], looked)
    _keep_signatures(session, principal, now, inspection, told, looked)
    summary = _scores(rules, told["tables"])
    _write(inspection, rules, site, told, summary, len(found))
    issued = [
        _order(session, principal, now, inspection, site, each, found, told["ended_at"]) for each in told["orders"]
    ]
    record = _record(session, principal, now, inspection, site, told, found, issued)
    reply = {
        "inspection_id": inspection.id,
        "stage": inspection.stage,
        "number": record.number,
        "document_id": record.id,
        "score": inspection.score,
        "grade": inspection.grade,
        "orders": [{"order_id": each.id, "number": each.number, "due_on": each.due_on.isoformat()} for each in issued],
        "marks": inspection.marks,
    }
    sealed = (
        record.content | _begun(inspection) | {"number": record.number, "library": rules.version, "told": _plain(told)}
    )
    reply["seal"] = inspection.seal = documents.hash_of(sealed)
    inspection.content = {
        "asked": asked, "sealed": sealed, "completed_by": dict(principal.brief()), "reply": reply,
    }  # fmt: skip
    inspection.sealed_at = now
    session.flush()
    detail = {"seal": inspection.seal, "number": record.number, "orders": [each.number for each in issued]}
    journal.write(session, principal, "complete_inspection", inspection.id, detail, clock=clock)
    return reply


def _begun(inspection: Inspection) -> dict[str, Any]:
    """What does not stand on the paper but belongs to the record: where it began, for what, and what was odd."""
    names = ("started_place", "plan_id", "rechecks", "marks")
    return {name: getattr(inspection, name) for name in names}


def _write(
    inspection: Inspection, rules: Library, site: Site, told: Told, summary: Summary | None, findings: int
) -> None:
    inspection.stage = InspectionStage.COMPLETED
    inspection.ended_at, inspection.ended_place = told["ended_at"], told["ended_place"]
    inspection.library = rules.version
    inspection.checked = {each["table"]: _plain(each) for each in told["tables"]}
    inspection.findings_count = findings
    inspection.signatures = [_plain(each) for each in told["signatures"]]
    inspection.site_signature = _plain(told["site_signature"])
    ends = [each | {"at": "end"} for each in place_marks(told["ended_place"], site)]
    inspection.marks = [*inspection.marks, *ends]
    if summary is not None:
        inspection.score, inspection.grade = _shown(summary.total), summary.grade
        inspection.scores = {
            "groups": {name: _shown(points) for name, points in summary.by_group.items()},
            "tables": {
                key: {"score": _shown(each.score), "why_zero": each.why_zero} for key, each in summary.tables.items()
            },
        }


def _shown(points: Fraction) -> float:
    return float(round(points, 2))


def _scores(rules: Library, tables: Sequence[Told]) -> Summary | None:
    """None where no table was checked: a special inspection may look at one thing only."""
    scored = {
        each["table"]: score_table(
            rules.tables[each["table"]],
            {item["item"]: item["points"] for item in each["off"]},
            frozenset(each["missing"]),
        )
        for each in tables
    }
    return summarise(rules.groups, scored) if scored else None


def _findings(
    session: Session,
    principal: Principal,
    now: datetime,
    inspection: Inspection,
    site: Site,
    rules: Library,
    told: Sequence[Told],
    looked: Mapping[str, Kept | None],
) -> dict[str, Finding]:
    found = {
        each["finding_id"]: Finding(
            id=each["finding_id"],
            inspection_id=inspection.id,
            place_in=place,
            site_id=site.id,
            area=site.area,
            clause_key=each["clause_key"],
            clause=rules.clauses[each["clause_key"]].words,
            severity=each["severity"],
            description=each["description"],
            part=each["part"],
            found_on=day_of(inspection.started_at),
        )
        for place, each in enumerate(told, start=1)
    }
    session.add_all(found.values())
    session.flush()
    repeats.mark(session, site.id, [each.clause_key for each in found.values()])
    for each in told:
        evidence.attach(
            session,
            principal,
            now,
            subject_kind="finding",
            subject_id=each["finding_id"],
            site=site,
            files=each["photos"],
            looked=looked,
        )
    return found


def _keep_signatures(
    session: Session,
    principal: Principal,
    now: datetime,
    inspection: Inspection,
    told: Told,
    looked: Mapping[str, Kept | None],
) -> None:
    """Drawn signatures are evidence of the inspection; those confirmed by an account have no drawing."""
    drawn = [each for each in (*told["signatures"], told["site_signature"]) if each["sha256"]]
    files = [
        {
            "evidence_id": derived_id("signature", inspection.id, each["sha256"]),
            "name": f"{each.get('name') or each.get('officer_id')}",
            "sha256": each["sha256"],
            "purpose": "signature",
            "note": "",
            "taken_at": each["signed_at"],
            "taken_place": told["ended_place"],
        }
        for each in {each["sha256"]: each for each in drawn}.values()
    ]
    evidence.attach(
        session,
        principal,
        now,
        subject_kind="inspection",
        subject_id=inspection.id,
        site=None,
        files=files,
        looked=looked,
    )


def _order(
    session: Session,
    principal: Principal,
    now: datetime,
    inspection: Inspection,
    site: Site,
    told: Told,
    found: Mapping[str, Finding],
    ended_at: datetime,
) -> Order:
    demanded = orders.Demanded(
        kind=OrderKind(told["kind"]),
        addressee_id=_addressee(site, told["addressee"]),
        due_on=told["due_on"],
        demands=told["demands"],
        scope=told["scope"],
        on_paper=told["on_paper"],
    )
    serial = told["leased_serial"]
    leased = documents.Leased(serial=serial, signed_at=told["signed_at"] or ended_at) if serial else None
    under = [found[each] for each in told["finding_ids"]]
    return orders.issue(session, principal, now, site, demanded, under, inspection.id, leased)


def _record(
    session: Session,
    principal: Principal,
    now: datetime,
    inspection: Inspection,
    site: Site,
    told: Told,
    found: Mapping[str, Finding],
    issued: Sequence[Order],
) -> Document:
    """The paper (检查记录, 复查记录): facts as they were when it was signed."""
    kind = DocumentKind.INSPECTION_RECORD
    if inspection.kind == InspectionKind.RECHECK:
        kind = DocumentKind.RECHECK_RECORD
    about = documents.About(
        subject_kind="inspection",
        subject_id=inspection.id,
        area=site.area,
        site_id=site.id,
        addressee_id=site.contractor_id,
    )
    names = {each["officer_id"]: each["name"] for each in inspection.officers}
    content = {
        "title": DOCUMENT_KINDS[kind],
        "project_name": site.name,
        "project_number": site.number,
        "addressee_id": site.contractor_id,
        "inspection_id": inspection.id,
        "kind": inspection.kind,
        "started_at": inspection.started_at.isoformat(),
        "ended_at": told["ended_at"].isoformat(),
        "officers": [
            {"name": each["name"], "certificate_number": each["certificate_number"]} for each in inspection.officers
        ],
        "remark": told["remark"],
        "score": inspection.score,
        "grade": inspection.grade,
        "findings": [
            {
                "finding_id": each.id,
                "clause": each.clause,
                "severity": each.severity,
                "description": each.description,
                "part": each.part,
            }
            for each in found.values()
        ],
        "orders": [each.number for each in issued],
        "parties": {which: each["name"] for which, each in parties_of(session, site).items()},
        "scored": scored(inspection),
        "signatures": [
            {"name": names[each["officer_id"]], "signed_at": each["signed_at"].isoformat()}
            for each in told["signatures"]
        ],
        "site_signature": inspection.site_signature,
    }
    leased = None
    if told["leased_serial"]:
        leased = documents.Leased(serial=told["leased_serial"], signed_at=told["ended_at"])
    return documents.issue(session, principal, now, kind, about, content, leased)


def _check(inspection: Inspection, rules: Library, told: Told, now: datetime) -> None:
    if told["ended_at"] < inspection.started_at or day_of(told["ended_at"]) > day_of(now):
        raise Invalid.field("ended_at", "out_of_range", min=inspection.started_at.isoformat(), max=now.isoformat())
    _check_tables(rules, told["tables"])
    for place, each in enumerate(told["findings"]):
        if each["clause_key"] not in rules.clauses:
            raise Invalid.field(f"findings.{place}.clause_key", "clause_unknown")
    for place, each in enumerate(told["orders"]):
        if each["signed_at"] and not inspection.started_at <= each["signed_at"] <= now + AHEAD:
            limits = {"min": inspection.started_at.isoformat(), "max": now.isoformat()}
            raise Invalid.field(f"orders.{place}.signed_at", "out_of_range", **limits)
    _check_orders(told)
    signing.check(inspection, told)


def _check_tables(rules: Library, tables: Sequence[Told]) -> None:
    for place, each in enumerate(tables):
        table = rules.tables.get(each["table"])
        if table is None or each["table"] in [other["table"] for other in tables[:place]]:
            raise Invalid.field(f"tables.{place}.table", "table_unknown")
        known = {item.key for item in table.items}
        named = [*(item["item"] for item in each["off"]), *each["missing"]]
        if not known.issuperset(named) or known == set(each["missing"]):
            raise Invalid.field(f"tables.{place}", "check_item_unknown")
        if len(set(named)) < len(named):  # of two deductions one would be lost
            raise Invalid.field(f"tables.{place}", "named_twice")


def _check_orders(told: Told) -> None:
    """Each finding under one order at most, and every major hazard under one."""
    known = {each["finding_id"] for each in told["findings"]}
    if len(known) < len(told["findings"]):
        raise Invalid.field("findings", "named_twice")
    ordered: set[str] = set()
    for place, each in enumerate(told["orders"]):
        named = set(each["finding_ids"])
        if not named <= known or named & ordered:
            raise Invalid.field(f"orders.{place}.finding_ids", "not_of_this_inspection")
        ordered |= named
    major = {each["finding_id"] for each in told["findings"] if each["severity"] == Severity.MAJOR}
    if not major <= ordered:
        raise Invalid.field("orders", "major_hazard_needs_order")


def _addressee(site: Site, which: str) -> str:
    firm: str | None = getattr(site, ADDRESSEES[which])
    if firm is None:
        raise Invalid.field("orders", "addressee_unknown", which=which)
    return firm


def _files(told: Told) -> set[str]:
    photos = {photo["sha256"] for each in told["findings"] for photo in each["photos"]}
    signed = [*told["signatures"], told["site_signature"]]
    return photos | {each["sha256"] for each in signed if each["sha256"]}


def _plain(value: Any) -> Any:
    """As JSON keeps it."""
    if isinstance(value, Mapping):
        return {name: _plain(each) for name, each in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(each) for each in value]
    return value.isoformat() if hasattr(value, "isoformat") else value
