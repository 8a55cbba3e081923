"""Debian's Chromium before the whole system; every test ends with a look at what its pages did."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from deploy.local import chromium
from deploy.local.system import System
from tests.browser.window import Windows


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """One for the folder: windows are cheap, a browser is not."""
    with chromium.browser() as browser:
        yield browser


@pytest.fixture
def windows(browser: Browser, system: System) -> Iterator[Windows]:
    """Fails the test when a page asked another host, wrote an error to the console or got an answer of 5xx."""
    windows = Windows(browser, system.address())
    yield windows
    windows.close()
    assert not windows.wrong, windows.wrong
