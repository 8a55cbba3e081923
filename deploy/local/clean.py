"""`make clean`: stop what a killed run left behind and forget all data of this checkout; .venv stays."""

import shutil
import sys
from pathlib import Path

from chassis.testing.servers import forget_dead_sessions
from deploy.local.plan import ROOT
from deploy.local.run import STATE, lock_of, only_one
from deploy.local.system import System

CACHES = (".pytest_cache", ".mypy_cache", ".ruff_cache", ".hypothesis")


def main() -> int:
    with only_one(STATE) as alone:
        if not alone:
            print(f"the system runs ({lock_of(STATE).read_text().strip() or 'starting'}): stop it first")
            return 1
        _forget_data()
    for cache in [*(ROOT / name for name in CACHES), *_compiled()]:
        shutil.rmtree(cache, ignore_errors=True)
    return 0


def _forget_data() -> None:
    system = System(STATE, print)
    system.stop_left_over()
    system.forget_servers()
    tests = STATE / "test"
    forget_dead_sessions(tests)
    for each in STATE.iterdir():
        if each != tests:  # a test session may be at work
            shutil.rmtree(each) if each.is_dir() else each.unlink()
    if tests.exists() and not any(tests.iterdir()):
        tests.rmdir()


def _compiled() -> list[Path]:
    folders = [ROOT / name for name in ("services", "gateway", "deploy", "tests")]
    return [found for folder in folders for found in folder.rglob("__pycache__")]


if __name__ == "__main__":
    sys.exit(main())
