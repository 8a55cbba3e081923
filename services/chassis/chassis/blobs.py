"""Blobs: bytes kept under their SHA-256, in a folder by default, in any store that fsspec knows in production."""

import hashlib
import re

import fsspec


class BlobStore:
    """Content-addressed and append-only: the same bytes are kept once, and nothing is ever changed."""

    def __init__(self, uri: str) -> None:
        self._files, self._root = fsspec.core.url_to_fs(uri)

    def put(self, content: bytes) -> str:
        """Keep `content`; returns its SHA-256 in hex. Repeating it is free."""
        name = hashlib.sha256(content).hexdigest()
        path = self._path(name)
        if not self._files.exists(path):
            self._files.makedirs(path.rsplit("/", 1)[0], exist_ok=True)
            # Written aside, then moved: a reader never sees half a blob, whenever this process dies.
            aside = f"{path}.{id(content)}.part"
            self._files.pipe_file(aside, content)
            self._files.mv(aside, path)
        return name

    def get(self, name: str) -> bytes:
        """The bytes kept under `name`; raises FileNotFoundError."""
        content: bytes = self._files.cat_file(self._path(name))
        return content

    def exists(self, name: str) -> bool:
        return bool(self._files.exists(self._path(name)))

    def _path(self, name: str) -> str:
        if not re.fullmatch(r"[0-9a-f]{64}", name):
            raise FileNotFoundError(name)
        return f"{self._root}/{name[:2]}/{name}"
