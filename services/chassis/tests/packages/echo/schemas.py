from chassis.contract import Told
from chassis.schemas import Choice, Day, Flag, Heard, Moment, Number, Part, Rows, Schema, Text


class EchoRequest(Schema):
    text = Text("文字", max=100, required=True)
    seconds = Number("秒", min=0, max=60, load_default=0.0)


class EchoReply(Schema):
    text = Text("文字", required=True)
    user_id = Text("用户")
    key = Text("键", allow_none=True)
    trace = Text("踪迹")
    left = Number("余秒")


class BehaveRequest(Schema):
    how = Choice(
        "方式", choices=["conflict", "bug", "wrong_reply", "wrong_refusal", "block_hub", "database_away"], required=True
    )


class BehaveReply(Schema):
    day = Day("日期")


class MomentsReply(Schema):
    day = Day("日期")
    at = Moment("时刻")
    rate = Number("比率")
    parts = Rows(Text("部分"), "部分")


class Nothing(Schema):
    pass


class Inner(Schema):
    width = Number("宽", unit="m", required=True)


class ThingHappened(Schema):
    text = Text("文字", max=100, required=True)
    inner = Part(Inner, "内")
    done = Flag("完成")


class ThingHeard(Heard):
    text = Text("文字", max=100, required=True)
    seconds = Number("秒", load_default=0.0)
    how = Text("方式", load_default="")


EVENTS = [
    Told("echo_heard", 1, ThingHappened, {"short": {"text": "好"}, "whole": {"text": "好", "inner": {"width": 2.5}}})
]
