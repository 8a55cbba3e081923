"""A draw can be recomputed by anybody from its file, and a changed file is caught, line by line."""

import copy
import json
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from enforcement import draw
from services.enforcement.tests.factories import an_id

Body = dict[str, Any]
NONCE = "5f" * 32
SEED = "03 07 12 19 22 31 + 05"
RULES = {
    "base": 10,
    "document": "国发〔2019〕5号",
    "factors": [{"code": "open_order", "points": 5, "most": 100}],
}
COMMITTED_AT, ANNOUNCED_AT = "2026-03-02T02:00:00+00:00", "2026-03-03T13:15:00+00:00"


def site(name: str, weight: int = 10) -> Body:
    count = (weight - 10) // 5
    why = [{"factor": "open_order", "count": count, "points": weight - 10}] if count else []
    return {
        "site_id": an_id(name), "name": name, "number": None, "firm_ids": [an_id(f"builder of {name}")], "weight": weight,
        "why": why,
    }  # fmt: skip


def person(name: str, *conflicts: str) -> Body:
    firms = [an_id(f"builder of {each}") for each in conflicts]
    return {"officer_id": an_id(name), "name": name, "certificate_number": f"冀执{name}", "conflicts": firms}


def committed(**changed: Any) -> Body:
    return {
        "agency": {"id": an_id("agency"), "name": "长安区监督站"}, "plan": {"id": an_id("plan"), "title": "一季度抽查"},
        "committed_at": COMMITTED_AT, "seed_source": "双色球 2026024 期开奖号码", "sites_wanted": 4, "officers_a_site": 2,
        "due_on": "2026-03-31", "rules": RULES, "nonce_hash": draw.hash_of_nonce(NONCE),
        "sites": [site(f"工程{n}", 10 + 5 * n) for n in range(9)],
        "officers": [person(f"执法{n}") for n in range(5)], **changed,
    }  # fmt: skip


def file_of(**changed: Any) -> Body:
    return draw.published(an_id("draw"), committed(**changed), NONCE, SEED, ANNOUNCED_AT)


def resealed(file: Body) -> Body:
    """A forger who knows the format writes the digest anew."""
    content = {name: value for name, value in file.items() if name != "digest"}
    return content | {"digest": draw.hash_of(content)}


def verified(tmp_path: Path, content: str, *more: str) -> tuple[int, str]:
    """By the command itself, in an interpreter that sees no package of ours or of others."""
    path = tmp_path / "draw.json"
    path.write_text(content, encoding="utf-8")
    command = [sys.executable, "-I", "-S", draw.__file__, "verify", str(path), *more]
    ran = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", env={"PYTHONUTF8": "1"})
    return ran.returncode, ran.stdout + ran.stderr


def test_an_honest_file_is_right_for_anybody_with_plain_python(tmp_path: Path) -> None:
    file = file_of()

    assert list(draw.wrong(file)) == []
    assert file == file_of()
    code, said = verified(tmp_path, json.dumps(file, ensure_ascii=False, indent=2), file["commitment"])
    assert (code, "[正确]" in said) == (0, True), said
    assert "[请核对] “双色球 2026024 期开奖号码”公布的号码是不是 3-7-12-19-22-31-5" in said


def test_points_that_the_rules_do_not_give_and_a_single_officer_are_caught_though_they_were_committed_to() -> None:
    favoured = site("工程9", 20) | {"weight": 60, "why": [{"factor": "open_order", "count": 1, "points": 50}]}
    said = list(draw.wrong(file_of(sites=[site("工程1"), favoured], sites_wanted=1, officers_a_site=1)))
    assert [each[:2] for each in said] == ["参数", "权重"] and "open_order 与计分规则不符" in said[1]


def weight_changed(file: Body) -> str:
    changed = file["committed"]["sites"][2]
    changed["weight"] += 100
    return f"权重：工程 {changed['name']}"


def site_dropped(file: Body) -> str:
    gone = file["result"][0]["site_id"]
    file["committed"]["sites"] = [each for each in file["committed"]["sites"] if each["site_id"] != gone]
    return "工程：第 1 个应为"


def undrawn_site_dropped(file: Body) -> str:
    drawn = {each["site_id"] for each in file["result"]}
    gone = next(each for each in file["committed"]["sites"] if each["site_id"] not in drawn)
    file["committed"]["sites"].remove(gone)
    return "承诺："


def other_site_in_the_result(file: Body) -> str:
    drawn = {each["site_id"] for each in file["result"]}
    other = next(each for each in file["committed"]["sites"] if each["site_id"] not in drawn)
    file["result"][1]["site_id"] = other["site_id"]
    return "工程：第 2 个应为"


def officer_swapped(file: Body) -> str:
    officers = file["result"][2]["officers"]
    other = next(each for each in file["committed"]["officers"] if each["officer_id"] not in officers)
    officers[0] = other["officer_id"]
    return "执法人员：第 3 个工程"


def result_cut(file: Body) -> str:
    file["result"].pop()
    return "结果：应抽取 4 个工程，文件写了 3 个"


def seed_edited(file: Body) -> str:
    file["seed"]["value"] = "3-7-12-19-22-31-6"
    return "工程：第"


def seed_before_the_commitment(file: Body) -> str:
    file["seed"]["announced_at"] = COMMITTED_AT
    return "种子：公布时间"


def date_of_the_commitment_edited(file: Body) -> str:
    file["committed"]["committed_at"] = "2026-03-01T02:00:00+00:00"
    return "承诺："


def nonce_edited(file: Body) -> str:
    file["nonce"] = "60" * 32
    return "随机数："


