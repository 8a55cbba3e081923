"""The one box over everything."""

from chassis.schemas import Integer, Part, Schema, Text
from chassis.searching import SHORTEST
from filing.schemas.applications import ApplicationPage
from filing.schemas.certificates import CertificatePage
from filing.schemas.organisations import OrganisationPage
from filing.schemas.projects import ProjectPage

MOST = 20
FEW = 5


class Search(Schema):
    q = Text("查找", min=SHORTEST, max=60, required=True)
    limit = Integer("每类条数", min=1, max=MOST, load_default=FEW)


class Found(Schema):
    applications = Part(ApplicationPage, "办件")
    projects = Part(ProjectPage, "项目")
    certificates = Part(CertificatePage, "证书")
    organisations = Part(OrganisationPage, "单位")
