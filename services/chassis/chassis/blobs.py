"""Blobs: bytes kept under their SHA-256, in a folder by default, in any store that fsspec knows in production.

What nobody uses is put aside (`discard`) before it is removed (`empty`): whoever turns to it meanwhile has it back, so
that a file which somebody begins to use at that very moment is never lost.
"""

import hashlib
import re
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import TypeVar

import fsspec

from chassis import media
from chassis.media import Kept

ASIDE = "aside"
PART = 256 * 1024  # bytes
Read = TypeVar("Read")


class BlobStore:
    """Content-addressed: the same bytes are kept once, and nothing is ever changed."""

    def __init__(self, uri: str) -> None:
        self._files, self._root = fsspec.core.url_to_fs(uri)

    @staticmethod
    def name_of(content: bytes) -> str:
        """The SHA-256 in hex, under which these bytes are kept."""
        return hashlib.sha256(content).hexdigest()

    def put(self, content: bytes) -> str:
        """Keep `content`; returns its name. Repeating it is free."""
        name = self.name_of(content)
        path = self._path(name)
        if not self._files.exists(path):
            self._files.makedirs(path.rsplit("/", 1)[0], exist_ok=True)
            # Written beside, then moved: a reader never sees half a blob, whenever this process dies.
            part = f"{path}.{id(content)}.part"
            self._files.pipe_file(part, content)
            self._files.mv(part, path)
        return name

    def put_file(self, path: Path) -> str:
        """Keep a file of any length, of which never more than a part is in memory; returns its SHA-256 in hex."""
        with path.open("rb") as file:
            name = hashlib.file_digest(file, "sha256").hexdigest()
        kept = self._path(name)
        if not self._files.exists(kept):
            self._files.makedirs(kept.rsplit("/", 1)[0], exist_ok=True)
            part = f"{kept}.{path.name}.part"
            self._files.put_file(str(path), part)
            self._files.mv(part, kept)
        return name

    def parts(self, name: str) -> Iterator[bytes]:
        """The bytes kept under `name`, part by part; raises FileNotFoundError before the first one."""
        file = self._reading(name, self._files.open)
        return iter(partial(file.read, PART), b"")

    def get(self, name: str) -> bytes:
        """The bytes kept under `name`; raises FileNotFoundError."""
        content: bytes = self._reading(name, self._files.cat_file)
        return content

    def look(self, name: str) -> Kept | None:
        """How large the blob is and what it is, by a few of its bytes; None where there is none."""
        try:
            return self._reading(name, self._look)
        except FileNotFoundError:
            return None

    def exists(self, name: str) -> bool:
        return bool(self._files.exists(self._path(name)))

    def discard(self, name: str) -> None:
        """Put the blob aside. Whoever gets it or looks at it before it is emptied has it back."""
        self._move(self._path(name), self._aside(name))

    def restore(self, name: str) -> bool:
        """Have back what was put aside; whether it was."""
        return self._move(self._aside(name), self._path(name))

    def empty(self, name: str) -> None:
        """Remove what was put aside and nobody has had back."""
        try:
            self._files.rm_file(self._aside(name))
        except FileNotFoundError:
            return

    def remove(self, name: str) -> None:
        """At once: for what only one could use, who is done with it."""
        self.discard(name)
        self.empty(name)

    def _reading(self, name: str, read: Callable[[str], Read]) -> Read:
        path = self._path(name)
        try:
            return read(path)
        except FileNotFoundError:
            if not self.restore(name):
                raise
            return read(path)

    def _look(self, path: str) -> Kept:
        with self._files.open(path, "rb") as file:
            return Kept(self._files.size(path), media.type_of(file))

    def _move(self, path: str, to: str) -> bool:
        try:
            self._files.makedirs(to.rsplit("/", 1)[0], exist_ok=True)
            self._files.mv(path, to)
        except FileNotFoundError:
            return False
        return True

    def _path(self, name: str) -> str:
        if not re.fullmatch(r"[0-9a-f]{64}", name):
            raise FileNotFoundError(name)
        return f"{self._root}/{name[:2]}/{name}"

    def _aside(self, name: str) -> str:
        return f"{self._path(name)}.{ASIDE}"
