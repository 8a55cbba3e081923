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
    DocumentKind.HEARING_INVITATION: "行政处罚听证通知书",
    DocumentKind.PENALTY_DECISION: "行政处罚决定书",
    DocumentKind.SUMMARY_DECISION: "当场行政处罚决定书",
    DocumentKind.NO_PENALTY_DECISION: "不予行政处罚决定书",
    DocumentKind.PAYMENT_REMINDER: "催告书",
    DocumentKind.CASE_CLOSURE: "结案审批表",
    DocumentKind.EVIDENCE_HOLDING: "先行登记保存证据通知书",
    DocumentKind.EVIDENCE_RELEASE: "先行登记保存证据处理通知书",
    DocumentKind.COLLECTIVE_DISCUSSION: "集体讨论记录",
}
# What is signed on the site, perhaps without coverage: only of these a phone holds numbers.
SIGNED_ON_SITE = {
    kind: DOCUMENT_KINDS[kind]
    for kind in (
        DocumentKind.INSPECTION_RECORD,
        DocumentKind.RECHECK_RECORD,
        DocumentKind.RECTIFICATION_ORDER,
        DocumentKind.PARTIAL_STOP_ORDER,
        DocumentKind.FULL_STOP_ORDER,
        DocumentKind.SUMMARY_DECISION,
    )
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
CASE_KINDS = {"ordinary": "普通程序", "summary": "简易程序（当场处罚）"}
CASE_STAGES = {
    "clue": "线索核查",
    "investigation": "调查取证",
    "review": "待法制审核",
    "reviewed": "待告知",
    "notified": "告知书待送达",
    "answering": "陈述申辩期",
    "hearing_asked": "当事人要求听证",
    "hearing_set": "待听证",
    "heard": "听证已举行",
    "decided": "决定书待送达",
    "served": "决定书已送达",
    "reminded": "已催告",
    "in_court": "已申请强制执行",
    "closed": "已结案",
    "dropped": "已撤销",
}
CASE_TURNS = {
    "file": "待负责人审批立案",
    "investigate": "待办案人员调查终结",
    "review": "待法制审核",
    "notify": "待办案人员事先告知",
    "serve": "待送达文书",
    "answer": "待当事人陈述、申辩",
    "set_hearing": "待确定听证",
    "hear": "待举行听证",
    "decide": "待负责人作出决定",
    "pay": "待当事人缴款",
    "remind": "待催告当事人",
    "court": "待申请强制执行",
    "enforced": "待人民法院执行",
    "challenge": "复议、诉讼审理中",
    "close": "待负责人结案",
    "nobody": "已终结",
}
CASE_OUTCOMES = {"penalty": "给予处罚", "no_penalty": "不予处罚", "dropped": "撤销案件", "annulled": "决定被撤销"}
CASE_SOURCES = {
    "inspection": "监督检查",
    "complaint": "投诉举报",
    "transfer": "移送",
    "assigned": "上级交办",
    "other": "其他",
}
CASE_ACTS = {
    "open_case": "登记线索",
    "file_case": "立案",
    "drop_case": "撤销案件",
    "extend_case": "延长期限",
    "suspend_case": "中止计算办案期限",
    "resume_case": "恢复计算办案期限",
    "replace_investigators": "更换办案人员（回避）",
    "attach_evidence": "补充证据",
    "hold_evidence": "先行登记保存证据",
    "settle_evidence": "处理登记保存的证据",
    "record_discussion": "集体讨论",
    "conclude_investigation": "调查终结",
    "review_case": "法制审核",
    "notify_party": "事先告知",
    "serve_case": "送达",
    "answer_notice": "当事人答复告知",
    "set_hearing": "确定听证",
    "record_hearing": "举行听证",
    "return_case": "退回补充调查",
    "decide_case": "作出决定",
    "decide_on_the_spot": "当场作出处罚决定",
    "record_payment": "登记缴款",
    "grant_time": "准予延期、分期缴纳",
    "remind_party": "催告",
    "apply_to_court": "申请法院强制执行",
    "record_challenge": "登记复议、诉讼",
    "end_challenge": "复议、诉讼结果",
    "publish_case": "公开处罚决定",
    "unpublish_case": "撤下公开信息",
    "close_case": "结案",
    "clock_past": "期限已过",
}
CASE_ANSWERS = {"statement": "陈述、申辩", "hearing": "要求听证", "waive": "放弃陈述、申辩和听证"}
PARTY_KINDS = {"firm": "单位", "person": "个人"}
HOW_SERVED = {
    "portal": "系统内查看（电子送达）",
    "direct": "直接送达",
    "left": "留置送达",
    "post": "邮寄送达",
    "notice": "公告送达",
}
SUSPENSIONS = {"testing": "检测、检验", "appraisal": "鉴定", "announcement": "公告"}
CHALLENGES = {"review": "行政复议", "suit": "行政诉讼"}
CHALLENGE_ENDS = {"upheld": "维持", "changed": "变更", "annulled": "撤销", "withdrawn": "当事人撤回或者不予受理"}
LEVELS = {"exempt": "不予处罚", "reduced": "减轻", "lighter": "从轻", "normal": "一般", "heavier": "从重", "": "未定"}
VERDICTS = {
    "inside_tier": "档次内",
    "outside_tier": "超出档次",
    "reduced": "减轻（法定幅度以下）",
    "exempted": "不予处罚",
}
