"""What enforcement answers: one method a request, three lines each."""

from typing import Any

from chassis import exports
from chassis.call import Call
from chassis.clock import now
from chassis.nameko.answers import answers
from enforcement import (
    completing,
    days,
    decisions,
    documents,
    draw_lists,
    draws,
    figures,
    files,
    finding_lists,
    gathering,
    inspection_lists,
    inspections,
    mapping,
    number_lists,
    numbering,
    order_acts,
    order_lists,
    plan_lists,
    plans,
    rectifications,
    roster,
    safety_history,
    summaries,
    transfers,
    visiting_days,
)
from enforcement.exporting import LISTS
from enforcement.rpc.cases import CaseAnswers
from enforcement.schemas import bundles, seeing
from enforcement.schemas import documents as papers
from enforcement.schemas import files as kept
from enforcement.schemas import inspections as visits
from enforcement.schemas import orders as ordered
from enforcement.schemas import plans as planning
from enforcement.schemas import roster as people

Request = dict[str, Any]
Reply = dict[str, Any]


class EnforcementService(CaseAnswers):
    name = "enforcement"

    @answers(papers.LeaseNumbersRequest, papers.LeaseNumbersReply)
    def lease_numbers(self, request: Request, call: Call) -> Reply:
        return numbering.lease_numbers(self.sessions, call.principal, now, key=call.key, **request)

    @answers(papers.ListNumbersRequest, papers.ListNumbersReply)
    def list_numbers(self, request: Request, call: Call) -> Reply:
        return number_lists.list_numbers(self.sessions, call.principal, now, **request)

    @answers(papers.ListDocumentsRequest, papers.ListDocumentsReply)
    def list_documents(self, request: Request, call: Call) -> Reply:
        return documents.list_documents(self.sessions, call.principal, **request)

    @answers(papers.DocumentRequest, papers.DocumentReply)
    def get_document(self, request: Request, call: Call) -> Reply:
        return documents.get_document(self.sessions, call.principal, now, **request)

    @answers(papers.ServeOnPaperRequest, papers.DocumentItem)
    def serve_on_paper(self, request: Request, call: Call) -> Reply:
        return documents.serve_on_paper(self.sessions, call.principal, now, **request)

    @answers(ordered.IssueOrderRequest, ordered.OrderActed)
    def issue_order(self, request: Request, call: Call) -> Reply:
        return order_acts.issue_order(self.sessions, call.principal, now, key=call.key, **request)

    @answers(ordered.ListOrdersRequest, ordered.ListOrdersReply)
    def list_orders(self, request: Request, call: Call) -> Reply:
        return order_lists.list_orders(self.sessions, call.principal, now, self.calendar(), **request)

    @answers(ordered.GetOrderRequest, ordered.OrderReply)
    def get_order(self, request: Request, call: Call) -> Reply:
        return order_lists.get_order(self.sessions, call.principal, now, self.calendar(), **request)

    @answers(ordered.ExtendOrderRequest, ordered.OrderActed)
    def extend_order(self, request: Request, call: Call) -> Reply:
        return order_acts.extend_order(self.sessions, call.principal, now, **request)

    @answers(ordered.ReasonedRequest, ordered.OrderActed)
    def lift_stop(self, request: Request, call: Call) -> Reply:
        return order_acts.lift_stop(self.sessions, call.principal, now, **request)

    @answers(ordered.ReasonedRequest, ordered.OrderActed)
    def withdraw_order(self, request: Request, call: Call) -> Reply:
        return order_acts.withdraw_order(self.sessions, call.principal, now, **request)

    @answers(ordered.SaveRectificationRequest, ordered.RectificationTold)
    def save_rectification(self, request: Request, call: Call) -> Reply:
        return rectifications.save_rectification(self.sessions, call.principal, now, **request)

    @answers(ordered.SubmitRectificationRequest, ordered.RectificationTold)
    def submit_rectification(self, request: Request, call: Call) -> Reply:
        return rectifications.submit_rectification(self.sessions, call.principal, now, self.blobs.look, **request)

    @answers(ordered.OpinionRequest, ordered.RectificationTold)
    def give_opinion(self, request: Request, call: Call) -> Reply:
        return rectifications.give_opinion(self.sessions, call.principal, now, **request)

    @answers(ordered.DecideRequest, ordered.DecideReply)
    def decide_rectification(self, request: Request, call: Call) -> Reply:
        return decisions.decide_rectification(self.sessions, call.principal, now, **request)

    @answers(ordered.TransferRequest, ordered.TransferItem)
    def transfer_order(self, request: Request, call: Call) -> Reply:
        return transfers.transfer_order(self.sessions, call.principal, now, **request)

    @answers(ordered.AnswerTransferRequest, ordered.TransferItem)
    def answer_transfer(self, request: Request, call: Call) -> Reply:
        return transfers.answer_transfer(self.sessions, call.principal, now, **request)

    @answers(ordered.ListTransfersRequest, ordered.ListTransfersReply)
    def list_transfers(self, request: Request, call: Call) -> Reply:
        return transfers.list_transfers(self.sessions, call.principal, **request)

    @answers(visits.LibraryRequest, visits.LibraryReply)
    def get_check_library(self, request: Request, call: Call) -> Reply:
        return inspection_lists.get_check_library(call.principal, now, **request)

    @answers(visits.StartInspectionRequest, visits.StartedReply)
    def start_inspection(self, request: Request, call: Call) -> Reply:
        return inspections.start_inspection(self.sessions, call.principal, now, **request)

    @answers(visits.AbandonInspectionRequest, visits.StartedReply)
    def abandon_inspection(self, request: Request, call: Call) -> Reply:
        return inspections.abandon_inspection(self.sessions, call.principal, now, **request)

    @answers(visits.CompleteInspectionRequest, visits.CompletedReply)
    def complete_inspection(self, request: Request, call: Call) -> Reply:
        return completing.complete_inspection(self.sessions, call.principal, now, self.blobs.look, **request)

    @answers(visits.InspectionRequest, visits.InspectionReply)
    def get_inspection(self, request: Request, call: Call) -> Reply:
        return inspection_lists.get_inspection(self.sessions, call.principal, **request)

    @answers(visits.ListInspectionsRequest, visits.ListInspectionsReply)
    def list_inspections(self, request: Request, call: Call) -> Reply:
        return inspection_lists.list_inspections(self.sessions, call.principal, **request)

    @answers(visits.ListFindingsRequest, visits.ListFindingsReply)
    def list_findings(self, request: Request, call: Call) -> Reply:
        return finding_lists.list_findings(self.sessions, call.principal, **request)

    @answers(kept.FindUsedFilesRequest, kept.FindUsedFilesReply)
    def find_used_files(self, request: Request, call: Call) -> Reply:
        return files.find_used_files(self.sessions, call.principal, **request)

    @answers(people.EnterOfficerRequest, people.OfficerReply)
    def enter_officer(self, request: Request, call: Call) -> Reply:
        return roster.enter_officer(self.sessions, call.principal, now, key=call.key, **request)

    @answers(people.OfficerRequest, people.OfficerReply)
    def remove_officer(self, request: Request, call: Call) -> Reply:
        return roster.remove_officer(self.sessions, call.principal, now, **request)

    @answers(people.ListOfficersRequest, people.ListOfficersReply)
    def list_officers(self, request: Request, call: Call) -> Reply:
        return roster.list_officers(self.sessions, call.principal, now, **request)

    @answers(people.EnterInterestRequest, people.InterestReply)
    def enter_interest(self, request: Request, call: Call) -> Reply:
        return roster.enter_interest(self.sessions, call.principal, now, key=call.key, **request)

    @answers(people.EndInterestRequest, people.InterestReply)
    def end_interest(self, request: Request, call: Call) -> Reply:
        return roster.end_interest(self.sessions, call.principal, now, **request)

    @answers(planning.SavePlanRequest, planning.PlanSaved)
    def save_plan(self, request: Request, call: Call) -> Reply:
        return plans.save_plan(self.sessions, call.principal, now, key=call.key, **request)

    @answers(planning.ApprovePlanRequest, planning.PlanReply)
    def approve_plan(self, request: Request, call: Call) -> Reply:
        return plans.approve_plan(self.sessions, call.principal, now, **request)

    @answers(planning.FinishPlanRequest, planning.PlanReply)
    def finish_plan(self, request: Request, call: Call) -> Reply:
        return plans.finish_plan(self.sessions, call.principal, now, **request)

    @answers(planning.ListPlansRequest, planning.ListPlansReply)
    def list_plans(self, request: Request, call: Call) -> Reply:
        return plan_lists.list_plans(self.sessions, call.principal, now, **request)

    @answers(planning.PlanRequest, planning.GetPlanReply)
    def get_plan(self, request: Request, call: Call) -> Reply:
        return plan_lists.get_plan(self.sessions, call.principal, now, **request)

    @answers(planning.CommitDrawRequest, planning.CommitDrawReply)
    def commit_draw(self, request: Request, call: Call) -> Reply:
        return draws.commit_draw(self.sessions, call.principal, now, key=call.key, **request)

    @answers(planning.RevealDrawRequest, planning.RevealDrawReply)
    def reveal_draw(self, request: Request, call: Call) -> Reply:
        return draws.reveal_draw(self.sessions, call.principal, now, **request)

    @answers(planning.ListDrawsRequest, planning.ListDrawsReply)
    def list_draws(self, request: Request, call: Call) -> Reply:
        return draw_lists.list_draws(self.sessions, call.principal, **request)

    @answers(planning.DrawRequest, planning.GetDrawReply)
    def get_draw(self, request: Request, call: Call) -> Reply:
        return draw_lists.get_draw(self.sessions, call.principal, **request)

    @answers(planning.VerifierRequest, planning.VerifierReply)
    def get_draw_verifier(self, request: Request, call: Call) -> Reply:
        return draw_lists.get_verifier(call.principal, **request)

    @answers(bundles.CollectEvidenceRequest, bundles.ListEvidenceReply)
    def list_evidence(self, request: Request, call: Call) -> Reply:
        return gathering.list_evidence(self.sessions, call.principal, **request)

    @answers(bundles.CollectEvidenceRequest, bundles.CollectEvidenceReply)
    def collect_evidence(self, request: Request, call: Call) -> Reply:
        return gathering.collect_evidence(self.sessions, call.principal, now, **request)

    @answers(seeing.Nothing, seeing.OfficerDay)
    def get_officer_day(self, request: Request, call: Call) -> Reply:
        return days.get_officer_day(self.sessions, call.principal, now)

    @answers(seeing.CalendarRequest, seeing.CalendarReply)
    def get_inspection_calendar(self, request: Request, call: Call) -> Reply:
        return visiting_days.get_inspection_calendar(self.sessions, call.principal, now, **request)

    @answers(seeing.OfArea, seeing.MapReply)
    def get_inspection_map(self, request: Request, call: Call) -> Reply:
        return mapping.get_inspection_map(self.sessions, call.principal, now, **request)

    @answers(seeing.HistoryRequest, seeing.HistoryReply)
    def get_safety_history(self, request: Request, call: Call) -> Reply:
        return safety_history.get_safety_history(self.sessions, call.principal, now, **request)

    @answers(seeing.FiguresRequest, seeing.FiguresReply)
    def get_enforcement_figures(self, request: Request, call: Call) -> Reply:
        return figures.get_figures(self.sessions, call.principal, now, **request)

    @answers(seeing.Nothing, seeing.SummariseReply)
    def summarise(self, request: Request, call: Call) -> Reply:
        return summaries.summarise(self.sessions, call.principal, now)

    @answers(exports.StartExport, exports.Export)
    def start_export(self, request: Request, call: Call) -> Reply:
        return exports.start(self.sessions, LISTS, call, request, now)

    @answers(exports.GetExport, exports.Export)
    def get_export(self, request: Request, call: Call) -> Reply:
        return exports.get(self.sessions, LISTS, call.principal, **request)

    @answers(exports.ListExports, exports.ExportPage)
    def list_exports(self, request: Request, call: Call) -> Reply:
        return exports.listed(self.sessions, LISTS, call.principal, **request)

    @answers(papers.VerifyDocumentRequest, papers.VerifyDocumentReply)
    def verify_document(self, request: Request, call: Call) -> Reply:
        return documents.verify_document(self.sessions, call.principal, **request)
