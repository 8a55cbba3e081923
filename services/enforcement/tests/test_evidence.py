"""What is odd about a file is marked with its figures, and never refuses it."""

from datetime import timedelta
from typing import Any

import pytest

from chassis.media import JPEG, Kept
from enforcement.evidence import LARGEST, marks
from enforcement.models import Site
from services.enforcement.tests.factories import FAR, INSIDE, SQUARE, TEN

SITE = Site(boundary=SQUARE)
PHOTO = Kept(90_000, JPEG)


def told(at: tuple[float, float] | None = INSIDE, **more: Any) -> dict[str, Any]:
    place = {"longitude": at[0], "latitude": at[1], "accuracy": 10.0} if at else None
    return {"taken_at": TEN, "taken_place": place} | more


@pytest.mark.parametrize(
    ("file", "kept", "mark"),
    [
        (told(), PHOTO, None),
        (told(), Kept(90_000, None), "type_unusual"),
        (told(), Kept(LARGEST + 1, JPEG), "too_large"),
        (told(), Kept(LARGEST, JPEG), None),
        (told(FAR), PHOTO, "far_from_site"),
        (told(None), PHOTO, "place_missing"),
        (told(taken_at=TEN + timedelta(hours=1)), PHOTO, "taken_in_the_future"),
        (told(), None, "file_missing"),
    ],
)
def test_what_is_odd_is_marked(file: dict[str, Any], kept: Kept | None, mark: str | None) -> None:
    assert [each["mark"] for each in marks(file, kept, SITE, TEN)] == ([mark] if mark else [])


def test_a_place_just_beyond_the_fence_or_told_roughly_is_not_far() -> None:
    """From the fence 500 metres are allowed, and what the phone says of its own accuracy."""
    beyond = {"longitude": 114.5245, "latitude": 38.045, "accuracy": 10.0}  # 395 metres east of the fence
    rough = {"longitude": 114.60, "latitude": 38.045, "accuracy": 7_000.0}
    for place in (beyond, rough):
        assert marks(told() | {"taken_place": place}, PHOTO, SITE, TEN) == []
