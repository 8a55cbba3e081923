"""The check library (检查库): tables, major hazards and clauses as they are in force on a day (pure; data/*.toml).

A check uses the library of its day and keeps the version: what was right to be marked then stays right.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from enforcement.discretion import offences
from enforcement.editions import edition
from enforcement.scoring import Group, Item, Table

CHECK_ITEM, MAJOR_HAZARD, OFFENCE = "check_item", "major_hazard", "offence"


@dataclass(frozen=True)
class Clause:
    """What a finding can be against. `key` names it in this version of the library, and an offence for the penalty side;
    `reference`: document and article; `since`: from when it is in force."""

    key: str
    kind: str
    reference: str
    text: str
    since: date
    confirmed: bool = True

    @property
    def words(self) -> str:
        """As it stands on a paper."""
        return f"{self.reference}：{self.text}"


@dataclass(frozen=True)
class Library:
    """`version`: the newest date in it, and the beginning of the SHA-256 of all its points and words, so that none of them
    changes under the same version."""

    version: str
    documents: tuple[str, ...]
    groups: tuple[Group, ...]
    tables: Mapping[str, Table]
    clauses: Mapping[str, Clause]


@lru_cache(maxsize=64)  # an inspection is of today or of some days ago
def library(on: date) -> Library:
    """What is in force on a day."""
    standard, hazards = edition("check_tables", on), edition("major_hazards", on)
    tables = {each["key"]: _table(each) for each in standard["tables"]}
    groups = tuple(Group(each["name"], each["weight"], tuple(each["tables"])) for each in standard["groups"])
    found = [*_of_tables(standard, tables), *_of_hazards(hazards), *_of_offences(on)]
    version = f"{max(each.since for each in found)}/{_digest(groups, tables, found)}"
    documents = (standard["document"], hazards["document"])
    return Library(version, documents, groups, tables, {each.key: each for each in found})


def _digest(groups: Sequence[Group], tables: Mapping[str, Table], clauses: Sequence[Clause]) -> str:
    whole = repr((groups, sorted(tables.items()), clauses))
    return hashlib.sha256(whole.encode()).hexdigest()[:12]


def _table(told: Mapping[str, object]) -> Table:
    key = str(told["key"])
    items: list[Item] = []
    for word in ("guarantee", "general"):
        for each in told[word]:  # type: ignore[attr-defined]
            place = f"{key}-{len(items) + 1:02d}"
            items.append(Item(place, str(each["name"]), int(each["points"]), word == "guarantee"))
    return Table(key, str(told["name"]), tuple(items))


def _of_tables(standard: Mapping[str, object], tables: Mapping[str, Table]) -> list[Clause]:
    document, since = str(standard["document"]), standard["in_force"]
    assert isinstance(since, date)
    return [
        Clause(item.key, CHECK_ITEM, f"{document} 表{table.key}", f"{table.name}—{item.name}", since)
        for table in tables.values()
        for item in table.items
    ]


def _of_hazards(hazards: Mapping[str, object]) -> list[Clause]:
    document, since = str(hazards["document"]), hazards["in_force"]
    assert isinstance(since, date)
    listed = hazards["hazards"]
    assert isinstance(listed, list)
    return [Clause(each["key"], MAJOR_HAZARD, document, each["text"], since, each["confirmed"]) for each in listed]


def _of_offences(on: date) -> list[Clause]:
    return [
        Clause(each.key, OFFENCE, each.clause(), each.conduct, each.in_force, each.confirmed) for each in offences(on)
    ]
