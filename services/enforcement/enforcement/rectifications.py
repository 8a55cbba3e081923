"""A firm's report on an order (安全整改报告): drafted, submitted complete, and what the site's other firms say of it.

One report an order: what is not accepted is demanded by an order that follows, and its report is the next round.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from chassis import journal
from chassis.clock import Clock, day_of
from chassis.database import Sessions, transaction
from chassis.errors import Conflict, FieldErrors, Forbidden, Invalid, NotFound
from chassis.media import Kept
from chassis.principal import Principal
from enforcement import evidence, files, orders
from enforcement.models import Document, Order, Rectification, Site
from enforcement.permissions import permit
from enforcement.telling import tell
from enforcement.terms import OrderStage, RectificationStage

AFTER = "after"
SUPERVISOR, OWNER = "supervisor_opinion", "owner_opinion"
SUBJECT = "rectification"
Reply = dict[str, Any]
Answer = dict[str, Any]


def save_rectification(
    sessions: Sessions,
    principal: Principal,
    clock: Clock,
    *,
    rectification_id: str,
    order_id: str,
    answers: list[Answer],
) -> Reply:
    """The draft as it is now, by the firm to which the order goes; the id is the sender's own, so a repeat is the same draft.

    Refuses `Conflict("order_settled")`, `Conflict("rectification_submitted")`, `Conflict("rectification_begun")` where a
    colleague's draft of this order goes under another id, and `Invalid` for an answer about what the order does not name.
    """
    permit("save_rectification", principal)
    with transaction(sessions) as session:
        return _told(_save(session, principal, clock, rectification_id, order_id, answers))


def submit_rectification(
    sessions: Sessions,
    principal: Principal,
    clock: Clock,
    look: files.Look,
    *,
    rectification_id: str,
    order_id: str | None = None,
    answers: list[Answer] | None = None,
) -> Reply:
    """To the agency; with `order_id` and `answers`, saved before as `save_rectification` does, and kept if refused. Each
    finding needs its text, and a photo of afterwards unless the agency said that paper is enough.

    Refuses `Invalid` with the place of all that is missing, and `Conflict("order_settled")`. Submitted again, the answer is
    the same. The photos become evidence; what is odd about one is marked (`evidence.attach`).
    """
    permit("submit_rectification", principal)
    with transaction(sessions) as session:
        if order_id is not None and answers is not None and not _is_submitted(session, rectification_id, order_id):
            _save(session, principal, clock, rectification_id, order_id, answers)
        draft, _ = _report(session, principal, rectification_id)
        names = {photo["sha256"] for each in draft.answers for photo in each["photos"]}
    looked = files.look_at(look, names)
    with transaction(sessions) as session:
        draft, order = _report(session, principal, rectification_id, lock=True)
        if draft.stage == RectificationStage.DRAFT:
            orders.refuse_settled(order)
            _refuse_incomplete(demanded(session, order), draft.answers, order.on_paper)
            _submit(session, principal, clock, order, draft, looked)
        return _told(draft)


def give_opinion(
    sessions: Sessions, principal: Principal, clock: Clock, *, rectification_id: str, agrees: bool, remark: str
) -> Reply:
    """Of the supervising firm, or of the developer, on a report of the site: each once. The agency sees it; nothing waits for it.

    Refuses `Forbidden` to anybody else and on the own report, `Invalid` for a disagreement without a word of why,
    `Conflict("opinion_given")` for another opinion, `Conflict("rectification_decided")` once the agency has decided.
    """
    permit("give_opinion", principal)
    if not agrees and not remark:
        raise Invalid.field("remark", "required")
    with transaction(sessions) as session:
        report, order = _report(session, principal, rectification_id, lock=True)
        as_ = opinion_of(principal, session.get_one(Site, order.site_id), order)
        if as_ is None:
            raise Forbidden("not_permitted", act="give_opinion")
        before = getattr(report, as_)
        told = {"agrees": agrees, "remark": remark}
        if before is None:
            if report.stage != RectificationStage.SUBMITTED:
                raise Conflict("rectification_decided", stage=report.stage)
            now = clock()
            setattr(report, as_, told | {"by": principal.brief(), "at": now.isoformat()})
            orders.act(session, order, as_, now, principal, told)
            journal.write(session, principal, "give_opinion", report.id, told, clock=clock)
        elif any(before[name] != value for name, value in told.items()):
            raise Conflict("opinion_given", at=before["at"])
        return _told(report)


def opinion_of(principal: Principal, site: Site, order: Order) -> str | None:
    """As what he may give an opinion on a report of an order on this site; None if as nothing."""
    if principal.organisation_id == order.addressee_id:
        return None
    as_ = {site.owner_id: OWNER, site.supervisor_id: SUPERVISOR}
    return as_.get(principal.organisation_id) if principal.is_enterprise else None


def demanded(session: Session, order: Order) -> list[dict[str, Any]]:
    """What the order's paper demands to be put right, in its order: {"finding_id", "clause", "severity", "description", "part"}."""
    content = session.scalars(select(Document.content).where(Document.id == order.document_id)).one()
    return list(content["findings"])


def _save(
    session: Session, principal: Principal, clock: Clock, rectification_id: str, order_id: str, answers: list[Answer]
) -> Rectification:
    order = _ordered(session, principal, order_id, "save_rectification")
    orders.refuse_settled(order)
    draft = session.scalars(select(Rectification).where(Rectification.order_id == order.id)).one_or_none()
    _refuse_other(draft, rectification_id, session)
    told = [_plain(each) for each in _in_order(demanded(session, order), answers)]
    if draft is None:
        draft = Rectification(
            id=rectification_id, order_id=order.id, round=_round(session, order), stage=RectificationStage.DRAFT
        )
        session.add(draft)
    changed = draft.answers != told
    draft.answers, draft.saved_at = told, clock()
    session.flush()
    if changed:
        journal.write(session, principal, "save_rectification", draft.id, {"order_id": order.id}, clock=clock)
    return draft


