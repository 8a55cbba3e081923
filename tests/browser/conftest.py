"""Debian's Chromium before the whole system; every test ends with a look at what its pages did."""

from collections.abc import Generator, Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from chassis.localservers.children import NotStarted
from deploy.local import chromium
from deploy.local.plan import ROOT
from deploy.local.system import System
from tests.browser.window import Windows

PATIENCE_SECONDS = 300  # a journey through a dozen pages, on a machine that runs two suites at once
PICTURES = ROOT / ".run" / "browser"  # what a failed test had before it


def pytest_sessionstart() -> None:
    """Chromium is installed, where it is missing, outside of any test's time."""
    with suppress(NotStarted):
        chromium.executable()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if item.path.parent == Path(__file__).parent:
            item.add_marker(pytest.mark.timeout(PATIENCE_SECONDS))


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """One for the folder: windows are cheap, a browser is not."""
    with chromium.browser() as browser:
        yield browser


@pytest.fixture
def windows(browser: Browser, system: System, request: pytest.FixtureRequest) -> Iterator[Windows]:
    """Fails the test when a page asked another host, wrote an error to the console or got an answer of 5xx."""
    windows = Windows(browser, system.address())
    yield windows
    if getattr(request.node, "failed", False):
        windows.photograph(PICTURES / request.node.name)
    windows.close()
    assert not windows.wrong, windows.wrong


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    if report.when == "call":
        item.failed = report.failed  # type: ignore[attr-defined]
    return report
