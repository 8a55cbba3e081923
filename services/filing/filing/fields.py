"""Form fields of filing's own, on the chassis' fields: divisions, references, boundaries, licences."""

from collections.abc import Mapping, Sequence
from typing import Any

from chassis.schemas import Day, Flag, Free, Id, Schema, Text, broken
from filing import boundaries, divisions
from filing.boundaries import WrongBoundary

MACHINE_KINDS = {
    "T": "塔式起重机",
    "S": "施工升降机",
    "W": "物料提升机",
    "L": "货用施工升降机",
    "Q": "桥式起重机",
    "M": "门式起重机",
}
HOIST_DRIVES = {"SC": "SC 型（齿轮齿条式）", "SS": "SS 型（钢丝绳式）"}
ENTERPRISE_KINDS = {
    "owner": "建设单位",
    "contractor": "施工企业",
    "lessor": "租赁企业",
    "installer": "安拆企业",
    "supervisor": "监理单位",
}
STOPPAGE_CAUSES = {"contractor": "施工企业原因", "other": "非施工企业原因"}
ROLES = {
    "project_manager": "项目负责人（项目经理）",
    "technical_lead": "项目技术负责人",
    "safety_officer": "专职安全员",
    "owner_lead": "建设单位项目负责人",
    "chief_supervisor": "总监理工程师",
    "supervising_engineer": "监理工程师",
    "driver": "司机",
    "signaller": "信号司索工",
    "install_worker": "安装拆卸工",
    "install_lead": "安拆负责人",
    "install_safety_officer": "安拆专职安全员",
}


# A field of the form, "" for the applicant himself, or {field: {its value: …}} where another field decides which.
Source = str | Mapping[str, Mapping[str, str]]


class Reference(Id):
    """The id of something that the portal lets the user pick from a list, so that nobody ever types one.

    `to` is the list: projects, machines, people (those of `organisation_id` who can hold `role`), project_people,
    organisations. `given` tells the list what it has to know: {what: where it stands}, by the field nearest in the same
    row, then outside of it; "project_id.contractor_id" is the contractor of the project that is named there. `wanted`
    says which codes an entry must have to be of use here: others are shown with their word, and cannot be picked.
    """

    def __init__(
        self,
        label: str,
        to: str,
        *,
        given: Mapping[str, Source] | None = None,
        wanted: Mapping[str, Sequence[str]] | None = None,
        **options: Any,
    ) -> None:
        options |= {"given": dict(given)} if given else {}
        options |= {"wanted": {name: list(codes) for name, codes in wanted.items()}} if wanted else {}
        super().__init__(label, reference=to, **options)


class DivisionCode(Text):
    """The six-digit code of a county, district or city of the province, or of the province itself where `province`."""

    def __init__(self, label: str = "行政区划", *, province: bool = False, **options: Any) -> None:
        super().__init__(label, max=6, reference="divisions", **options)
        self.province = province

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        code = super()._deserialize(value, attr, data, **kwargs)
        found = divisions.division(code)
        if code and (found is None or (found.level == "province" and not self.province)):
            raise broken("unknown_division")
        return code


class SiteBoundary(Free):
    """A GeoJSON Polygon or MultiPolygon, longitude first, that can be a building site of the province."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> dict[str, Any]:
        try:
            boundaries.check(value)
        except WrongBoundary as wrong:
            raise broken(wrong.rule, **wrong.parameters) from wrong
        return dict(value)


class SafetyLicence(Schema):
    """Safety production licence (安全生产许可证); its number is taken as it stands: provinces write it in many ways."""

    number = Text("安全生产许可证编号", max=40, required=True, help="如：（冀）JZ安许证字〔2023〕087974")
    issued_on = Day("发证日期")
    valid_to = Day("有效期至", required=True)


class Qualification(Schema):
    """A qualification certificate of an enterprise (企业资质)."""

    name = Text("资质名称", max=80, required=True, help="如：建筑工程施工总承包")
    grade = Text("资质等级", max=20, required=True)
    number = Text("资质证书编号", max=40, required=True)
    valid_to = Day("有效期至")


class Inspection(Schema):
    """The report of a qualified inspection body (检测机构) on an installed machine."""

    body = Text("检验检测机构", max=80, required=True)
    report_number = Text("检验报告编号", max=60, required=True)
    on = Day("检验日期", required=True)
    valid_to = Day("报告有效期至", required=True, help="一般为检验日期起一年")
    passed = Flag("检验结论为合格", required=True)


class Assessment(Schema):
    """A safety assessment (安全评估, JGJ/T 189) of a machine past its age."""

    body = Text("评估机构", max=80, required=True)
    report_number = Text("评估报告编号", max=60, required=True)
    on = Day("评估日期", required=True)
    valid_to = Day("评估有效期至", required=True)
    passed = Flag("评估结论为合格", required=True)
