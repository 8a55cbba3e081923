"""A window of the browser: who sits before it, and what no page may do, whoever looks at it."""

from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Request, Response, expect

from deploy.demo.client import Client
from tests.journeys.world import PASSWORD

PATIENCE_MS = 15_000
# What Chromium writes of an answer that is no success, or of none at all; `Windows` looks at the answers themselves.
OF_THE_NETWORK = "Failed to load resource"
COOKIE = "anjian_session"

expect.set_options(timeout=PATIENCE_MS)


class Windows:
    """Opens windows, each with a session of its own; `wrong` gathers what pages did that none may do."""

    def __init__(self, browser: Browser, address: str) -> None:
        self.browser, self.address = browser, address
        self.host = urlsplit(address).netloc
        self.wrong: list[str] = []
        self.contexts: list[BrowserContext] = []

    def open(self, client: Client | None = None, **options: Any) -> Page:
        """A page for whom `client` stands, already signed in; for a stranger without one."""
        options = {"viewport": {"width": 1280, "height": 900}, "locale": "zh-CN", "accept_downloads": True} | options
        context = self.browser.new_context(base_url=self.address, timezone_id="Asia/Shanghai", **options)
        self.contexts.append(context)
        context.set_default_timeout(PATIENCE_MS)
        if client is not None and client.token is not None:
            context.add_cookies([{"name": COOKIE, "value": client.token, "url": self.address}])
        context.on("request", self._asked)
        context.on("response", self._answered)
        context.on("console", self._said)
        context.on("weberror", lambda error: self.wrong.append(f"script: {error.error}"))
        return context.new_page()

    def photograph(self, folder: Path) -> None:
        """Every page as it stands, for whoever has to find out why a test failed."""
        folder.mkdir(parents=True, exist_ok=True)
        pages = [page for context in self.contexts for page in context.pages]
        for number, page in enumerate(pages):
            page.screenshot(path=folder / f"{number}.png", full_page=True)

    def close(self) -> None:
        for context in self.contexts:
            context.close()

    def _asked(self, request: Request) -> None:
        told = urlsplit(request.url)
        # The browser's own parts (its viewer of PDF) have addresses of other kinds.
        if told.scheme in ("http", "https", "ws", "wss") and told.netloc != self.host:
            self.wrong.append(f"another host was asked: {request.url}")

    def _answered(self, response: Response) -> None:
        if response.status >= 500 or (response.status == 404 and not response.request.is_navigation_request()):
            self.wrong.append(f"{response.status} {response.url}")

    def _said(self, message: ConsoleMessage) -> None:
        if message.type == "error" and not message.text.startswith(OF_THE_NETWORK):
            self.wrong.append(f"console: {message.text} ({message.location.get('url')})")


def sign_in(page: Page, username: str, password: str = PASSWORD) -> None:
    """On the page, as people do."""
    page.goto("/login")
    page.get_by_label("用户名").fill(username)
    page.get_by_label("密码").fill(password)
    page.get_by_role("main").get_by_role("button", name="登录").click()
    expect(page.get_by_role("button", name="退出")).to_be_visible()
