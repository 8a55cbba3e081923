"""What enforcement answers: one method a request, three lines each."""

from typing import Any

from chassis.call import Call
from chassis.clock import now
from chassis.nameko.answers import answers
from chassis.nameko.sessions import Given, Sessions
from chassis.workdays import OverridesFile
from enforcement import documents, draw_lists, draws, numbering, plan_lists, plans, roster
from enforcement.schemas import documents as papers
from enforcement.schemas import plans as planning
from enforcement.schemas import roster as people

Request = dict[str, Any]
Reply = dict[str, Any]


class EnforcementService:
    name = "enforcement"
    sessions = Sessions()
    calendar = Given(lambda settings: OverridesFile(settings.calendar_overrides))

    @answers(papers.LeaseNumbersRequest, papers.LeaseNumbersReply)
    def lease_numbers(self, request: Request, call: Call) -> Reply:
        return numbering.lease_numbers(self.sessions, call.principal, now, key=call.key, **request)

    @answers(papers.ListDocumentsRequest, papers.ListDocumentsReply)
    def list_documents(self, request: Request, call: Call) -> Reply:
        return documents.list_documents(self.sessions, call.principal, **request)

    @answers(papers.DocumentRequest, papers.DocumentReply)
    def get_document(self, request: Request, call: Call) -> Reply:
        return documents.get_document(self.sessions, call.principal, now, **request)

    @answers(papers.ServeOnPaperRequest, papers.DocumentItem)
    def serve_on_paper(self, request: Request, call: Call) -> Reply:
        return documents.serve_on_paper(self.sessions, call.principal, now, **request)

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
