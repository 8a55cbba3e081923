"""The public page of a certificate: genuine, suspended, cancelled, expired, or not what the register says; nothing of people."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from werkzeug.test import TestResponse

from chassis.errors import NotFound, Unavailable
from gateway.api.contracts import Contracts
from gateway.documents.certificates import MARKS
from gateway.documents.public import VERIFY
from gateway.documents.signatures import Fit, Signatures
from gateway.documents.verification import STATES
from gateway.parts import Parts
from gateway.settings import REPOSITORY
from gateway.testing import papers
from gateway.testing.rooms import Rooms
from gateway.testing.visits import Visit


class Passer:
    """Somebody with a phone, who has no account."""

    def __init__(self, visit: Callable[..., Visit]) -> None:
        self.client = visit().client

    def open(self, path: str, **options: Any) -> TestResponse:
        return self.client.get(path, **options)


@pytest.fixture
def passer(visit: Callable[..., Visit]) -> Passer:
    return Passer(visit)


@pytest.fixture
def link(parts: Parts) -> str:
    """What the QR code of the printed certificate says."""
    return f"/v/{papers.CODE}?s={parts.signatures.sign(papers.CODE, papers.certificate())}"


def word(reply: TestResponse) -> str:
    found = re.search(r'class="word \w+">\s*<span aria-hidden="true">.</span>\s*([^<]+)', reply.text)
    assert found is not None, reply.text
    return found[1].strip()


@pytest.mark.parametrize(
    ("register", "said"),
    [
        ({}, "真实有效"),
        ({"stage": "suspended", "suspended_on": "2026-04-01"}, "已暂停"),
        ({"stage": "cancelled", "cancelled_on": "2026-05-01"}, "已注销"),
        ({"stage": "replaced", "replaced_by_number": "冀使130102-2026-00002"}, "已换发"),
        ({"stage": "expired"}, "已过期"),
        ({"holder_name": "另一家公司"}, "信息不符"),
        ({"number": "冀使130102-2026-00009"}, "信息不符"),
        ({"kind": "install_receipt"}, "信息不符"),
        ({"valid_to": "2100-01-01"}, "信息不符"),
        ({"issued_on": "2026-03-06"}, "信息不符"),
        ({"shown": {"project": "另一个工程", "kind": "T"}}, "信息不符"),
    ],
)
def test_the_page_says_in_one_word_what_the_register_says_of_this_paper(
    passer: Passer, rooms: Rooms, link: str, register: dict[str, Any], said: str
) -> None:
    rooms.say("filing.verify_certificate", papers.verification(**register))

    reply = passer.open(link)

    assert reply.status_code == 200
    assert word(reply) == said
    assert said in reply.text.partition("</title>")[0]


def test_every_state_that_filing_may_tell_has_its_word() -> None:
    told = Contracts(REPOSITORY / "services").reply(VERIFY)["properties"]["stage"]["enum"]

    assert set(told) == set(STATES)
    assert set(told) - {"valid"} == set(MARKS), "and is printed across a paper"


def test_it_shows_what_to_compare_the_paper_with_and_when_it_was_looked_up(
    passer: Passer, rooms: Rooms, link: str
) -> None:
    rooms.say("filing.verify_certificate", papers.verification())

    text = passer.open(link).text

    for told in (
        "建筑起重机械使用登记证",
        "冀使130102-2026-00001",
        "河北某某建设工程有限公司",
        "工程名称",
        "某某花园一期",
    ):
        assert told in text
    for told in (
        "塔式起重机",
        "石家庄市长安区建筑工程安全监督站",
        "2026年3月5日",
        "2099年2月23日",
        "ABCD-EFGH-JKMN-PQRS",
    ):
        assert told in text
    assert re.search(r"查验时间 20\d\d-\d\d-\d\d \d\d:\d\d", text)
    assert rooms.asked_of("filing.verify_certificate")[0].request == {"code": papers.CODE}


@pytest.mark.parametrize(
    ("register", "said"),
    [
        ({"stage": "suspended", "suspended_on": "2026-04-01"}, "自 2026年4月1日 起暂停使用"),
        ({"stage": "cancelled", "cancelled_on": "2026-05-01"}, "已于 2026年5月1日 注销"),
        (
            {"stage": "replaced", "replaced_by_number": "冀使130102-2026-00002"},
            "编号为 冀使130102-2026-00002 的证书替代",
        ),
    ],
)
def test_one_that_is_not_in_force_says_since_when_or_for_what(
    passer: Passer, rooms: Rooms, link: str, register: dict[str, Any], said: str
) -> None:
    rooms.say("filing.verify_certificate", papers.verification(**register))

    assert said in passer.open(link).text


@pytest.mark.parametrize(
    "change",
    [
        lambda s: s[:-1] + ("A" if s[-1] != "A" else "B"),
        lambda s: "9." + s[2:],
        lambda s: "",
        lambda s: "x",
        lambda s: s + "0",
    ],
)
def test_an_altered_signature_is_seen(passer: Passer, rooms: Rooms, parts: Parts, change: Callable[[str], str]) -> None:
    rooms.say("filing.verify_certificate", papers.verification())
    signature = parts.signatures.sign(papers.CODE, papers.certificate())

    reply = passer.open(f"/v/{papers.CODE}", query_string={"s": change(signature)})

    assert word(reply) == "信息不符"
    assert "河北某某建设工程有限公司" in reply.text, "what the register says is shown to compare"


def test_a_signature_of_another_certificate_does_not_fit(passer: Passer, rooms: Rooms, parts: Parts) -> None:
    rooms.say("filing.verify_certificate", papers.verification())
    of_another = parts.signatures.sign("Z" * 16, papers.certificate())

    assert word(passer.open(f"/v/{papers.CODE}?s={of_another}")) == "信息不符"


def test_a_code_typed_from_the_paper_is_looked_up_however_it_is_typed(passer: Passer, rooms: Rooms) -> None:
    rooms.say("filing.verify_certificate", papers.verification())

    typed = passer.open("/v", query_string={"code": " abcd-efgh jkmn－pqrs "})

    assert (typed.status_code, typed.headers["Location"]) == (302, f"/v/{papers.CODE}")
    reply = passer.open(typed.headers["Location"])
    assert word(reply) == "真实有效"
    assert "请逐项核对" in reply.text
    assert "验证码" in passer.open("/v").text


def test_a_code_of_nothing_is_no_certificate(passer: Passer, rooms: Rooms) -> None:
    rooms.say("filing.verify_certificate", NotFound("certificate_unknown"))

    for path in ("/v/ZZZZ", "/v/%00", "/v/%F0%9F%98%80", "/v/'%20or%20true", "/v/" + "A" * 3000, "/v/<script>alert(1)"):
        reply = passer.open(path)
        assert reply.status_code == 404, path
        assert word(reply) == "信息不符"
        assert "<script" not in reply.text


def test_while_the_register_is_silent_nothing_is_said_against_the_paper(
    passer: Passer, rooms: Rooms, link: str
) -> None:
    rooms.say("filing.verify_certificate", Unavailable("claims_unavailable"))

    reply = passer.open(link)

    assert reply.status_code == 503
    assert word(reply) == "暂时无法查验"
    assert "这不说明证书有问题" in reply.text


def test_nothing_on_the_page_is_markup_of_somebody_elses(passer: Passer, rooms: Rooms) -> None:
    line = {"name": "project", "label": "工程名称", "text": "<img src=x onerror=alert(1)>"}
    rooms.say("filing.verify_certificate", papers.verification(holder_name="<script>1</script>", lines=[line]))

    text = passer.open(f"/v/{papers.CODE}").text

    assert "<script" not in text and "<img" not in text
    assert "&lt;script&gt;1" in text


def test_the_page_stands_alone_and_works_on_a_phone(passer: Passer, rooms: Rooms, link: str) -> None:
    rooms.say("filing.verify_certificate", papers.verification())

    reply = passer.open(link)

    assert 'lang="zh-CN"' in reply.text and 'content="width=device-width, initial-scale=1"' in reply.text
    assert not re.search(r"<script|style=|<style|https?://", reply.text)
    [style] = re.findall(r'<link rel="stylesheet" href="([^"]+)"', reply.text)
    assert passer.open(style).content_type == "text/css; charset=utf-8"
    assert "url(" not in passer.open(style).text
    assert "default-src 'none'" in reply.headers["Content-Security-Policy"]
    assert "Set-Cookie" not in reply.headers and reply.headers["X-Robots-Tag"] == "noindex"


# Keys


def test_a_paper_outlives_the_key_that_signed_it() -> None:
    told = papers.certificate()
    of_old = Signatures({"1": "old"}).sign(papers.CODE, told)
    after = Signatures({"1": "old", "2": "new"})

    assert after.fit(of_old, papers.CODE, told) is Fit.FITS
    assert after.sign(papers.CODE, told).startswith("2.")
    assert after.fit(after.sign(papers.CODE, told), papers.CODE, told) is Fit.FITS
    assert Signatures({"2": "new"}).fit(of_old, papers.CODE, told) is Fit.DIFFERS
    assert Signatures({"1": "new"}).fit(of_old, papers.CODE, told) is Fit.DIFFERS


@pytest.mark.parametrize("keys", [{}, {"a.b": "x"}, {"": "x"}, {"toolonganame": "x"}])
def test_keys_without_a_name_to_go_by_are_refused_at_start(keys: dict[str, str]) -> None:
    with pytest.raises(ValueError, match="DOCUMENT_KEYS"):
        Signatures(keys)
