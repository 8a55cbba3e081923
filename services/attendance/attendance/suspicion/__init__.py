"""Whether a day of positions may be believed (R-D5): weak signals, combined into a score that can be explained (pure).

    findings = examine(day, ground, tracks, kept)

Looked at is a site's day at once, everybody's who is on duty there. Each group of signals has a file; what they weigh and
why is data (data/suspicion_rules.toml). Nothing here convicts: an officer does, or does not.

A person-day of 1,900 positions costs some 20 ms (`make report-spoofing` tells it as measured), most of it looking
through the paths of the last forty days: 45 minutes of one core a night for a province of 150,000.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from attendance.suspicion import clocks, company, fixes, movement, replays, stillness
from attendance.suspicion.rules import Rules, Score, rules_of
from attendance.suspicion.tracks import Day, Ground, Kept, Track, prepare, sketch_of

__all__ = ["Finding", "Ground", "Kept", "Score", "Track", "examine"]


@dataclass(frozen=True)
class Finding:
    """A person's score for the day, and what is kept of it to compare later days with."""

    score: Score
    kept: Kept


def examine(
    on: date,
    ground: Ground,
    tracks: Mapping[int, Track],
    kept: Sequence[Kept],
    future: Mapping[int, int] | None = None,
    rules: Rules | None = None,
) -> dict[int, Finding]:
    """A site's day: `tracks` by person, `kept` of the earlier days there, `future` how many positions of each were set
    aside as being of the future. Empty tracks are left out."""
    rules = rules or rules_of(on)
    days = {person: prepare(person, track, ground) for person, track in tracks.items() if len(track)}
    together = company.pairs(days, rules)
    past = replays.Past([each for each in kept if each.day < on], rules)
    return {
        person: _examine(on, ground, days[person], days, together, past, (future or {}).get(person, 0), rules)
        for person in days
    }


def _examine(
    on: date,
    ground: Ground,
    day: Day,
    days: Mapping[int, Day],
    together: company.Company,
    past: replays.Past,
    future: int,
    rules: Rules,
) -> Finding:
    spot = stillness.spot_of(day, rules)
    stayed = stillness.stays(day, ground, rules.limits["never_left"])
    sketch = sketch_of(day.track.coordinates)
    keeping = Kept(day.person, on, day.path, sketch, spot, stayed, frozenset(together[day.person]))
    if not day.inside.any():  # nothing that he told puts him on site: there is nothing to doubt
        return Finding(rules.score(()), keeping)
    found = [
        *fixes.look(day, rules),
        *movement.look(day, ground, rules),
        *stillness.look(day, on, spot, stayed, past.kept, rules),
        *replays.look(day, sketch, past, rules),
        *company.look(day, on, together, days, past.kept, rules),
        *clocks.look(day, future, rules),
    ]
    return Finding(rules.score(found), keeping)
