"""The scheduler's part: filing is asked before a provisional lock lapses, and once a minute both sides are compared.

Whatever is found goes through `news.apply`, as events do. In a healthy system the comparison finds nothing; each repair
is counted (`reconciler_repairs_total`, which must stay 0) and on record in the journal. What no repair ends is counted too
(`reconciler_unrepaired`).
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Protocol

from sqlalchemy.orm import Session

from chassis import journal, telemetry
from chassis.call import Caller
from chassis.clock import Clock
from chassis.database import Sessions, transaction
from chassis.errors import Invalid, Unavailable
from chassis.principal import service_principal
from personnel import news, queries
from personnel.heard import news_of_answer
from personnel.models import ApplicationCopy, PersonLock
from personnel.terms import LOCKING, REVOCABLE, Contradiction, HoldStage, Matter, News, Occasion, Standing

PAGE = 200
# An event may be under way this long; what differs longer is repaired.
PATIENCE = timedelta(seconds=60)
ASK_DEADLINE = 3.0
MYSELF = service_principal("personnel")

log = telemetry.logger()

Answer = dict[str, Any]


class Filing(Protocol):
    """What the scheduler asks of filing; both raise `Unavailable`."""

    def stages(self, application_ids: list[str]) -> dict[str, Answer | None]:
        """How at most 200 applications stand now; None for one that filing does not know."""

    def living(self, after: str | None) -> tuple[list[Answer], str | None]:
        """A page of the applications that claim people and are not closed, and where the next page starts."""


@dataclass(frozen=True)
class FilingOnTheBus:
    """`token` makes a signed principal of this service."""

    caller: Caller
    token: Callable[[], str]

    def stages(self, application_ids: list[str]) -> dict[str, Answer | None]:
        stages: dict[str, Answer | None] = self._ask("get_claim_stages", {"application_ids": application_ids})["stages"]
        return stages

    def living(self, after: str | None) -> tuple[list[Answer], str | None]:
        reply = self._ask("list_living_claims", {"after": after, "limit": PAGE, "resource": "person"})
        return reply["items"], reply["next"]

    def _ask(self, method: str, request: dict[str, Any]) -> dict[str, Any]:
        return self.caller.call("filing", method, request, self.token(), deadline=ASK_DEADLINE)


def lapse(sessions: Sessions, filing: Filing, clock: Clock) -> int:
    """Free each provisional lock whose time is up and whose application was not submitted; keep the others for good.

    One question for all of them. While filing does not answer, they are kept, and asked about next time. Returns how
    many applications were settled.
    """
    with transaction(sessions) as session:
        due = queries.lapsing(session, clock(), PAGE)
    if not due:
        return 0
    try:
        answers = filing.stages(due)
    except Unavailable:
        log.warning("lapsing_postponed", applications=len(due))
        return 0
    return sum(_settle(sessions, application_id, answers.get(application_id), clock) for application_id in due)


def _settle(sessions: Sessions, application_id: str, answer: Answer | None, clock: Clock) -> bool:
    try:
        with transaction(sessions) as session:
            said = _said(session, application_id, answer, clock())
            return said is not None and news.apply(session, said, Occasion(said.at, clock(), said.by))
    except (Contradiction, Invalid) as error:
        log.error("lapsing_failed", application_id=application_id, code=error.code)
        return False


def _said(session: Session, application_id: str, answer: Answer | None, now: datetime) -> News | None:
    """What filing answered; of an application that it does not know, that it is gone."""
    by = MYSELF.brief()
    if answer is not None:
        return news_of_answer(application_id, answer, now, by) if answer["matter"] in set(Matter) else None
    copy = session.get(ApplicationCopy, application_id)
    own = queries.locks_of(session, [application_id])
    matter = Matter(own[0].matter) if own else Matter.SAFETY_FILING
    return News(application_id, matter, copy.version if copy else 0, Standing.GONE, now, by, is_answer=True)


@dataclass
class Reconciler:
    """Compares both ways, page by page. A difference is repaired once it has been seen for longer than `PATIENCE`."""

    sessions: Sessions
    filing: Filing
    clock: Clock
    first_seen: dict[str, datetime] = field(default_factory=dict)
    tried: set[str] = field(default_factory=set)

    def run(self) -> int:
        """One comparison of everything; returns the number of repairs. Ends early while filing does not answer."""
        differing: dict[str, Answer] = {}
        try:
            for page in self._pages_of_locks():
                differing |= self._not_as_filing_says(page)
            for items in self._pages_of_living():
                differing |= self._not_held(items)
            ripe = self._ripe(list(differing))
            repaired = [each for n in range(0, len(ripe), PAGE) for each in self._repair(ripe[n : n + PAGE], differing)]
        except Unavailable:
            log.warning("reconciling_postponed")
            return 0
        self._count_unrepaired(set(ripe) - set(repaired))
        return len(repaired)

    def _count_unrepaired(self, tried: set[str]) -> None:
        """What was tried the last time too and still differs: an operator has to look at it."""
        telemetry.reconciler_unrepaired.labels("personnel").set(len(tried & self.tried))
        self.tried = tried

    def _pages_of_locks(self) -> Iterator[list[PersonLock]]:
        after = ""
        while True:
            with transaction(self.sessions) as session:
                page = queries.submitted_locks(session, after, PAGE)
            if not page:
                return
            yield page
            after = page[-1].id

    def _not_as_filing_says(self, page: list[PersonLock]) -> dict[str, Answer]:
        answers = self.filing.stages(sorted({own.application_id for own in page}))
        return {own.application_id: {} for own in page if not _is_in_step(own, answers.get(own.application_id))}

    def _pages_of_living(self) -> Iterator[list[Answer]]:
        after: str | None = None
        while True:
            items, after = self.filing.living(after)
            yield [item for item in items if item["stage"] not in ("draft", "closed") and item["matter"] in LOCKING]
            if after is None:
                return

    def _not_held(self, items: list[Answer]) -> dict[str, Answer]:
        with transaction(self.sessions) as session:
            own = queries.locks_of(session, [item["application_id"] for item in items])
        kept = {(each.application_id, each.person_id, each.role) for each in own if _is_kept(each)}
        return {
            item["application_id"]: item
            for item in items
            for person in item.get("people") or ()
            if (item["application_id"], person["person_id"], person["role"]) not in kept
        }

    def _ripe(self, differing: list[str]) -> list[str]:
        now = self.clock()
        self.first_seen = {each: self.first_seen.get(each, now) for each in differing}
        return [each for each in differing if now - self.first_seen[each] >= PATIENCE]

    def _repair(self, application_ids: list[str], differing: dict[str, Answer]) -> list[str]:
        """Ask anew, so that nothing is repaired by an old answer; then put into effect what filing says now."""
        answers = self.filing.stages(application_ids)
        return [
            each
            for each in application_ids
            if self._put_right(each, (answer := answers.get(each)) and {**differing[each], **answer})
        ]

    def _put_right(self, application_id: str, answer: Answer | None) -> bool:
        try:
            with transaction(self.sessions) as session:
                now = self.clock()
                said = _said(session, application_id, answer, now)
                if said is None or not news.apply(session, said, Occasion(said.at, now, said.by)):
                    return False
                detail = {"application_id": application_id, "standing": said.standing, "version": said.version}
                journal.write(session, MYSELF, "repair", application_id, detail, clock=self.clock)
        except (Contradiction, Invalid) as error:
            log.error("irreparable", application_id=application_id, code=error.code)
            return False
        log.error("repaired", application_id=application_id, matter=said.matter, standing=said.standing)
        telemetry.reconciler_repairs.labels("personnel").inc()
        return True


def _is_in_step(own: PersonLock, answer: Answer | None) -> bool:
    """Whether a confirmed lock is what it should be by filing's answer."""
    if answer is None or answer["stage"] == "draft":
        return False
    if answer["stage"] != "closed":
        return own.stage == HoldStage.RESERVED
    return own.stage == HoldStage.HELD and answer["outcome"] == "approved"


def _is_kept(own: PersonLock) -> bool:
    """Confirmed, or over for good: a lock that only lapsed, or still is provisional, is a difference."""
    if own.released_at is not None:
        return own.cause not in REVOCABLE
    return own.stage != HoldStage.PROVISIONAL
