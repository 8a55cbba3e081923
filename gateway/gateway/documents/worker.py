"""Makes one PDF out of a job, in a process of its own: `python -m gateway.documents.worker FOLDER`.

What strangers uploaded is opened here and nowhere else: without secrets, network or database, within limits of time and
memory, and each attachment in a child of its own, so that a hostile one costs its own page and nothing more.

FOLDER holds `job.json` and the attachments, and gets `out.pdf`. A job is a list of sheets, each made by a template with
its data, or out of an attachment; with a `cover` they are bound: numbered, and listed on it.
"""

import json
import multiprocessing
import os
import resource
import shutil
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from enum import IntEnum
from pathlib import Path
from typing import Any

import pikepdf
import pylopdf_fonts_zh_cn as fonts
import typst
from PIL import Image

TEMPLATES = Path(__file__).parent / "typst"
JOB, OUT = "job.json", "out.pdf"
MEGABYTE = 1024 * 1024
# A 600 KB attachment takes well under a second and 200 MB; what needs more is out to do harm.
SECONDS_A_SHEET = 5  # of the processor
PATIENCE = 6  # so many times as long by the clock, on a busy machine
# After so long no further attachment is begun, so that the bundle is finished in time (press.LONGEST_SECONDS).
SECONDS_FOR_ATTACHMENTS = 50
MEMORY_A_SHEET = 1024 * MEGABYTE
SECONDS_IN_ALL = 60
MEMORY_IN_ALL = 2048 * MEGABYTE
FILE_A_SHEET = 64 * MEGABYTE
FILE_IN_ALL = 512 * MEGABYTE
PAGES_A_FILE = 300
PAGES_IN_ALL = 3000
MOST_PIXELS = 60_000_000
LONGEST_SIDE = 3400.0  # points: A0
ORIENTATION = 0x0112  # the EXIF tag
LYING = (5, 6, 7, 8)  # its values for pictures taken with the camera on its side
STRIP_WIDTH, STRIP_HEIGHT, STRIP_MARGIN = 400.0, 17.0, 14.0  # points
STRIP_TITLE = 30  # characters of a sheet's title that fit beside the numbers

Data = dict[str, Any]


class Hindrance(IntEnum):
    """Why an attachment cannot be bound, told by the exit code of the child that tried."""

    ENCRYPTED = 11
    TOO_MANY_PAGES = 12
    TOO_LARGE = 13
    NO_ROOM = 14
    NO_TIME = 15
    LOST = 16
    BROKEN = 17


WORDS = {
    Hindrance.ENCRYPTED: "此文件设有打开密码，无法并入本卷，请在系统中单独下载查看。",
    Hindrance.TOO_MANY_PAGES: f"此文件超过 {PAGES_A_FILE} 页，未并入本卷，请在系统中单独下载查看。",
    Hindrance.TOO_LARGE: "此图片的像素过多，无法并入本卷，请在系统中单独下载查看。",
    Hindrance.NO_ROOM: f"本卷已达 {PAGES_IN_ALL} 页上限，此文件未并入，请在系统中单独下载查看。",
    Hindrance.NO_TIME: "本次打印用时过长，此文件未并入本卷，请在系统中单独下载查看。",
    Hindrance.LOST: "此文件暂时读取不到，未并入本卷，请稍后重新打印。",
    Hindrance.BROKEN: "此文件已损坏或无法识别，无法并入本卷，请在系统中单独下载，或联系申请单位补交。",
}


# Not well-formed, or cut off, and read all the same: whoever reads it should know. An exit code too.
MENDED, MENDED_WORDS = 20, "此文件不规范或不完整，请与原件核对"


class Hindered(Exception):
    def __init__(self, why: Hindrance) -> None:
        super().__init__(why.name)
        self.why = why


@dataclass
class Bound:
    """A sheet made: its file, how many pages, and why it is not what it should be ("" when it is)."""

    file: Path
    pages: int
    note: str = ""


