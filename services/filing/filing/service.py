"""What filing answers: one method an RPC, three lines each. Rules and queries are elsewhere."""

from collections.abc import Sequence
from typing import Any

from chassis import exports
from chassis.blobs import BlobStore
from chassis.call import Answer, Call, Caller, Question
from chassis.clock import now
from chassis.database import transaction
from chassis.nameko.answers import answers
from chassis.nameko.sessions import Calls, Given, Sessions
from chassis.settings import Common
from chassis.workdays import OverridesFile
from filing import (
    agencies,
    applications,
    bulletins,
    catalogue,
    certificate_acts,
    exporting,
    figures,
    project_acts,
    registration,
    summary,
    work_logs,
)
from filing.claims import Ask
from filing.desk import Command, Desk
from filing.permissions import permit
from filing.queries import certificates, claims, everything, files, organisations, project_map, projects
from filing.schemas import applications as shapes
from filing.schemas import home
from filing.schemas import organisations as bodies
from filing.schemas import projects as sites
from filing.schemas import work_logs as logs
from filing.schemas.certificates import (
    ActOnCertificate,
    CertificateDetail,
    CertificatePage,
    CertificateReply,
    GetCertificate,
    ListCertificates,
    ReissueCertificate,
    ReissueReply,
    Verification,
    VerifyCertificate,
)
from filing.schemas.claims import ClaimStages, GetClaimStages, ListLivingClaims, LivingClaims
from filing.schemas.common import Nothing
from filing.schemas.everything import Found, Search
from filing.schemas.figures import Figures, ReadFigures
from filing.schemas.files import FindUsedFiles, UsedFiles
from filing.schemas.project_map import LocateProjects, ProjectMap

Request = dict[str, Any]
Reply = dict[str, Any]


def calendar_of(settings: Common) -> OverridesFile:
    return OverridesFile(settings.calendar_overrides)


