"""Grades of a comprehensive assessment (综合评定) and the grounds of failing, by edition (pure; data/assessment.toml)."""

from datetime import date

from filing.editions import edition

FAILED = "failed"
OTHER = "other"


def grades(on: date) -> dict[str, str]:
    return dict(edition("assessment", on)["grades"])


def fail_grounds(on: date) -> dict[str, str]:
    return dict(edition("assessment", on)["fail_grounds"])


def months_without(assessed: set[str], starts_on: date, until: date) -> list[str]:
    """The whole months of the works, as 2026-03, in which no self-assessment was made (建质〔2014〕111号: every month)."""
    months = []
    year, month = starts_on.year, starts_on.month
    while (year, month) < (until.year, until.month):
        months.append(f"{year}-{month:02d}")
        year, month = (year, month + 1) if month < 12 else (year + 1, 1)
    return [each for each in months if each not in assessed]
