"""The notice to people who are located."""

from chassis.schemas import Day, Integer, Rows, Schema, Text


class PrivacyTermsRequest(Schema):
    """Nothing: it is the notice of today."""


class PrivacyTermsReply(Schema):
    """Hours are of the Shanghai day: from the first until before the second. Raw positions are kept `kept_days`."""

    version = Text("版本", required=True)
    in_force = Day("生效日期", required=True)
    from_hour = Integer("定位开始（时）", required=True)
    until_hour = Integer("定位结束（时）", required=True)
    kept_days = Integer("原始定位保存天数", required=True)
    purpose = Text("处理目的", required=True)
    necessity = Text("必要性", required=True)
    grounds = Rows(Text(), "合法性依据", required=True)
    kinds = Rows(Text(), "信息种类", required=True)
    seen_by = Rows(Text(), "谁能看到", required=True)
    rights = Rows(Text(), "本人的权利", required=True)
    objection = Text("如何提出异议", required=True)
