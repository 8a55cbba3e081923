"""Every code that any service or the gateway refuses or warns with has its sentences, in both languages (decision 0015)."""

import ast
import re
import string
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from gateway import texts
from gateway.languages import CHINESE, COOKIE, ENGLISH
from gateway.settings import REPOSITORY

REFUSALS = {
    *("Conflict", "NotFound", "Forbidden", "Unavailable", "NotReached"),
    *("Unreadable", "Unauthenticated", "WrongMethod", "WrongType", "TooLarge", "TooMany"),
}
FINDINGS = {"error", "warning", "Finding", "Lack", "_error", "_finding"}
RULES = {"broken", "WrongBoundary", "refuse_longer"}
TABLES = {"codes", "COMMON_MESSAGES", "error_messages"}
CODE = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)+|required|unavailable")
# Of one word too, where nothing but a code can stand.
WORD = re.compile(r"[a-z][a-z0-9_]+")
DOUBTS = "list[tuple[str, str]]"  # what a function returns that tells of (field, rule)
WRITERS = {"moment", "minutes", "size"}


def sources() -> list[Path]:
    found = [*REPOSITORY.glob("services/*/*/**/*.py"), *REPOSITORY.glob("gateway/gateway/**/*.py")]
    return [path for path in found if not {"tests", "testing", "migrations", "localservers"} & set(path.parts)]


