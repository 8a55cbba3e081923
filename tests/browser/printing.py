"""A clerk prints what came of an application, and a passer-by checks the paper."""

from playwright.sync_api import Page, expect

from tests.browser.window import Windows
from tests.journeys.test_printing import link_on


def print_certificate(windows: Windows, clerk: Page) -> None:
    """From the application's page, by one click: a PDF whose code says that it is genuine."""
    printed = clerk.get_by_role("link", name="打印证书")
    with clerk.expect_popup() as opened:
        printed.click()
    assert "certificate.pdf" in opened.value.url
    paper = clerk.request.get(str(printed.get_attribute("href")))
    assert paper.headers["content-type"] == "application/pdf"
    passer = windows.open()
    passer.goto(link_on(paper.body()))
    expect(passer.get_by_text("真实有效")).to_be_visible()
