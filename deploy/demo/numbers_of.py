"""Numbers with valid check digits that nobody can hold.

Each kind keeps to a range that is not, or never was, given out: the identity serials 996–999 (once kept for people
over a hundred), mobile numbers beginning with 154, organisation codes beginning with MAYY, certificate serials
beginning with 9.
"""

from datetime import date

CREDIT_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
CREDIT_WEIGHTS = tuple(pow(3, place, 31) for place in range(17))
ORGANISATION_ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
ORGANISATION_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)
IDENTITY_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
MALE_SERIALS, FEMALE_SERIALS = ("997", "999"), ("996", "998")


def organisation_check(code: str) -> str:
    """The ninth place of an organisation code (GB 11714)."""
    total = sum(
        ORGANISATION_ALPHABET.index(place) * weight for place, weight in zip(code, ORGANISATION_WEIGHTS, strict=True)
    )
    return "0123456789X"[(11 - total % 11) % 11]


def credit_code(area: str, serial: int) -> str:
    """A company's unified social credit code (GB 32100-2015) for a registration area and a serial below 10,000."""
    organisation = f"MAYY{serial:04d}"
    body = f"91{area}{organisation}{organisation_check(organisation)}"
    total = sum(CREDIT_ALPHABET.index(place) * weight for place, weight in zip(body, CREDIT_WEIGHTS, strict=True))
    return body + CREDIT_ALPHABET[(31 - total % 31) % 31]


def identity_number(area: str, born: date, serial: str) -> str:
    """A resident identity number (GB 11643-1999)."""
    body = f"{area}{born:%Y%m%d}{serial}"
    total = sum(int(place) * weight for place, weight in zip(body, IDENTITY_WEIGHTS, strict=True))
    return body + "10X98765432"[total % 11]


def phone(serial: int) -> str:
    """A mobile number of a block that no carrier has."""
    return f"154{serial:08d}"


def safety_certificate(kind: str, year: int, serial: int, province: str = "冀") -> str:
    """安管人员考核合格证: 冀建安B(2024)9000123."""
    return f"{province}建安{kind}({year}){9_000_000 + serial}"


def special_operation(place: str, trade: str, year: int, serial: int) -> str:
    """特种作业操作资格证: 冀A052024900123; `place` is the province's character and the city's letter."""
    return f"{place}{trade}{year}{900_000 + serial}"


def builder(grade: int, qualified: int, registered: int, serial: int) -> str:
    """建造师注册编号: province, grade, 13, two years of two digits, five digits."""
    return f"冀{grade}13{qualified % 100:02d}{registered % 100:02d}{90_000 + serial}"


def supervising_engineer(serial: int) -> str:
    """注册监理工程师注册号."""
    return f"139{serial:05d}"


def safety_licence(year: int, serial: int, province: str = "冀") -> str:
    """安全生产许可证."""
    return f"（{province}）JZ安许证字[{year}]{900_000 + serial}"


def qualification(serial: int) -> str:
    """建筑业企业资质证书: issued by the province (2), province 13."""
    return f"D213{900_000 + serial}"


def construction_permit(area: str, issued: date, serial: int) -> str:
    """施工许可证: area, date, serial of the day, class 01 (房屋建筑)."""
    return f"{area}{issued:%Y%m%d}{serial % 99 + 1:02d}01"


def investment_project(area: str, year: int, month: int, serial: int) -> str:
    """投资项目代码."""
    return f"{year % 100:02d}{month:02d}-{area}-89-01-{900_000 + serial}"
