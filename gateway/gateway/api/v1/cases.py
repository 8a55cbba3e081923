"""Penalty cases (处罚案件) with every step of theirs, the calculator, the nearest cases, and how far fines lie apart."""

from typing import Any

from gateway.api.routes import Route, get, post
from gateway.bus import Rpc

ONE = "/cases/{case_id}"
HERE: dict[str, Any] = {"scope": "enforcement"}


def _step(path: str, name: str, summary: str) -> Route:
    return post(f"{ONE}/{path}", Rpc("enforcement", name), summary, **HERE)


ROUTES: tuple[Route, ...] = (
    get("/cases", Rpc("enforcement", "list_cases"), "处罚案件列表", **HERE),
    post("/cases", Rpc("enforcement", "open_case"), "登记案件线索", status=201, **HERE),
    post("/cases/on-the-spot", Rpc("enforcement", "decide_on_the_spot"), "当场作出处罚决定", status=201, **HERE),
    get(ONE, Rpc("enforcement", "get_case"), "处罚案件：期限、办理过程、文书、裁量、可办事项", **HERE),
    get(f"{ONE}/nearest", Rpc("enforcement", "list_nearest_cases"), "最接近的已决案件及不同之处", **HERE),
    _step("file", "file_case", "立案"),
    _step("drop", "drop_case", "撤销案件"),
    _step("extend", "extend_case", "延长核查、办案期限"),
    _step("suspend", "suspend_case", "检测、鉴定、公告期间中止计算办案期限"),
    _step("resume", "resume_case", "恢复计算办案期限"),
    _step("investigators", "replace_investigators", "更换办案人员（回避）"),
    _step("evidence", "attach_evidence", "补充证据"),
    _step("evidence/hold", "hold_evidence", "先行登记保存证据"),
    _step("evidence/settle", "settle_evidence", "处理登记保存的证据"),
    _step("discussion", "record_discussion", "登记集体讨论"),
    _step("weighing", "weigh_case", "按所录事实试算本案裁量（不留存）"),
    _step("conclude", "conclude_investigation", "调查终结"),
    _step("review", "review_case", "法制审核"),
    _step("notify", "notify_party", "事先告知"),
    _step("serve", "serve_case", "登记告知书、决定书、催告书送达"),
    _step("answer", "answer_notice", "陈述申辩、要求听证或者放弃"),
    _step("hearing", "set_hearing", "确定听证"),
    _step("hearing/record", "record_hearing", "登记听证"),
    _step("return", "return_case", "退回补充调查"),
    _step("decide", "decide_case", "作出决定"),
    _step("payments", "record_payment", "登记缴款"),
    _step("time", "grant_time", "准予延期、分期缴纳"),
    _step("remind", "remind_party", "催告"),
    _step("court", "apply_to_court", "登记申请法院强制执行"),
    _step("challenges", "record_challenge", "登记复议、诉讼"),
    _step("challenges/end", "end_challenge", "登记复议、诉讼结果"),
    _step("publish", "publish_case", "登记公开处罚决定"),
    _step("unpublish", "unpublish_case", "登记撤下公开信息"),
    _step("close", "close_case", "结案"),
    get("/offences", Rpc("enforcement", "list_offences"), "现行有效的违法行为和处罚条款", **HERE),
    get("/offences/{offence_key}", Rpc("enforcement", "get_offence"), "一条处罚规定和裁量所需事实", **HERE),
    post("/penalty-weighings", Rpc("enforcement", "weigh_penalty"), "裁量计算（不留存）", **HERE),
    get("/penalty-fairness", Rpc("enforcement", "get_fairness"), "各机关、各办案人员的裁量偏离", **HERE),
)
