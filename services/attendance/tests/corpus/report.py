"""`make report-spoofing`: of each kind of the corpus, how many person-days were noted, and by which signals; and what a
person-day costs. Prints JSON; a number as argument asks for so many days a kind."""

import json
import sys
import time
from collections import Counter
from typing import Any

import numpy as np

from attendance.suspicion import Kept, examine
from attendance.terms import KEPT
from services.attendance.tests.corpus import attacks, honest  # noqa: F401  (they enter their kinds)
from services.attendance.tests.corpus.cases import GROUND, KINDS, SEED, Kind, findings, the_day

DAYS = 200
MOST = 4
PEOPLE = 5


def of_kind(kind: Kind, days: int) -> dict[str, Any]:
    noted, signals = 0, Counter[str]()
    for finding in findings(kind, days):
        noted += finding.score.is_noted
        signals.update(each.code for each in finding.score.signals)
    frequent = {code: round(count / days, 3) for code, count in signals.most_common(MOST)}
    return {"days": days, "accused": noted, "share": round(noted / days, 4), "signals": frequent}


def report(days: int) -> dict[str, Any]:
    return {
        "attacks": {each.name: of_kind(each, days) for each in KINDS if each.is_attack},
        "honest": {each.name: of_kind(each, days) for each in KINDS if not each.is_attack},
    }


def cost() -> float:
    """Milliseconds of processor time for a person-day, at a site of five people with forty days kept."""
    weeks = [honest.ordinary(np.random.default_rng([SEED, person])).days for person in range(PEOPLE)]
    kept: list[Kept] = []
    for ago in range(1, KEPT.days + 1):
        tracks = {person: week[ago % len(week)][1] for person, week in enumerate(weeks)}
        kept += [each.kept for each in examine(the_day(-ago), GROUND, tracks, ()).values()]
    tracks = {person: honest.ordinary(np.random.default_rng([SEED, person, 1])).days[0][1] for person in range(PEOPLE)}
    began = time.process_time()
    examine(the_day(0), GROUND, tracks, kept)
    return round((time.process_time() - began) * 1000 / PEOPLE, 1)


def main() -> None:
    began = time.monotonic()
    told = report(int(sys.argv[1]) if len(sys.argv) > 1 else DAYS)
    told |= {"milliseconds_a_person_day": cost(), "seconds": round(time.monotonic() - began)}
    sys.stdout.write(f"{json.dumps(told, ensure_ascii=False, indent=2)}\n")


if __name__ == "__main__":
    main()
