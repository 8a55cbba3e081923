"""A clerk at a matter: from the list of matters to the application that is handed in."""

from collections.abc import Mapping
from typing import Any

from playwright.sync_api import Page, expect

from tests.browser import hands


def fill_in_matter(page: Page, title: str, form: Mapping[str, Any], known: hands.Known, documents: str) -> None:
    """`documents` are the codes of its papers, with spaces between. The project first, as on the page: lists follow from it."""
    page.get_by_role("link", name="业务办理").click()
    page.get_by_role("button", name=f"新增 {title}").click()
    page.wait_for_url("**/edit")  # loaded: its scripts listen to what is typed
    hands.fill_in(page, {name: form[name] for name in sorted(form, key="project_id".__ne__)}, known)
    hands.choose_files(page, *documents.split())


def hand_in(page: Page) -> str:
    """Checked first; returns the application's id."""
    page.get_by_role("button", name="保存并预审").click()
    expect(page.get_by_text("将报送：")).to_be_visible()
    page.get_by_role("button", name="上报").click()
    expect(page.locator(".told")).to_contain_text("已上报")
    return page.url.split("?")[0].rsplit("/", 1)[-1]
