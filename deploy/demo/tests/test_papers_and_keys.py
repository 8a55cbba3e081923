"""Attachments that are what they say, and what a load remembers."""

import stat
import zlib
from datetime import date
from pathlib import Path

import puremagic

from deploy.demo import papers
from deploy.demo.kept import keep

LARGEST = 614_400
DAY = date(2026, 11, 23)


def test_papers_are_real_files_of_their_type_and_small() -> None:
    pdf, png = papers.pdf("安装工程专项施工方案", "第一行"), papers.png(208)

    assert puremagic.from_string(pdf, mime=True) == "application/pdf"
    assert puremagic.from_string(png, mime=True) == "image/png"
    assert max(len(pdf), len(png)) < 3_000 < LARGEST


def test_every_object_of_a_pdf_stands_where_its_table_says() -> None:
    pdf = papers.pdf("标题")
    table = pdf[int(pdf.rsplit(b"startxref\n", 1)[1].split()[0]) :]
    places = [int(line[:10]) for line in table.split(b"\n")[3:10]]

    assert all(pdf[place:].startswith(b"%d 0 obj" % number) for number, place in enumerate(places, start=1))


def test_the_rows_of_a_png_unpack_to_its_size() -> None:
    png = papers.png(208)
    start = png.index(b"IDAT") + 4
    length = int.from_bytes(png[start - 8 : start - 4], "big")
    width, height = papers.PNG_SIZE

    assert len(zlib.decompress(png[start : start + length])) == (width + 1) * height


def test_a_second_try_has_the_passwords_keys_and_day_of_the_first(tmp_path: Path) -> None:
    first = keep(tmp_path / "kept.json", DAY)
    second = keep(tmp_path / "kept.json", date(2026, 11, 25))

    assert not first.resumed and second.resumed and second.day == DAY
    assert second.password("aj130102") == first.password("aj130102") != first.password("aj130104")
    assert second.key("person", "a") == first.key("person", "a") != first.key("person", "b")
    assert stat.S_IMODE((tmp_path / "kept.json").stat().st_mode) == 0o600


def test_passwords_differ_from_load_to_load_and_are_strong_enough(tmp_path: Path) -> None:
    here, there = keep(tmp_path / "here.json", DAY), keep(tmp_path / "there.json", DAY)
    password = here.password("contractor037")

    assert password != there.password("contractor037") and len(password) == 16
    assert any(map(str.isupper, password)) and any(map(str.islower, password)) and any(map(str.isdigit, password))
