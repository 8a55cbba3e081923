"""When a paper was printed: on every one of them (pure)."""

from dataclasses import dataclass
from datetime import date, datetime

from chassis.clock import SHANGHAI, day_of

SYSTEM = "建筑工程安全生产监督管理系统"


@dataclass(frozen=True)
class Stamp:
    at: datetime

    @property
    def today(self) -> date:
        return day_of(self.at)

    @property
    def words(self) -> str:
        return f"打印时间 {self.at.astimezone(SHANGHAI):%Y-%m-%d %H:%M}"
