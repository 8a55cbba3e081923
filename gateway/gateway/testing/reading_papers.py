"""Reading a PDF as its reader does: its words, its pages, its fonts, the QR code on it."""

import io
from typing import Any

import pypdf
import pypdfium2
import zxingcpp
from pypdf.generic import DictionaryObject


def reader(content: bytes) -> pypdf.PdfReader:
    return pypdf.PdfReader(io.BytesIO(content))


def words(content: bytes) -> str:
    """All that can be read, without the breaks between lines and the spaces."""
    return "".join("".join(page_words(content)).split())


def page_words(content: bytes) -> list[str]:
    document = pypdfium2.PdfDocument(content)
    return ["".join(page.get_textpage().get_text_range().split()) for page in document]


def fonts(content: bytes) -> dict[str, bool]:
    """Each font's name → whether it is embedded."""
    found: dict[str, bool] = {}
    for page in reader(content).pages:
        _look_for_fonts(page["/Resources"], found, set())
    return found


def code(content: bytes, page: int = 0) -> str:
    """What a phone reads on that page."""
    image = pypdfium2.PdfDocument(content)[page].render(scale=2).to_pil()
    [found] = zxingcpp.read_barcodes(image)
    return str(found.text)


def picture(content: bytes, page: int) -> Any:
    """The page as it is looked at."""
    return pypdfium2.PdfDocument(content)[page].render(scale=1).to_pil()


def _look_for_fonts(resources: Any, found: dict[str, bool], seen: set[int]) -> None:
    for font in resources.get("/Font", {}).values():
        one = font.get_object()
        inner = one["/DescendantFonts"][0].get_object() if "/DescendantFonts" in one else one
        found[str(one["/BaseFont"])] = bool({"/FontFile", "/FontFile2", "/FontFile3"} & set(inner["/FontDescriptor"]))
    for each in resources.get("/XObject", {}).values():
        inside = each.get_object()
        if isinstance(inside, DictionaryObject) and "/Resources" in inside and id(inside) not in seen:
            _look_for_fonts(inside["/Resources"], found, seen | {id(inside)})
