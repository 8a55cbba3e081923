"""Who has to be on a project: one in each leading post, and full-time safety officers by the size of the works (pure;
data/staffing.toml, 建质〔2008〕91号)."""

from dataclasses import dataclass
from datetime import date

from filing.editions import edition

ONLY_ONE = ("project_manager", "technical_lead", "owner_lead", "chief_supervisor")
WORKS_KINDS = {
    "building": "建筑工程",
    "decoration": "装修工程",
    "civil": "土木工程",
    "municipal": "市政工程",
    "pipeline": "线路管道工程",
    "equipment": "设备安装工程",
}


@dataclass(frozen=True)
class Minimum:
    """`officers` are needed because `measure` ("floor_area" in m², "contract_price" in yuan) reaches `reached`."""

    officers: int
    measure: str
    reached: float
    document: str


def minimum_safety_officers(works_kind: str, floor_area: float, contract_price: float, on: date) -> Minimum:
    """By floor area for building and decoration, by contract price for the rest; each step starts at its figure."""
    rule = edition("staffing", on)
    measure = rule["measures"][works_kind]
    size = floor_area if measure == "floor_area" else contract_price
    step = [each for each in rule[measure]["steps"] if each["from"] <= size][-1]
    return Minimum(step["officers"], measure, step["from"], rule["document"])
