"""What people typed is text on every page, whatever it says; what an address says is no more than that."""

import re
from html import unescape
from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit

import pytest

from tests.journeys.browsing import Browser
from tests.security.expected import PAGES
from tests.security.scene import ATTRIBUTE, HOSTILE, OWNER, TAG, Scene
from tests.security.test_who_may_do_what import address

# Every word that a page reads from its address.
WORDS = (
    "q", "number", "queue", "month", "day", "past", "next", "back", "version", "text", "field", "matter", "stage", "kind",
    "area", "scope", "soon", "after", "round", "project_id", "machine_id", "holder_id", "owner_id", "organisation_id",
    "certificate_kind", "works_kind", "enterprise_kind", "first_month", "last_month",
)  # fmt: skip
LEAVING = (
    "//evil.example", "///evil.example", "/\\evil.example", "\\\\evil.example", "\\evil.example", "https:evil.example",
    "https://evil.example/", "//evil.example%2f..", "/\t/evil.example", "\t//evil.example", "/\n/evil.example",
    " //evil.example", "javascript:alert(1)", "data:text/html,x", "//evil.example@127.0.0.1", "/%09/evil.example",
    "/.//evil.example", "\x00//evil.example", "http:///evil.example", "/\r\nSet-Cookie: a=b",
)  # fmt: skip


class Whole(HTMLParser):
    """Reads a page as a browser would, and remembers what no page of ours has."""

    def __init__(self) -> None:
        super().__init__()
        self.foreign: list[str] = []
        self._script = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = {name: value or "" for name, value in attrs}
        self._script = tag == "script"
        # Nothing runs but the files of ours: no script in the page, no handler, no address that is one.
        wrong = tag == TAG or any(name.startswith(("on", ATTRIBUTE)) for name in names)
        wrong |= tag == "script" and "src" not in names and names.get("type") != "application/json"
        wrong |= any(
            names.get(name, "").strip().lower().startswith("javascript:") for name in ("href", "src", "action")
        )
        if wrong:
            self.foreign.append(f"<{tag} {attrs}>")

    def handle_data(self, data: str) -> None:
        if self._script and TAG in data:
            self.foreign.append(data)

    def handle_endtag(self, tag: str) -> None:
        self._script = False


def foreign(page: str) -> list[str]:
    reader = Whole()
    reader.feed(page)
    return reader.foreign


def test_the_reader_would_notice() -> None:
    assert foreign(f'<input value="{HOSTILE}">') and foreign("<p onclick=x>") and foreign("<script>1</script>")
    assert not foreign('<p title="&lt;probe-x onp=1&gt;">&lt;probe-x&gt;</p><script src="/a.js"></script>')


@pytest.mark.parametrize("who", [OWNER, "county", "province"])
def test_what_was_stored_is_text_on_every_page_that_shows_it(scene: Scene, who: str) -> None:
    shown = 0
    for rule in PAGES:
        answer = scene.browsers[who].http.get(
            address(scene, rule), params={"day": scene.ids["day"]}, follow_redirects=True
        )
        if answer.headers["Content-Type"].startswith("text/html"):
            assert not foreign(answer.text), rule
            assert "unsafe-inline" not in answer.headers["Content-Security-Policy"], rule
            shown += "probe-x" in answer.text
    assert shown > 8  # it does stand there


@pytest.mark.parametrize("who", ["anonymous", "county"])
def test_what_an_address_says_comes_back_as_text(scene: Scene, who: str) -> None:
    for rule in PAGES:
        for asked in (
            {"q": HOSTILE, "next": HOSTILE, "back": HOSTILE, "queue": HOSTILE},
            dict.fromkeys(WORDS, HOSTILE),
        ):
            answer = scene.browsers[who].http.get(address(scene, rule), params=asked, follow_redirects=True)
            assert answer.status_code < 500, (rule, asked)
            if answer.headers["Content-Type"].startswith("text/html"):
                assert not foreign(answer.text), (rule, asked)


def test_what_was_typed_comes_back_as_text(scene: Scene) -> None:
    """Forms that are refused show again what was typed."""
    owner, county = scene.browsers[OWNER], scene.browsers["county"]
    fields = dict.fromkeys(
        ("name", "identity_number", "phone", "posts", "username", "model", "maker", "reason"), HOSTILE
    )
    owner.open("/people/new")
    forms = [(owner, "/people/new"), (owner, "/accounts"), (owner, f"/applications/{scene.draft}/edit")]
    county.open("/bulletins")
    forms += [
        (county, f"/acts/projects/{scene.ids['project_id']}/close_project"),
        (county, f"/review/{scene.ids['application_id']}"),
    ]
    for browser, path in forms:
        browser.open(path) if "acts" not in path else None
        typed = fields | {"_matter": "machine_filing", "words": HOSTILE, "act": "more", "correction_text": HOSTILE}
        browser.send(path, **typed | {"_do": "show", "version": HOSTILE, "correction_path": HOSTILE})
        assert not foreign(browser.page), path
    anonymous = scene.browsers["anonymous"]
    anonymous.send("/login", username=HOSTILE, password=HOSTILE, next=HOSTILE)
    assert "probe-x" in anonymous.page and not foreign(anonymous.page)


@pytest.mark.parametrize("wanted", LEAVING)
def test_no_form_and_no_address_leads_to_another_host(scene: Scene, wanted: str) -> None:
    browser = scene.browsers[OWNER]
    browser.open("/bulletins")
    token = {"_csrf": browser.page.partition('name="csrf" content="')[2].partition('"')[0]}
    answers = [
        browser.http.post("/language", data={"language": "zh", "next": wanted} | token),
        browser.http.get("/inbox/next", params={"queue": wanted, "past": wanted}),
        browser.http.get(f"/projects/{scene.ids['project_id']}/work-logs/other", params={"day": wanted}),
        scene.browsers["anonymous"].http.get("/account", params={"next": wanted}),
    ]
    for answer in answers:
        assert is_ours(browser, answer.headers.get("Location", "/")), answer.headers
        assert "a" not in answer.cookies
    page = scene.browsers["anonymous"].http.get("/login", params={"next": wanted}).text
    assert all(is_ours(browser, unescape(each)) for each in re.findall(r'name="next" value="([^"]*)"', page))


def is_ours(browser: Browser, led: str) -> bool:
    """As a browser reads it: it drops tabs and line ends, and takes a backslash for a slash."""
    read = "".join(each for each in led if each not in "\t\r\n").strip().replace("\\", "/")
    base = str(browser.http.base_url)
    return urlsplit(urljoin(base, read)).netloc == urlsplit(base).netloc
