"""Chinese words for the codes of attendance, as the contract tells them."""

ROLES = {
    "project_manager": "项目负责人",
    "technical_lead": "项目技术负责人",
    "safety_officer": "专职安全员",
    "owner_lead": "建设单位项目负责人",
    "chief_supervisor": "总监理工程师",
    "supervising_engineer": "监理工程师",
    "driver": "起重机械司机",
    "signaller": "信号司索工",
    "install_worker": "安装拆卸工",
    "install_lead": "安装（拆卸）负责人",
    "install_safety_officer": "安装单位专职安全员",
}
VERDICTS = {
    "present": "在岗",
    "absent": "缺勤",
    "partial": "在岗不足",
    "leave": "请假",
    "unknown": "待定",
    "excluded": "不计入",
}
STANDINGS = {"met": "达标", "short": "不达标", "open": "待定", "nothing_due": "无应到天数"}
LEAVE_STAGES = {"asked": "待建设单位同意", "approved": "已同意", "refused": "不同意", "withdrawn": "已撤回"}
CORRECTED_TO = {name: VERDICTS[name] for name in ("present", "leave", "excluded")}
LEADING = {"enterprise_leader": "企业负责人", "project_manager": "项目负责人"}
SHIFT_STAGES = {"recorded": "待确认", "confirmed": "已确认", "returned": "已退回", "withdrawn": "已撤回"}
SUSPICION_STAGES = {"noted": "待核实", "appealed": "已申辩，待核实", "upheld": "认定定位不实", "dismissed": "排除疑点"}
SUSPICION_ACTS = {"appeal": "申辩", "decide": "作出认定"}
SIDES = {"inside": "在工地内", "outside": "在工地外", "doubtful": "无法确定"}
EXCUSES = {
    "before_start": "尚未开工",
    "after_acceptance": "工程已验收",
    "not_on_duty": "不在岗位锁定期间",
    "stoppage": "停工",
    "rest": "休息日",
    "leave": "请假",
}
GAP_REASONS = {"outside": "确定在工地外", "unseen": "没有定位", "doubtful": "定位精度不足"}
WAYS = {"page": "网页", "api": "接口", "site": "工地的最近位置"}
