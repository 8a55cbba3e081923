"""Requests and replies about certificates."""

from chassis.schemas import Choice, Day, Free, Id, Part, Rows, Schema, Text
from filing.schemas.common import Certificate, Line, Page

KEPT_STAGES = {"valid": "有效", "cancelled": "已注销"}
STAGES = KEPT_STAGES | {"expired": "已过期"}


class ListCertificates(Page):
    kind = Text("证书种类", max=60, allow_none=True, load_default=None)
    stage = Choice("状态", choices=KEPT_STAGES, allow_none=True, load_default=None)
    number = Text("编号", max=60, allow_none=True, load_default=None)
    holder_id = Id("持证单位", allow_none=True, load_default=None)
    project_id = Id("工程", allow_none=True, load_default=None)
    machine_id = Id("设备", allow_none=True, load_default=None)
    application_id = Id("申请", allow_none=True, load_default=None)
    runs_out_before = Day("到期早于", allow_none=True, load_default=None)


class CertificatePage(Schema):
    items = Rows(Part(Certificate))
    next = Text(allow_none=True)


class GetCertificate(Schema):
    certificate_id = Id("证书", required=True)


class VerifyCertificate(Schema):
    code = Text("验证码", max=60, required=True)


class Verification(Schema):
    """What anybody learns by the code on a certificate."""

    kind = Text()
    title = Text("证书名称")
    number = Text("编号")
    holder_name = Text("持证单位")
    agency_name = Text("发证机构")
    issued_on = Day("发证日期")
    valid_to = Day("有效期至", allow_none=True)
    stage = Choice("状态", choices=STAGES)
    cancelled_on = Day("注销日期", allow_none=True)
    shown = Free("公示内容")
    lines = Rows(Part(Line), "公示内容（文字）")
