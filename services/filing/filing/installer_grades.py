"""Which machine an installer of a grade may install (pure; data/installer_grades.toml, domain.md §1.8)."""

from datetime import date

from filing.editions import edition

GRADES = {"1": "一级", "2": "二级", "3": "三级"}


def may_install(grade: str, machine_kind: str, rated_moment_knm: float | None, on: date) -> bool:
    """Whether the grade reaches to a machine of this kind and rated moment; an unknown moment is not enough proof."""
    rule = next((each for each in edition("installer_grades", on)["grade"] if each["code"] == grade), None)
    if rule is None or machine_kind not in rule["kinds"]:
        return False
    limit = rule["kinds"][machine_kind].get("max_moment")
    return limit is None or (rated_moment_knm is not None and rated_moment_knm <= limit)


def largest_moment(grade: str, machine_kind: str, on: date) -> float | None:
    """The limit in kN·m that the grade sets for a kind, None for no limit; KeyError for what it may not install."""
    rule = next(each for each in edition("installer_grades", on)["grade"] if each["code"] == grade)
    limit = rule["kinds"][machine_kind].get("max_moment")
    return None if limit is None else float(limit)
