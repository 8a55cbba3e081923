"""The tables of filing. Whoever changes one writes the numbered migration beside it (services/filing/migrations)."""

from filing.models.applications import Application, Countersignature, Step, Submission
from filing.models.bulletins import Bulletin, Download
from filing.models.certificates import Certificate, CertificateAct, Counter
from filing.models.organisations import Organisation
from filing.models.projects import Project, WorkStop
from filing.models.tallies import DecisionTally, Tally
from filing.models.work_logs import WorkLog

__all__ = [
    "Application",
    "Bulletin",
    "Certificate",
    "CertificateAct",
    "Counter",
    "Countersignature",
    "DecisionTally",
    "Download",
    "Organisation",
    "Project",
    "Step",
    "Submission",
    "Tally",
    "WorkLog",
    "WorkStop",
]
