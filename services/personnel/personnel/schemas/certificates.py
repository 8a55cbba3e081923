"""Certificates, as their holder's employer enters them and as they are told."""

from typing import Any

from marshmallow import ValidationError, validates_schema

from chassis.schemas import Choice, Day, Id, Integer, Part, Rows, Schema, Text
from personnel.schemas.common import KINDS, TRADES, PersonCommand
from personnel.terms import CertificateKind
from personnel.words import GRADES


class CertificatePart(Schema):
    """A certificate as its holder's employer enters it."""

    kind = Choice("证书类别", choices=KINDS, required=True)
    trade = Choice("工种", choices=TRADES, load_default=None, allow_none=True, help="特种作业证书必填")
    number = Text("证书编号", max=60, required=True)
    grade = Choice("等级", choices=GRADES, load_default=None, allow_none=True, help="建造师必填")
    issuer = Text("发证机关", max=100, load_default=None, allow_none=True)
    issued_on = Day("发证日期", load_default=None, allow_none=True)
    valid_to = Day("有效期至", required=True)

    @validates_schema
    def hangs_together(self, data: dict[str, Any], **_: Any) -> None:
        wrong: dict[str, list[str]] = {}
        for name, kind in (("trade", CertificateKind.SPECIAL_OPERATION), ("grade", CertificateKind.BUILDER)):
            if (data.get("kind") == kind) != (data.get(name) is not None):
                wrong[name] = ["required" if data.get("kind") == kind else "not_for_this_kind"]
        if data.get("issued_on") and data.get("valid_to") and data["valid_to"] <= data["issued_on"]:
            wrong["valid_to"] = ["before_issue"]
        if wrong:
            raise ValidationError(wrong)


class AddCertificateRequest(PersonCommand):
    certificate = Part(CertificatePart, "证书", required=True)


class ChangeCertificateRequest(AddCertificateRequest):
    certificate_id = Id("证书", required=True)


class RemoveCertificateRequest(PersonCommand):
    certificate_id = Id("证书", required=True)


class Unusual(Schema):
    """What looks unusual at a field, and is taken all the same."""

    path = Text(required=True)
    rule = Text(required=True)


class PersonCommandReply(Schema):
    person_id = Id(required=True)
    version = Integer(required=True)
    warnings = Rows(Part(Unusual), load_default=list, dump_default=list)


class CertificateCommandReply(PersonCommandReply):
    certificate_id = Id(required=True)


class Certificate(Schema):
    certificate_id = Id(required=True)
    kind = Choice(choices=KINDS, required=True)
    trade = Text(required=True, allow_none=True)
    number = Text(required=True)
    grade = Text(required=True, allow_none=True)
    issuer = Text(required=True, allow_none=True)
    issued_on = Day(required=True, allow_none=True)
    valid_to = Day(required=True)
