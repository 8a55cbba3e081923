"""Papers with the real services: from an approval to the certificate on the wall, and what a passer-by reads of it later."""

import re

import httpx
import pypdfium2
import zxingcpp

from deploy.demo.client import PREFIX, Client
from tests.journeys.site import Site


def asked(client: Client, path: str) -> httpx.Response:
    headers = {"Authorization": f"Bearer {client.token}"} if client.token else {}
    return client.http.get(client.base_url + path, headers=headers)


def paper_of(client: Client, path: str) -> bytes:
    answer = asked(client, PREFIX + path)
    assert answer.status_code == 200, answer.text
    return answer.content


def words(content: bytes) -> str:
    document = pypdfium2.PdfDocument(content)
    return "".join("".join(page.get_textpage().get_text_range().split()) for page in document)


def link_on(content: bytes) -> str:
    """What a phone reads from the QR code, less the address of the house."""
    [found] = zxingcpp.read_barcodes(pypdfium2.PdfDocument(content)[0].render(scale=2).to_pil())
    return "/v/" + str(found.text).partition("/v/")[2]


def test_a_printed_use_registration_is_genuine_until_the_crane_is_taken_down(site: Site) -> None:
    machine_id = site.file_machine()
    site.install(machine_id)
    application = site.register_use(machine_id, site.operators())
    clerk, officer, passer = site.contractor.client, site.world.county.acceptor, site.world.door
    certificate = clerk.get(f"/applications/{application}")["certificate"]

    paper = paper_of(clerk, f"/certificates/{certificate['certificate_id']}/certificate.pdf")

    assert certificate["number"] in words(paper) and site.contractor.name in words(paper)
    link = link_on(paper)
    assert "真实有效" in asked(passer, link).text and certificate["number"] in asked(passer, link).text
    altered = re.sub(r"s=(.+)\.(.)", lambda found: f"s={found[1]}.{'A' if found[2] != 'A' else 'B'}", link)
    assert "信息不符" in asked(passer, altered).text

    whole = paper_of(officer, f"/applications/{application}/bundle.pdf")
    assert "目录" in words(whole) and "建筑起重机械备案证明" in words(whole)
    machine = site.machine(machine_id)
    assert machine["serial_number"] in words(paper_of(clerk, f"/applications/{application}/form.pdf"))

    site.world.decide(site.notify_dismantling(machine_id), site.world.county)
    assert "已注销" in asked(passer, link).text
    assert "已注销" in words(paper_of(clerk, f"/certificates/{certificate['certificate_id']}/certificate.pdf"))


def test_papers_are_for_who_may_see_the_record(site: Site) -> None:
    machine_id = site.file_machine()
    application = site.install(machine_id)
    stranger = site.world.other_county.acceptor

    for paper in ("form.pdf", "bundle.pdf"):
        assert asked(stranger, PREFIX + f"/applications/{application}/{paper}").status_code == 404
        assert asked(site.world.door, PREFIX + f"/applications/{application}/{paper}").status_code == 401
    certificate = site.installer.client.get(f"/applications/{application}")["certificate"]["certificate_id"]
    assert asked(stranger, PREFIX + f"/certificates/{certificate}/certificate.pdf").status_code == 404
