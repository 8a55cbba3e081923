"""The form of any application as what a paper shows: made from the matter's own description and the record (pure).

A new matter needs nothing here: sections, labels, choices, units and rows all come with it from filing.
"""

from collections.abc import Iterable, Mapping
from typing import Any
from unicodedata import east_asian_width

from gateway.documents.drawings import drawing
from gateway.documents.values import NOTHING, Described, Labels, moment, text

Block = dict[str, Any]
Pair = list[str]
# What still reads well in half a line, and how many columns a table on a page has room for.
HALF_LINE = 26
MOST_COLUMNS = 6
LEFT_OVER = "其他内容"


def sections(described: Iterable[Described], form: Mapping[str, Any], labels: Labels) -> list[Block]:
    """Every section of the description, filled in; what the form holds besides (from older days) comes last."""
    told = list(described)
    filled = [{"title": each["title"], "blocks": _blocks(each["fields"], form, labels)} for each in told]
    known = {field["name"] for each in told for field in each["fields"]}
    rest = [[name, str(value)] for name, value in form.items() if name not in known]
    return [*filled, *([{"title": LEFT_OVER, "blocks": [_pairs(rest)]}] if rest else [])]


def attachments(told: Mapping[str, Any], matter: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The application's attachments in the matter's order of documents, those of one document as the applicant put
    them; each with the `title` of its document."""
    kinds = {each["code"]: each["title"] for each in matter["attachments"]}
    order = list(kinds)
    last = len(order)
    found = sorted(told["attachments"], key=lambda each: order.index(each["code"]) if each["code"] in kinds else last)
    return [each | {"title": f"{each['code']} {kinds.get(each['code'], '')}".strip()} for each in found]


def signatures(told: Mapping[str, Any]) -> list[list[str]]:
    """Firm, what it said, who said it, when."""
    return [
        [each["organisation_name"], _opinion(each), (each["signed_by"] or {}).get("user_name", ""), _when(each)]
        for each in told["countersignatures"]
    ]


def steps(told: Mapping[str, Any], acts: Mapping[str, str]) -> list[list[str]]:
    """When, which act, which organisation, who, what was said with what was to be corrected; by `acts` in words."""
    return [
        [
            moment(each["at"]),
            acts.get(each["act"], each["act"]),
            each["organisation_name"],
            each["user_name"],
            _words(each),
        ]
        for each in told["steps"]
    ]


def paired(pairs: Iterable[Pair]) -> list[list[Pair]]:
    """Rows of one or two pairs: two where both are short."""
    rows: list[list[Pair]] = []
    waiting: Pair | None = None
    for pair in pairs:
        if width(pair[1]) > HALF_LINE:
            rows += [[waiting], [pair]] if waiting else [[pair]]
            waiting = None
        elif waiting:
            rows.append([waiting, pair])
            waiting = None
        else:
            waiting = pair
    return rows + ([[waiting]] if waiting else [])


def width(words: str) -> int:
    """Places that a text takes: two for a Chinese character."""
    return sum(2 if east_asian_width(each) in "FW" else 1 for each in words)


def _blocks(fields: Iterable[Described], values: Any, labels: Labels) -> list[Block]:
    """Neighbouring plain fields make one block of pairs; parts, tables and drawings stand by themselves."""
    held = values if isinstance(values, Mapping) else {}
    blocks: list[Block] = []
    plain: list[Pair] = []
    for field in fields:
        value = held.get(field["name"])
        own = _own_blocks(field, value, labels)
        if own is None:
            plain.append([field["label"], text(field, value, labels)])
            continue
        blocks += [_pairs(plain)] if plain else []
        blocks += own
        plain = []
    return blocks + ([_pairs(plain)] if plain else [])


def _own_blocks(field: Described, value: Any, labels: Labels) -> list[Block] | None:
    """The blocks of what does not fit into a pair; None for a plain field."""
    heading = {"kind": "heading", "text": field["label"]}
    if field["type"] == "boundary" and value:
        drawn = drawing(value)
        return [heading, drawn] if drawn else None
    if field["type"] == "part" and value:
        return [heading, *_blocks(field["fields"], value, labels)]
    if field["type"] == "rows" and field["item"]["type"] == "part":
        rows = [each for each in value if isinstance(each, Mapping)] if isinstance(value, list) else []
        if not rows:
            return [heading, {"kind": "nothing", "text": NOTHING}]
        return [heading, *_table(field["item"]["fields"], rows, labels)]
    return None


def _table(fields: list[Described], rows: list[Mapping[str, Any]], labels: Labels) -> list[Block]:
    """A table of the columns that anything is filled in; with too many of them, each row is told by itself."""
    used = [each for each in fields if any(row.get(each["name"]) not in (None, "", [], {}) for row in rows)]
    if len(used) <= MOST_COLUMNS:
        cells = [[text(each, row.get(each["name"]), labels) for each in used] for row in rows]
        return [{"kind": "table", "columns": [each["label"] for each in used], "rows": cells}]
    blocks: list[Block] = []
    for number, row in enumerate(rows, start=1):
        filled = [each for each in used if row.get(each["name"]) not in (None, "", [], {})]
        blocks += [{"kind": "heading", "text": f"第 {number} 项"}, *_blocks(filled, row, labels)]
    return blocks


def _pairs(pairs: list[Pair]) -> Block:
    return {"kind": "pairs", "rows": paired(pairs)}


def _opinion(signature: Mapping[str, Any]) -> str:
    if signature["agrees"] is None:
        return "待会签"
    said = "同意" if signature["agrees"] else "不同意"
    return f"{said}：{signature['remarks']}" if signature["remarks"] else said


def _when(signature: Mapping[str, Any]) -> str:
    return moment(signature["signed_at"]) if signature["signed_at"] else ""


def _words(step: Mapping[str, Any]) -> str:
    listed = (step["detail"] or {}).get("corrections") or []
    return "\n".join([*([step["words"]] if step["words"] else []), *(f"· {each['text']}" for each in listed)])