def conflict_removed(file: Body) -> str:
    file["committed"]["officers"][0]["conflicts"] = []
    return "承诺："


@pytest.mark.parametrize(
    "forge",
    [
        weight_changed,
        site_dropped,
        undrawn_site_dropped,
        other_site_in_the_result,
        officer_swapped,
        result_cut,
        seed_edited,
        seed_before_the_commitment,
        date_of_the_commitment_edited,
        nonce_edited,
        conflict_removed,
    ],
)
def test_a_changed_file_is_caught_and_the_line_is_named(forge: Any, tmp_path: Path) -> None:
    file = copy.deepcopy(file_of(officers=[person("执法0", "工程1"), *(person(f"执法{n}") for n in range(1, 5))]))
    line = forge(file)

    assert "文件：摘要与内容不符，公布之后有改动" in list(draw.wrong(file))
    code, said = verified(tmp_path, json.dumps(resealed(file), ensure_ascii=False))
    assert code == 1 and f"[错误] {line}" in said, said


def test_a_date_of_the_seed_that_is_edited_breaks_the_files_digest() -> None:
    file = file_of()
    file["seed"]["announced_at"] = "2026-03-04T13:15:00+00:00"
    assert list(draw.wrong(file)) == ["文件：摘要与内容不符，公布之后有改动"]


def test_a_file_made_anew_from_other_sites_differs_from_the_commitment_that_was_told_before(tmp_path: Path) -> None:
    told_before = file_of()["commitment"]
    forged = file_of(sites=[site(f"工程{n}") for n in range(5)])

    assert verified(tmp_path, json.dumps(forged))[0] == 0
    code, said = verified(tmp_path, json.dumps(forged), told_before)
    assert code == 1 and "[错误] 承诺：抽取前公布的是" in said


@pytest.mark.parametrize("content", ["", "[]", "{}", "null", '{"format": "anjian-draw-1"}', "[" * 100_000])
def test_what_is_no_draw_is_said_to_be_none(content: str, tmp_path: Path) -> None:
    code, said = verified(tmp_path, content)
    assert code == 1 and "[错误] 文件：" in said and "Traceback" not in said


def test_an_officer_never_goes_to_a_firm_in_which_he_has_an_interest() -> None:
    everywhere = [f"工程{n}" for n in range(9)]
    officers = [person("回避", *everywhere), person("甲", "工程1"), person("乙"), person("丙")]
    for seed in range(40):
        for each in draw.result(committed(officers=officers, sites_wanted=9), "c", NONCE, str(seed)):
            assert an_id("回避") not in each["officers"] and len(set(each["officers"])) == 2
            assert each["site_id"] != an_id("工程1") or an_id("甲") not in each["officers"]


def test_a_site_for_which_too_few_officers_remain_is_told_and_gets_none() -> None:
    officers = [person("甲", "工程1"), person("乙")]
    told = {
        each["site_id"]: each for each in draw.result(committed(officers=officers, sites_wanted=9), "c", NONCE, "1")
    }
    alone = told.pop(an_id("工程1"))

    assert (alone["officers"], alone["without"]) == ([], "too_few_officers")
    assert all(len(each["officers"]) == 2 and each["without"] is None for each in told.values())


def test_the_work_is_spread_evenly_over_officers_and_every_pair_comes_up() -> None:
    pairs: Counter[tuple[str, ...]] = Counter()
    for seed in range(120):
        told = draw.result(committed(sites_wanted=5), "c", NONCE, str(seed))
        work = Counter(each for row in told for each in row["officers"])
        assert set(work.values()) == {2}  # five sites, two officers each, five officers
        pairs.update(tuple(row["officers"]) for row in told)
    assert len(pairs) == 10
    assert chi_square(list(pairs.values()), [60.0] * 10) < 33  # 9 degrees of freedom: 0.0001


def test_sites_are_drawn_as_often_as_their_weights_say() -> None:
    """The first site drawn is each one with probability weight / sum: chi-square, 8 degrees of freedom, bound 0.0001."""
    population, times = committed(sites_wanted=1), 3000
    first = Counter(draw.result(population, "c", NONCE, str(seed))[0]["site_id"] for seed in range(times))
    total = sum(each["weight"] for each in population["sites"])
    expected = [times * each["weight"] / total for each in population["sites"]]

    assert chi_square([first[each["site_id"]] for each in population["sites"]], expected) < 31.9


def test_the_second_site_is_drawn_as_often_as_the_weights_of_the_rest_say() -> None:
    """Without replacement: P(second = j) = sum over i ≠ j of w_i / W * w_j / (W - w_i)."""
    sites, times = [site("甲", 10), site("乙", 20), site("丙", 50)], 3000
    second = Counter(
        draw.result(committed(sites=sites, sites_wanted=2), "c", NONCE, str(seed))[1]["site_id"]
        for seed in range(times)
    )
    weights = [each["weight"] for each in sites]
    total = sum(weights)
    expected = [
        times * sum(w / total * own / (total - w) for i, w in enumerate(weights) if i != j)
        for j, own in enumerate(weights)
    ]
    assert chi_square([second[each["site_id"]] for each in sites], expected) < 18.5  # 2 degrees of freedom: 0.0001


@pytest.mark.parametrize("written", ["3 7 12", "03,07,12", " 3 + 7 + 12 ", "3-7-12"])
def test_the_ways_to_write_a_seed_leave_no_choice(written: str) -> None:
    assert draw.normal_seed(written) == "3-7-12"


def chi_square(seen: list[int], expected: list[float]) -> float:
    return sum((each - should) ** 2 / should for each, should in zip(seen, expected, strict=True))
