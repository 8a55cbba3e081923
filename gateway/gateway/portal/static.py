"""Styles, scripts and pictures of the pages: our own, and the libraries that gateway/assets/build.py fetches.

Their address holds a word that changes with their content, so browsers may keep them for ever.
"""

import hashlib
from functools import cache
from pathlib import Path

from flask import Flask, Response, send_from_directory
from werkzeug.exceptions import NotFound

OWN = Path(__file__).parent / "static"
FOR_EVER = "public, max-age=31536000, immutable"
BUILD = Path(__file__).parents[2] / "build" / "portal"
FOLDERS = {"own": OWN, "lib": BUILD}
WORD_LENGTH = 12


@cache
def edition() -> str:
    """A word that changes whenever one of the files does."""
    digest = hashlib.sha256()
    for folder in FOLDERS.values():
        for file in sorted(each for each in folder.rglob("*") if each.is_file()):
            digest.update(file.name.encode() + file.read_bytes())
    return digest.hexdigest()[:WORD_LENGTH]


def address(path: str) -> str:
    """`address("own/portal.css")`: where a page finds the file."""
    return f"/static/{edition()}/{path}"


def install(app: Flask) -> None:
    app.add_url_rule("/static/<word>/<folder>/<path:name>", "static", _file)


def _file(word: str, folder: str, name: str) -> Response:
    """Any word will do: a page of the edition before may still be open somewhere."""
    if folder not in FOLDERS:
        raise NotFound
    response = send_from_directory(FOLDERS[folder], name)
    response.headers["Cache-Control"] = FOR_EVER
    return response
