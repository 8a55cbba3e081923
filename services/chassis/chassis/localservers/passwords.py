"""Passwords that nobody has to know: made once, kept in one file that only its owner may read."""

import json
import secrets
import threading
from pathlib import Path


class Passwords:
    """One password for each name; the same one every time."""

    def __init__(self, file: Path) -> None:
        self.file = file
        self.known: dict[str, str] = json.loads(file.read_text()) if file.exists() else {}
        self.lock = threading.Lock()

    def __call__(self, name: str) -> str:
        with self.lock:
            if name not in self.known:
                self.known[name] = secrets.token_urlsafe(24)
                self.file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
                self.file.touch(mode=0o600)
                self.file.write_text(json.dumps(self.known, indent=2) + "\n")
            return self.known[name]
