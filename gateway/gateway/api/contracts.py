"""The services' contracts: the schemas of request and reply of each RPC, as data."""

import json
from functools import cache
from pathlib import Path
from typing import Any

from gateway.bus import Rpc

Body = dict[str, Any]


class Contracts:
    """`folder` holds `<service>/contract/rpc/<method>.json`, the schema of {"request": …, "reply": …}."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._read = cache(self._load)

    def request(self, rpc: Rpc) -> Body:
        return self._part(rpc, "request")

    def reply(self, rpc: Rpc) -> Body:
        return self._part(rpc, "reply")

    def knows(self, rpc: Rpc) -> bool:
        return self._path(rpc).exists()

    def _part(self, rpc: Rpc, part: str) -> Body:
        found: Body = self._read(rpc).get("properties", {}).get(part) or {"type": "object"}
        return found

    def _load(self, rpc: Rpc) -> Body:
        path = self._path(rpc)
        if not path.exists():
            return {}
        content: Body = json.loads(path.read_text(encoding="utf-8"))
        return content

    def _path(self, rpc: Rpc) -> Path:
        return self._folder / rpc.service / "contract" / "rpc" / f"{rpc.method}.json"
