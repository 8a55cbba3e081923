"""Files that are not what they say, and names that would like to be more than names."""

import io
from urllib.parse import quote

import pytest
from PIL import Image

from deploy.demo import papers
from tests.security.scene import OWNER, Scene

SVG = b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'
MARKUP = b"<html><script>alert(document.domain)</script></html>"
NO_FILES = (
    SVG, MARKUP, b"\xef\xbb\xbf" + SVG, b"   " + MARKUP, b"<!--%PDF-1.4-->" + MARKUP, b"GIF89a/*" + MARKUP,
    b"\x89PNG" + MARKUP, b"%!PS-Adobe", b"RIFF\0\0\0\0WEBP" + MARKUP, b"PK\x03\x04" + MARKUP,
)  # fmt: skip
NAMES = (
    "../../../etc/passwd", "..\\..\\windows\\win.ini", "%2e%2e%2f%2e%2e%2fetc%2fpasswd", "a\r\nSet-Cookie: evil=1.png",
    'a"; filename="evil.html', "图.png\u202egpj.exe", "x.html", "a\x00.html", ".htaccess", "C:evil.html",
)  # fmt: skip
CLIMBING = (
    "/static/x/own/../../pages.py", "/static/x/own/%2e%2e/%2e%2e/pages.py", "/static/x/own/..%2f..%2fpages.py",
    "/static/x/own/..%5c..%5cpages.py", "/static/x/lib/....//....//settings.py", "/static/x/own//etc/passwd",
    "/static/x/own/%00", "/static/x/../own/css/portal.css", "/static/..%2f/own/x", "/api/v1/%2e%2e/%2e%2e/etc/passwd",
)  # fmt: skip


def picture(tail: bytes = b"") -> bytes:
    kept = io.BytesIO()
    Image.new("RGB", (32, 32), "white").save(kept, "PNG")
    return kept.getvalue() + tail


@pytest.mark.parametrize("content", NO_FILES, ids=range(len(NO_FILES)))
def test_what_a_browser_might_run_is_not_taken_whatever_it_is_called(scene: Scene, content: bytes) -> None:
    """By a page's form and by the API alike; what is called by its name is told by its content."""
    browser = scene.browsers[OWNER]
    browser.open(f"/applications/{scene.draft}/edit")
    sent = {"_file.F1": ("合格证.png", content, "image/png")}
    browser.send(f"/applications/{scene.draft}/edit", files=sent, _do="show")
    assert browser.status in (413, 415, 422)
    answer = scene.owner.client.http.post(
        f"{scene.owner.client.base_url}/api/v1/attachments",
        params={"name": "a.png"},
        content=content,
        headers={
            "Authorization": f"Bearer {scene.owner.client.token}", "Content-Type": "image/png", "Idempotency-Key": "a" * 32,
        },
    )  # fmt: skip
    assert answer.status_code in (415, 422)


@pytest.mark.parametrize("content", [picture(MARKUP), papers.pdf("文件") + MARKUP], ids=["picture", "pdf"])
def test_a_file_that_is_two_things_is_given_out_as_the_harmless_one(scene: Scene, content: bytes) -> None:
    """Its type is looked at again, no browser guesses another, nothing in it may run, nor may it be framed elsewhere."""
    try:
        kept = scene.owner.client.upload("/attachments", content, name="x.html")
    except Exception as refused:  # not taken at all is as good
        assert getattr(refused, "status", 0) == 415
        return
    given = attached(scene, kept, "x.html")

    assert given.headers["Content-Type"] in ("image/png", "application/pdf")
    assert given.headers["X-Content-Type-Options"] == "nosniff"
    policy = given.headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'") and "script-src" not in policy
    assert given.headers["X-Frame-Options"] == "SAMEORIGIN"


@pytest.mark.parametrize("name", NAMES)
def test_a_name_is_only_a_name(scene: Scene, name: str) -> None:
    """Whether it came with the file, or with the application that the file belongs to."""
    kept = scene.owner.client.upload("/attachments", picture(), name=name.replace("\x00", ""))
    assert not set(kept["name"]) & set('/\\<>":|?*\r\n\0')
    given = attached(scene, kept, name.replace("\x00", ""))
    if given is None:
        return  # filing does not take such a name

    told = given.headers["Content-Disposition"]
    assert told.startswith("inline; filename*=UTF-8''") and told.isascii() and told.count(";") == 1
    assert not set(told.partition("''")[2]) & set('"\\/\r\n <>')
    assert "evil" not in given.cookies and given.headers["Content-Type"] == "image/png"


def attached(scene: Scene, kept: dict, name: str):
    """The file as it is given out with a draft that names it so; None where that is refused."""
    client = scene.owner.client
    draft = client.get(f"/applications/{scene.draft}")
    attachments = [{"code": "F1", "sha256": kept["sha256"], "name": name}]
    answer = client.http.put(
        f"{client.base_url}/api/v1/applications/{scene.draft}/draft",
        json={"version": draft["version"], "attachments": attachments},
        headers={"Authorization": f"Bearer {client.token}", "Idempotency-Key": kept["sha256"][:30] + quote(name)[:8]},
    )
    if answer.status_code == 422:
        return None
    assert answer.status_code == 200, answer.text
    return scene.browsers[OWNER].http.get(f"/api/v1/applications/{scene.draft}/attachments/{kept['sha256']}")


@pytest.mark.parametrize("path", CLIMBING)
def test_no_address_climbs_out_of_its_folder(scene: Scene, path: str) -> None:
    answer = scene.browsers[OWNER].http.get(path)
    if answer.status_code == 308:  # slashes too many: the address as it should be, which is ours
        assert answer.headers["Location"].startswith(str(scene.browsers[OWNER].http.base_url))
        answer = scene.browsers[OWNER].http.get(answer.headers["Location"])
    assert answer.status_code in (400, 404) or answer.headers["Content-Type"].startswith("text/css"), answer.text[:80]


def test_a_file_is_fetched_only_through_a_record_that_has_it(scene: Scene) -> None:
    """Its hash alone opens nothing: not with an application of one's own, and not with another's."""
    mine = scene.stranger.client.post("/applications", {"matter": "machine_filing"})["application_id"]
    stranger = scene.browsers["stranger"].http
    for application in (mine, scene.ids["application_id"]):
        assert (
            stranger.get(f"/api/v1/applications/{application}/attachments/{scene.ids['attachment']}").status_code == 404
        )
    day = f"/api/v1/projects/{scene.ids['project_id']}/work-logs/{scene.ids['day']}/photos"
    assert stranger.get(f"{day}/{scene.ids['photo']}").status_code == 404
    assert scene.browsers[OWNER].http.get(f"{day}/{scene.ids['photo']}").status_code == 200
    assert scene.browsers[OWNER].http.get(f"{day}/{scene.ids['attachment']}").status_code == 404
