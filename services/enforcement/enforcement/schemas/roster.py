"""Officers and their interests in firms."""

from chassis.schemas import Day, Flag, Id, Part, Rows, Schema, Text


class EnterOfficerRequest(Schema):
    name = Text("姓名", min=2, max=40, required=True)
    certificate_number = Text("执法证号", min=4, max=40, required=True)
    certificate_valid_to = Day("执法证有效期至", required=True)
    user_id = Id("账号", allow_none=True, load_default=None)


class OfficerRequest(Schema):
    officer_id = Id("执法人员", required=True)


class OfficerReply(Schema):
    officer_id = Id(required=True)


class EnterInterestRequest(OfficerRequest):
    firm = Text("企业名称或统一社会信用代码", min=2, max=100, required=True)
    reason = Text("回避事由", min=2, max=200, required=True)
    since = Day("起始日期", required=True)
    until = Day("截止日期", allow_none=True, load_default=None)


class EndInterestRequest(Schema):
    interest_id = Id("回避", required=True)
    until = Day("截止日期", required=True)


class InterestReply(Schema):
    interest_id = Id(required=True)


class ListOfficersRequest(Schema):
    """Those of one's own agency."""


class InterestItem(Schema):
    """`reason` is empty for colleagues who do not keep the roster."""

    interest_id = Id(required=True)
    firm_id = Id(required=True)
    firm_name = Text("企业", required=True)
    reason = Text("回避事由", required=True)
    since = Day("起始日期", required=True)
    until = Day("截止日期", allow_none=True, required=True)


class OfficerItem(OfficerReply):
    name = Text("姓名", required=True)
    certificate_number = Text("执法证号", required=True)
    certificate_valid_to = Day("执法证有效期至", required=True)
    user_id = Id("账号", allow_none=True, required=True)
    is_me = Flag(required=True)
    interests = Rows(Part(InterestItem), required=True)


class ListOfficersReply(Schema):
    items = Rows(Part(OfficerItem), required=True)
    may_keep = Flag(required=True)
