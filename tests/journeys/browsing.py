"""Somebody at a browser without scripts: follows links, sends a page's forms with what stands in them."""

import re
from html import unescape
from typing import Any

import httpx

from deploy.demo.client import Client
from tests.journeys.world import PASSWORD


class Browser:
    """Signs in on the page as the user of an API client, where that one is signed in; `page` is what he sees."""

    def __init__(self, client: Client, password: str = PASSWORD) -> None:
        self.http = httpx.Client(base_url=client.base_url, timeout=30.0, trust_env=False)
        self.page = ""
        self.open("/login")
        if client.token:
            self.send("/login", username=client.me["account"]["username"], password=password)

    def open(self, path: str) -> str:
        """The page at an address, after all that it leads on to."""
        return self._seen(self.http.get(path, follow_redirects=True))

    def send(self, path: str, *, files: Any = None, **typed: Any) -> str:
        """A form of the page, with the token, the key and the version that it holds; what comes after it."""
        hidden = {name: self.hidden(name) for name in ("_csrf", "_key", "version", "_version", "_matter")}
        data = {name: value for name, value in hidden.items() if value} | typed
        return self._seen(self.http.post(path, data=data, files=files, follow_redirects=True))

    def hidden(self, name: str) -> str:
        found = re.search(rf'name="{name}" value="([^"]*)"', self.page)
        return unescape(found.group(1)) if found else ""

    def _seen(self, answer: httpx.Response) -> str:
        assert answer.status_code < 500, answer.text
        self.status, self.address = answer.status_code, answer.url.path
        self.page = answer.text
        return unescape(self.page)
