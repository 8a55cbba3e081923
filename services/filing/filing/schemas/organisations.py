"""Requests and replies about divisions, agencies and enterprises."""

from chassis.schemas import Choice, CreditCode, Free, Id, Integer, Moment, Part, Phone, Rows, Schema, Text
from chassis.searching import SHORTEST
from filing.fields import ENTERPRISE_KINDS
from filing.schemas.applications import SubmitReply
from filing.schemas.common import AREA, LEVELS, FileToAttach, Listed, OfferedAgency, Page

KINDS = {"enterprise": "企业", "agency": "监督机构", "platform": "平台"}
STAGES = {"pending": "注册审核中", "open": "已开通", "closed": "已关闭"}
DIVISION = r"[0-9]{6}"
MOST_NAMED = 200


class ListDivisions(Schema):
    under = Text("上级辖区", max=30, pattern=AREA, allow_none=True, load_default=None)


class Division(Schema):
    code = Text("行政区划代码")
    name = Text("名称")
    level = Choice("级别", choices=LEVELS)
    area = Text("辖区")


class Divisions(Schema):
    document = Text("依据")
    as_of = Text("截至")
    items = Rows(Part(Division))


class ListAgencies(Schema):
    area = Text("辖区", max=30, pattern=AREA, allow_none=True, load_default=None)
    level = Choice("级别", choices=LEVELS, allow_none=True, load_default=None)


class Agency(Schema):
    organisation_id = Id()
    name = Text("机构名称")
    level = Choice("级别", choices=LEVELS)
    division = Text("行政区划代码")
    area = Text("辖区")
    code = Text("机构编码")
    address = Text("地址")
    phone = Text("电话")


class Agencies(Schema):
    items = Rows(Part(Agency))


class CreateAgency(Schema):
    organisation_id = Id("机构", allow_none=True, load_default=None)
    name = Text("机构名称", min=2, max=100, required=True)
    division = Text("行政区划代码", max=6, pattern=DIVISION, required=True)
    zone_code = Text("开发区等机构的编码", max=6, pattern=DIVISION, allow_none=True, load_default=None)
    address = Text("地址", max=200, load_default="")
    contact = Text("联系人", max=30, load_default="")
    phone = Text("电话", max=30, load_default="")


class OfferAgencies(Schema):
    matter = Text("事项", max=60, required=True)
    form = Free("表单", load_default=dict)


class OfferedAgencies(Schema):
    """Whoever may handle it, the one to propose first."""

    route = Text("受理规则")
    items = Rows(Part(OfferedAgency))


class RegisterEnterprise(Schema):
    organisation_id = Id("单位", required=True)
    application_id = Id("申请", required=True)
    form = Free("注册信息", required=True)
    attachments = Rows(Part(FileToAttach), "材料", max=200, load_default=list)
    agency_id = Id("受理机构", allow_none=True, load_default=None)


class RegisterReply(SubmitReply):
    organisation_id = Id()


class GetOrganisation(Schema):
    organisation_id = Id("单位", required=True)


class NameOrganisations(Schema):
    organisation_ids = Rows(Id(), "单位", max=MOST_NAMED, required=True)


class OrganisationName(Schema):
    organisation_id = Id(required=True)
    name = Text(required=True)


class OrganisationNames(Schema):
    items = Rows(Part(OrganisationName), required=True)


class ListOrganisations(Page):
    kind = Choice("类别", choices=KINDS, allow_none=True, load_default=None)
    enterprise_kind = Choice("单位类型", choices=ENTERPRISE_KINDS, allow_none=True, load_default=None)
    stage = Choice("状态", choices=STAGES, allow_none=True, load_default=None)
    area = Text("辖区", max=30, pattern=AREA, allow_none=True, load_default=None)
    q = Text("查找", min=SHORTEST, max=60, allow_none=True, load_default=None)


class OrganisationItem(Schema):
    organisation_id = Id()
    version = Integer()
    kind = Choice("类别", choices=KINDS)
    name = Text("名称")
    credit_code = CreditCode(allow_none=True)
    kinds = Rows(Choice("单位类型", choices=ENTERPRISE_KINDS), "单位类型")
    level = Text("级别")
    division = Text("行政区划代码")
    area = Text("辖区")
    place = Text("所在地")
    stage = Choice("状态", choices=STAGES)
    created_at = Moment("登记时间")


class OrganisationPage(Listed):
    items = Rows(Part(OrganisationItem))


class OrganisationDetail(OrganisationItem):
    """The card; what follows `created_at` only for the organisation itself and its agencies."""

    address = Text("地址")
    contact = Text("联系人")
    phone = Phone("联系电话")
    details = Free("注册信息")
    application_id = Id("注册申请", allow_none=True)
    opened_at = Moment("开通时间", allow_none=True)


class Registration(Schema):
    application_id = Id()
    stage = Text("环节")


class SignInProfile(Schema):
    organisation_id = Id()
    name = Text("名称")
    kind = Choice("类别", choices=KINDS)
    kinds = Rows(Text(), "单位类型")
    level = Text("级别")
    area = Text("辖区")
    division = Text("行政区划代码")
    stage = Choice("状态", choices=STAGES)
    registration = Part(Registration, "注册申请", allow_none=True)
