"""What a field that names something is picked from: the entries of a list, those of use first, the others with the reason.

A description says `reference` (which list), `given` (what the list has to know, and where the form tells it) and `wanted`
(which codes an entry must have). What stands here is the same for every matter.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from chassis.errors import Unavailable
from gateway.bus import Body, Rpc
from gateway.portal import shown
from gateway.portal.applications.forms import Field, nearest
from gateway.portal.asking import ask, ask_all
from gateway.portal.frame import me
from gateway.portal.locale import listed, say

LIST_PROJECTS = Rpc("filing", "list_projects")
GET_PROJECT = Rpc("filing", "get_project")
LIST_ORGANISATIONS = Rpc("filing", "list_organisations")
LIST_MACHINES = Rpc("equipment", "list_machines")
FIND_PEOPLE = Rpc("personnel", "find_people")
LIST_PEOPLE = Rpc("personnel", "list_people")
ENTRIES = 20
MOST_HELD = 100
SHORTEST = 2

ValueAt = Callable[[str], str]
Known = Mapping[str, str]


@dataclass(frozen=True)
class Entry:
    """One to pick. `reason` is why it would be refused: then it is shown, and cannot be picked."""

    id: str
    label: str
    note: str = ""
    reason: str = ""


@dataclass(frozen=True)
class Found:
    """`hint` says what has to be done first, or how to find more."""

    entries: Sequence[Entry] = ()
    hint: str = ""


def find(fields: Sequence[Field], field: Field, path: str, value_at: ValueAt, q: str) -> Found:
    """The entries for the field at `path`, by what the rest of the form says."""
    known = {name: _given(fields, path, source, value_at) for name, source in (field.get("given") or {}).items()}
    found = LISTS[field["reference"]](known, field.get("wanted") or {}, q.strip())
    return Found(sorted(found.entries, key=lambda entry: bool(entry.reason)), found.hint)


def needed(fields: Sequence[Field], field: Field, path: str) -> list[str]:
    """The paths of the fields that the list has to be told the values of."""
    names: list[str] = []
    for source in (field.get("given") or {}).values():
        names += (
            [source]
            if isinstance(source, str)
            else [*source, *(each for by in source.values() for each in by.values())]
        )
    places = [nearest(fields, path, name.partition(".")[0]) for name in names if name]
    return list(dict.fromkeys(place for place in places if place))


def _given(fields: Sequence[Field], path: str, source: Any, value_at: ValueAt) -> str:
    """A source is a field's name, "" for ourselves, {field: {its value: source}}, or project_id.contractor_id."""
    if isinstance(source, Mapping):
        by, choices = next(iter(source.items()))
        chosen = _given(fields, path, by, value_at)
        return _given(fields, path, choices.get(chosen, ""), value_at)
    name, _, inside = source.partition(".")
    place = nearest(fields, path, name) if name else None
    value = value_at(place) if place else ""
    return _of_project(value, inside) if inside else value


def _of_project(project_id: str, name: str) -> str:
    return str(ask(GET_PROJECT, {"project_id": project_id}).get(name) or "") if project_id else ""


def _projects(known: Known, wanted: Mapping[str, Sequence[str]], q: str) -> Found:
    """One's own, and of the whole province by name or number where one may look them up."""
    asked: dict[str, tuple[Rpc, Body]] = {"mine": (LIST_PROJECTS, {"limit": ENTRIES} | _search(q))}
    if len(q) >= SHORTEST:
        asked["filed"] = (LIST_PROJECTS, {"scope": "filed", "q": q, "limit": ENTRIES})
    came, _ = ask_all(asked)
    items = {each["project_id"]: each for page in came.values() if page for each in page["items"]}
    return Found(
        [
            Entry(
                each["project_id"],
                each["name"],
                _joined(each["number"], each["place"], each["contractor_name"]),
                reason,
            )
            for each in items.values()
            for reason in [_unwanted(each, wanted)]
        ],
        "" if q else say("输入工程名称或监督备案号的两个字以上，可查找全省已备案的工程"),
    )


def _machines(known: Known, wanted: Mapping[str, Sequence[str]], q: str) -> Found:
    """Those of use first, however many others have come into the register since; then the others, with the reason."""
    filters = {name: known[name] for name in ("kind", "project_id") if known.get(name)}
    asked: Body = {"limit": ENTRIES} | filters | ({"q": q} if q else {})
    pages = {stage: asked | {"stage": stage} for stage in wanted.get("stage", ())} | {"all": asked}
    came, silent = ask_all({name: (LIST_MACHINES, each) for name, each in pages.items()})
    if silent:
        raise Unavailable  # else it would look as if there were no machine
    items = {each["machine_id"]: each for page in came.values() if page for each in page["items"]}
    return Found(
        [
            Entry(
                each["machine_id"],
                _joined(each["kind_word"], each["model"], each["filing_number"] or each["serial_number"]),
                _joined(say("出厂编号") + " " + each["serial_number"], each["owner_name"], _over_age(each)),
                _why_not_this_machine(each, wanted),
            )
            for each in items.values()
        ],
        say("其他单位的设备请输入完整的备案编号查找"),
    )


