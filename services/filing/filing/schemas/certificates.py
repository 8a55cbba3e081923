"""Requests and replies about certificates."""

from chassis.schemas import Choice, Day, Flag, Free, Id, Integer, Moment, Part, Rows, Schema, Text
from chassis.searching import SHORTEST
from filing import matters
from filing.schemas.common import AREA, CERTIFICATE_STAGES, Certificate, Line, Listed, Page, Person

SHORTEST_REASON = 5  # as of every act of an agency against somebody's right
ACTS = {
    "suspend_certificate": "暂停使用",
    "resume_certificate": "恢复使用",
    "cancel_certificate": "注销",
    "reissue_certificate": "补发、换发",
}
KINDS = matters.CERTIFICATES
SORTS = {"issued": "最近发证", "runs_out": "有效期先到"}
STAGES = CERTIFICATE_STAGES | {"expired": "已过期"}


class ListCertificates(Page):
    """All filters together; `number` is the whole of it. `sort` "runs_out" shows only what ends some day; `backwards`
    turns the order round."""

    kind = Choice("证书种类", choices=KINDS, allow_none=True, load_default=None)
    stage = Choice("状态", choices=CERTIFICATE_STAGES, allow_none=True, load_default=None)
    number = Text("编号", max=60, allow_none=True, load_default=None)
    holder_id = Id("持证单位", allow_none=True, load_default=None)
    project_id = Id("工程", allow_none=True, load_default=None)
    machine_id = Id("设备", allow_none=True, load_default=None)
    application_id = Id("申请", allow_none=True, load_default=None)
    runs_out_before = Day("到期早于", allow_none=True, load_default=None)
    area = Text("辖区", max=30, pattern=AREA, allow_none=True, load_default=None)
    q = Text("查找", min=SHORTEST, max=60, allow_none=True, load_default=None)
    sort = Choice("排序", choices=SORTS, load_default="issued")
    backwards = Flag("倒序", allow_none=True, load_default=None)


class CertificatePage(Listed):
    items = Rows(Part(Certificate))


class GetCertificate(Schema):
    certificate_id = Id("证书", required=True)


class CertificateAct(Schema):
    act = Choice("动作", choices=ACTS)
    at = Moment("时间")
    by = Part(Person, "经办人")
    reason = Text("理由")


class CertificateDetail(Certificate):
    """One certificate with all that was done with it; `possible`: what this officer may do with it now."""

    replaces_number = Text("补发（换发）自编号", allow_none=True)
    replaced_by_number = Text("补发（换发）为编号", allow_none=True)
    acts = Rows(Part(CertificateAct), "办理记录")
    possible = Rows(Text(), "可办理的动作")


class ActOnCertificate(Schema):
    certificate_id = Id("证书", required=True)
    version = Integer("版本", min=1, required=True)
    reason = Text("理由", min=SHORTEST_REASON, max=500, required=True)


class ReissueCertificate(ActOnCertificate):
    new_number = Flag("换发新编号", load_default=False)


class CertificateReply(Schema):
    certificate_id = Id()
    version = Integer()
    stage = Choice("状态", choices=CERTIFICATE_STAGES)


class Reissued(Schema):
    certificate_id = Id()
    version = Integer()
    number = Text("编号")


class ReissueReply(CertificateReply):
    """Of the old one; `reissued` is the new one."""

    reissued = Part(Reissued, "补发（换发）的证书")


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
    suspended_on = Day("暂停使用日期", allow_none=True)
    replaced_by_number = Text("补发（换发）的证书编号", allow_none=True)
    shown = Free("公示内容")
    lines = Rows(Part(Line), "公示内容（文字）")