def main(folder: Path) -> None:
    _limit(SECONDS_IN_ALL, MEMORY_IN_ALL, FILE_IN_ALL)
    os.chdir(folder)
    shutil.copytree(TEMPLATES, folder / "typst")  # typst reads nothing outside its root
    job: Data = json.loads((folder / JOB).read_text(encoding="utf-8"))
    sheets = job["sheets"]
    if job.get("cover") is None:
        [sheet] = sheets
        typeset(sheet["template"], sheet["data"], folder / OUT)
        return
    bound: list[Bound] = []
    last_call = time.monotonic() + SECONDS_FOR_ATTACHMENTS
    for number, sheet in enumerate(sheets):
        room = PAGES_IN_ALL - sum(each.pages for each in bound) if time.monotonic() < last_call else None
        bound.append(_make(sheet, folder / f"sheet-{number}.pdf", room))
    bind(job, bound, folder)


def typeset(template: str, data: Data, into: Path) -> None:
    """Have typst fill a template; the data go in as JSON, so that nothing in them is read as markup."""
    compiler = typst.Compiler(
        str(Path("typst") / f"{template}.typ"),
        root=".",
        font_paths=[str(fonts.serif_path().parent)],
        ignore_system_fonts=True,
        sys_inputs={"data": json.dumps(data, ensure_ascii=False)},
    )
    compiler.compile(output=str(into), format="pdf")


def _make(sheet: Data, into: Path, room: int | None) -> Bound:
    """One sheet, in a child of its own; an attachment that does not work out becomes a page that says so.

    `room` is for how many pages there is room; None: there is no time for any.
    """
    if "template" in sheet:
        apart(lambda: typeset(sheet["template"], sheet["data"], into))
        return Bound(into, _pages(into))
    try:
        return _attached(sheet, into, room)
    except Hindered as hindered:
        words = WORDS[hindered.why]
        notice = sheet["notice"] | {"words": words}
        apart(lambda: typeset("notice", notice, into))
        return Bound(into, _pages(into), words.partition("，")[0])


def _attached(sheet: Data, into: Path, room: int | None) -> Bound:
    """The attachment made into clean pages; raises `Hindered`."""
    if room is None:
        raise Hindered(Hindrance.NO_TIME)
    if room < 1:
        raise Hindered(Hindrance.NO_ROOM)
    if not Path(sheet["file"]).exists():
        raise Hindered(Hindrance.LOST)
    note = apart(lambda: _attach(sheet, into))
    if (pages := _pages(into)) > room:
        raise Hindered(Hindrance.NO_ROOM)
    return Bound(into, pages, note)


def apart(make: Callable[[], Any]) -> str:
    """Run `make` in a child with limits; a note on what it made, mostly "". Raises `Hindered` with what it died of.

    The parent never lets typst work: a fork would take over its threads' locks and not its threads.
    """
    child = multiprocessing.get_context("fork").Process(target=_limited, args=(make,), daemon=True)
    child.start()
    child.join(PATIENCE * SECONDS_A_SHEET)
    if child.is_alive():
        child.kill()
        child.join()
    if child.exitcode not in (0, MENDED):
        codes = {each.value for each in Hindrance}
        raise Hindered(Hindrance(child.exitcode) if child.exitcode in codes else Hindrance.BROKEN)
    return MENDED_WORDS if child.exitcode == MENDED else ""


def _limited(make: Callable[[], Any]) -> None:
    _limit(SECONDS_A_SHEET, MEMORY_A_SHEET, FILE_A_SHEET)
    try:
        if make() is False:
            sys.exit(MENDED)
    except Hindered as hindered:
        sys.exit(hindered.why.value)
    except pikepdf.PasswordError:
        sys.exit(Hindrance.ENCRYPTED.value)


def _limit(seconds: int, memory: int, file: int) -> None:
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_FSIZE, (file, file))


def _attach(sheet: Data, into: Path) -> bool:
    """Whether the file was in order."""
    file = Path(sheet["file"])
    if file.read_bytes()[:5] == b"%PDF-":
        return _attach_pdf(file, into)
    _attach_picture(file, sheet["notice"]["title"], into)
    return True


def _attach_pdf(file: Path, into: Path) -> bool:
    """Its pages as they look: what can be seen stays, all that could act (links, scripts, forms) is left behind.

    Tells whether the file was in order.
    """
    with pikepdf.open(file) as source, pikepdf.new() as clean:
        if not source.pages:
            raise Hindered(Hindrance.BROKEN)
        if len(source.pages) > PAGES_A_FILE:
            raise Hindered(Hindrance.TOO_MANY_PAGES)
        source.flatten_annotations("all")  # electronic seals are annotations
        for page in source.pages:
            width, height = _size(page)
            fresh = clean.add_blank_page(page_size=(width, height))
            fresh.add_overlay(page, pikepdf.Rectangle(0, 0, width, height))
        clean.save(into)
        return not source.get_warnings()


