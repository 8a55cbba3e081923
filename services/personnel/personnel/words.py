"""The Chinese word of every code that an answer may tell: a page shows these, from the contract (pure)."""

from personnel.terms import Cause, Exemption, HoldStage, Matter

MACHINE_KINDS = {
    "T": "塔式起重机",
    "S": "施工升降机",
    "W": "物料提升机",
    "L": "货用施工升降机",
    "Q": "桥式起重机",
    "M": "门式起重机",
}
GRADES = {"1": "一级", "2": "二级"}
EXEMPTIONS = {
    Exemption.ADJACENT_SECTION: "同一工程相邻分段发包或分期施工",
    Exemption.WORKS_ACCEPTED: "合同约定的工程验收合格",
    Exemption.LONG_STOPPAGE: "因非承包方原因致使工程停工超过120天（含），经建设单位同意",
}
HOLD_STAGES = {
    HoldStage.PROVISIONAL: "待上报",
    HoldStage.RESERVED: "已预占",
    HoldStage.HELD: "已锁定",
    HoldStage.RELEASED: "已解除",
}
CAUSES = {
    Cause.LAPSED: "未上报，自动失效",
    Cause.CHOICE_CHANGED: "申请改选其他人员",
    Cause.WITHDRAWN: "申请撤回",
    Cause.REJECTED: "不予通过",
    Cause.REPLACED: "已由他人接替",
    Cause.REGISTERED: "设备已登记使用",
    Cause.DISMANTLED: "设备已拆卸",
    Cause.MACHINE_UNLOCKED: "设备已解除锁定",
    Cause.PROJECT_CLOSED: "工程已竣工",
    Cause.UNLOCKED: "监督机构解除锁定",
}
MATTERS = {
    Matter.SAFETY_FILING: "安全监督备案",
    Matter.PERSONNEL_CHANGE: "关键岗位人员变更",
    Matter.INSTALL_NOTICE: "安装告知",
    Matter.USE_REGISTRATION: "建筑起重机械使用登记",
    Matter.DISMANTLING_NOTICE: "拆卸告知",
    Matter.PERSON_RELEASE: "人员解除锁定申请",
}
SEVERITIES = {"error": "不符合", "warning": "提示"}
CELL_SEVERITIES = SEVERITIES | {"change": "变更"}
ROW_OUTCOMES = {"new": "新增", "changed": "变更", "unchanged": "无变化", "error": "有误，未导入"}
ACTS = {"change_person": "修改", "release_person": "办理离职", "unmask_person": "查看完整号码"}
LACKS = {"certificate_missing": "缺少证书", "certificate_expired": "证书已过期", "trade_mismatch": "工种不符"}
