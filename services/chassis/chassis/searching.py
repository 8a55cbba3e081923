"""Search in names and numbers by small pieces of them, which are kept in a column of each row and indexed (GIN).

Chinese has no word borders, so words cannot be indexed; pieces can, and need no extension of the database:

| piece | of 石家庄 QTZ80 | finds it by |
|---|---|---|
| two neighbours of which one is no Latin letter or digit | 石家 家庄 庄q | 家庄 |
| three Latin letters or digits | qtz tz8 z80 | TZ80 |
| six Latin letters or digits, a digit among them | of 13020320260002: 130203 302032 … | 2026-0002 |
| three initials of pinyin | sjz jzq zqt … | sjz |
| two syllables of pinyin | shi'jia jia'zhuang | shijiazhuang |
| how it begins, in two letters or one syllable | ^sj ^shi' | sj, shi |

All pieces of a query must occur, not their order: a rare stranger among the hits is the price. Numbers of one agency and
year are no rare strangers to each other, their threes are the same; so a number is asked for by sixes. A query needs two
characters; two Latin letters or digits find what begins with them. Case, blanks, dashes and brackets do not count.
"""

import unicodedata
from collections.abc import Iterable, Iterator
from functools import cache, lru_cache
from itertools import islice, pairwise, product
from typing import Any

from sqlalchemy import ColumnElement, false, or_

SHORTEST = 2
NUMBER = 6
# Up to so many characters a text may be a person's name: read in every way in which its characters are (单 dan, shan).
NAME_LENGTH = 4
MOST_READINGS = 16
MOST_SPLITS = 4
LONGEST_SYLLABLE = 6
Pieces = list[str]


def search_words(texts: Iterable[str | None]) -> list[str]:
    """What to index of some texts: every piece of each, once."""
    return sorted({piece for text in texts if text for piece in _pieces(text)})


def matches(column: Any, query: str) -> ColumnElement[bool]:
    """Rows in whose texts all pieces of the query occur; none for a query that has no pieces (a single letter)."""
    return or_(false(), *(column.contains(way) for way in ways(query)))


def ways(query: str) -> list[Pieces]:
    """In which ways a query can be meant: as it is written, and as pinyin. Words between blanks must all occur."""
    words = [bare(word) for word in query.split()]
    if not all(list(_neighbours(word)) for word in words):  # "qtz 80", 张 三
        words = ["".join(words)]
    written = sorted({piece for word in words for piece in _asked(word)})
    spoken = _spoken(words[0]) if len(words) == 1 else []
    return [way for way in (written, *spoken) if way]


def bare(text: str) -> str:
    """Letters and digits of a text, half width, in lower case."""
    return "".join(each for each in unicodedata.normalize("NFKC", text).lower() if each.isalnum())


@lru_cache(maxsize=20_000)
def _pieces(text: str) -> frozenset[str]:
    written = bare(text)
    found = {*_neighbours(written), *_numbers(written), *_beginning(written)}
    for syllables in _readings(written):
        initials = "".join(each[0] for each in syllables)
        found.update(_neighbours(initials), _numbers(initials), _beginning(initials))
        found.update(f"{one}'{two}" for one, two in pairwise(syllables) if len(one) > 1 and len(two) > 1)
        found.update(f"^{each}'" for each in syllables[:1] if len(each) > 1)
    return frozenset(found)


def _asked(word: str) -> Iterator[str]:
    if len(word) == SHORTEST:
        yield from _beginning(word)
    numbers = list(_numbers(word))
    yield from numbers
    yield from (each for each in _neighbours(word) if not any(each in number for number in numbers))


def _neighbours(word: str) -> Iterator[str]:
    for place in range(len(word) - 1):
        if not word[place : place + 2].isascii():
            yield word[place : place + 2]
        elif place + 3 <= len(word) and word[place : place + 3].isascii():
            yield word[place : place + 3]


def _numbers(word: str) -> Iterator[str]:
    for place in range(len(word) - NUMBER + 1):
        piece = word[place : place + NUMBER]
        if piece.isascii() and not piece.isalpha():
            yield piece


def _beginning(word: str) -> Iterator[str]:
    if len(word) >= SHORTEST and word[:SHORTEST].isascii():
        yield f"^{word[:SHORTEST]}"


def _readings(word: str) -> Iterator[tuple[str, ...]]:
    """The syllables of each way to read a word; a letter or digit stands for itself. None where nothing is Chinese."""
    if word.isascii():
        return
    pinyin = _pypinyin()
    every = len(word) <= NAME_LENGTH
    read = pinyin.pinyin(word, style=pinyin.Style.NORMAL, heteronym=every, errors=list)
    yield from islice(product(*read), MOST_READINGS)


def _spoken(word: str) -> list[Pieces]:
    """A word of letters as pinyin written out, in the ways it can be split; its last syllable may be unfinished."""
    if not (word.isascii() and word.isalpha()):
        return []
    found = []
    for syllables in islice(_splits(word), MOST_SPLITS):
        pairs = {f"{one}'{two}" for one, two in pairwise(syllables)}
        found.append(sorted(pairs) or [f"^{syllables[0]}'"])
    return found


def _splits(word: str) -> Iterator[tuple[str, ...]]:
    """Into whole syllables; failing that, into whole ones and one begun, which then counts for nothing."""
    if (ends := _ends(word))[0]:
        yield from _whole(word, 0, ends)
        return
    for length in range(1, LONGEST_SYLLABLE):
        head, begun = word[:-length], word[-length:]
        if begun in _beginnings() and len(head) > SHORTEST and (ends := _ends(head))[0]:
            yield from (each for each in _whole(head, 0, ends) if len(each) > 1)


def _ends(word: str) -> list[bool]:
    """From which places on the rest of a word is made of whole syllables: so that no blind alley is walked."""
    ends = [False] * len(word) + [True]
    for place in reversed(range(len(word))):
        lengths = range(1, min(LONGEST_SYLLABLE, len(word) - place) + 1)
        ends[place] = any(word[place : place + n] in _syllables() and ends[place + n] for n in lengths)
    return ends


def _whole(word: str, start: int, ends: list[bool]) -> Iterator[tuple[str, ...]]:
    if start == len(word):
        yield ()
    for stop in range(min(start + LONGEST_SYLLABLE, len(word)), start, -1):
        if ends[stop] and word[start:stop] in _syllables():
            yield from ((word[start:stop], *rest) for rest in _whole(word, stop, ends))


@cache
def _syllables() -> frozenset[str]:
    """Every syllable that a character is read as, without its tone; single letters are initials, no syllables."""
    pinyin = _pypinyin()
    tones = {each for line in pinyin.pinyin_dict.pinyin_dict.values() for each in line.split(",")}
    plain = {pinyin.contrib.tone_convert.to_normal(each) for each in tones}
    return frozenset(each for each in plain if each.isascii() and len(each) > 1 and set(each) & set("aeiouv"))


@cache
def _beginnings() -> frozenset[str]:
    return frozenset(each[:length] for each in _syllables() for length in range(1, len(each)))


@cache
def _pypinyin() -> Any:
    # Half a second and 50 MB: only where names are written or letters searched for.
    import pypinyin
    import pypinyin.contrib.tone_convert
    import pypinyin.pinyin_dict

    return pypinyin
