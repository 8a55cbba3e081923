"""Random draws of sites and officers that anybody can recompute (pure; nothing but the standard library).

    python -m enforcement.draw verify FILE [COMMITMENT]

1. Commit. The agency fixes the sites with their weights, the officers with the firms that they must not inspect, how many
   are drawn, which public number will be the seed, and the hash of a secret nonce. `commitment` is the SHA-256 of all that,
   and is told before the seed exists: so nobody can choose the one after the other.
2. Seed. A public number that came out later: neither the agency nor anybody else has it in hand.
3. Draw. Sites by weighted sampling without replacement (Efraimidis and Spirakis 2006, Information Processing Letters 97):
   each has the key -ln(u) / weight, the smallest keys are drawn. u comes from HMAC-SHA256; logarithm and quotient are
   decimal numbers of 50 places, rounded as IEEE 754 says, so every computer finds the same. Officers: for each site in
   turn, those without an interest in any of its firms, who have the fewest sites so far, ties by HMAC-SHA256.
4. Publish. One JSON file holds everything; `wrong` recomputes it line by line.
"""

import hashlib
import hmac
import json
import re
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import datetime
from decimal import ROUND_HALF_EVEN, Context, Decimal
from pathlib import Path
from typing import Any

FORMAT = "anjian-draw-1"
TOO_FEW_OFFICERS = "too_few_officers"
SHORTEST_SEED = 6  # letters and digits
FEWEST_OFFICERS = 2  # 行政处罚法 Art. 42
EXACT = Context(prec=50, rounding=ROUND_HALF_EVEN, Emin=-999_999, Emax=999_999)
Body = dict[str, Any]


def canonical(content: Any) -> bytes:
    """Plain JSON in one writing: names sorted, no spaces, UTF-8."""
    return json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def hash_of(content: Any) -> str:
    return hashlib.sha256(canonical(content)).hexdigest()


def hash_of_nonce(nonce: str) -> str:
    return hashlib.sha256(bytes.fromhex(nonce)).hexdigest()


def normal_seed(told: str) -> str:
    """A seed in one writing, so that the ways to write it leave no choice: "03, 7 + 12" is "3-7-12"; "" where it has no
    letter or digit."""
    pieces = re.findall(r"[0-9A-Za-z]+", told)
    return "-".join(str(int(each)) if each.isdecimal() else each.lower() for each in pieces)


def published(draw_id: str, committed: Body, nonce: str, seed: str, announced_at: str) -> Body:
    """The whole file of a draw: what was committed, what opens it, and what comes out."""
    commitment = hash_of(committed)
    content = {
        "format": FORMAT,
        "draw_id": draw_id,
        "committed": committed,
        "commitment": commitment,
        "nonce": nonce,
        "seed": {"value": normal_seed(seed), "announced_at": announced_at},
        "result": result(committed, commitment, nonce, normal_seed(seed)),
    }
    return content | {"digest": hash_of(content)}


def result(committed: Body, commitment: str, nonce: str, seed: str) -> list[Body]:
    """The drawn sites in order, each with its officers; `without` says why one has none."""
    secret = hmac.digest(bytes.fromhex(nonce), f"{commitment}|{seed}".encode(), "sha256")
    drawn = _drawn(committed["sites"], committed["sites_wanted"], secret)
    busy: Counter[str] = Counter()
    return [_with_officers(site, committed["officers"], committed["officers_a_site"], secret, busy) for site in drawn]


def wrong(file: Any) -> Iterator[str]:
    """Every line of a published file that does not follow from the others; none if the draw is right."""
    try:
        yield from _wrong(file)
    except (KeyError, TypeError, ValueError, AttributeError, ArithmeticError) as missing:
        yield f"文件：缺少内容或内容不成格式（{type(missing).__name__}: {missing}）"


def _drawn(sites: Sequence[Body], wanted: int, secret: bytes) -> list[Body]:
    keys = {each["site_id"]: _key(secret, each["site_id"], each["weight"]) for each in sites}
    return sorted(sites, key=lambda each: (keys[each["site_id"]], each["site_id"]))[:wanted]


def _key(secret: bytes, site_id: str, weight: int) -> Decimal:
    """-ln(u) / weight, u in (0, 1): exponentially distributed with rate `weight`."""
    uniform = EXACT.divide(Decimal(2 * _number(secret, f"site|{site_id}") + 1), Decimal(2**257))
    return EXACT.divide(EXACT.minus(EXACT.ln(uniform)), Decimal(weight))


def _number(secret: bytes, of: str) -> int:
    return int.from_bytes(hmac.digest(secret, of.encode(), "sha256"), "big")


def _with_officers(site: Body, officers: Sequence[Body], wanted: int, secret: bytes, busy: Counter[str]) -> Body:
    """Counts in `busy` what the chosen ones have to do."""
    free = [each["officer_id"] for each in officers if not set(each["conflicts"]) & set(site["firm_ids"])]
    free.sort(key=lambda each: (busy[each], _number(secret, f"officer|{site['site_id']}|{each}"), each))
    chosen = sorted(free[:wanted]) if len(free) >= wanted else []
    busy.update(chosen)
    return {
        "site_id": site["site_id"],
        "officers": chosen,
        "without": None if chosen else TOO_FEW_OFFICERS,
    }


