"""How much hands have to do for a journey: counted in the browser, and held to the table of docs/journeys.md."""

import json
import re
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Page

from deploy.local.plan import ROOT

TABLE = ROOT / "docs" / "journeys.md"
NUMBERS = ("clicks", "typed", "chosen", "files")
CELLS = r" \| ".join(rf"(?P<{each}>\d+)" for each in NUMBERS)
ROW = re.compile(rf"^\| (?P<journey>[^|]+?) \| {CELLS} \|", re.MULTILINE)
COUNTING = Path(__file__).with_name("counting.js").read_text(encoding="utf-8")


@dataclass(frozen=True)
class Count:
    """Clicks; fields typed in, each once; lists chosen from, each once; files handed in."""

    clicks: int = 0
    typed: int = 0
    chosen: int = 0
    files: int = 0


def count_hands(page: Page) -> None:
    """From the next page on that this window opens, everything counts."""
    page.add_init_script(COUNTING)


def counted(page: Page) -> Count:
    """What was done since the last time it was asked."""
    told = json.loads(page.evaluate("sessionStorage.getItem('hands')") or "{}")
    page.evaluate("sessionStorage.removeItem('hands')")
    return Count(**told)


def expect_counted(page: Page, journey: str) -> None:
    """Exactly what the table says: whoever makes a journey shorter or longer writes it down."""
    found = counted(page)
    assert written().get(journey) == found, f"{journey}: {found}, but docs/journeys.md says {written().get(journey)}"


def written() -> dict[str, Count]:
    rows = ROW.finditer(TABLE.read_text(encoding="utf-8"))
    return {row["journey"]: Count(**{name: int(row[name]) for name in NUMBERS}) for row in rows}
