"""Acts on what stands in the registers: unlock, freeze, stop, close, explain, confirm … One line an act.

What an act asks for is read from the contract of its service; whether this visitor may do it, the service says (`acts` of
the record), and judges again when it is done.
"""

from dataclasses import dataclass
from typing import Any

from gateway.api.contracts import Contracts
from gateway.parts import parts
from gateway.portal.acts.act import Act
from gateway.portal.acts.cases import CASES

VERSION = "version"


@dataclass(frozen=True)
class Asked:
    """One field of an act's form. `kind`: day, choice, flag, whole (a whole number), number, text or long."""

    name: str
    label: str
    kind: str
    required: bool
    longest: int
    shortest: int
    choices: dict[str, str]


REGISTERS: dict[str, tuple[Act, ...]] = {
    "absences": (
        Act(
            "attendance",
            "explain_absence",
            "说明情况",
            "说明由监督机构阅看，只能填写一次。认定有误的，请写明并联系监督机构更正。",
            "情况已说明",
            "absence_id",
        ),
    ),
    "cases": CASES,
    "certificates": (
        Act(
            "filing",
            "suspend_certificate",
            "暂停使用",
            "暂停期间查验该证书的人会看到“暂停使用”。",
            "证书已暂停使用",
            "certificate_id",
        ),
        Act("filing", "resume_certificate", "恢复使用", "该证书恢复有效。", "证书已恢复使用", "certificate_id"),
        Act(
            "filing",
            "cancel_certificate",
            "注销证书",
            "注销后该证书不再有效，不能撤回。",
            "证书已注销",
            "certificate_id",
            grave=True,
        ),
        Act(
            "filing",
            "reissue_certificate",
            "补发、换发",
            "原证书注销，另发一份内容相同的；遗失、损毁的补发用原编号，需要新编号的选“是”。",
            "已补发（换发）",
            "certificate_id",
        ),
    ),
    "corrections": (
        Act(
            "attendance",
            "withdraw_correction",
            "撤销更正",
            "撤销后该日恢复更正之前的认定；更正和撤销都留在记录中。",
            "更正已撤销",
            "correction_id",
        ),
    ),
    "machines": (
        Act(
            "equipment",
            "unlock_machine",
            "解除锁定",
            "设备从占用它的工程释放，使用登记随之注销。理由记入履历，不能撤回。",
            "已解除锁定",
            "machine_id",
            grave=True,
        ),
        Act("equipment", "freeze_machine", "冻结", "冻结期间任何申请都不能使用该设备。", "已冻结", "machine_id"),
        Act("equipment", "thaw_machine", "解冻", "该设备恢复可用。", "已解冻", "machine_id"),
        Act(
            "equipment",
            "retire_machine",
            "注销备案",
            "注销后该设备不得再安装使用，不能撤回。",
            "备案已注销",
            "machine_id",
            grave=True,
        ),
    ),
    "orders": (
        Act(
            "enforcement",
            "lift_stop",
            "准予复工",
            "签发复工通知书，施工可以恢复；其余整改要求不变。",
            "已准予复工",
            "order_id",
        ),
        Act(
            "enforcement",
            "extend_order",
            "延长期限",
            "新的期限须晚于现在的期限；原期限、理由和次数都留在办理过程中。",
            "整改期限已延长",
            "order_id",
        ),
        Act(
            "enforcement",
            "withdraw_order",
            "撤销通知",
            "撤销后本通知不再有效，停工的同时准予复工，不能撤回；未销号的问题可另行责令。",
            "责令通知已撤销",
            "order_id",
            grave=True,
        ),
    ),
    "person-locks": (
        Act(
            "personnel",
            "unlock_person",
            "解除锁定",
            "人员从该岗位释放。理由记入锁定记录，不能撤回。",
            "已解除锁定",
            "lock_id",
            grave=True,
        ),
    ),
    "projects": (
        Act(
            "filing",
            "record_stoppage",
            "登记停工（中止监督）",
            "中止期间不计监督；停工原因和建设单位的意见决定项目经理满 120 天后能否另行任职。",
            "已登记停工，监督中止",
            "project_id",
        ),
        Act(
            "filing",
            "record_resumption",
            "登记复工（恢复监督）",
            "须有参建三方的复工条件验收报告。",
            "已登记复工",
            "project_id",
        ),
        Act(
            "filing",
            "record_works_acceptance",
            "登记竣工验收",
            "登记后仍须监督，直至终止监督。",
            "已登记竣工验收",
            "project_id",
        ),
        Act(
            "filing",
            "close_project",
            "终止监督",
            "工程的设备和人员同时释放，使用登记随之注销，不能撤回。尚有在办事项时不能终止。",
            "监督已终止",
            "project_id",
            grave=True,
        ),
        Act(
            "filing",
            "merge_projects",
            "并入已备案工程",
            "本工程的办件、证书和锁定全部转到所选的已备案工程，不能撤回。两者的施工总承包单位须相同。",
            "已并入",
            "unfiled_id",
            picks="filed_id",
            grave=True,
        ),
    ),
    "reports": (
        Act(
            "enforcement",
            "give_opinion",
            "出具意见",
            "整改属实的选“是”；不属实的选“否”，并写明理由。只能出具一次，供监督机构复查时参考。",
            "意见已出具",
            "rectification_id",
        ),
    ),
    "shifts": (
        Act(
            "attendance",
            "decide_shift",
            "确认或退回",
            "带班属实的选“是”，予以确认；不属实或记录不全的选“否”，写明理由退回。决定后不能再改。",
            "带班记录已有结果",
            "shift_id",
        ),
        Act("attendance", "withdraw_shift", "撤回", "撤回后该记录不再等待确认。", "带班记录已撤回", "shift_id"),
    ),
    "transfers": (
        Act(
            "enforcement",
            "answer_transfer",
            "答复移交",
            "受理的选“是”，可填本机关案号；不受理的选“否”，并写明理由。答复后不能再改。",
            "已答复移交机关",
            "transfer_id",
        ),
    ),
    "site-months": (
        Act(
            "attendance",
            "reopen_month",
            "重新开放该月",
            "该工程全部人员当月数据重新计算，期满后自动再次封存；此前封存的数据和开放理由留在记录中。",
            "该月已重新开放",
            "project_id",
            grave=True,
        ),
    ),
}


