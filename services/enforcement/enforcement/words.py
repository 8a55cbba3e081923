"""Chinese words for the codes of enforcement, as the contract tells them."""

from enforcement.terms import DocumentKind

INSPECTION_KINDS = {
    "routine": "日常检查",
    "special": "专项检查",
    "campaign": "集中整治",
    "double_random": "双随机抽查",
    "recheck": "复查",
    "complaint": "投诉举报核查",
}
INSPECTION_STAGES = {"started": "检查中", "completed": "已完成", "abandoned": "已中止"}
SEVERITIES = {"general": "一般隐患", "serious": "较大隐患", "major": "重大事故隐患"}
GRADES = {"excellent": "优良", "passed": "合格", "failed": "不合格"}
ORDER_KINDS = {"rectify": "责令限期整改", "partial_stop": "责令局部停工整改", "full_stop": "责令停工整改"}
ORDER_STAGES = {
    "issued": "待整改",
    "reported": "待复查",
    "closed": "已办结",
    "ordered_again": "已再次责令",
    "withdrawn": "已撤销",
}
RECTIFICATION_STAGES = {"draft": "草稿", "submitted": "待复查", "accepted": "已通过", "returned": "未通过"}
TRANSFER_STAGES = {"sent": "待受理", "taken": "已受理立案", "refused": "不予受理"}
ORDER_ACTS = {
    "issue": "签发",
    "extend": "延期",
    "submit": "提交整改报告",
    "supervisor_opinion": "监理单位意见",
    "owner_opinion": "建设单位意见",
    "close": "复查通过，办结",
    "order_again": "再次责令",
    "lift": "准予复工",
    "withdraw": "撤销",
    "transfer": "移交处罚机关",
    "answer_transfer": "处罚机关答复移交",
    "overdue": "逾期提醒",
}
CHECKED_BY = {"paper": "书面核查", "site": "现场复查"}
DOCUMENT_KINDS: dict[str, str] = {
    DocumentKind.INSPECTION_RECORD: "检查记录",
    DocumentKind.RECTIFICATION_ORDER: "责令限期整改通知书",
    DocumentKind.PARTIAL_STOP_ORDER: "局部停工整改通知书",
    DocumentKind.FULL_STOP_ORDER: "停工整改通知书",
    DocumentKind.LIFTING: "复工通知书",
    DocumentKind.RECHECK_RECORD: "复查记录",
    DocumentKind.TRANSFER: "行政处罚移交表",
    DocumentKind.CASE_FILING: "立案审批表",
    DocumentKind.INVESTIGATION_REPORT: "调查终结报告",
    DocumentKind.LEGAL_REVIEW: "法制审核意见书",
    DocumentKind.PRIOR_NOTICE: "行政处罚事先告知书",
    DocumentKind.HEARING_NOTICE: "行政处罚听证告知书",
    DocumentKind.PENALTY_DECISION: "行政处罚决定书",
    DocumentKind.SUMMARY_DECISION: "当场行政处罚决定书",
    DocumentKind.NO_PENALTY_DECISION: "不予行政处罚决定书",
    DocumentKind.PAYMENT_REMINDER: "催告书",
    DocumentKind.CASE_CLOSURE: "结案审批表",
}
WAYS = {"page": "网页", "api": "接口", "phone": "手机"}
PLAN_KINDS = {name: INSPECTION_KINDS[name] for name in ("routine", "special", "campaign", "double_random")}
PLAN_STAGES = {"draft": "待审批", "approved": "已批准", "running": "实施中", "finished": "已结束"}
DRAW_STAGES = {"committed": "已承诺，待公布种子", "revealed": "已抽取"}
RISK_FACTORS = {
    "open_order": "未办结的责令",
    "overdue_order": "逾期的责令",
    "failed_grade": "最近一次评定不合格",
    "major_finding": "近一年重大事故隐患",
    "not_inspected": "近一年未受检查",
}
WITHOUT_OFFICERS = {"too_few_officers": "无需回避的执法人员不足"}
