"""Users, permissions and policies of a broker as RabbitMQ's own definitions, from the data in `deploy/broker`.

`users.json`: each user's tags and what it may configure, write and read (regular expressions over names).
`policies.json`: each policy as RabbitMQ writes it, without the virtual host.
"""

import base64
import hashlib
import json
import secrets
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

OPERATOR = "operator"


def users(folder: Path) -> dict[str, dict[str, Any]]:
    """Every user of the broker by name."""
    loaded: dict[str, dict[str, Any]] = json.loads((folder / "users.json").read_text())
    return loaded


def of_users(folder: Path, password_of: Callable[[str], str]) -> dict[str, Any]:
    """The definitions of the users themselves, on no virtual host yet."""
    return {
        "users": [
            {
                "name": name,
                "password_hash": hashed(password_of(name)),
                "hashing_algorithm": "rabbit_password_hashing_sha256",
                "tags": user["tags"],
            }
            for name, user in users(folder).items()
        ]
    }


def of_virtual_hosts(folder: Path, names: Sequence[str]) -> dict[str, Any]:
    """The definitions of virtual hosts, with every user's permissions and all policies on each."""
    policies = json.loads((folder / "policies.json").read_text())
    return {
        "vhosts": [{"name": name} for name in names],
        "permissions": [
            {"user": user, "vhost": name, **{act: rights[act] for act in ("configure", "write", "read")}}
            for name in names
            for user, rights in users(folder).items()
        ],
        "policies": [{**policy, "vhost": name} for name in names for policy in policies],
    }


def hashed(password: str) -> str:
    """RabbitMQ's salted form of a password."""
    salt = secrets.token_bytes(4)
    return base64.b64encode(salt + hashlib.sha256(salt + password.encode()).digest()).decode()
