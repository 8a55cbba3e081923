"""`make screenshots`: the main pages of the demo province as pictures, written to docs/pictures.

A running `make run` of this checkout is used; else the system is started, with the demo province, and stopped again.
"""

import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from io import BytesIO

from PIL import Image
from playwright.sync_api import Browser, ViewportSize

from chassis.localservers.children import NotStarted
from deploy.local import chromium, demo
from deploy.local.plan import ROOT
from deploy.local.run import STATE, lock_of, only_one
from deploy.local.shots import SHOTS, Shot, Visitors
from deploy.local.system import System

FOLDER = ROOT / "docs" / "pictures"
DESK: ViewportSize = {"width": 1280, "height": 900}
PHONE: ViewportSize = {"width": 390, "height": 844}
LARGEST = 250_000  # bytes: they are kept in the repository
COLOURS = (256, 128, 64, 32)


def main() -> int:
    try:
        with standing() as address, chromium.browser() as browser:
            visitors = Visitors(address, STATE / "logins.json")
            for shot in SHOTS:
                for ending, size in endings(shot):
                    path = FOLDER / f"{shot.name}{ending}.png"
                    path.write_bytes(small(photograph(browser, visitors, shot, size)))
                    print(f"{path.relative_to(ROOT)}  {path.stat().st_size // 1000} kB", flush=True)
    except NotStarted as error:
        print(error)
        return 1
    return 0


@contextmanager
def standing() -> Iterator[str]:
    """Where the system of this checkout answers, with its demo province: running already, or started for this."""
    with only_one(STATE) as alone:
        if not alone:
            if not (address := lock_of(STATE).read_text().strip()):
                raise NotStarted("`make run` is still starting in this checkout; wait for its `ready`")
            yield address
            return
        system = System(STATE, print)
        try:
            system.start()
            demo.load(system)
            yield system.address()
        finally:
            system.stop()


def endings(shot: Shot) -> Iterator[tuple[str, ViewportSize]]:
    """At a desk; what matters most, or only there, on a phone."""
    if shot.at_desk:
        yield "", DESK
    if shot.on_phone:
        yield "-phone", PHONE


def photograph(browser: Browser, visitors: Visitors, shot: Shot, size: ViewportSize) -> bytes:
    context = browser.new_context(
        base_url=visitors.address, viewport=size, locale="zh-CN", timezone_id="Asia/Shanghai", reduced_motion="reduce",
        device_scale_factor=2 if size is PHONE else 1,
    )  # fmt: skip
    try:
        page = context.new_page()
        visitors.sign_in(context, shot.who)
        shot.go(page)
        page.wait_for_load_state("networkidle")
        return page.screenshot()
    finally:
        context.close()


def small(picture: bytes) -> bytes:
    """With as many colours as fit into the size that a picture may have."""
    whole = Image.open(BytesIO(picture)).convert("RGB")
    made = b""
    for colours in COLOURS:
        out = BytesIO()
        whole.quantize(colours, dither=Image.Dither.NONE).save(out, "PNG", optimize=True)
        made = out.getvalue()
        if len(made) <= LARGEST:
            break
    return made


if __name__ == "__main__":
    with suppress(KeyboardInterrupt):
        sys.exit(main())
