"""Many tasks at once, a few threads, one bar."""

import sys
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from time import monotonic
from types import TracebackType
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

THREADS = 6


@dataclass(frozen=True)
class Task:
    """`label` names the task when it fails."""

    label: str
    run: Callable[[], Any]


class Failed(Exception):
    """A task failed: which, and why."""

    def __init__(self, label: str, cause: BaseException) -> None:
        super().__init__(f"{label}: {cause}")
        self.label, self.cause = label, cause


class Crowd:
    """Runs batches of tasks and shows how far they are: a bar at a terminal, a line a batch elsewhere."""

    def __init__(self, total: int, threads: int = THREADS) -> None:
        self.console = Console(file=sys.stdout, highlight=False)
        self.pool = ThreadPoolExecutor(max_workers=threads, thread_name_prefix="demo")
        columns = (TextColumn("{task.description:<24}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
        self.progress = Progress(*columns, console=self.console, disable=not self.console.is_terminal)
        self.bar = self.progress.add_task("demo province", total=total)

    def __enter__(self) -> "Crowd":
        self.progress.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.pool.shutdown(cancel_futures=True)
        self.progress.stop()

    def run(self, title: str, tasks: Sequence[Task]) -> None:
        """All of them, in no order; raises `Failed` for the first that fails, and leaves out what has not begun."""
        self.progress.update(self.bar, description=title)
        begun = monotonic()
        running = {self.pool.submit(task.run): task for task in tasks}
        for done in as_completed(running):
            if (error := done.exception()) is not None:
                for other in running:
                    other.cancel()
                raise Failed(running[done].label, error)
            self.progress.advance(self.bar)
        if not self.console.is_terminal:
            self.console.print(f"demo province: {title}, {len(tasks)} done in {monotonic() - begun:.1f} s")
