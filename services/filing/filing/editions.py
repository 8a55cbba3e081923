"""The dated rules of filing (data/*.toml)."""

from pathlib import Path

from chassis.editions import Editions

edition = Editions(Path(__file__).parent / "data")