def _size(page: pikepdf.Page) -> tuple[float, float]:
    """Width and height as it is looked at, within what a printer can make."""
    left, bottom, right, top = (float(each) for each in page.cropbox)
    width, height = abs(right - left), abs(top - bottom)
    if not (width > 1 and height > 1):
        raise Hindered(Hindrance.BROKEN)
    if int(page.obj.get("/Rotate", 0)) % 180:
        width, height = height, width
    scale = min(1.0, LONGEST_SIDE / max(width, height))
    return width * scale, height * scale


def _attach_picture(file: Path, title: str, into: Path) -> None:
    Image.MAX_IMAGE_PIXELS = None  # we look ourselves
    with Image.open(file, formats=("JPEG", "PNG")) as picture:
        width, height = picture.size
        if width * height > MOST_PIXELS:
            raise Hindered(Hindrance.TOO_LARGE)
        picture.load()  # typst takes a JPEG as it is, and what is cut off would be an empty page
        kind = (picture.format or "").lower()
        lying = picture.getexif().get(ORIENTATION) in LYING
    named = file.with_suffix(f".{kind}")
    file.rename(named)
    typeset("picture", {"file": f"/{named.name}", "title": title, "flipped": (width > height) != lying}, into)


def bind(job: Data, bound: list[Bound], folder: Path) -> None:
    """Cover, sheets in order, running page numbers, bookmarks."""
    cover, strips = folder / "cover.pdf", folder / "strips.pdf"
    apart(lambda: typeset("cover", job["cover"] | {"entries": _entries(job, bound, 0)}, cover))
    leading = _pages(cover)
    apart(lambda: typeset("cover", job["cover"] | {"entries": _entries(job, bound, leading)}, cover))
    total = leading + sum(each.pages for each in bound)
    labels = [""] * leading + [
        _shortened(sheet["title"]) for sheet, each in zip(job["sheets"], bound, strict=True) for _ in range(each.pages)
    ]
    told = [f"{label}　全卷第 {number} 页 / 共 {total} 页".strip() for number, label in enumerate(labels, start=1)]
    strip = {"title": job["cover"]["title"], "strips": told, "width": STRIP_WIDTH, "height": STRIP_HEIGHT}
    apart(lambda: typeset("strip", strip, strips))
    _put_together(job, [Bound(cover, leading), *bound], strips, folder / OUT)


def _shortened(title: str) -> str:
    return title if len(title) <= STRIP_TITLE else f"{title[: STRIP_TITLE - 1]}…"


def _entries(job: Data, bound: list[Bound], leading: int) -> list[Data]:
    entries, first = [], leading + 1
    for sheet, each in zip(job["sheets"], bound, strict=True):
        told = {"title": sheet["title"], "file": sheet["name"], "pages": each.pages, "first": first, "note": each.note}
        entries.append(told)
        first += each.pages
    return entries


def _put_together(job: Data, parts: list[Bound], strips: Path, into: Path) -> None:
    titles = ["目录", *(each["title"] for each in job["sheets"])]
    opened = [pikepdf.open(each.file) for each in parts]  # read from only when the whole is saved
    with pikepdf.new() as whole, pikepdf.open(strips) as numbers:
        with whole.open_outline() as outline:
            for title, part in zip(titles, opened, strict=True):
                outline.root.append(pikepdf.OutlineItem(title, len(whole.pages)))
                whole.pages.extend(part.pages)
        for page, strip in zip(whole.pages, numbers.pages, strict=True):
            page.add_overlay(strip, _strip_place(page))
        whole.docinfo["/Title"] = job["cover"]["title"]
        whole.docinfo["/Author"] = job["cover"]["author"]
        whole.save(into)


def _strip_place(page: pikepdf.Page) -> pikepdf.Rectangle:
    """The upper right corner."""
    _, _, right, top = (float(each) for each in page.mediabox)
    right, top = right - STRIP_MARGIN, top - STRIP_MARGIN / 2
    return pikepdf.Rectangle(max(right - STRIP_WIDTH, 0), max(top - STRIP_HEIGHT, 0), right, top)


def _pages(file: Path) -> int:
    with pikepdf.open(file) as made:
        return len(made.pages)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
