"""Requests and replies about matters, the home page, bulletins and downloads."""

from chassis.schemas import Choice, Day, Flag, Free, Id, Integer, Moment, Part, Rows, Schema, Text
from chassis.searching import SHORTEST
from filing.schemas.applications import ApplicationDetail, ApplicationItem
from filing.schemas.common import SHA256, Deadline, Page

BODY = 20_000
STAGES = {"published": "已发布", "withdrawn": "已撤下"}


class Applicant(Schema):
    kind = Text()
    title = Text("单位类型")


class MatterItem(Schema):
    code = Text()
    title = Text("事项")
    applicants = Rows(Part(Applicant), "申请单位")
    deadline = Part(Deadline, "法定时限")
    for_me = Flag("本单位可办理")


class Matters(Schema):
    items = Rows(Part(MatterItem))


class GetMatter(Schema):
    code = Text("事项", max=60, required=True)


class Countersigner(Schema):
    role = Text()
    title = Text("会签单位")


class AttachmentKind(Schema):
    code = Text("材料代码")
    title = Text("材料名称")
    required = Choice("必需", choices={"yes": "必需", "no": "可选", "depends": "视情形"})
    note = Text("说明")


class MatterDetail(Schema):
    """A matter with its form: `sections` of {title, fields}; a field has name, label, type, required and what its type
    needs (filing/forms.py). A marshmallow schema cannot have a field named `fields`, so sections are free objects."""

    code = Text()
    title = Text("事项")
    applicants = Rows(Part(Applicant), "申请单位")
    deadline = Part(Deadline, "法定时限")
    route = Text()
    route_title = Text("受理机构")
    review_levels = Integer("审批层级")
    countersigners = Rows(Part(Countersigner), "会签单位")
    sections = Rows(Free(), "表单")
    attachments = Rows(Part(AttachmentKind), "材料")
    decision = Rows(Free(), "审批结论的表单")
    certificate_title = Text("核发证书", allow_none=True)


class Print(Schema):
    """What a paper of an application needs. `labels`: words for every id that the form names, where there are any;
    `titles`: for the codes of `acts`, `stages` and `outcomes`."""

    application = Part(ApplicationDetail, "办件")
    matter = Part(MatterDetail, "事项")
    labels = Free("名称")
    titles = Free("代码的名称")


class PaperEnding(Schema):
    """A licence or qualification of one's own that ends soon, or has ended."""

    title = Text("名称")
    number = Text("编号")
    valid_to = Day("有效期至")


class Summary(Schema):
    """The home page's figures, over what the reader sees; `first` is what he has to act on first."""

    under_way = Free("各事项在办数")
    by_stage = Free("各环节在办数")
    waits_for_me = Integer("待我办理")
    overdue = Integer("已超期")
    due_soon = Integer("即将到期")
    closed_lately = Free("近 30 日办结数")
    closed_lately_from = Day("近 30 日办结自")
    first = Rows(Part(ApplicationItem), "最先到期")
    projects = Free("各状态工程数")
    papers = Rows(Part(PaperEnding), "即将到期的资质许可", max=50, load_default=list)


class FileToPublish(Schema):
    """A file in the blob store. Size and type are looked up there."""

    sha256 = Text("文件摘要", max=64, pattern=SHA256, required=True)
    file_name = Text("文件名", max=200, required=True)
    size = Integer("字节数", min=1)
    media_type = Text("文件类型", max=100)


class File(FileToPublish):
    """As it is kept."""

    size = Integer("字节数", required=True)
    media_type = Text("文件类型", required=True)


class ListPublished(Page):
    q = Text("查找", min=SHORTEST, max=60, allow_none=True, load_default=None)


class PublishBulletin(Schema):
    bulletin_id = Id("通知公告", required=True)
    title = Text("标题", max=120, required=True)
    body = Text("正文", max=BODY, required=True)
    is_public = Flag("向社会公开", required=True)
    attachments = Rows(Part(FileToPublish), "附件", max=20, load_default=list)


class BulletinChanges(Schema):
    title = Text("标题", min=1, max=120)
    body = Text("正文", min=1, max=BODY)
    is_public = Flag("向社会公开")
    attachments = Rows(Part(FileToPublish), "附件", max=20)
    withdrawn = Flag("撤下")


class ChangeBulletin(Schema):
    bulletin_id = Id("通知公告", required=True)
    version = Integer("版本", min=1, required=True)
    changes = Part(BulletinChanges, "修改", required=True)


class GetBulletin(Schema):
    bulletin_id = Id("通知公告", required=True)


class Published(Schema):
    version = Integer()
    title = Text("标题")
    agency_id = Id()
    agency_name = Text("发布机构")
    is_public = Flag("向社会公开")
    stage = Choice("状态", choices=STAGES)
    published_at = Moment("发布时间")


class BulletinItem(Published):
    bulletin_id = Id()
    changed_at = Moment("更新时间")


class BulletinPage(Schema):
    items = Rows(Part(BulletinItem))
    next = Text(allow_none=True)


class BulletinDetail(BulletinItem):
    body = Text("正文", max=BODY)
    attachments = Rows(Part(File), "附件")
    acts = Rows(Text(), "可办理的动作")


class PublishDownload(Schema):
    download_id = Id("下载文件", required=True)
    title = Text("标题", max=120, required=True)
    note = Text("说明", max=500, load_default="")
    is_public = Flag("向社会公开", required=True)
    file = Part(FileToPublish, "文件", required=True)


class DownloadChanges(Schema):
    title = Text("标题", min=1, max=120)
    note = Text("说明", max=500)
    is_public = Flag("向社会公开")
    withdrawn = Flag("撤下")


class ChangeDownload(Schema):
    download_id = Id("下载文件", required=True)
    version = Integer("版本", min=1, required=True)
    changes = Part(DownloadChanges, "修改", required=True)


class GetDownload(Schema):
    download_id = Id("下载文件", required=True)


class DownloadItem(Published):
    download_id = Id()
    note = Text("说明")
    sha256 = Text("文件摘要")
    file_name = Text("文件名")
    size = Integer("字节数")
    media_type = Text("文件类型")


class DownloadPage(Schema):
    items = Rows(Part(DownloadItem))
    next = Text(allow_none=True)