def _wrong(file: Body) -> Iterator[str]:
    if file["format"] != FORMAT:
        yield f"文件：格式应为 {FORMAT}，文件写的是 {file['format']}"
    committed, seed = file["committed"], file["seed"]
    if hash_of({name: value for name, value in file.items() if name != "digest"}) != file["digest"]:
        yield "文件：摘要与内容不符，公布之后有改动"
    if hash_of(committed) != file["commitment"]:
        yield "承诺：抽取前的名单、权重、人员或参数与承诺不符，承诺之后有改动"
    if hash_of_nonce(file["nonce"]) != committed["nonce_hash"]:
        yield "随机数：公布的随机数不是承诺时的那一个"
    if datetime.fromisoformat(seed["announced_at"]) <= datetime.fromisoformat(committed["committed_at"]):
        yield f"种子：公布时间 {seed['announced_at']} 不晚于承诺时间 {committed['committed_at']}"
    if normal_seed(seed["value"]) != seed["value"] or not seed["value"]:
        yield f"种子：写法不规范，应为 {normal_seed(seed['value'])!r}"
    yield from _wrong_population(committed)
    yield from _wrong_result(committed, result(committed, file["commitment"], file["nonce"], seed["value"]), file)


def _wrong_population(committed: Body) -> Iterator[str]:
    for kind, id_field in (("sites", "site_id"), ("officers", "officer_id")):
        for each, count in Counter(each[id_field] for each in committed[kind]).items():
            if count > 1:
                yield f"名单：{each} 出现了 {count} 次"
    if committed["officers_a_site"] < FEWEST_OFFICERS:
        yield f"参数：每个工程应有 {FEWEST_OFFICERS} 名以上执法人员，文件写的是 {committed['officers_a_site']}"
    worth = {each["code"]: (each["points"], each["most"]) for each in committed["rules"]["factors"]}
    for each in committed["sites"]:
        for reason in each["why"]:
            points, most = worth[reason["factor"]]
            if reason["points"] != points * min(reason["count"], most):
                yield f"权重：工程 {each['name']}（{each['site_id']}）的理由 {reason['factor']} 与计分规则不符"
        weight = committed["rules"]["base"] + sum(reason["points"] for reason in each["why"])
        if type(each["weight"]) is not int or each["weight"] != weight or weight < 1:
            yield f"权重：工程 {each['name']}（{each['site_id']}）应为 {weight}，文件写的是 {each['weight']}"


def _wrong_result(committed: Body, right: Sequence[Body], file: Body) -> Iterator[str]:
    names = {each["site_id"]: each["name"] for each in committed["sites"]}
    people = {each["officer_id"]: each["name"] for each in committed["officers"]}
    told = file["result"]
    if len(told) != len(right):
        yield f"结果：应抽取 {len(right)} 个工程，文件写了 {len(told)} 个"
    for place, (should, says) in enumerate(zip(right, told, strict=False), start=1):
        if should["site_id"] != says["site_id"]:
            yield f"工程：第 {place} 个应为 {_called(names, should['site_id'])}，文件写的是 {_called(names, says['site_id'])}"
        elif should != says:
            right_ones, told_ones = (_all_called(people, each["officers"]) for each in (should, says))
            yield f"执法人员：第 {place} 个工程 {_called(names, should['site_id'])} 应为 {right_ones}，文件写的是 {told_ones}"


def _called(names: dict[str, str], key: str) -> str:
    return f"{names[key]}（{key}）" if key in names else f"名单以外的 {key}"


def _all_called(names: dict[str, str], keys: Sequence[str]) -> str:
    return "、".join(_called(names, each) for each in keys) or "无（无需回避的人员不足）"


def verify(path: Path, commitment: str = "") -> tuple[list[str], list[str]]:
    """What is wrong with a file, and what no program can look up, so that a person has to; `commitment`, if given, is what
    was written down before the seed was known."""
    try:
        file = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError) as unreadable:
        return [f"文件：无法读取（{unreadable}）"], []
    found = list(wrong(file))
    if commitment and isinstance(file, dict) and file.get("commitment") != commitment.strip().lower():
        found.append(f"承诺：抽取前公布的是 {commitment.strip()}，文件写的是 {file.get('commitment')}")
    return found, [] if found else list(_to_compare(file, commitment))


def _to_compare(file: Body, commitment: str) -> Iterator[str]:
    if not commitment:
        yield f"抽取之前公布的承诺值是不是 {file['commitment']}"
    seed, source = file["seed"], file["committed"]["seed_source"]
    yield f"“{source}”公布的号码是不是 {seed['value']}，是不是在 {seed['announced_at']} 公布"


def main(arguments: Sequence[str]) -> int:
    """0: the draw is right; 1: something is wrong, said line by line; 2: asked in a wrong way."""
    if len(arguments) not in (2, 3) or arguments[0] != "verify":
        sys.stderr.write("python -m enforcement.draw verify FILE [COMMITMENT]\n")
        return 2
    found, to_compare = verify(Path(arguments[1]), *arguments[2:])
    sys.stdout.writelines(f"[错误] {line}\n" for line in found)
    if not found:
        sys.stdout.write("[正确] 承诺、种子、抽取的工程和执法人员均可由本文件重新算出\n")
    sys.stdout.writelines(f"[请核对] {line}\n" for line in to_compare)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
