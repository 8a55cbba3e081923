"""Standards of a civilised site (安全文明工地), by edition (pure; data/civilised_standards.toml)."""

from datetime import date

from filing.editions import edition


def standards(on: date) -> dict[str, str]:
    """Code → title of whatever a safety filing may declare, "none" included."""
    return {each["code"]: each["title"] for each in edition("civilised_standards", on)["standard"]}


def claimable(on: date) -> dict[str, str]:
    """Those that can be applied for."""
    return {
        each["code"]: each["title"] for each in edition("civilised_standards", on)["standard"] if each["is_claimed"]
    }