def _is_submitted(session: Session, rectification_id: str, order_id: str) -> bool:
    """Sent once more: the answer is that of the first time."""
    report = session.get(Rectification, rectification_id)
    return report is not None and report.order_id == order_id and report.stage != RectificationStage.DRAFT


def _submit(
    session: Session,
    principal: Principal,
    clock: Clock,
    order: Order,
    draft: Rectification,
    looked: Mapping[str, Kept | None],
) -> None:
    now = clock()
    photos = [_file(photo) for each in draft.answers for photo in each["photos"]]
    site = session.get_one(Site, order.site_id)
    evidence.attach(
        session, principal, now, subject_kind=SUBJECT, subject_id=draft.id, site=site, files=photos, looked=looked
    )
    draft.stage, draft.submitted_at, draft.submitted_by = RectificationStage.SUBMITTED, now, dict(principal.brief())
    order.stage, order.reported_at = OrderStage.REPORTED, now
    told = {"rectification_id": draft.id, "round": draft.round, "late": day_of(now) > order.due_on}
    orders.act(session, order, "submit", now, principal, told)
    submitted = {
        "rectification_id": draft.id,
        "order_id": order.id,
        "project_id": order.site_id,
        "round": draft.round,
        "submitted_at": now.isoformat(),
    }
    tell(session, principal, now, "rectification_submitted", order.id, submitted)
    journal.write(session, principal, "submit_rectification", draft.id, told | {"order_id": order.id}, clock=clock)


def _refuse_other(draft: Rectification | None, rectification_id: str, session: Session) -> None:
    if draft is not None and draft.stage != RectificationStage.DRAFT:
        raise Conflict("rectification_submitted", stage=draft.stage)
    if draft is not None and draft.id != rectification_id:
        raise Conflict("rectification_begun", rectification_id=draft.id)
    if draft is None and session.get(Rectification, rectification_id) is not None:
        raise Conflict("rectification_begun", rectification_id=rectification_id)


def _refuse_incomplete(findings: Sequence[Mapping[str, Any]], answers: Sequence[Answer], on_paper: bool) -> None:
    missing: FieldErrors = {}
    for place, (finding, answer) in enumerate(zip(findings, answers, strict=True)):
        if not answer["done"].strip():
            missing[f"answers.{place}.done"] = [{"rule": "finding_unanswered", "finding": finding["description"]}]
        if not on_paper and not any(photo["purpose"] == AFTER for photo in answer["photos"]):
            missing[f"answers.{place}.photos"] = [{"rule": "photo_after_missing", "finding": finding["description"]}]
    if missing:
        raise Invalid(missing)


def _ordered(session: Session, principal: Principal, order_id: str, name: str) -> Order:
    order = orders.held(session, principal, order_id)
    if principal.organisation_id != order.addressee_id:
        raise Forbidden("not_permitted", act=name)
    return order


def _report(
    session: Session, principal: Principal, rectification_id: str, lock: bool = False
) -> tuple[Rectification, Order]:
    """A report with its order, in this sequence locked: the order first. A draft is its firm's alone."""
    wanted = select(Rectification, Order).join(Order, Order.id == Rectification.order_id)
    row = session.execute(wanted.where(Rectification.id == rectification_id, orders.seen(principal))).one_or_none()
    if row is None:
        raise NotFound("rectification_unknown")
    report, order = row
    if report.stage == RectificationStage.DRAFT and principal.organisation_id != order.addressee_id:
        raise NotFound("rectification_unknown")
    if lock:
        orders.held(session, principal, order.id)
        session.refresh(report, with_for_update={"key_share": True})
    return report, order


reported = _report


def _in_order(findings: Sequence[Mapping[str, Any]], answers: Sequence[Answer]) -> list[Answer]:
    """An answer for each finding of the order, in its order; an empty one where nothing was said yet."""
    places = {each["finding_id"]: place for place, each in enumerate(findings)}
    for place, each in enumerate(answers):
        if each["finding_id"] not in places:
            raise Invalid.field(f"answers.{place}.finding_id", "not_in_this_order")
    given = {each["finding_id"]: each for each in answers}
    return [given.get(name, {"finding_id": name, "done": "", "photos": []}) for name in places]


def _plain(answer: Answer) -> Answer:
    """As JSON keeps it."""
    photos = [each | {"taken_at": at.isoformat() if (at := each["taken_at"]) else None} for each in answer["photos"]]
    return answer | {"photos": photos}


def _file(photo: Mapping[str, Any]) -> dict[str, Any]:
    at = photo["taken_at"]
    return dict(photo) | {"taken_at": datetime.fromisoformat(at) if at else None}


def _round(session: Session, order: Order) -> int:
    """One more than that of the order which this one follows."""
    before = select(Rectification.round).where(Rectification.order_id == order.follows)
    return (session.scalars(before).one_or_none() or 0) + 1 if order.follows else 1


def _told(report: Rectification) -> Reply:
    return {
        "rectification_id": report.id,
        "order_id": report.order_id,
        "round": report.round,
        "stage": report.stage,
        "saved_at": report.saved_at,
        "submitted_at": report.submitted_at,
    }
