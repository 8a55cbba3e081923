"""Requests and replies about projects."""

from datetime import date

from chassis.schemas import Choice, Day, Flag, Free, Id, Integer, Moment, Number, Part, Rows, Schema, Text
from chassis.searching import SHORTEST
from filing import civilised_standards
from filing.fields import ROLES, STOPPAGE_CAUSES
from filing.matters.safety_filing import HazardousWork
from filing.schemas.common import AREA, Listed, Page
from filing.staffing import WORKS_KINDS
from filing.workflow import OUTCOME_TITLES, STAGE_TITLES

STAGES = {
    "unfiled": "未备案",
    "under_filing": "备案办理中",
    "filed": "已备案",
    "suspended": "中止监督",
    "closed": "终止监督",
    "merged": "已并入",
}
SCOPES = {"mine": "本单位（辖区）", "filed": "全省已备案"}
REASON = 500
WORDS_OF = date(2018, 6, 1)


class ListProjects(Page):
    """The last changed first; `backwards`: the first."""

    scope = Choice("范围", choices=SCOPES, load_default="mine")
    stage = Choice("状态", choices=STAGES, allow_none=True, load_default=None)
    area = Text("辖区", max=30, pattern=AREA, allow_none=True, load_default=None)
    works_kind = Choice("工程类别", choices=WORKS_KINDS, allow_none=True, load_default=None)
    civilised_standard = Text("申报安全文明工地标准", max=40, allow_none=True, load_default=None)
    agency_id = Id("监督机构", allow_none=True, load_default=None)
    q = Text("查找", min=SHORTEST, max=60, allow_none=True, load_default=None)
    backwards = Flag("倒序", allow_none=True, load_default=None)


class ProjectItem(Schema):
    project_id = Id()
    version = Integer()
    number = Text("监督备案号", allow_none=True)
    name = Text("工程名称")
    stage = Choice("状态", choices=STAGES)
    division = Text("行政区划代码")
    area = Text("辖区")
    place = Text("所在地")
    address = Text("工程地点")
    agency_id = Id("监督机构", allow_none=True)
    owner_id = Id(allow_none=True)
    owner_name = Text("建设单位")
    contractor_id = Id(allow_none=True)
    contractor_name = Text("施工单位")
    supervisor_id = Id(allow_none=True)
    supervisor_name = Text("监理单位")
    works_kind = Choice("工程类别", choices=WORKS_KINDS, allow_none=True)
    civilised_standard = Choice(
        "申报安全文明工地标准", choices=civilised_standards.standards(WORDS_OF), allow_none=True
    )
    starts_on = Day("开工日期", allow_none=True)
    finishes_on = Day("竣工日期", allow_none=True)
    changed_at = Moment("更新时间")


class ProjectPage(Listed):
    items = Rows(Part(ProjectItem))


class GetProject(Schema):
    project_id = Id("工程", required=True)


class ApplicationOnProject(Schema):
    application_id = Id()
    matter = Text()
    title = Text("事项")
    applicant_name = Text("申请单位")
    stage = Choice("环节", choices=STAGE_TITLES)
    outcome = Choice("结果", choices=OUTCOME_TITLES, allow_none=True)
    machine_id = Id(allow_none=True)
    changed_at = Moment("更新时间")


class CertificateOnProject(Schema):
    certificate_id = Id()
    kind = Text()
    title = Text("证书名称")
    number = Text("编号")
    stage = Text("状态")
    machine_id = Id(allow_none=True)
    issued_on = Day("发证日期")


class KeyPerson(Schema):
    role = Choice("岗位", choices=ROLES)
    person_id = Id()
    name = Text("姓名")
    application_id = Id("任职所依据的申请")


class HazardousWorkOnProject(HazardousWork):
    """As the safety filing listed it; what was not measured is missing."""

    tier = Integer("级别")  # 0 not dangerous, 1 needs a special scheme, 2 an expert review as well


class StopOnProject(Schema):
    """An order of enforcement by which works stand still now: all of them (`is_whole`), or the part `scope`."""

    order_id = Id("责令通知")
    number = Text("文号")
    is_whole = Flag("全部停工")
    scope = Text("停工部位")
    stopped_at = Moment("停工时间", allow_none=True)


class ProjectDetail(ProjectItem):
    """The page of a project; whoever only has an application on it gets no more than that and `acts`.

    `boundary` is GeoJSON in WGS-84, whatever datum was declared (`details.datum`). `hazardous_works` carry their tier.
    """

    applications = Rows(Part(ApplicationOnProject), "办件")
    acts = Rows(Text(), "可办理的动作")
    application_id = Id("备案申请")
    agency_name = Text("监督机构")
    works_code = Text("投资项目代码", allow_none=True)
    floor_area = Number("建筑面积", unit="m²", allow_none=True)
    contract_price = Number("合同价款", unit="元", allow_none=True)
    boundary = Free("场地边界", allow_none=True)
    key_people = Rows(Part(KeyPerson), "履职人员")
    hazardous_works = Rows(Part(HazardousWorkOnProject), "危大工程清单")
    details = Free("其他备案信息")
    suspended = Free("中止监督", allow_none=True)
    works_accepted_on = Day("工程验收日期", allow_none=True)
    merged_into = Id("并入的工程", allow_none=True)
    certificates = Rows(Part(CertificateOnProject), "证书")
    stopped_by = Rows(Part(StopOnProject), "责令停工的通知")


class ProjectAct(Schema):
    project_id = Id("工程", required=True)
    version = Integer("版本", min=1, required=True)


class RecordStoppage(ProjectAct):
    since = Day("停工日期", required=True)
    cause_by = Choice("停工原因", choices=STOPPAGE_CAUSES, required=True)
    owner_consents = Flag("建设单位同意项目经理另行任职", required=True)
    reason = Text("情况说明", max=REASON, load_default="")


class RecordResumption(ProjectAct):
    on = Day("复工日期", required=True)


class RecordWorksAcceptance(ProjectAct):
    on = Day("工程验收日期", required=True)


class CloseProject(ProjectAct):
    reason = Text("终止监督的依据", max=REASON, required=True)


class MergeProjects(Schema):
    unfiled_id = Id("未备案工程", required=True)
    version = Integer("版本", min=1, required=True)
    filed_id = Id("已备案工程", required=True)


class ProjectReply(Schema):
    project_id = Id()
    version = Integer()
    stage = Choice("状态", choices=STAGES)
