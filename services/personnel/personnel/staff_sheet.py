"""One row of a staff sheet: which columns there are, and what a row says, cell by cell (pure).

A row names a person and at most one certificate; a person with several has several rows.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from chassis.errors import Invalid
from chassis.schemas import IdentityNumber, Phone, Rows, Schema, Text, read
from personnel.schemas.certificates import CertificatePart
from personnel.schemas.common import NAME, TRADES
from personnel.sheet import HEADING_ROWS, MOST_ROWS, Cell, Row
from personnel.terms import CertificateKind
from personnel.words import GRADES


@dataclass(frozen=True)
class Column:
    """A column of the template; `words` are the values that it takes, by their code."""

    code: str
    title: str
    required: bool = False
    help: str = ""
    example: str = ""
    words: Mapping[str, str] = field(default_factory=dict)


KIND_WORDS = {
    CertificateKind.A: "A",
    CertificateKind.B: "B",
    CertificateKind.C1: "C1",
    CertificateKind.C2: "C2",
    CertificateKind.C3: "C3",
    CertificateKind.C: "C",
    CertificateKind.SPECIAL_OPERATION: "特种作业",
    CertificateKind.BUILDER: "建造师",
    CertificateKind.SUPERVISING_ENGINEER: "监理工程师",
}
COLUMNS = (
    Column("name", "姓名", required=True, example="张三"),
    Column(
        "identity_number",
        "身份证号",
        required=True,
        help="请设为文本格式，否则末几位会丢失",
        example="130102190001010014",
    ),
    Column("phone", "手机号", help="新录入人员必填", example="13800000000"),
    Column("posts", "岗位", help="多个岗位用顿号分隔", example="项目负责人"),
    Column(
        "kind", "证书类别", help="一人多证请分行填写", example="B", words={k.value: v for k, v in KIND_WORDS.items()}
    ),
    Column("trade", "工种", help="特种作业证书必填，填两位代码或名称", words=TRADES),
    Column("number", "证书编号", example="冀建安B（2025）0000001"),
    Column("grade", "等级", help="建造师必填", words=GRADES),
    Column("issuer", "发证机关", example="河北省住房和城乡建设厅"),
    Column("issued_on", "发证日期", help="如 2025-03-01", example="2025-03-01"),
    Column("valid_to", "有效期至", help="填证书时必填，如 2028-02-29", example="2028-02-29"),
)
BY_CODE = {each.code: each for each in COLUMNS}
PERSON = ("identity_number", "name", "phone", "posts")
CERTIFICATE = ("kind", "trade", "number", "grade", "issuer", "issued_on", "valid_to")
DAYS = ("issued_on", "valid_to")


class StaffPart(Schema):
    identity_number = IdentityNumber(required=True)
    name = Text("姓名", min=2, max=50, pattern=NAME, required=True)
    phone = Phone(load_default="")
    posts = Rows(Text(min=1, max=50), max=20, load_default=list)


STAFF, ONE_CERTIFICATE = StaffPart(), CertificatePart()


@dataclass
class Entry:
    """What a row says; `cells` is what is to be told of it: [{"column", "rule", "severity", …}]."""

    number: int
    person: dict[str, Any] = field(default_factory=dict)
    certificate: dict[str, Any] | None = None
    cells: list[dict[str, Any]] = field(default_factory=list)

    @property
    def is_good(self) -> bool:
        return not any(each["severity"] == "error" for each in self.cells)

    @property
    def identity_number(self) -> str:
        return str(self.person.get("identity_number", ""))

    def tell(self, column: str, rule: str, severity: str = "error", **more: Any) -> None:
        title = BY_CODE[column].title if column in BY_CODE else ""
        self.cells.append({"column": column, "title": title, "rule": rule, "severity": severity, "detail": more})


def share_phones(found: Sequence[Entry]) -> None:
    """A phone in one of a person's rows counts for all of them: else it would matter in which order they stand."""
    phones = {each.identity_number: each.person["phone"] for each in found if each.person["phone"]}
    for each in found:
        each.person["phone"] = each.person["phone"] or phones.get(each.identity_number)


def below_heads(rows: Sequence[Row]) -> tuple[dict[str, int], Sequence[Row]]:
    """Where each column stands, and the rows below. A column may stand anywhere; what we do not know is passed over.

    Refuses `Invalid` of "file" with the rule columns_missing, no_rows or too_many_rows.
    """
    missing = [each.title for each in COLUMNS if each.required]
    for place, row in enumerate(rows[:HEADING_ROWS]):
        heads = _heads(row)
        absent = [each.title for each in COLUMNS if each.required and each.code not in heads]
        if not absent:
            return heads, _data(rows[place + 1 :])
        missing = min(missing, absent, key=len)
    raise Invalid.field("file", "columns_missing", columns=missing)