def constants(node: ast.AST) -> Iterator[str]:
    """Every text that an expression may come to: of `"a" if x else "b"` both."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    elif isinstance(node, ast.IfExp):
        yield from constants(node.body)
        yield from constants(node.orelse)


def called(node: ast.Call) -> str:
    return node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")


def on_a_logger(node: ast.Call) -> bool:
    if not isinstance(node.func, ast.Attribute):
        return False
    owner = node.func.value
    return getattr(owner, "id", "") == "log" or (isinstance(owner, ast.Call) and called(owner) == "logger")


def codes_in(tree: ast.AST) -> Iterator[str]:
    """What is told as a code, and every text that looks like one where a code may stand."""
    named: dict[str, list[str]] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            named.setdefault(node.targets[0].id, []).extend(constants(node.value))
    for node in ast.walk(tree):
        for expression in _codes(node):
            yield from filter(WORD.fullmatch, constants(expression))
        for expression in _maybe(node):
            texts_of = named.get(expression.id, []) if isinstance(expression, ast.Name) else constants(expression)
            yield from filter(CODE.fullmatch, texts_of)


def _codes(node: ast.AST) -> Iterator[ast.expr]:
    """Expressions that can be nothing but a code."""
    if isinstance(node, ast.Call) and not on_a_logger(node):
        name = called(node)
        if name in REFUSALS | RULES | {"error", "warning"}:
            yield from node.args[:1]
        elif name == "tell" and getattr(getattr(node.func, "value", None), "id", "") == "entry":
            yield from node.args[1:2]  # personnel's report of an import: entry.tell(column, rule)
        elif name == "field" and getattr(getattr(node.func, "value", None), "id", "") == "Invalid":
            yield from node.args[1:2]
    elif isinstance(node, ast.Dict):
        for key, value in zip(node.keys, node.values, strict=True):
            if isinstance(key, ast.Constant) and key.value in ("rule", "refused"):
                yield value
    elif isinstance(node, ast.FunctionDef) and node.returns is not None and ast.unparse(node.returns) == DOUBTS:
        for inner in ast.walk(node):
            if isinstance(inner, ast.Tuple) and len(inner.elts) == 2:
                yield inner.elts[1]


def _maybe(node: ast.AST) -> Iterator[ast.expr]:
    """Expressions among which a code is."""
    if isinstance(node, ast.Call) and not on_a_logger(node) and called(node) in REFUSALS | FINDINGS | RULES:
        yield from node.args
        yield from (each.value for each in node.keywords if each.arg == "code")
    elif isinstance(node, ast.Assign | ast.AnnAssign) and isinstance(node.value, ast.Dict):
        target = node.targets[0] if isinstance(node, ast.Assign) else node.target
        if getattr(target, "id", "") in TABLES:
            yield from node.value.values


def all_codes() -> dict[str, str]:
    """Every code found, and the file where."""
    return {
        code: str(path.relative_to(REPOSITORY))
        for path in sources()
        for code in codes_in(ast.parse(path.read_text(encoding="utf-8")))
    }


# What stands where a code may stand and is none.
NO_CODES = {"machine_id", "project_id"}


def test_every_code_in_the_source_has_its_sentences() -> None:
    found = all_codes()
    assert len(found) > 150
    assert {"number_of_another_person", "expired", "changed"} <= found.keys()
    missing = {code: file for code, file in found.items() if not texts.is_known(code) and code not in NO_CODES}

    assert missing == {}


@pytest.mark.parametrize(
    "code", ["project_suspended", "driver_missing", "certificate_expired", "number_names_other_trade", "wrong_phone"]
)
def test_also_codes_that_are_put_together_are_known(code: str) -> None:
    assert texts.is_known(code)


def test_the_last_sentence_of_every_code_needs_no_figure_that_might_be_missing() -> None:
    """Or else a dash would stand in it: allowed only where the refusal always brings the figure along."""
    always = {"accepted", "retry_after", "needed", "found", "least", "limit"}
    for code, told in [
        *texts.table()["problem"].items(),
        *((c, {"detail": d}) for c, d in texts.table()["rule"].items()),
    ]:
        names = {name for _, name, _, _ in string.Formatter().parse(told["detail"][-1]) if name}
        assert not names - always or len(told["detail"]) == 1, (code, names)


def test_every_sentence_can_be_written_and_its_words_are_there() -> None:
    tables = texts.table()
    sentences = [each for told in tables["problem"].values() for each in told["detail"]]
    sentences += [each for told in tables["rule"].values() for each in told]
    for sentence in sentences:
        assert sentence.endswith(("。", "}")), sentence
        for _, _, kind, _ in string.Formatter().parse(sentence):
            assert not kind or kind in WRITERS or kind in tables["word"], sentence


def test_figures_are_written_for_people() -> None:
    assert texts.say(["{at:moment}"], {"at": "2026-11-22T16:30:00+00:00"}) == "2026-11-23 00:30"
    assert texts.say(["{left:minutes}"], {"left": 900}) == "15 分钟"
    assert texts.say(["{left:minutes}"], {"left": 61}) == "61 秒"
    assert texts.say(["{limit:size}"], {"limit": 10 * 1024 * 1024}) == "10 MB"
    assert texts.say(["{kinds:enterprise}"], {"kinds": ["owner", "lessor"]}) == "建设单位、租赁企业"
    assert texts.say(["{agrees}"], {"agrees": True}) == "是"
    assert texts.say(["有 {a} 和 {b}", "有 {a}", "没有"], {"a": 1, "b": None}) == "有 1"
    assert texts.say(["有 {a}", "没有"], {}) == "没有"
    assert texts.say(["{name}"], {"name": "{不是模板}"}) == "{不是模板}"


def test_an_unknown_code_still_says_something() -> None:
    assert texts.title_of("never_heard_of") == "未能办理"
    assert texts.rule("never_heard_of", {}) == "填写有误，请核对。"


def leaves(node: Any, path: tuple[str | int, ...] = ()) -> Iterator[tuple[tuple[str | int, ...], str]]:
    """Every text of a file, and where it stands in it."""
    if isinstance(node, str):
        yield path, node
        return
    for name, inner in node.items() if isinstance(node, dict) else enumerate(node):
        yield from leaves(inner, (*path, name))


def figures(sentence: str) -> list[tuple[str, str | None]]:
    return sorted((name, kind) for _, name, kind, _ in string.Formatter().parse(sentence) if name)


def test_both_languages_have_the_same_sentences_with_the_same_figures() -> None:
    chinese, english = dict(leaves(texts.read(CHINESE))), dict(leaves(texts.read(ENGLISH)))
    assert chinese.keys() ^ english.keys() == set(), (
        "every sentence stands in both files, messages.zh.toml and .en.toml"
    )
    assert {path for path, text in chinese.items() if figures(text) != figures(english[path])} == set()


def test_no_english_sentence_holds_chinese_or_ends_in_the_air() -> None:
    english = dict(leaves(texts.read(ENGLISH)))
    assert {text for text in english.values() if re.search("[\u3000-\u9fff\uff00-\uffef]", text)} == set()
    sentences = [text for path, text in english.items() if path[-2] == "detail" or path[0] == "rule"]
    assert {text for text in sentences if not text.endswith((".", "}"))} == set()


def test_figures_are_written_for_people_who_read_english() -> None:
    with Flask(__name__).test_request_context(headers={"Cookie": f"{COOKIE}=en"}):
        assert texts.say(["{left:minutes}"], {"left": 900}) == "15 minutes"
        assert texts.say(["{kinds:enterprise}"], {"kinds": ["owner", "lessor"]}) == "owner, lessor"
        assert texts.say(["{agrees}"], {"agrees": True}) == "Yes"
        assert texts.title_of("never_heard_of") == "Not done"
        assert texts.rule("required", {}) == "This is required."
