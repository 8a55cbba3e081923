"""The worker's limits: a hostile attachment costs its own page and nothing more, and a bundle has an end."""

import io
import json
import subprocess
import sys
from pathlib import Path

import pikepdf
import pytest

from gateway.testing import reading_papers

# The worker as it is started, with one thing changed.
START = """
import os, sys
from pathlib import Path
from gateway.documents import worker
{change}
worker.main(Path(sys.argv[1]))
"""
FOOT = {"title": "题", "author": "某站", "head": [], "foot": ["脚"]}


def pages(count: int) -> bytes:
    out = io.BytesIO()
    with pikepdf.new() as made:
        for _ in range(count):
            made.add_blank_page(page_size=(300, 400))
        made.save(out)
    return out.getvalue()


def bound(folder: Path, change: str, *attachments: bytes) -> list[str]:
    """The words of each page of a bundle, the cover first."""
    sheets = []
    for number, content in enumerate(attachments, start=1):
        (folder / f"attachment-{number}").write_bytes(content)
        told = {"title": f"附件{number}", "name": f"{number}.pdf", "file": f"attachment-{number}"}
        sheets.append(told | {"notice": FOOT | {"title": f"通知{number}"}})
    (folder / "job.json").write_text(json.dumps({"sheets": sheets, "cover": FOOT}))
    command = [sys.executable, "-I", "-c", START.format(change=change), str(folder)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=100, check=False)
    assert done.returncode == 0, done.stderr
    return reading_papers.page_words((folder / "out.pdf").read_bytes())


HARM = """
kept = worker._attach_pdf
worker._attach_pdf = lambda file, into: {harm} if file.name == "attachment-1" else kept(file, into)
worker.SECONDS_A_SHEET = 1
"""


@pytest.mark.parametrize(
    "harm",
    [
        pytest.param("[None for _ in iter(int, 1)]", id="endless"),
        pytest.param("bytearray(1 << 34)", id="memory"),
        pytest.param("os.abort()", id="crash"),
        pytest.param("into.write_bytes(bytes(100 << 20))", id="disk"),
        pytest.param("exec('raise ValueError')", id="bug"),
    ],
)
def test_what_hangs_or_bursts_costs_its_own_page(tmp_path: Path, harm: str) -> None:
    told = bound(tmp_path, HARM.format(harm=harm), pages(1), pages(2))

    assert len(told) == 1 + 1 + 2
    assert "此文件已损坏或无法识别" in told[0] and "此文件已损坏或无法识别" in told[1]
    assert told[3].startswith("附件2全卷第4页/共4页")


def test_a_bundle_has_an_end(tmp_path: Path) -> None:
    told = bound(tmp_path, "worker.PAGES_IN_ALL = 5", pages(3), pages(3), pages(2), pages(1))

    # Three, a page for those three that do not fit, two more that would not fit with it.
    assert ["不" if "未并入" in each else "页" for each in told[1:]] == ["页", "页", "页", "不", "不", "不"]
    assert told[0].count("上限") == 3


def test_when_time_is_up_the_rest_is_named_and_left_out(tmp_path: Path) -> None:
    told = bound(tmp_path, "worker.SECONDS_FOR_ATTACHMENTS = 0", pages(1), pages(1))

    assert len(told) == 3
    assert all("本次打印用时过长" in each for each in told)