def find(register: str, name: str) -> Act | None:
    return next((each for each in REGISTERS.get(register, ()) if each.name == name), None)


def allowed(register: str, acts: list[str]) -> list[Act]:
    """Those that the record's service allows this officer now, in the register's order."""
    return [each for each in REGISTERS[register] if each.name in acts]


def asked(act: Act) -> list[Asked]:
    """What the form asks for: all of the request but the record itself, its version and what is picked from a list."""
    schema = Contracts(parts().settings.contracts).request(act.rpc)
    left_out = {act.id_field, VERSION, act.picks}
    return [
        _field(name, described, name in schema.get("required", []))
        for name, described in schema["properties"].items()
        if name not in left_out
    ]


def has_version(act: Act) -> bool:
    return VERSION in Contracts(parts().settings.contracts).request(act.rpc)["properties"]


def _field(name: str, described: dict[str, Any], required: bool) -> Asked:
    longest = described.get("maxLength") or 200
    return Asked(
        name=name,
        label=described.get("title", name),
        kind=_kind(described, longest),
        required=required or described.get("minLength", 0) > 0,
        longest=longest,
        shortest=described.get("minLength", 0),
        choices=described.get("x-words") or {},
    )


def _kind(described: dict[str, Any], longest: int) -> str:
    if "x-words" in described:
        return "choice"
    if "boolean" in described.get("type", ""):
        return "flag"
    if described.get("format") == "date":
        return "day"
    for kind, name in (("integer", "whole"), ("number", "number")):
        if kind in described.get("type", ""):
            return name
    return "long" if longest > 120 else "text"
