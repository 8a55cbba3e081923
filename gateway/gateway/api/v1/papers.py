"""Papers as PDF: the form of an application, the whole of it, a certificate. Who may see the record may print it."""

from flask import Response, request

from chassis.schemas import Id, Integer, Schema
from gateway.api.admission import as_whom
from gateway.api.routes import Body, Call, Local, Route, Who, get
from gateway.api.v1 import files
from gateway.bus import Rpc
from gateway.documents import applications, certificates, enforcement
from gateway.documents.press import Job
from gateway.documents.stamps import Stamp
from gateway.parts import parts

PRINT_APPLICATION = Rpc("filing", "print_application")
GET_CERTIFICATE = Rpc("filing", "get_certificate")
GET_DOCUMENT = Rpc("enforcement", "get_document")
PDF = "application/pdf"


class PrintedApplication(Schema):
    application_id = Id("申请编号", required=True)
    round = Integer("第几次上报（缺省为最近）", min=1)


class PrintedDocument(Schema):
    document_id = Id("文书编号", required=True)


class PrintedCertificate(Schema):
    certificate_id = Id("证书编号", required=True)


def form(call: Call) -> Response:
    told = _told(call)
    return _printed(applications.form_job(told, _stamp()), applications.name_of(told, applications.FORM))


def bundle(call: Call) -> Response:
    told = _told(call)
    return _printed(applications.bundle_job(told, _stamp()), applications.name_of(told, applications.WHOLE))


def certificate(call: Call) -> Response:
    told = parts().bus.call(GET_CERTIFICATE, call.request, as_whom(call.visitor))
    signature = parts().signatures.sign(told["verification_code"], told)
    paper = certificates.paper(told, public_address(), signature, _stamp())
    return _printed(Job(sheets=[{"template": "certificate", "data": paper}]), f"{told['title']}-{told['number']}.pdf")


def document(call: Call) -> Response:
    """Whoever of its addressee's prints it has opened it: it is served by that."""
    told = parts().bus.call(GET_DOCUMENT, call.request | {"way": "page"}, as_whom(call.visitor))
    paper = enforcement.paper(told, public_address(), _stamp())
    title = f"{told['content']['title']}-{told['number']}.pdf"
    return _printed(Job(sheets=[{"template": "enforcement", "data": paper}]), title)


def public_address() -> str:
    """Where anybody reaches us: as it is set, else as we were asked."""
    return (parts().settings.public_address or request.host_url).rstrip("/")


def _told(call: Call) -> Body:
    return parts().bus.call(PRINT_APPLICATION, call.request, as_whom(call.visitor))


def _stamp() -> Stamp:
    return Stamp(parts().clock())


def _printed(job: Job, name: str) -> Response:
    return files.sent(parts().press.print(job), PDF, name)


ONE = "/applications/{application_id}"
ROUTES: tuple[Route, ...] = (
    get(
        f"{ONE}/form.pdf",
        Local(form, PrintedApplication),
        "打印申请表",
        scope="applications",
        who=Who.NEWCOMER,
        media_type=PDF,
    ),
    get(
        f"{ONE}/bundle.pdf",
        Local(bundle, PrintedApplication),
        "打印全卷：目录、申请表和全部附件",
        scope="applications",
        who=Who.NEWCOMER,
        media_type=PDF,
    ),
    get(
        "/certificates/{certificate_id}/certificate.pdf",
        Local(certificate, PrintedCertificate),
        "打印证书",
        scope="certificates",
        media_type=PDF,
    ),
    get(
        "/documents/{document_id}/document.pdf",
        Local(document, PrintedDocument),
        "打印执法文书（PDF）",
        scope="enforcement",
        media_type=PDF,
    ),
)