def _why_not_this_machine(each: Body, wanted: Mapping[str, Sequence[str]]) -> str:
    if each["frozen"]:
        return say("已冻结")
    unwanted = _unwanted(each, wanted)
    if not unwanted or not each["place"]:
        return unwanted
    locked = {"project": each["place"]["project_name"], "since": shown.day(each["place"]["since"])}
    return say("已锁定于“%(project)s”（%(since)s 起）") % locked


def _over_age(each: Body) -> str:
    """No reason against it where an assessment is handed in with it (T5): said, so that nobody finds out at the check."""
    ends = each.get("service_ends_on")
    if not ends or shown.days_left(ends) >= 0:
        return ""
    return say("使用年限已于 %(day)s 届满，须有安全评估") % {"day": shown.day(ends)}


def _people(known: Known, wanted: Mapping[str, Sequence[str]], q: str) -> Found:
    if not known.get("role"):
        return Found(hint=say("请先选择岗位"))
    mine = me()
    own = mine.account.organisation_id if mine else ""
    organisation = known.get("organisation_id") or own
    if organisation != own and len(q) < SHORTEST:
        return Found(hint=say("请输入姓名中的两个字以上查找该单位的人员"))
    request = {"organisation_id": organisation, "role": known["role"], "limit": ENTRIES} | ({"q": q} if q else {})
    request |= {"machine_kind": known["machine_kind"]} if known.get("machine_kind") else {}
    page = ask(FIND_PEOPLE, request)
    entries = [
        Entry(
            each["person_id"], each["name"], _joined(each["employer_name"], each["identity_number"]), _why_not_he(each)
        )
        for each in page["items"]
    ]
    return Found(entries, "" if entries else _no_people(is_own=organisation == own))


def _no_people(*, is_own: bool) -> str:
    if is_own:
        return say("本单位没有持有此岗位所需证书的人员，请先在“人员”中录入")
    return say("该单位没有叫这个名字、并持有此岗位所需证书的人员")


def _why_not_he(each: Body) -> str:
    lacks = each.get("lacks_words") or []
    if lacks:
        return listed(lacks)
    if not each["is_locked"]:
        return ""
    names = [lock["project_name"] for lock in each["locks"] if lock.get("project_name")]
    return say("已锁定于") + listed(f"“{name}”" for name in names) if names else say("已锁定")


def _people_of_project(known: Known, wanted: Mapping[str, Sequence[str]], q: str) -> Found:
    """Its key personnel, and of the people in sight those whom it holds in any post: drivers, a crew of one's own."""
    project_id, role = known.get("project_id"), known.get("role")
    if not project_id:
        return Found(hint=say("请先选择工程"))
    held: Body = {"locked": True, "limit": MOST_HELD} | ({"q": q} if q else {})
    came, _ = ask_all({"project": (GET_PROJECT, {"project_id": project_id}), "held": (LIST_PEOPLE, held)})
    people = (came["project"] or {}).get("key_people") or []
    entries = {
        each["person_id"]: Entry(each["person_id"], each["name"])
        for each in people
        if q in each["name"] and (not role or each["role"] == role)
    }
    for each in (came["held"] or {}).get("items", ()):
        posts = [
            lock for lock in each["locks"] if lock["project_id"] == project_id and role in (None, "", lock["role"])
        ]
        if posts:
            note = _joined(posts[0].get("role_word"), each["employer_name"])
            entries[each["person_id"]] = Entry(each["person_id"], each["name"], note)
    return Found(list(entries.values()), "" if entries else say("该工程没有占用此岗位的人员"))


def _organisations(known: Known, wanted: Mapping[str, Sequence[str]], q: str) -> Found:
    if len(q) < SHORTEST:
        return Found(hint=say("请输入单位名称或统一社会信用代码的两个字以上"))
    kinds = wanted.get("kinds") or ()
    filters = {"enterprise_kind": kinds[0]} if len(kinds) == 1 else {}
    page = ask(LIST_ORGANISATIONS, {"kind": "enterprise", "q": q, "limit": ENTRIES} | filters)
    return Found(
        [
            Entry(each["organisation_id"], each["name"], _joined(each["place"], each["credit_code"]))
            for each in page["items"]
        ],
        "" if page["items"] else say("没有找到；对方单位须先在本系统注册并开通"),
    )


def _search(q: str) -> Body:
    return {"q": q} if len(q) >= SHORTEST else {}


def _unwanted(each: Body, wanted: Mapping[str, Sequence[str]]) -> str:
    """The word of the first code that is none of those wanted."""
    unwanted = (name for name, codes in wanted.items() if name in each and each[name] not in codes)
    name = next(unwanted, None)
    return str(each.get(f"{name}_word") or each[name]) if name else ""


def _joined(*texts: str | None) -> str:
    return " · ".join(text for text in texts if text)


LISTS: dict[str, Callable[[Known, Mapping[str, Sequence[str]], str], Found]] = {
    "projects": _projects,
    "machines": _machines,
    "people": _people,
    "project_people": _people_of_project,
    "organisations": _organisations,
}
