from dataclasses import dataclass
from pathlib import Path

from chassis.settings import Common


@dataclass(frozen=True, kw_only=True)
class EchoSettings(Common):
    evidence: Path
