"""People with their certificates. Whose they are and what for, `staff` says."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from deploy.demo import names, numbers_of, places
from deploy.demo.chance import chance
from deploy.demo.firms import Firm

ISSUERS = {
    "冀": "河北省住房和城乡建设厅",
    "京": "北京市住房和城乡建设委员会",
    "津": "天津市住房和城乡建设委员会",
    "鲁": "山东省住房和城乡建设厅",
    "豫": "河南省住房和城乡建设厅",
    "晋": "山西省住房和城乡建设厅",
    "苏": "江苏省住房和城乡建设厅",
}
MINISTRY = "住房和城乡建设部"
POSTS = {
    "leader": "企业主要负责人",
    "project_manager": "项目负责人",
    "technical_lead": "项目技术负责人",
    "safety_officer": "专职安全员",
    "owner_lead": "建设单位项目负责人",
    "chief_supervisor": "总监理工程师",
    "supervising_engineer": "监理工程师",
    "driver": "起重机械司机",
    "signaller": "信号司索工",
    "install_lead": "安拆现场负责人",
    "install_safety_officer": "专职安全员",
    "install_worker": "起重机械安装拆卸工",
    "worker": "特种作业人员",
}
# Trades of drivers and installers by the kind of machine (domain.md §3.2); there is none of its own for L, Q and M.
DRIVER_TRADES = {"T": "05", "S": "06", "W": "07", "L": "06", "Q": "05", "M": "05"}
INSTALL_TRADES = {"T": "08", "S": "09", "W": "10", "L": "09", "Q": "08", "M": "08"}
SIGNALLER = "04"
OTHER_TRADES = ("01", "02", "03", "11")
YEARS = {"special_operation": 2}  # all other certificates hold three years
TERM = 3


@dataclass(frozen=True)
class Certificate:
    kind: str
    number: str
    issued_on: date
    valid_to: date
    issuer: str
    trade: str = ""
    grade: str = ""


@dataclass(frozen=True)
class Person:
    """Somebody on a firm's staff; `job` is a key of `POSTS`."""

    key: str
    firm: Firm
    job: str
    name: str
    identity_number: str
    phone: str
    certificates: tuple[Certificate, ...]

    @property
    def post(self) -> str:
        return POSTS[self.job]


def person(key: str, number: int, firm: Firm, job: str, today: date, trade: str = "", state: str = "good") -> Person:
    """The `number`-th person of the province. `state` of the certificates: good, soon (to expire) or expired."""
    draw = chance("person", key)
    male = draw.random() < (0.55 if job in ("signaller", "supervising_engineer") else 0.88)
    return Person(
        key=key,
        firm=firm,
        job=job,
        name=names.person(draw, male=male),
        identity_number=_identity(draw, male, today),
        phone=numbers_of.phone(30_000_000 + number),
        certificates=tuple(_certificates(draw, number, firm, job, trade, state, today)),
    )


def _identity(draw: Random, male: bool, today: date) -> str:
    """Born in a county of the province, between 22 and 57 years old."""
    counties = [code for code, place in places.all_places().items() if place.level == "county" and code[:2] == "13"]
    born = today - timedelta(days=draw.randint(22 * 366, 57 * 365))
    serials = numbers_of.MALE_SERIALS if male else numbers_of.FEMALE_SERIALS
    return numbers_of.identity_number(draw.choice(counties), born, draw.choice(serials))


def _certificates(
    draw: Random, number: int, firm: Firm, job: str, trade: str, state: str, today: date
) -> Iterator[Certificate]:
    for kind in _kinds(draw, job, trade):
        issued, until = _term(draw, kind, state, today)
        issuer = ISSUERS[firm.province]
        match kind:
            case "special_operation":
                text = numbers_of.special_operation(_issued_at(firm), trade, issued.year, number)
                yield Certificate(kind, text, issued, until, issuer, trade=trade)
            case "builder":
                grade = 1 if draw.random() < 0.5 else 2
                text = numbers_of.builder(grade, issued.year - draw.randint(1, 8), issued.year, number)
                yield Certificate(kind, text, issued, until, issuer, grade=str(grade))
            case "supervising_engineer":
                yield Certificate(
                    kind, numbers_of.supervising_engineer(number), issued, until, issuer="住房和城乡建设部"
                )
            case _:
                text = numbers_of.safety_certificate(kind, issued.year, number, firm.province)
                yield Certificate(kind, text, issued, until, issuer)


def _issued_at(firm: Firm) -> str:
    return "冀" + places.place(firm.division).letter if firm.province == "冀" else firm.province + "A"


def _kinds(draw: Random, job: str, trade: str) -> tuple[str, ...]:
    if trade:
        return ("special_operation",)
    return {
        "leader": ("A",),
        "project_manager": ("B", "builder"),
        "safety_officer": (draw.choice(("C2", "C2", "C3", "C3", "C3", "C")),),
        "install_safety_officer": (draw.choice(("C1", "C3")),),
        "chief_supervisor": ("supervising_engineer",),
        "supervising_engineer": ("supervising_engineer",),
    }.get(job, ())


def _term(draw: Random, kind: str, state: str, today: date) -> tuple[date, date]:
    """First and last day: a full term that is well under way, nearly over, or over."""
    years = YEARS.get(kind, TERM)
    left = {"good": (120, years * 365 - 40), "soon": (5, 80), "expired": (-400, -5)}[state]
    until = today + timedelta(days=draw.randint(*left))
    return _years_before(until + timedelta(days=1), years), until


def _years_before(day: date, years: int) -> date:
    return date(day.year - years, day.month, min(day.day, 28) if day.month == 2 else day.day)
