"""A firm that comes for the first time: it registers on the page, as a stranger, and is let in."""

from playwright.sync_api import Page, expect

from tests.browser import hands
from tests.journeys import forms
from tests.journeys.world import PASSWORD, Firm, World


def register(page: Page, kind: str = "owner") -> tuple[str, str]:
    """Returns user name and the firm's name; the page shows the registration."""
    page.goto("/login")
    page.get_by_role("main").get_by_role("link", name="注册").click()
    username = f"newcomer{next(forms.serial)}"
    form = forms.registration(f"{username}建设有限公司", [kind], "130102")
    page.get_by_label("用户名").fill(username)
    page.get_by_label("姓名").first.fill("经办人")
    page.get_by_label("密码 必填", exact=True).fill(PASSWORD)
    page.get_by_label("再输一次密码").fill(PASSWORD)
    hands.fill_in(page, form)
    hands.choose_files(page, "E1", "E2", "E3")
    page.get_by_role("button", name="提交注册").click()
    expect(page.locator(".told")).to_contain_text("注册已提交")
    return username, str(form["name"])


def register_and_open(page: Page, world: World, kind: str) -> Firm:
    """Registered by hand; opened without pages, since the owner's journey clicks that."""
    username, name = register(page, kind)
    world.decide(page.url.rsplit("/", 1)[-1], world.county)
    client = world.door.another().sign_in(username, PASSWORD)
    return Firm(client, str(client.me["organisation"]["organisation_id"]), name)
