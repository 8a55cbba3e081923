"""Derived pictures: smaller, marked copies to look at; the originals beside them are never altered (domain facts 9.3)."""

import io
import warnings

from PIL import Image, ImageDraw

LONGEST_SIDE, QUALITY = 1280, 80
RECIPE = f"Pillow: thumbnail {LONGEST_SIDE} px, bottom strip with the first 16 digits of the original's SHA-256, JPEG {QUALITY}"
STRIP = 18
MOST_PIXELS = 25_000_000  # a bomb unpacks to more


def derived(original: bytes, sha256: str) -> bytes | None:
    """The copy as JPEG; None of what is no picture that can be read."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            image = Image.open(io.BytesIO(original), formats=("JPEG", "PNG"))
            if image.width * image.height > MOST_PIXELS:
                return None
            image.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))
            picture = image.convert("RGB")
    except Exception:  # a file made to break a decoder may raise anything: it has no copy, and its original is there
        return None
    picture.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    copy = Image.new("RGB", (picture.width, picture.height + STRIP), "white")
    copy.paste(picture, (0, 0))
    ImageDraw.Draw(copy).text((4, picture.height + 3), f"COPY of {sha256[:16]}", fill="black")
    out = io.BytesIO()
    copy.save(out, "JPEG", quality=QUALITY)
    return out.getvalue()
