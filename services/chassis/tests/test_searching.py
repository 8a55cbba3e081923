"""Search by pieces, on a real index-able column: what people type, and what it finds."""

import pytest
from sqlalchemy import select, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
from sqlalchemy.types import Text

from chassis import paging
from chassis.database import Sessions, transaction
from chassis.searching import matches, search_words, ways


class Base(DeclarativeBase):
    """Tables of this test alone."""


class Named(Base):
    __tablename__ = "named"
    name: Mapped[str] = mapped_column(primary_key=True)
    search: Mapped[list[str]] = mapped_column(ARRAY(Text))


NAMES = (
    "石家庄建工集团",
    "保定（第二）建筑公司",
    "西安路桥",
    "单雄信",
    "QTZ80(TC5610)",
    "冀AB-T00042",
    "91130100MA07XXXX1A",
    "受130203-2026-000022",
    "受130203-2026-000202",
    "受130202-2026-000220",
)


@pytest.fixture
def found(sessions: Sessions):
    def found_by(query: str) -> set[str]:
        with transaction(sessions) as session:
            session.execute(text("create temporary table named (name text primary key, search text[]) on commit drop"))
            session.add_all(Named(name=each, search=search_words([each])) for each in NAMES)
            session.flush()
            return set(session.scalars(select(Named.name).where(matches(Named.search, query))))

    return found_by


@pytest.mark.parametrize(
    ("query", "name"),
    [
        ("家庄", "石家庄建工集团"),
        ("sjz", "石家庄建工集团"),
        ("JGJT", "石家庄建工集团"),
        ("shijiazhuang", "石家庄建工集团"),
        ("jianzhugongsi", "保定（第二）建筑公司"),
        ("jiangongjit", "石家庄建工集团"),  # the last syllable is not typed out yet
        ("第二 保定", "保定（第二）建筑公司"),
        ("保定第二", "保定（第二）建筑公司"),
        ("xianlu", "西安路桥"),  # also xian-lu, which nobody is called
        ("shanxiongxin", "单雄信"),
        ("dxx", "单雄信"),
        ("dan", "单雄信"),
        ("sx", "单雄信"),
        ("tc56", "QTZ80(TC5610)"),
        ("qtz 80", "QTZ80(TC5610)"),
        ("ＱＴＺ", "QTZ80(TC5610)"),
        ("冀AB-T00042", "冀AB-T00042"),
        ("冀abt 0004", "冀AB-T00042"),
        ("MA07XXXX", "91130100MA07XXXX1A"),
        ("91", "91130100MA07XXXX1A"),
        ("受130203-2026-000022", "受130203-2026-000022"),
        ("2026000202", "受130203-2026-000202"),
        ("130202-2026", "受130202-2026-000220"),
    ],
)
def test_what_is_typed_finds_the_name_and_no_other(found, query: str, name: str) -> None:
    assert found(query) == {name}


@pytest.mark.parametrize("query", ["", "石", "a", "%", "_", "( )", "庄家", "07", "zzz", "beijing", "'; --"])
def test_what_is_too_short_or_nobodys_finds_nothing(found, query: str) -> None:
    assert found(query) == set()


def test_a_query_of_any_length_is_split_quickly_and_into_few_ways() -> None:
    assert len(ways("an" * 30)) <= 5
    assert len(ways("xianlianggangangxi")) <= 5


@pytest.mark.parametrize(
    ("most", "told"),
    [(len(NAMES), {"total": len(NAMES), "total_is_exact": True}), (3, {"total": 3, "total_is_exact": False})],
)
def test_a_total_is_exact_up_to_a_limit_and_says_so_past_it(sessions: Sessions, most: int, told: object) -> None:
    with transaction(sessions) as session:
        session.execute(text("create temporary table named (name text primary key, search text[]) on commit drop"))
        session.add_all(Named(name=each, search=[]) for each in NAMES)
        session.flush()
        wanted = select(Named).order_by(Named.name)

        assert paging.total(session, wanted, most=most) == told
        assert paging.total(session, wanted, after="there") == {"total": None, "total_is_exact": None}
