"""What the papers of a case tell its party of its duties and rights, with the periods that the clocks count (行政处罚法 44, 59)."""

from datetime import date

from enforcement import case_time
from enforcement.case_clocks import MONTHS, WORKING, clock
from enforcement.discretion import surcharge_rate

UNITS = {WORKING: "个工作日", MONTHS: "个月"}


def duty(fine: int, on: date) -> str:
    """How and until when a fine is paid, and what comes of paying late (66, 67, 72); "" where there is none."""
    if not fine:
        return ""
    percent = surcharge_rate(on) * 100
    return (
        f"自收到本决定书之日起{_period(case_time.PAY, on)}内到指定银行或者通过电子支付系统缴纳罚款；"
        f"到期不缴纳的，每日按罚款数额的{percent.normalize():f}%加处罚款，加处罚款的数额不超过罚款的数额。"
    )


def remedies(is_on_the_spot: bool, on: date) -> str:
    """How the party may turn against a decision, and until when; of one on the spot the review comes first (行政复议法 20, 23;
    行政诉讼法 45, 46)."""
    review = f"自收到本决定书之日起{_period(case_time.REVIEW, on)}内依法申请行政复议"
    if is_on_the_spot:
        after = _period(case_time.SUIT_AFTER, on)
        text = (
            f"不服本决定的，应当先{review}；对复议决定不服的，可以自收到复议决定书之日起{after}内向人民法院提起行政诉讼"
        )
    else:
        text = (
            f"不服本决定的，可以{review}，也可以自收到之日起{_period(case_time.SUIT, on)}内直接向人民法院提起行政诉讼"
        )
    return f"{text}。复议、诉讼期间不停止执行，法律另有规定的除外。"


def answers(hearing: bool, on: date) -> str:
    """What the party may say to a notice (44, 45, 63, 64)."""
    told = "收到本告知书后有权进行陈述和申辩，不因陈述、申辩而加重处罚"
    if hearing:
        asked = _period(case_time.ASK_HEARING, on)
        told += f"；有权在收到本告知书后{asked}内要求举行听证，逾期不要求的视为放弃听证"
    return told + "。"


HEARD = (
    "可以亲自参加听证，也可以委托一至二人代理；认为主持人与本案有直接利害关系的，有权申请回避；"
    "无正当理由拒不出席的，视为放弃听证。"
)


def _period(clock_id: str, on: date) -> str:
    rule = clock(clock_id, on)
    return f"{rule.count}{UNITS.get(rule.unit, '日')}"
