"""The dated rules of enforcement (data/*.toml)."""

from pathlib import Path

from chassis.editions import Editions

edition = Editions(Path(__file__).parent / "data")
