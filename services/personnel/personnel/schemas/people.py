"""People: entry, change, release, unmasking; lists, pages and pick-lists, all of them masked."""

from chassis.schemas import Choice, Day, Flag, Id, IdentityNumber, Integer, Moment, Part, Phone, Rows, Schema, Text
from personnel.schemas.certificates import Certificate, CertificatePart
from personnel.schemas.common import (
    AREA,
    KINDS,
    NAME,
    REASON_LENGTH,
    SHA256,
    Listed,
    Page,
    PersonCommand,
    PersonRequest,
)
from personnel.schemas.locks import Lock
from personnel.terms import ROLE_NAMES
from personnel.words import ACTS, LACKS, MACHINE_KINDS


class AddPersonRequest(Schema):
    identity_number = IdentityNumber(required=True)
    name = Text("姓名", min=2, max=50, pattern=NAME, required=True)
    phone = Phone(required=True)
    posts = Rows(Text(min=1, max=50), "岗位", max=20, load_default=list)
    photo = Text("照片", pattern=SHA256, load_default=None, allow_none=True)
    certificates = Rows(Part(CertificatePart), "证书", max=50, load_default=list)


class ChangePersonRequest(PersonCommand):
    """What is left out stays as it is."""

    name = Text("姓名", min=2, max=50, pattern=NAME, load_default=None, allow_none=True)
    phone = Phone(load_default=None, allow_none=True, min=1)
    posts = Rows(Text(min=1, max=50), "岗位", max=20, load_default=None, allow_none=True)
    photo = Text("照片", pattern=SHA256, load_default=None, allow_none=True)


class FindUsedFilesRequest(Schema):
    names = Rows(Text(pattern=SHA256), "文件摘要", max=200, required=True)


class FindUsedFilesReply(Schema):
    used = Rows(Text(), "使用中的文件", required=True)


class ReleasePersonRequest(PersonCommand):
    reason = Text("离职原因", min=2, max=500, required=True)


class UnmaskPersonRequest(PersonRequest):
    reason = Text("查看理由", min=REASON_LENGTH, max=500, required=True)


class UnmaskPersonReply(PersonRequest):
    identity_number = Text(required=True)
    phone = Text(required=True)


class PersonItem(Schema):
    """A person in a list; identity number and phone are masked."""

    person_id = Id(required=True)
    version = Integer(required=True)
    name = Text(required=True)
    identity_number = Text(required=True)
    phone = Text(required=True)
    posts = Rows(Text(), required=True)
    employer_id = Id(required=True, allow_none=True)
    employer_name = Text(required=True, allow_none=True)
    area = Text(required=True)
    certificates = Rows(Part(Certificate), required=True)
    locks = Rows(Part(Lock), required=True)
    entered_at = Moment(required=True)


class Employment(Schema):
    employer_id = Id(required=True)
    employer_name = Text(required=True)
    entered_at = Moment(required=True)
    released_at = Moment(required=True, allow_none=True)
    reason = Text(required=True, allow_none=True)


class PersonReply(PersonItem):
    """The person's page; `acts` is what the asker may do, `unlockable` the locks that he may release."""

    photo = Text(required=True, allow_none=True)
    changed_at = Moment(required=True)
    employments = Rows(Part(Employment), required=True)
    unlockable = Rows(Id(), "可由本机构解除的锁定", load_default=list)
    acts = Rows(Choice(choices=ACTS), required=True)


class ListPeopleRequest(Page):
    """All filters together; `q` is a whole identity number, a whole certificate number, the last four places of a phone
    (or more, for whoever may see it whole), part of a name, its pinyin or initials, or how a name begins.

    The latest entered first; `backwards`: the earliest."""

    organisation_id = Id("单位", load_default=None, allow_none=True)
    q = Text("关键词", max=60, load_default=None, allow_none=True)
    area = Text("辖区", max=40, pattern=AREA, load_default=None, allow_none=True)
    post = Text("岗位", max=50, load_default=None, allow_none=True)
    certificate_kind = Choice("证书类别", choices=KINDS, load_default=None, allow_none=True)
    trade = Text("工种", max=40, load_default=None, allow_none=True)
    locked = Flag("已锁定", load_default=None, allow_none=True)
    expires_before = Day("证书到期日早于", load_default=None, allow_none=True)
    backwards = Flag("倒序", load_default=None, allow_none=True)


class ListPeopleReply(Listed):
    items = Rows(Part(PersonItem), required=True)


class FindPeopleRequest(Page):
    """Of another enterprise's people `q` must be a part of the name, two characters or more."""

    organisation_id = Id("单位", required=True)
    role = Choice("岗位", choices=ROLE_NAMES, required=True)
    machine_kind = Choice("设备类型", choices=MACHINE_KINDS, load_default=None, allow_none=True)
    q = Text("关键词", max=60, load_default=None, allow_none=True)


MOST_NAMED = 200


class PersonPick(Schema):
    """Somebody who might be named: `is_locked` if no lock of the role can be added to his `locks`, `lacks` what keeps
    his certificates from being enough today. Of another enterprise's people no number, no locks, and only the
    certificates that the role asks for are told."""

    person_id = Id(required=True)
    name = Text(required=True)
    identity_number = Text(required=True, allow_none=True)
    posts = Rows(Text(), required=True)
    employer_id = Id(required=True, allow_none=True)
    employer_name = Text(required=True, allow_none=True)
    certificates = Rows(Part(Certificate), required=True)
    is_locked = Flag(required=True)
    locks = Rows(Part(Lock), required=True)
    lacks = Rows(Choice(choices=LACKS), required=True)


class FindPeopleReply(Schema):
    items = Rows(Part(PersonPick), required=True)
    next = Text(required=True, allow_none=True)


class NamePeopleRequest(Schema):
    person_ids = Rows(Id(), "人员", max=MOST_NAMED, required=True)


class PersonName(Schema):
    person_id = Id(required=True)
    name = Text(required=True)
    employer_name = Text(required=True, allow_none=True)


class NamePeopleReply(Schema):
    items = Rows(Part(PersonName), required=True)


class EndingCertificate(Certificate):
    person_id = Id(required=True)
    name = Text(required=True)
    employer_name = Text(required=True, allow_none=True)


class ExpiresSoon(Schema):
    count = Integer(required=True)
    items = Rows(Part(EndingCertificate), required=True)


class SummariseReply(Schema):
    """`expired` and `expires_soon` count certificates that no newer one of the kind has replaced."""

    people = Integer(required=True)
    locked = Integer(required=True)
    expired = Integer(required=True)
    expires_soon = Part(ExpiresSoon, required=True)
