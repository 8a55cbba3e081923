"""Where all works stand still by an order of enforcement, no machine is put up or taken into use."""

from datetime import timedelta
from itertools import permutations
from typing import Any

import pytest

from chassis.envelope import Event
from chassis.errors import Conflict
from chassis.schemas import read
from equipment import hearing
from equipment.heard import WorksHeard
from equipment.reading import get_machine
from services.equipment.tests import factories as f
from services.equipment.tests.factories import CONTRACTOR, INSTALLER, Yard


def tell(yard: Yard, kind: str, order: str = "order", whole: str = "whole", site: str = "长安广场") -> None:
    data = {"order_id": f.an_id(order), "number": f"停{order}号", "project_id": f.an_id(site), "whole": whole}
    event = Event(type=f"work_{kind}", version=1, subject=data["order_id"], data=read(WorksHeard(), data))
    (hearing.work_stopped if kind == "stopped" else hearing.work_resumed)(yard.sessions, event)


def check(yard: Yard, matter: str, machine_id: str, who: Any, application: str = "new", **parts: Any) -> list[str]:
    parts |= {"machine": {"machine_id": machine_id}, "project": f.project(), "check_only": True}
    return [each["code"] for each in yard.reserve(matter, application, who, **parts)["findings"]]


def test_an_install_notice_is_refused_until_all_orders_let_the_works_go_on(yard: Yard) -> None:
    crane = yard.filed()
    tell(yard, "stopped", "first")
    tell(yard, "stopped", "second")
    tell(yard, "resumed", "first")

    with pytest.raises(Conflict) as refused:
        yard.reserve("install_notice", "notice", INSTALLER, machine={"machine_id": crane}, project=f.project())
    assert (refused.value.code, refused.value.detail["orders"]) == ("project_stopped", ["停second号"])

    tell(yard, "resumed", "second")
    assert check(yard, "install_notice", crane, INSTALLER) == []


def test_use_is_not_registered_meanwhile_but_a_machine_may_be_taken_down(yard: Yard) -> None:
    crane = yard.filed()
    yard.installed(crane)
    tell(yard, "stopped")

    assert check(yard, "use_registration", crane, CONTRACTOR, evidence=f.evidence()) == ["project_stopped"]
    assert check(yard, "dismantling_notice", crane, INSTALLER) == []
    assert get_machine(yard.sessions, f.agency(), crane)["stopped_by"] == ["停order号"]


def test_a_stop_of_a_part_hinders_no_machine(yard: Yard) -> None:
    tell(yard, "stopped", whole="part")

    assert check(yard, "install_notice", yard.filed(), INSTALLER) == []


@pytest.mark.parametrize("kinds", sorted(set(permutations(("stopped", "resumed", "stopped", "resumed")))))
def test_the_two_events_come_in_any_order_and_twice(yard: Yard, kinds: tuple[str, ...]) -> None:
    crane = yard.filed()
    for kind in kinds:
        tell(yard, kind)
        yard.clock.advance(timedelta(seconds=1))

    assert check(yard, "install_notice", crane, INSTALLER) == []


def test_what_stops_a_project_stops_that_into_which_it_is_merged(yard: Yard) -> None:
    tell(yard, "stopped", "before", site="未备案工程")
    merged = f.project_event("changed", 2, "未备案工程", stage="merged", merged_into=f.an_id("长安广场"))
    hearing.project(yard.sessions, merged, yard.clock)
    tell(yard, "stopped", "after", site="未备案工程")

    with pytest.raises(Conflict) as refused:
        yard.reserve("install_notice", "notice", INSTALLER, machine={"machine_id": yard.filed()}, project=f.project())
    assert refused.value.detail["orders"] == ["停before号", "停after号"]