class FilingService:
    name = "filing"
    sessions = Sessions()
    calendar = Given(calendar_of)
    blobs = Given(lambda settings: BlobStore(settings.blob_uri))
    caller = Calls()

    # Applications

    @answers(shapes.StartApplication, shapes.ApplicationReply)
    def start_application(self, request: Request, call: Call) -> Reply:
        return applications.start(self.desk, command(call), **request)

    @answers(shapes.SaveDraft, shapes.ApplicationReply)
    def save_draft(self, request: Request, call: Call) -> Reply:
        return applications.save_draft(self.desk, command(call), **request)

    @answers(shapes.CheckApplication, shapes.Checked)
    def check_application(self, request: Request, call: Call) -> Reply:
        return applications.check(self.desk, self.asking(call), call.principal, **request)

    @answers(shapes.SubmitApplication, shapes.SubmitReply)
    def submit_application(self, request: Request, call: Call) -> Reply:
        return applications.submit(self.desk, self.asking(call), command(call), **request)

    @answers(shapes.CountersignApplication, shapes.ApplicationReply)
    def countersign_application(self, request: Request, call: Call) -> Reply:
        return applications.countersign(self.desk, command(call), **request)

    @answers(shapes.AcceptApplication, shapes.ApplicationReply)
    def accept_application(self, request: Request, call: Call) -> Reply:
        return applications.accept(self.desk, command(call), **request)

    @answers(shapes.ReturnApplication, shapes.ApplicationReply)
    def return_application(self, request: Request, call: Call) -> Reply:
        return applications.return_for_correction(self.desk, command(call), **request)

    @answers(shapes.ReviewApplication, shapes.ApplicationReply)
    def review_application(self, request: Request, call: Call) -> Reply:
        return applications.review(self.desk, command(call), **request)

    @answers(shapes.ApproveApplication, shapes.ApproveReply)
    def approve_application(self, request: Request, call: Call) -> Reply:
        return applications.approve(self.desk, self.asking(call), command(call), **request)

    @answers(shapes.RejectApplication, shapes.ApplicationReply)
    def reject_application(self, request: Request, call: Call) -> Reply:
        return applications.reject(self.desk, command(call), **request)

    @answers(shapes.WithdrawApplication, shapes.ApplicationReply)
    def withdraw_application(self, request: Request, call: Call) -> Reply:
        return applications.withdraw(self.desk, command(call), **request)

    @answers(shapes.GetApplication, shapes.ApplicationDetail)
    def get_application(self, request: Request, call: Call) -> Reply:
        return applications.get(self.desk, call.principal, **request)

    @answers(shapes.GetApplication, home.Print)
    def print_application(self, request: Request, call: Call) -> Reply:
        return applications.print_application(self.desk, call.principal, **request)

    @answers(shapes.UnmaskApplication, shapes.UnmaskedApplication)
    def unmask_application(self, request: Request, call: Call) -> Reply:
        return applications.unmask(self.desk, command(call), **request)

    @answers(shapes.ListApplications, shapes.ApplicationPage)
    def list_applications(self, request: Request, call: Call) -> Reply:
        return applications.list_all(self.desk, call.principal, request)

    # Certificates

    @answers(ListCertificates, CertificatePage)
    def list_certificates(self, request: Request, call: Call) -> Reply:
        with transaction(self.sessions) as session:
            return certificates.list_certificates(session, call.principal, request)

    @answers(GetCertificate, CertificateDetail)
    def get_certificate(self, request: Request, call: Call) -> Reply:
        with transaction(self.sessions) as session:
            return certificates.get_certificate(session, call.principal, **request)

    @answers(VerifyCertificate, Verification)
    def verify_certificate(self, request: Request, call: Call) -> Reply:
        with transaction(self.sessions) as session:
            return certificates.verify_certificate(session, today=self.desk.today(), **request)

    @answers(ActOnCertificate, CertificateReply)
    def suspend_certificate(self, request: Request, call: Call) -> Reply:
        return certificate_acts.suspend_certificate(self.desk, command(call), **request)

    @answers(ActOnCertificate, CertificateReply)
    def resume_certificate(self, request: Request, call: Call) -> Reply:
        return certificate_acts.resume_certificate(self.desk, command(call), **request)

    @answers(ActOnCertificate, CertificateReply)
    def cancel_certificate(self, request: Request, call: Call) -> Reply:
        return certificate_acts.cancel_certificate(self.desk, command(call), **request)

    @answers(ReissueCertificate, ReissueReply)
    def reissue_certificate(self, request: Request, call: Call) -> Reply:
        return certificate_acts.reissue_certificate(self.desk, command(call), **request)

    # Divisions, agencies, enterprises

    @answers(bodies.ListDivisions, bodies.Divisions)
    def list_divisions(self, request: Request, call: Call) -> Reply:
        return catalogue.list_divisions(**request)

    @answers(bodies.ListAgencies, bodies.Agencies)
    def list_agencies(self, request: Request, call: Call) -> Reply:
        return agencies.list_agencies(self.desk, **request)

    @answers(bodies.CreateAgency, bodies.Agency)
    def create_agency(self, request: Request, call: Call) -> Reply:
        return agencies.create_agency(self.desk, command(call), **request)

    @answers(bodies.OfferAgencies, bodies.OfferedAgencies)
    def offer_agencies(self, request: Request, call: Call) -> Reply:
        return agencies.offer_agencies(self.desk, call.principal, **request)

    @answers(bodies.RegisterEnterprise, bodies.RegisterReply)
    def register_enterprise(self, request: Request, call: Call) -> Reply:
        return registration.register_enterprise(self.desk, command(call), **request)

    @answers(bodies.ListOrganisations, bodies.OrganisationPage)
    def list_organisations(self, request: Request, call: Call) -> Reply:
        with transaction(self.sessions) as session:
            return organisations.list_organisations(session, call.principal, request)

    @answers(bodies.GetOrganisation, bodies.OrganisationDetail)
    def get_organisation(self, request: Request, call: Call) -> Reply:
        with transaction(self.sessions) as session:
            return organisations.get_organisation(session, call.principal, **request)

    @answers(bodies.NameOrganisations, bodies.OrganisationNames)
    def name_organisations(self, request: Request, call: Call) -> Reply:
        with transaction(self.sessions) as session:
            return organisations.name_organisations(session, call.principal, **request)

    @answers(bodies.GetOrganisation, bodies.SignInProfile)
    def sign_in_profile(self, request: Request, call: Call) -> Reply:
        with transaction(self.sessions) as session:
            return organisations.sign_in_profile(session, call.principal, **request)

    # Matters and the home page

    @answers(Nothing, home.Matters)
    def list_matters(self, request: Request, call: Call) -> Reply:
        return catalogue.list_matters(self.desk, call.principal)

    @answers(home.GetMatter, home.MatterDetail)
    def get_matter(self, request: Request, call: Call) -> Reply:
        return catalogue.get_matter(self.desk, **request)

    @answers(Nothing, home.Summary)
    def summarise(self, request: Request, call: Call) -> Reply:
        return summary.summarise(self.desk, call.principal)

    @answers(ReadFigures, Figures)
    def figures(self, request: Request, call: Call) -> Reply:
        return figures.figures(self.desk, call.principal, **request)

    @answers(Search, Found)
    def search(self, request: Request, call: Call) -> Reply:
        desk = self.desk
        with transaction(self.sessions) as session:
            return everything.search(session, call.principal, desk.calendar, desk.clock(), **request)

    # Projects

    @answers(sites.ListProjects, sites.ProjectPage)
    def list_projects(self, request: Request, call: Call) -> Reply:
        with transaction(self.sessions) as session:
            return projects.list_projects(session, call.principal, request)

    @answers(LocateProjects, ProjectMap)
    def locate_projects(self, request: Request, call: Call) -> Reply:
        with transaction(self.sessions) as session:
            return project_map.locate_projects(session, call.principal, request)

    @answers(sites.GetProject, sites.ProjectDetail)
    def get_project(self, request: Request, call: Call) -> Reply:
        with transaction(self.sessions) as session:
            return projects.get_project(session, call.principal, **request)

    @answers(sites.RecordStoppage, sites.ProjectReply)
    def record_stoppage(self, request: Request, call: Call) -> Reply:
        return project_acts.record_stoppage(self.desk, command(call), **request)

    @answers(sites.RecordResumption, sites.ProjectReply)
    def record_resumption(self, request: Request, call: Call) -> Reply:
        return project_acts.record_resumption(self.desk, command(call), **request)

    @answers(sites.RecordWorksAcceptance, sites.ProjectReply)
    def record_works_acceptance(self, request: Request, call: Call) -> Reply:
        return project_acts.record_works_acceptance(self.desk, command(call), **request)

    @answers(sites.CloseProject, sites.ProjectReply)
    def close_project(self, request: Request, call: Call) -> Reply:
        return project_acts.close_project(self.desk, command(call), **request)

    @answers(sites.MergeProjects, sites.ProjectReply)
    def merge_projects(self, request: Request, call: Call) -> Reply:
        return project_acts.merge_projects(self.desk, command(call), **request)

    # Work-process logs

    @answers(logs.WriteWorkLog, logs.WrittenLog)
    def write_work_log(self, request: Request, call: Call) -> Reply:
        return work_logs.write_work_log(self.desk, command(call), **request)

    @answers(logs.GetWorkLog, logs.WorkLogRead)
    def get_work_log(self, request: Request, call: Call) -> Reply:
        return work_logs.get_work_log(self.desk, call.principal, **request)

    @answers(logs.LogOfDay, logs.FormOfLog)
    def get_log_form(self, request: Request, call: Call) -> Reply:
        return work_logs.get_log_form(self.desk, call.principal, **request)

    @answers(logs.ListOwedLogs, logs.OwedLogs)
    def list_owed_logs(self, request: Request, call: Call) -> Reply:
        return work_logs.list_owed_logs(self.desk, call.principal, **request)

    @answers(logs.ListLogKeeping, logs.LogKeepingPage)
    def list_log_keeping(self, request: Request, call: Call) -> Reply:
        return work_logs.list_log_keeping(self.desk, call.principal, request)

    # Bulletins and downloads

    @answers(home.PublishBulletin, home.BulletinItem)
    def publish_bulletin(self, request: Request, call: Call) -> Reply:
        return bulletins.publish_bulletin(self.desk, command(call), **request)

    @answers(home.ChangeBulletin, home.BulletinItem)
    def change_bulletin(self, request: Request, call: Call) -> Reply:
        return bulletins.change_bulletin(self.desk, command(call), **request)

    @answers(home.ListPublished, home.BulletinPage)
    def list_bulletins(self, request: Request, call: Call) -> Reply:
        return bulletins.list_bulletins(self.desk, call.principal, request)

    @answers(home.GetBulletin, home.BulletinDetail)
    def get_bulletin(self, request: Request, call: Call) -> Reply:
        return bulletins.get_bulletin(self.desk, call.principal, **request)

    @answers(home.PublishDownload, home.DownloadItem)
    def publish_download(self, request: Request, call: Call) -> Reply:
        return bulletins.publish_download(self.desk, command(call), **request)

    @answers(home.ChangeDownload, home.DownloadItem)
    def change_download(self, request: Request, call: Call) -> Reply:
        return bulletins.change_download(self.desk, command(call), **request)

    @answers(home.ListPublished, home.DownloadPage)
    def list_downloads(self, request: Request, call: Call) -> Reply:
        return bulletins.list_downloads(self.desk, call.principal, request)

    @answers(home.GetDownload, home.DownloadItem)
    def get_download(self, request: Request, call: Call) -> Reply:
        return bulletins.get_download(self.desk, call.principal, **request)

    # What the gateway asks before it removes a file

    @answers(FindUsedFiles, UsedFiles)
    def find_used_files(self, request: Request, call: Call) -> Reply:
        permit("find_used_files", call.principal)
        with transaction(self.sessions) as session:
            return files.find_used_files(session, **request)

    # Exports

    @answers(exports.StartExport, exports.Export)
    def start_export(self, request: Request, call: Call) -> Reply:
        return exports.start(self.sessions, exporting.lists(self.calendar), call, request, now)

    @answers(exports.GetExport, exports.Export)
    def get_export(self, request: Request, call: Call) -> Reply:
        return exports.get(self.sessions, exporting.lists(self.calendar), call.principal, **request)

    @answers(exports.ListExports, exports.ExportPage)
    def list_exports(self, request: Request, call: Call) -> Reply:
        return exports.listed(self.sessions, exporting.lists(self.calendar), call.principal, **request)

    # What the owners of locks ask

    @answers(GetClaimStages, ClaimStages)
    def get_claim_stages(self, request: Request, call: Call) -> Reply:
        permit("ask_for_claims", call.principal)
        with transaction(self.sessions) as session:
            return claims.get_claim_stages(session, **request)

    @answers(ListLivingClaims, LivingClaims)
    def list_living_claims(self, request: Request, call: Call) -> Reply:
        permit("ask_for_claims", call.principal)
        with transaction(self.sessions) as session:
            return claims.list_living_claims(session, **request)

    @property
    def desk(self) -> Desk:
        return Desk(self.sessions, self.calendar(), look=self.blobs.look)

    def asking(self, call: Call) -> Ask:
        """Asks other services in the name of who acts, for no longer than he waits."""
        caller: Caller = self.caller

        def ask(questions: Sequence[Question], seconds: float) -> list[Answer]:
            return caller.call_many(questions, call.token, deadline=call.left(seconds))

        return ask


def command(call: Call) -> Command:
    return Command(call.principal, call.key)
