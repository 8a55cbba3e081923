"""The Chinese word of every code that an answer may tell: a page shows these, from the contract (pure)."""

from equipment.terms import Cause, Ground, HoistDrive, HoldStage, MachineStage, Matter

HOIST_DRIVES = {HoistDrive.SC: "SC 型（齿轮齿条式）", HoistDrive.SS: "SS 型（钢丝绳式）"}
MACHINE_STAGES = {
    MachineStage.UNDER_REVIEW: "备案审查中",
    MachineStage.FILED: "已备案",
    MachineStage.LOCKED: "已锁定",
    MachineStage.INSTALLED: "已安装",
    MachineStage.REGISTERED: "使用中",
    MachineStage.CANCELLED: "已注销",
}
HOLD_STAGES = {
    HoldStage.PROVISIONAL: "待上报",
    HoldStage.RESERVED: "已预占",
    HoldStage.HELD: "已锁定",
    HoldStage.RELEASED: "已解除",
}
CAUSES = {
    Cause.LAPSED: "未上报，自动失效",
    Cause.CHOICE_CHANGED: "申请改选其他设备",
    Cause.WITHDRAWN: "申请撤回",
    Cause.REJECTED: "不予通过",
    Cause.APPROVED: "审批通过",
    Cause.DISMANTLED: "拆卸",
    Cause.UNLOCKED: "监督机构解除锁定",
    Cause.MACHINE_FREED: "设备已解除锁定",
    Cause.RETIRED: "备案注销",
}
MATTERS = {
    Matter.MACHINE_FILING: "建筑起重机械设备备案",
    Matter.MACHINE_REGISTRATION: "已备案起重机械设备登记",
    Matter.INSTALL_NOTICE: "安装告知",
    Matter.USE_REGISTRATION: "建筑起重机械使用登记",
    Matter.INSPECTION_REPORT: "检验评估报告登记",
    Matter.DISMANTLING_NOTICE: "拆卸告知",
    Matter.MACHINE_CANCELLATION: "建筑起重机械备案注销",
    Matter.MACHINE_RELEASE: "设备解除锁定申请",
}
GROUNDS = {Ground.SCRAPPED: "报废解体", Ground.UNFIT: "不得使用，已解体", Ground.TRANSFERRED: "产权变更"}
SEVERITIES = {"error": "不符合", "warning": "提示"}
ACTS = {
    "unlock_machine": "解除锁定",
    "freeze_machine": "冻结",
    "thaw_machine": "解冻",
    "retire_machine": "备案注销",
}
NEXT = {
    "decide_filing": "待监督机构办理设备备案",
    "install_notice": "可办理安装告知",
    "decide_install_notice": "待监督机构办理安装告知",
    "use_registration": "待办理使用登记",
    "dismantling_notice": "使用完毕后办理拆卸告知",
}
# What a machine's history tells: acts on itself and its lock, and how the applications about it went.
HISTORY = {
    "machine_filed": "备案",
    "lock_granted": "锁定（待上报）",
    "lock_project_changed": "安装告知改选工程",
    "lock_released": "锁定未生效，已解除",
    "machine_locked": "锁定",
    "machine_installed": "安装告知已办理",
    "machine_registered": "登记使用",
    "use_registration_void": "使用登记批准前设备已解除锁定，登记不生效",
    "machine_inspected": "检验、评估报告已更新",
    "machine_unlocked": "解除锁定",
    "project_merged": "所在工程已并入备案工程",
    "filing_ended": "备案申请终止",
    "machine_frozen": "冻结",
    "machine_thawed": "解冻",
    "machine_retired": "备案注销",
    **{f"{matter}_submitted": f"{title}：上报" for matter, title in MATTERS.items()},
    **{f"{matter}_{cause}": f"{title}：{word}" for matter, title in MATTERS.items() for cause, word in CAUSES.items()},
}
