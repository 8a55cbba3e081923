"""What people do on pages with their hands: fill in a matter's form, pick from a list, drop files, draw on the map."""

import base64
from collections.abc import Mapping, Sequence
from io import BytesIO
from random import Random
from types import MappingProxyType
from typing import Any

from PIL import Image
from playwright.sync_api import Locator, Page, expect

from deploy.demo import papers

# For each id that a form holds: what somebody types to find it.
Known = Mapping[str, str]
NOTHING: Known = MappingProxyType({})
DROP = """files => {
  const transfer = new DataTransfer();
  for (const [name, type, content] of files)
    transfer.items.add(new File([Uint8Array.from(atob(content), (each) => each.charCodeAt(0))], name, { type }));
  return transfer;
}"""


def fill_in(page: Page, form: Mapping[str, Any], known: Known = NOTHING, under: str = "") -> None:
    """The form as JSON has it, field by field as the page has them: rows are added, parts are opened."""
    for name, value in form.items():
        path = f"{under}{name}"
        if isinstance(value, Mapping):
            open_part(page, path)
            fill_in(page, value, known, f"{path}.")
        elif isinstance(value, list) and value and isinstance(value[0], Mapping):
            fill_rows(page, path, value, known)
        elif isinstance(value, list):
            for each in value:
                page.locator(f'[name="{path}"][value="{each}"]').check()
        else:
            fill_field(page, path, value, known)


def fill_rows(page: Page, path: str, rows: Sequence[Mapping[str, Any]], known: Known = NOTHING, after: int = 0) -> None:
    """New rows, after those that stand there already."""
    for number, row in enumerate(rows, start=after):
        page.locator(f'[data-rows="{path}"] > [data-add]').click()
        fill_in(page, row, known, f"{path}.{number}.")


def fill_field(page: Page, path: str, value: Any, known: Known) -> None:
    if value in known:
        return pick(page, path, known[value])
    field = page.locator(f'[id="form.{path}"]')
    kind = field.evaluate("node => node.tagName")
    if isinstance(value, bool):
        field.locator(f'[value="{str(value).lower()}"]').check()
    elif kind == "SELECT":
        field.select_option(value)
    else:
        field.fill(str(value))


def open_part(page: Page, path: str) -> None:
    part = page.locator(f'details[id="form.{path}"]')
    if part.count() and part.get_attribute("open") is None:
        part.locator("> summary").click()


def pick(page: Page, path: str, words: str) -> None:
    """Type, and take what has these words in it."""
    field = page.locator(f'[id="form.{path}"]')
    field.fill(words)
    offered = field.locator("xpath=ancestor::*[@data-pick]").get_by_role("option", name=words, disabled=False)
    offered.first.click()
    expect(field).to_be_hidden()


def document(page: Page, code: str) -> Locator:
    """The place of one kind of attachment."""
    return page.locator(f'[data-document="{code}"]')


def choose_files(page: Page, *codes: str) -> None:
    """A PDF for each kind, by the file dialogue."""
    for code in codes:
        content = papers.pdf(f"材料 {code}")
        file: Any = {"name": f"{code}.pdf", "mimeType": "application/pdf", "buffer": content}
        document(page, code).locator("input[type=file]").set_input_files(file)
    for code in codes:
        expect(document(page, code).locator("[data-file]")).to_have_count(1)


def drop_files(page: Page, code: str, *files: tuple[str, str, bytes]) -> None:
    """Several at once: name, type, content."""
    told = [(name, kind, base64.b64encode(content).decode()) for name, kind, content in files]
    document(page, code).dispatch_event("drop", {"dataTransfer": page.evaluate_handle(DROP, told)})


def large_picture() -> bytes:
    """A PNG of more than 600 KB: noise cannot be packed."""
    side, out = 700, BytesIO()
    Image.frombytes("RGB", (side, side), Random(7).randbytes(side * side * 3)).save(out, "PNG")
    return out.getvalue()


def draw_boundary(page: Page, around: str) -> None:
    """Go to a place ("longitude, latitude"), and draw a square of a hectare around it, corner by corner."""
    page.get_by_label("转到坐标").fill(around)
    page.get_by_role("button", name="转到", exact=True).click()
    page.locator(".leaflet-pm-icon-polygon").click()
    drawing = page.get_by_role("application", name="在地图上绘制边界")
    box = drawing.bounding_box()
    assert box is not None
    x, y = box["width"] / 2, box["height"] / 2
    corners = [(x - 60, y - 60), (x + 60, y - 60), (x + 60, y + 60), (x - 60, y + 60), (x - 60, y - 60)]
    for across, down in corners:
        drawing.click(position={"x": across, "y": down})
    expect(page.locator("[data-area]")).to_contain_text("1 块，面积约")
