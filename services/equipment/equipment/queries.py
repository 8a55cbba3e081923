"""Lists, search and detail as plain values; what a principal may see is decided in SQL."""

from typing import Any

from equipment.models import Machine


def brief(machine: Machine) -> dict[str, Any]:
    """A machine as another service's form shows it."""
    return {
        "machine_id": machine.id,
        "kind": machine.kind,
        "model": machine.model,
        "maker": machine.maker,
        "serial_number": machine.serial_number,
        "filing_number": machine.filing_number,
        "owner_id": machine.owner_id,
        "owner_name": machine.owner_name,
        "owner_area": machine.owner_area,
        "rated_moment_knm": machine.rated_moment_knm,
        "stage": machine.stage,
        "made_on": machine.made_on,
        "service_ends_on": machine.service_ends_on,
    }
