"""What sets right whatever else went wrong: locks compared with how filing says their applications stand.

Runs in the scheduler, never in an answer: it asks filing, and answers nobody. A difference is repaired when it is seen
in two rounds, a minute apart: an event on its way is no difference. Repairs are counted, and that count must stay 0.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from sqlalchemy import select

from chassis.clock import Clock
from chassis.database import Sessions, transaction
from chassis.principal import service_principal
from chassis.telemetry import logger, reconciler_repairs
from personnel import heard, locks, news
from personnel.models import ApplicationCopy, PersonLock
from personnel.terms import HoldStage, Matter, News, Occasion, Standing

ASKED_AT_ONCE = 200  # filing's limit
LISTED_AT_ONCE = 500  # filing's limit
OURSELVES = dict(service_principal("personnel").brief())

# Asks filing: method, request → reply. Raises a `Refusal`, `Unavailable` when filing is silent.
Ask = Callable[[str, dict[str, Any]], Mapping[str, Any]]

log = logger()


def lapse(sessions: Sessions, ask: Ask, clock: Clock) -> int:
    """Free what was granted and never submitted, keep what was; filing is asked first. Returns how many were due."""
    due = _applications(sessions, PersonLock.lapses_at <= clock())
    for answer in _stages(sessions, ask, due, clock):
        _put_into_effect(sessions, answer, clock)
    return len(due)


class Reconciler:
    """Remembers between two rounds what differed in the first."""

    def __init__(self, sessions: Sessions, ask: Ask, clock: Clock) -> None:
        self._sessions, self._ask, self._clock = sessions, ask, clock
        self._suspects: set[str] = set()

    def run(self) -> int:
        """One round: both what we keep and what filing says is living. Returns how many applications were repaired."""
        repaired = 0
        suspects = set()
        for answer in self._answers():
            if answer.application_id in self._suspects:
                repaired += self._repair(answer)
            elif _would_change(self._sessions, answer, self._clock):
                suspects.add(answer.application_id)
        self._suspects = suspects
        return repaired

    def _answers(self) -> Iterable[News]:
        kept = _applications(self._sessions, PersonLock.stage == HoldStage.RESERVED)
        yield from _stages(self._sessions, self._ask, kept, self._clock)
        yield from _living(self._ask, self._clock)

    def _repair(self, answer: News) -> int:
        if not _put_into_effect(self._sessions, answer, self._clock):
            return 0
        reconciler_repairs.labels(what="person_lock").inc()
        log.error("person_locks_repaired", application_id=answer.application_id, standing=answer.standing)
        return 1


def _applications(sessions: Sessions, condition: Any) -> list[str]:
    with transaction(sessions) as session:
        found = select(PersonLock.application_id).distinct().where(locks.ACTIVE, condition)
        return list(session.scalars(found.order_by(PersonLock.application_id)))


def _stages(sessions: Sessions, ask: Ask, application_ids: list[str], clock: Clock) -> Iterable[News]:
    """How each application stands, asked now."""
    for start in range(0, len(application_ids), ASKED_AT_ONCE):
        some = application_ids[start : start + ASKED_AT_ONCE]
        stages = ask("get_claim_stages", {"application_ids": some})["stages"]
        for application_id in some:
            stage = stages.get(application_id)
            if stage is None:
                yield _unknown(sessions, application_id, clock)
            else:
                yield heard.news_of_answer(application_id, stage, clock(), OURSELVES)


def _living(ask: Ask, clock: Clock) -> Iterable[News]:
    """All applications that should have people locked, page by page."""
    after = None
    while True:
        page = ask("list_living_claims", {"resource": "person", "after": after, "limit": LISTED_AT_ONCE})
        for item in page["items"]:
            if item["matter"] in set(Matter):
                yield heard.news_of_answer(item["application_id"], item, clock(), OURSELVES)
        after = page["next"]
        if after is None:
            return


def _unknown(sessions: Sessions, application_id: str, clock: Clock) -> News:
    """Filing has no such application: it never was submitted."""
    with transaction(sessions) as session:
        copy = session.get(ApplicationCopy, application_id)
        matter = select(PersonLock.matter).where(locks.of_application(application_id)).limit(1)
        return News(
            application_id=application_id,
            matter=Matter(session.scalars(matter).one()),
            version=copy.version if copy else 0,
            standing=Standing.GONE,
            at=clock(),
            by=OURSELVES,
            is_answer=True,
        )


def _put_into_effect(sessions: Sessions, answer: News, clock: Clock) -> bool:
    with transaction(sessions) as session:
        return news.apply(session, answer, Occasion(answer.at, clock(), answer.by))


def _would_change(sessions: Sessions, answer: News, clock: Clock) -> bool:
    """Tried in a transaction that is rolled back."""
    with sessions() as session:
        changed = news.apply(session, answer, Occasion(answer.at, clock(), answer.by))
        session.rollback()
    return changed
