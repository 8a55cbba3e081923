"""An enterprise's staff as an Excel sheet, the way its clerk would fill in the template."""

from collections.abc import Iterable, Iterator
from io import BytesIO

from openpyxl import Workbook

from deploy.demo.people import Person

TITLES = (
    "姓名",
    "身份证号",
    "手机号",
    "岗位",
    "证书类别",
    "工种",
    "证书编号",
    "等级",
    "发证机关",
    "发证日期",
    "有效期至",
)
KINDS = {"special_operation": "特种作业", "builder": "建造师", "supervising_engineer": "监理工程师"}


def staff_sheet(people: Iterable[Person]) -> bytes:
    """One row a certificate; who has none has a row all the same."""
    book, out = Workbook(write_only=True), BytesIO()
    sheet = book.create_sheet("人员")
    sheet.append(TITLES)
    for person in people:
        for row in _rows(person):
            sheet.append(row)
    book.save(out)
    return out.getvalue()


def _rows(person: Person) -> Iterator[tuple[str, ...]]:
    who = (person.name, person.identity_number, person.phone, person.post)
    for each in person.certificates:
        what = (KINDS.get(each.kind, each.kind), each.trade, each.number, each.grade, each.issuer)
        yield (*who, *what, each.issued_on.isoformat(), each.valid_to.isoformat())
    if not person.certificates:
        yield who