def _heads(row: Row) -> dict[str, int]:
    """The columns by the titles in a row, less stars and what stands in brackets; of two alike the first counts."""
    titles = {each.title: each.code for each in COLUMNS}
    plain = [re.sub(r"[\s*＊]|[（(].*[)）]", "", cell.text) for cell in row.cells]
    return {titles[text]: place for place, text in reversed(list(enumerate(plain))) if text in titles}


def _data(rows: Sequence[Row]) -> Sequence[Row]:
    if not rows:
        raise Invalid.field("file", "no_rows")
    if len(rows) > MOST_ROWS:
        raise Invalid.field("file", "too_many_rows", most=MOST_ROWS)
    return rows


def entry(row: Row, heads: Mapping[str, int]) -> Entry:
    said = Entry(row.number)
    cells = {code: row.cells[place] for code, place in heads.items() if place < len(row.cells)}
    values = {code: _value(said, code, cell) for code, cell in cells.items() if cell.text}
    said.person = _load(said, STAFF, {code: values[code] for code in PERSON if code in values})
    if certificate := {code: values[code] for code in CERTIFICATE if code in values}:
        said.certificate = _load(said, ONE_CERTIFICATE, certificate)
    return said


def _value(entry: Entry, code: str, cell: Cell) -> Any:
    """The cell as the schema of its column wants it; what cannot be so stays as it is, for the schema to refuse."""
    if cell.kind == "other" or cell.has_lost_digits:
        entry.tell(code, "digits_lost" if cell.has_lost_digits else "not_readable")
        return cell.text
    return READERS.get(code, str)(cell.text)


def _word(code: str) -> Callable[[str], str]:
    def read_word(text: str) -> str:
        plain = re.sub(r"\s", "", text)
        words = BY_CODE[code].words
        known = {word: each for each, word in words.items()} | {each: each for each in words}
        return known.get(plain) or known.get(plain.upper()) or known.get(plain.zfill(2)) or text

    return read_word


def _day(text: str) -> str:
    """ISO text of 2025-3-1, 2025/03/01, 2025.3.1, 2025年3月1日 or 20250301; anything else as it is."""
    plain = re.sub(r"\s", "", text)
    parts = re.fullmatch(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?", plain) or re.fullmatch(
        r"(\d{4})(\d{2})(\d{2})", plain
    )
    if parts is None:
        return text
    try:
        return date(*map(int, parts.groups())).isoformat()
    except ValueError:
        return text


READERS: dict[str, Callable[[str], Any]] = {
    "identity_number": lambda text: re.sub(r"\s", "", text),
    "phone": lambda text: re.sub(r"[\s-]", "", text),
    "posts": lambda text: [each for each in re.split(r"[、,，;；/\n]+\s*", text) if each],
    "kind": _word("kind"),
    "trade": _word("trade"),
    "grade": _word("grade"),
    "issued_on": _day,
    "valid_to": _day,
}


def _load(entry: Entry, schema: Schema, values: dict[str, Any]) -> dict[str, Any]:
    try:
        return read(schema, values)
    except Invalid as refusal:
        told = {each["column"] for each in entry.cells}
        for path, rules in refusal.fields.items():
            column = path.partition(".")[0]
            if column not in told:  # what the cell itself has said is enough
                for rule in rules:
                    entry.tell(column, **rule)
        return values


def tell_contradictions(found: Sequence[Entry]) -> None:
    """Rows of one person must not say different things of him, nor the same thing twice."""
    first: dict[str, Entry] = {}
    seen: dict[tuple[str, str, str], Entry] = {}
    for entry in [each for each in found if each.is_good]:
        before = first.setdefault(entry.identity_number, entry)
        if differing := [each for each in ("name", "phone") if _differ(entry, before, each)]:
            for column in differing:
                entry.tell(column, "differs_from_row", row=before.number)
            continue
        own = entry.certificate or {"kind": "", "number": ""}
        twin = seen.setdefault((entry.identity_number, own["kind"], own["number"]), entry)
        if twin is not entry:
            entry.tell("number" if entry.certificate else "identity_number", "duplicate_of_row", row=twin.number)


def _differ(entry: Entry, before: Entry, column: str) -> bool:
    said, earlier = entry.person[column], before.person[column]
    return bool(said and earlier) and said != earlier
