"""`make report-spoofing`: of each kind of the corpus, how many person-days were noted, and by which signals. Prints JSON."""

import json
import sys
import time
from collections import Counter
from typing import Any

from services.attendance.tests.corpus import attacks, honest  # noqa: F401  (they enter their kinds)
from services.attendance.tests.corpus.cases import KINDS, Kind, findings

DAYS = 300
MOST = 4


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


def main() -> None:
    began = time.monotonic()
    told = report(int(sys.argv[1]) if len(sys.argv) > 1 else DAYS) | {"seconds": round(time.monotonic() - began)}
    sys.stdout.write(f"{json.dumps(told, ensure_ascii=False, indent=2)}\n")


if __name__ == "__main__":
    main()
