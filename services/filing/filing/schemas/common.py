"""Parts that many requests and replies share."""

from chassis.paging import DEFAULT_LIMIT, MAX_LIMIT
from chassis.schemas import Choice, Day, Flag, Free, Id, Integer, Moment, Part, Rows, Schema, Text

SHA256 = r"[0-9a-f]{64}"
LEVELS = {"province": "省级", "city": "市级", "county": "县级"}
CERTIFICATE_STAGES = {"valid": "有效", "suspended": "暂停使用", "cancelled": "已注销", "replaced": "已补发、换发"}
AREA = r"13(\.[0-9]{4,6}){0,3}"


class Nothing(Schema):
    """A request that says nothing."""


class Page(Schema):
    """What every list takes: how many, and after which place."""

    limit = Integer("条数", min=1, max=MAX_LIMIT, load_default=DEFAULT_LIMIT)
    after = Text("接续处", max=300, allow_none=True, load_default=None)


class Listed(Schema):
    """What every list tells beside its items: where it goes on, and with the first page how many there are in all,
    counted up to 1,000, of a common word up to the hits of its newest month: past that `total` is not exact (1,000+)."""

    next = Text("下一页", allow_none=True)
    total = Integer("总数", allow_none=True)
    total_is_exact = Flag("总数确切", allow_none=True)


class FileToAttach(Schema):
    """A file in the blob store; several of one code are its parts, in order. Size and type are looked up there."""

    code = Text("材料代码", max=20, required=True)
    sha256 = Text("文件摘要", max=64, pattern=SHA256, required=True)
    name = Text("文件名", max=200, required=True)
    size = Integer("字节数", min=1)
    media_type = Text("文件类型", max=100)


class Attachment(FileToAttach):
    """As it is kept."""

    size = Integer("字节数", required=True)
    media_type = Text("文件类型", required=True)


class Finding(Schema):
    """What a machine-made check found."""

    code = Text("代码", required=True)
    severity = Choice("程度", choices={"error": "不符合", "warning": "提示"}, required=True)
    path = Text("位置", required=True)
    detail = Free("内容", required=True)


class OfferedAgency(Schema):
    """One that may handle an application."""

    organisation_id = Id()
    name = Text("机构名称")
    level = Choice("级别", choices=LEVELS)
    area = Text("辖区")


class Actor(Schema):
    """Whose turn it is."""

    organisation_id = Id(allow_none=True)
    organisation_name = Text("单位")
    role = Text("角色")


class Person(Schema):
    """Who acted."""

    user_id = Text()
    user_name = Text()
    organisation_id = Text()
    organisation_name = Text()


class Deadline(Schema):
    """The legal limit of a matter and where it stands written."""

    limit = Integer("时限")
    unit = Choice("单位", choices={"workdays": "工作日", "hours": "小时"})
    basis = Text("依据")


class Line(Schema):
    """A line of a certificate, in words."""

    name = Text()
    label = Text()
    text = Text()


class Certificate(Schema):
    """A certificate (证书, 回执) as those concerned see it."""

    certificate_id = Id()
    version = Integer()
    kind = Text()
    title = Text("证书名称")
    number = Text("编号")
    verification_code = Text("验证码")
    application_id = Id()
    holder_id = Id()
    holder_name = Text("持证单位")
    agency_id = Id()
    agency_name = Text("发证机构")
    project_id = Id(allow_none=True)
    project_name = Text("工程", allow_none=True)
    machine_id = Id(allow_none=True)
    issued_on = Day("发证日期")
    valid_to = Day("有效期至", allow_none=True)
    stage = Choice("状态", choices=CERTIFICATE_STAGES)
    cancelled_at = Moment("注销时间", allow_none=True)
    cancel_reason = Text("注销原因")
    replaces = Id("补发（换发）自", allow_none=True)
    replaced_by = Id("补发（换发）为", allow_none=True)
    shown = Free("公示内容")
    lines = Rows(Part(Line), "公示内容（文字）")
