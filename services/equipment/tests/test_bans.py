"""The list of what is forbidden (建设部公告第659号): by model and name, however they are typed, from its day on."""

from datetime import date

import pytest

from equipment.bans import ban_on
from equipment.terms import Specification

TODAY = date(2026, 3, 2)


def machine(kind: str, model: str, name: str = "塔式起重机") -> Specification:
    return Specification(kind=kind, name=name, model=model, made_on=date(2020, 1, 1))


@pytest.mark.parametrize("model", ["QTG20", "QTG25", "qtg-30", "ＱＴＧ 25", "QTG20A", "QTG—25(改)"])
def test_the_three_models_are_banned_however_they_are_typed(model: str) -> None:
    ban = ban_on(machine("T", model), TODAY)

    assert ban is not None
    assert ban.document == "建设部公告第659号"


@pytest.mark.parametrize("model", ["QTZ25", "QTG40", "QTG250", "QTG60", "TC5610", "XQTG20"])
def test_others_of_like_name_are_not(model: str) -> None:
    assert ban_on(machine("T", model), TODAY) is None


def test_a_simple_derrick_is_banned_by_its_name() -> None:
    assert ban_on(machine("T", "JJ-1", "井架简易塔式起重机"), TODAY) is not None
    assert ban_on(machine("W", "JJ-1", "井架物料提升机"), TODAY) is None


def test_home_made_material_hoists_are_banned() -> None:
    assert ban_on(machine("W", "SSD-1", "自制物料提升机"), TODAY) is not None
    assert ban_on(machine("W", "摩擦式卷扬机", "物料提升机"), TODAY) is not None
    assert ban_on(machine("W", "SSB100", "物料提升机"), TODAY) is None


def test_a_ban_binds_from_its_day_on() -> None:
    assert ban_on(machine("T", "QTG20"), date(2007, 6, 13)) is None
    assert ban_on(machine("T", "QTG20"), date(2007, 6, 14)) is not None
