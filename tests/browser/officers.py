"""An officer at his inbox."""

from playwright.sync_api import Page, expect


def open_from_inbox(officer: Page, applicant: str, machine: str = "") -> None:
    """Searched for, since the queue may be longer than a page: by the machine's number where the firm has more in hand."""
    looked_for = machine or applicant
    officer.get_by_role("link", name="待办事项").first.click()
    officer.get_by_role("searchbox", name="查找", exact=True).fill(looked_for)
    officer.get_by_role("button", name="筛选").click()
    officer.get_by_role("row", name=looked_for).get_by_role("link").click()
    expect(officer.get_by_role("heading", level=1)).to_contain_text(applicant)


def decide(officer: Page, act: str, words: str = "") -> None:
    """By the button of this name; the page that comes next says that it is done."""
    if words:
        officer.get_by_role("textbox", name="意见").fill(words)
    officer.get_by_role("button", name=act, exact=True).click()
    expect(officer.locator(".told")).to_contain_text(f"已{act}")


def handle(officer: Page, applicant: str, act: str, words: str = "", machine: str = "") -> None:
    officer.goto("/")
    open_from_inbox(officer, applicant, machine)
    decide(officer, act, words)
