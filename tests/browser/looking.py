"""What a machine can see of a page: axe-core's findings, what sticks out of a narrow window, where the focus is."""

from pathlib import Path
from typing import Any

from playwright.sync_api import Page

from gateway.portal.static import BUILD

AXE = (BUILD.parent / "tests" / "axe.js").read_text(encoding="utf-8")
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
GRAVE = ("serious", "critical")
# 1,280 by 1,024 pixels at 400 %.
ZOOMED: Any = {"width": 320, "height": 256}
FOCUS = Path(__file__).with_name("focus.js").read_text(encoding="utf-8")
CUT_OFF = Path(__file__).with_name("cut_off.js").read_text(encoding="utf-8")
SIDEWAYS = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


def barriers(page: Page) -> list[str]:
    """axe-core's findings that keep somebody out, by WCAG 2.2 AA: rule, what to do, where."""
    page.evaluate(AXE)
    found = page.evaluate(
        "tags => axe.run(document, {runOnly: tags, resultTypes: ['violations'], iframes: false})", TAGS
    )
    return [
        f"{each['id']} ({each['impact']}): {each['help']}; {[node['target'] for node in each['nodes']][:4]}"
        f" {each['nodes'][0]['failureSummary']}"
        for each in found["violations"]
        if each["impact"] in GRAVE
    ]


def cut_off(page: Page) -> list[str]:
    """What cannot be read at 400 % without scrolling the page to the side. Leaves the window narrow."""
    page.set_viewport_size(ZOOMED)
    sideways = page.evaluate(SIDEWAYS)
    return ([f"the page is {sideways} px too wide"] if sideways > 0 else []) + list(page.evaluate(CUT_OFF))


def focus(page: Page) -> dict[str, Any]:
    """What has the focus: id, name and words; whether one sees that it has it; whether nothing lies over it."""
    told: dict[str, Any] = page.evaluate(FOCUS)
    return told
