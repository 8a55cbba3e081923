"""What papers cost: `make bench-papers` prints JSON. Processor seconds, for a busy machine tells nothing by the clock.

A form of two pages, one of many, and whole applications with 20 and 200 attachments of 600 KB, half of them PDF.
"""

import io
import json
import resource
import subprocess
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pikepdf
from PIL import Image

from gateway.documents import applications
from gateway.documents.press import JOB, OUT, WORKER, Job
from gateway.documents.stamps import Stamp
from gateway.testing import papers

MEGABYTE = 1024 * 1024


def photo() -> bytes:
    """600 KB of JPEG."""
    out = io.BytesIO()
    Image.effect_noise((1500, 1150), 60).convert("RGB").save(out, "JPEG", quality=40)
    return out.getvalue()


def scan(picture: bytes) -> bytes:
    """The same as a PDF."""
    out = io.BytesIO()
    Image.open(io.BytesIO(picture)).save(out, "PDF", quality=40)
    return out.getvalue()


def measure(job: Job, files: dict[str, bytes]) -> dict[str, Any]:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / JOB).write_text(json.dumps({"sheets": job.sheets, "cover": job.cover}), encoding="utf-8")
        for file, content in files.items():
            (folder / file).write_bytes(content)
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        subprocess.run([sys.executable, "-I", "-m", WORKER, name], check=True)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        with pikepdf.open(folder / OUT) as made:
            pages = len(made.pages)
        seconds = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
        megabytes = round((folder / OUT).stat().st_size / MEGABYTE, 1)
    return {
        "cpu_seconds": round(seconds, 2),
        "pages": pages,
        "megabytes": megabytes,
        "peak_mb": after.ru_maxrss // 1024,
    }


def form(steps: int) -> dict[str, Any]:
    told = papers.told(steps=[papers.step(number, "submit", "意见" * 20) for number in range(steps)])
    return measure(applications.form_job(told, Stamp(datetime.now(UTC))), {})


def bundle(count: int) -> dict[str, Any]:
    picture = photo()
    pair = (scan(picture), picture)
    listed = [papers.attachment("N1", f"{number:064x}", f"{number}.pdf", len(picture)) for number in range(count)]
    job = applications.bundle_job(papers.told(attachments=listed), Stamp(datetime.now(UTC)))
    return measure(job, {file: pair[number % 2] for number, file in enumerate(job.blobs)})


if __name__ == "__main__":
    measured = {"form": form(3), "long_form": form(300), "bundle_20": bundle(20), "bundle_200": bundle(200)}
    print(json.dumps(measured, indent=2))
