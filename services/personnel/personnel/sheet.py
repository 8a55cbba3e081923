"""Reading the first sheet of an .xlsx file that a stranger made.

The file is opened in a child process with limits on memory, time and output, which knows no secret of this one: a file
that unpacks without end, or one cell at the far corner of a sheet (for which the reader would reserve 500 GB and abort
its process, measured), ends the child and is told as a refusal. The child is `python -m personnel.sheet`.
"""

import json
import os
import re
import resource
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import IO, Any

from chassis.errors import Invalid

MOST_BYTES = 5 * 1024 * 1024
MOST_ROWS = 5_000
MOST_COLUMNS = 50
MOST_TEXT = 500
HEADING_ROWS = 10  # above the data: a title, a line of instructions, the column heads
SECONDS = 15.0
CPU_SECONDS = 8
MEMORY_BYTES = 1 << 30
OUTPUT_BYTES = 64 << 20
UNPACKED_BYTES = 100 << 20
MEMBERS = 1_000
# Excel keeps fifteen digits of a number: an identity number typed as a number has lost its last three.
TOO_LONG = re.compile(r"-?[0-9]{16,}")


@dataclass(frozen=True)
class Cell:
    """`text` as it would be typed; days are ISO. `kind` is "text", "number", "day", or "other" for what is none."""

    kind: str
    text: str

    @property
    def has_lost_digits(self) -> bool:
        return self.kind == "number" and bool(TOO_LONG.fullmatch(self.text))


@dataclass(frozen=True)
class Row:
    """A row that is not empty, by its number in the sheet."""

    number: int
    cells: list[Cell]


def read(content: bytes) -> list[Row]:
    """The rows that are not empty, at most `MOST_ROWS` and a few of headings.

    Refuses `Invalid` of "file" with the rule not_xlsx, file_protected, file_too_large (`most_bytes`),
    too_many_rows (`most`), sheet_too_large, or file_damaged.
    """
    if len(content) > MOST_BYTES:
        raise Invalid.field("file", "file_too_large", most_bytes=MOST_BYTES)
    if not content.startswith(b"PK\x03\x04"):
        raise Invalid.field("file", "not_xlsx")
    told = _in_child(content)
    if "refused" in told:
        raise Invalid.field("file", told["refused"], **told.get("detail", {}))
    return [Row(number, [Cell(*cell) for cell in cells]) for number, cells in told["rows"]]


def _in_child(content: bytes) -> dict[str, Any]:
    with tempfile.TemporaryFile() as given, tempfile.TemporaryFile() as taken:
        given.write(content)
        given.seek(0)
        # A list of its own for the environment: nothing of ours is in it.
        environment = {"PYTHONPATH": os.pathsep.join(each for each in sys.path if each), "RUST_BACKTRACE": "0"}
        command = [sys.executable, "-m", "personnel.sheet"]
        child = subprocess.Popen(command, stdin=given, stdout=taken, stderr=subprocess.DEVNULL, env=environment)
        if not _has_ended(child):
            return {"refused": "sheet_too_large"}
        taken.seek(0)
        return _answer(child.returncode, taken)


def _has_ended(child: "subprocess.Popen[bytes]") -> bool:
    """Within the time it has. Sleeps between looks, so that other green threads go on."""
    deadline = time.monotonic() + SECONDS
    while child.poll() is None:
        if time.monotonic() > deadline:
            child.kill()
            child.wait()
            return False
        time.sleep(0.01)
    return True


def _answer(code: int, taken: IO[bytes]) -> dict[str, Any]:
    if code != 0:  # out of memory, of time, or of room for the answer
        return {"refused": "sheet_too_large" if code < 0 else "file_damaged"}
    answer: dict[str, Any] = json.load(taken)
    return answer


def _main() -> None:
    """The child: bytes of a file in, JSON out."""
    for limit, most in (
        (resource.RLIMIT_AS, MEMORY_BYTES),
        (resource.RLIMIT_CPU, CPU_SECONDS),
        (resource.RLIMIT_FSIZE, OUTPUT_BYTES),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(limit, (most, most))
    json.dump(_tell(sys.stdin.buffer), sys.stdout, ensure_ascii=False)


def _tell(file: IO[bytes]) -> dict[str, Any]:
    from python_calamine import CalamineError, PasswordError, load_workbook

    try:
        with zipfile.ZipFile(file) as packed:
            members = packed.infolist()
        if len(members) > MEMBERS or sum(each.file_size for each in members) > UNPACKED_BYTES:
            return {"refused": "sheet_too_large"}
        file.seek(0)
        with load_workbook(file) as workbook:
            rows = _rows(workbook.get_sheet_by_index(0).iter_rows())
            found = [row for _, row in zip(range(MOST_ROWS + HEADING_ROWS + 1), rows, strict=False)]
    except MemoryError:
        return {"refused": "sheet_too_large"}
    except PasswordError:
        return {"refused": "file_protected"}
    except (CalamineError, zipfile.BadZipFile, ValueError, OSError, IndexError, NotImplementedError, RuntimeError):
        return {"refused": "file_damaged"}
    if len(found) > MOST_ROWS + HEADING_ROWS:
        return {"refused": "too_many_rows", "detail": {"most": MOST_ROWS}}
    return {"rows": found}


def _rows(rows: Iterator[list[Any]]) -> Iterator[tuple[int, list[tuple[str, str]]]]:
    for number, values in enumerate(rows, start=1):
        cells = [_cell(value) for value in values[:MOST_COLUMNS]]
        if any(text for _, text in cells):
            yield number, cells


def _cell(value: Any) -> tuple[str, str]:
    match value:
        case str():
            # Excel writes characters that it cannot show as _x0000_; what cannot be encoded is cut out by the reader.
            return "text", value.strip()[:MOST_TEXT]
        case bool():
            return "other", str(value).upper()
        case int() | float():
            return "number", str(int(value)) if value == int(value) else repr(value)
        case datetime():
            return "day", value.date().isoformat()
        case date():
            return "day", value.isoformat()
        case None:
            return "text", ""
    return "other", str(value)


if __name__ == "__main__":
    _main()
