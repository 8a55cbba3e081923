"""The people who sign in, each once, and the accounts that administrators make for others."""

import threading
from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from deploy.demo.client import Client
from deploy.demo.kept import Kept


@dataclass(frozen=True)
class NewAccount:
    """An account to be made by somebody else. `organisation_id` only where the platform's operator makes it."""

    username: str
    name: str
    roles: tuple[str, ...]
    organisation_id: str = ""


class Users:
    """Signed-in clients by user name, shared by all threads."""

    def __init__(self, door: Client, kept: Kept) -> None:
        self.door, self.kept = door, kept
        self._clients: dict[str, Client] = {}
        self._locks: defaultdict[str, threading.Lock] = defaultdict(threading.Lock)
        self._lock = threading.Lock()

    def known_as(self, username: str, password: str | None = None) -> Client:
        """The client of a user, signed in at first use; without a password, with the one of this load."""
        with self._lock:
            own = self._locks[username]
        with own:
            if username not in self._clients:
                password = password or self.kept.password(username)
                self._clients[username] = self.door.another().sign_in(username, password)
            return self._clients[username]

    def make(self, maker: Client, account: NewAccount) -> Client:
        """Have an account made, and its password changed at first use; one that is there already is left as it is."""
        if self.kept.resumed and (there := _found(maker, account)):
            if not there["must_change_password"]:
                return self.known_as(account.username)
            reset = maker.post(f"/accounts/{there['account_id']}/password-reset")
            return self._first_use(account.username, reset["one_time_password"])
        body: dict[str, Any] = {"username": account.username, "name": account.name, "roles": list(account.roles)}
        body |= {"organisation_id": account.organisation_id} if account.organisation_id else {}
        made = maker.post("/accounts", body, key=self.kept.key("account", account.username))
        return self._first_use(account.username, made["one_time_password"])

    def _first_use(self, username: str, one_time: str) -> Client:
        client = self.known_as(username, one_time)
        new = self.kept.password(username)
        client.post("/account/password", {"current_password": one_time, "new_password": new})
        return client


def _found(maker: Client, account: NewAccount) -> dict[str, Any] | None:
    asked = {"organisation_id": account.organisation_id} if account.organisation_id else {}
    for each in maker.items("/accounts", q=account.username, **asked):
        if each["username"] == account.username:
            return each
    return None
