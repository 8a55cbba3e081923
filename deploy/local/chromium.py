"""The machine's own Chromium, for browser tests and pictures: found, or Debian's package installed where allowed.

It is spoken to by Playwright, whose own browsers are never downloaded (decision 0040), and reaches this machine only.
"""

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from chassis.localservers import apt
from deploy.local.plan import ROOT

SCRIPT = Path(__file__).with_name("install_chromium.sh")
LOG = ROOT / ".run" / "logs" / "apt-chromium.log"
NAMES = ("chromium", "chromium-browser", "google-chrome")
ADVICE = (
    "Browser tests and `make screenshots` need Chromium and Chinese letters. Install them (Debian:"
    " apt-get install chromium chromium-l10n fontconfig fonts-noto-cjk)."
)
FLAGS = (
    "--no-sandbox",  # in a container it has none to make
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-default-apps",
    "--disable-domain-reliability",
    # Whatever a page asks for elsewhere is not found.
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
)

# Dates and file fields are drawn by the browser itself.
LANGUAGE = {"LANGUAGE": "zh_CN"}


@contextmanager
def browser() -> Iterator[Browser]:
    """Chromium without a window; installed first where it is missing."""
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(
            executable_path=executable(), args=list(FLAGS), env={**os.environ, **LANGUAGE}
        )
        try:
            yield chromium
        finally:
            chromium.close()


def executable() -> str:
    """Where it is; raises `NotStarted` with what to install."""
    if (found := _found()) is None or not _has_chinese_letters():
        apt.install("chromium and fonts-noto-cjk", SCRIPT, log=LOG, advice=ADVICE)
        found = _found()
    assert found is not None, ADVICE
    return found


def _found() -> str | None:
    return next((path for name in NAMES if (path := shutil.which(name))), None)


def _has_chinese_letters() -> bool:
    """Without them a page is a row of boxes, and nothing on it has its width."""
    if shutil.which("fc-list") is None:
        return False
    listed = subprocess.run(["fc-list", ":lang=zh-cn", "family"], capture_output=True, text=True)
    return bool(listed.stdout.strip())
