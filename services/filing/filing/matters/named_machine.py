"""The filed machine that a matter names."""

from typing import Any

from chassis.findings import Finding, error
from chassis.schemas import Choice, Schema
from filing.fields import MACHINE_KINDS, Reference
from filing.matters.base import Facts

OF_THE_KIND = {"kind": "machine_kind"}


class NamesMachine(Schema):
    machine_kind = Choice("设备类型", choices=MACHINE_KINDS, required=True, section="设备")
    machine_id = Reference(
        "设备",
        "machines",
        given=OF_THE_KIND,
        wanted={"stage": ["filed"]},
        required=True,
        help="选择已备案的设备；不是本单位的设备，请输入完整的备案编号",
    )


class NamesInstalledMachine(Schema):
    machine_kind = Choice("设备类型", choices=MACHINE_KINDS, required=True, section="设备")
    machine_id = Reference(
        "设备",
        "machines",
        given=OF_THE_KIND | {"project_id": "project_id"},
        wanted={"stage": ["installed", "registered"]},
        required=True,
        help="选择已安装在该工程上的设备",
    )


def check_kind(facts: Facts) -> list[Finding]:
    """The kind that the form names decides which certificates are asked of people, so it must be the machine's."""
    if facts.machine is None or facts.machine["kind"] == facts.form["machine_kind"]:
        return []
    return [error("machine_of_other_kind", "form.machine_kind", kind=facts.machine["kind"])]


def machine_words(facts: Facts) -> dict[str, Any]:
    """What a certificate shows of the machine."""
    machine = facts.machine or {}
    names = ("filing_number", "kind", "model", "maker", "serial_number")
    return {name: machine[name] for name in names if machine.get(name) is not None}
