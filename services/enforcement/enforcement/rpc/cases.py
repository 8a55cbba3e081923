"""What enforcement answers about penalty cases: one method a request, three lines each."""

from typing import Any

from chassis.blobs import BlobStore
from chassis.call import Call
from chassis.clock import now
from chassis.nameko.answers import answers
from chassis.nameko.sessions import Given, Sessions
from chassis.workdays import OverridesFile
from enforcement.cases import deciding, fairness, holding, lists, money, nearest, opening, starts, steps
from enforcement.schemas import case_files as files_of_cases
from enforcement.schemas import cases as penalties
from enforcement.schemas import discretion as weighings

Request = dict[str, Any]
Reply = dict[str, Any]


class CaseAnswers:
    """Part of EnforcementService."""

    sessions = Sessions()
    blobs = Given(lambda settings: BlobStore(settings.blob_uri))
    calendar = Given(lambda settings: OverridesFile(settings.calendar_overrides))

    @answers(penalties.OpenCaseRequest, penalties.CaseMoved)
    def open_case(self, request: Request, call: Call) -> Reply:
        return opening.open_case(self.sessions, call.principal, now, self.calendar(), key=call.key, **request)

    @answers(penalties.DecideOnTheSpotRequest, penalties.CaseMoved)
    def decide_on_the_spot(self, request: Request, call: Call) -> Reply:
        return opening.decide_on_the_spot(self.sessions, call.principal, now, self.calendar(), key=call.key, **request)

    @answers(penalties.FileCaseRequest, penalties.CaseMoved)
    def file_case(self, request: Request, call: Call) -> Reply:
        return steps.file_case(self.sessions, call.principal, now, self.calendar(), key=call.key, **request)

    @answers(penalties.WithReason, penalties.CaseMoved)
    def drop_case(self, request: Request, call: Call) -> Reply:
        return steps.drop_case(self.sessions, call.principal, now, self.calendar(), key=call.key, **request)

    @answers(penalties.ExtendCaseRequest, penalties.CaseMoved)
    def extend_case(self, request: Request, call: Call) -> Reply:
        return steps.extend_case(self.sessions, call.principal, now, self.calendar(), key=call.key, **request)

    @answers(penalties.ReplaceInvestigatorsRequest, penalties.CaseMoved)
    def replace_investigators(self, request: Request, call: Call) -> Reply:
        return steps.replace_investigators(self.sessions, call.principal, now, self.calendar(), key=call.key, **request)

    @answers(penalties.ConcludeInvestigationRequest, penalties.CaseMoved)
    def conclude_investigation(self, request: Request, call: Call) -> Reply:
        return steps.conclude_investigation(
            self.sessions, call.principal, now, self.calendar(), key=call.key, **request
        )

    @answers(penalties.ReviewCaseRequest, penalties.CaseMoved)
    def review_case(self, request: Request, call: Call) -> Reply:
        return steps.review_case(self.sessions, call.principal, now, self.calendar(), key=call.key, **request)

    @answers(penalties.NotifyPartyRequest, penalties.CaseMoved)
    def notify_party(self, request: Request, call: Call) -> Reply:
        return steps.notify_party(self.sessions, call.principal, now, self.calendar(), key=call.key, **request)

    @answers(penalties.ServeCaseRequest, penalties.CaseMoved)
    def serve_case(self, request: Request, call: Call) -> Reply:
        return steps.serve_case(self.sessions, call.principal, now, self.calendar(), key=call.key, **request)

    @answers(penalties.AnswerNoticeRequest, penalties.CaseMoved)
    def answer_notice(self, request: Request, call: Call) -> Reply:
        return steps.answer_notice(self.sessions, call.principal, now, self.calendar(), key=call.key, **request)

    @answers(penalties.SetHearingRequest, penalties.CaseMoved)
    def set_hearing(self, request: Request, call: Call) -> Reply:
        return steps.set_hearing(self.sessions, call.principal, now, self.calendar(), key=call.key, **request)

    @answers(penalties.RecordHearingRequest, penalties.CaseMoved)
    def record_hearing(self, request: Request, call: Call) -> Reply:
        return steps.record_hearing(self.sessions, call.principal, now, self.calendar(), key=call.key, **request)

    @answers(penalties.SuspendCaseRequest, penalties.CaseMoved)
    def suspend_case(self, request: Request, call: Call) -> Reply:
        return holding.suspend_case(self.sessions, call.principal, now, self.calendar(), key=call.key, **request)

    @answers(penalties.ResumeCaseRequest, penalties.CaseMoved)
    def resume_case(self, request: Request, call: Call) -> Reply:
        return holding.resume_case(self.sessions, call.principal, now, self.calendar(), key=call.key, **request)

    @answers(penalties.WithReason, penalties.CaseMoved)
    def return_case(self, request: Request, call: Call) -> Reply:
        return steps.return_case(self.sessions, call.principal, now, self.calendar(), key=call.key, **request)

    @answers(penalties.DecideCaseRequest, penalties.CaseMoved)
    def decide_case(self, request: Request, call: Call) -> Reply:
        return deciding.decide_case(self.sessions, call.principal, now, self.calendar(), key=call.key, **request)

    @answers(penalties.RecordPaymentRequest, penalties.CaseMoved)
    def record_payment(self, request: Request, call: Call) -> Reply:
        return money.record_payment(self.sessions, call.principal, now, self.calendar(), key=call.key, **request)

    @answers(penalties.GrantTimeRequest, penalties.CaseMoved)
    def grant_time(self, request: Request, call: Call) -> Reply:
        return money.grant_time(self.sessions, call.principal, now, self.calendar(), key=call.key, **request)

    @answers(penalties.RemindPartyRequest, penalties.CaseMoved)
    def remind_party(self, request: Request, call: Call) -> Reply:
        return money.remind_party(self.sessions, call.principal, now, self.calendar(), key=call.key, **request)

    @answers(penalties.ApplyToCourtRequest, penalties.CaseMoved)
    def apply_to_court(self, request: Request, call: Call) -> Reply:
        return money.apply_to_court(self.sessions, call.principal, now, self.calendar(), key=call.key, **request)

    @answers(penalties.RecordChallengeRequest, penalties.CaseMoved)
    def record_challenge(self, request: Request, call: Call) -> Reply:
        return deciding.record_challenge(self.sessions, call.principal, now, self.calendar(), key=call.key, **request)

    @answers(penalties.EndChallengeRequest, penalties.CaseMoved)
    def end_challenge(self, request: Request, call: Call) -> Reply:
        return deciding.end_challenge(self.sessions, call.principal, now, self.calendar(), key=call.key, **request)

    @answers(penalties.PublishCaseRequest, penalties.CaseMoved)
    def publish_case(self, request: Request, call: Call) -> Reply:
        return deciding.publish_case(self.sessions, call.principal, now, self.calendar(), key=call.key, **request)

    @answers(penalties.WithReason, penalties.CaseMoved)
    def unpublish_case(self, request: Request, call: Call) -> Reply:
        return deciding.unpublish_case(self.sessions, call.principal, now, self.calendar(), key=call.key, **request)

    @answers(penalties.CloseCaseRequest, penalties.CaseMoved)
    def close_case(self, request: Request, call: Call) -> Reply:
        return deciding.close_case(self.sessions, call.principal, now, self.calendar(), key=call.key, **request)

    @answers(files_of_cases.ListCasesRequest, files_of_cases.ListCasesReply)
    def list_cases(self, request: Request, call: Call) -> Reply:
        return lists.list_cases(self.sessions, call.principal, now, self.calendar(), **request)

    @answers(penalties.CaseRequest, files_of_cases.CaseReply)
    def get_case(self, request: Request, call: Call) -> Reply:
        return lists.get_case(self.sessions, call.principal, now, self.calendar(), **request)

    @answers(weighings.ListOffencesRequest, weighings.ListOffencesReply)
    def list_offences(self, request: Request, call: Call) -> Reply:
        return starts.list_offences(call.principal, now)

    @answers(weighings.OffenceRequest, weighings.OffenceReply)
    def get_offence(self, request: Request, call: Call) -> Reply:
        return starts.get_offence(call.principal, now, **request)

    @answers(weighings.WeighPenaltyRequest, weighings.WeighPenaltyReply)
    def weigh_penalty(self, request: Request, call: Call) -> Reply:
        return starts.weigh_penalty(call.principal, now, **request)

    @answers(weighings.WeighCaseRequest, weighings.WeighPenaltyReply)
    def weigh_case(self, request: Request, call: Call) -> Reply:
        return starts.weigh_case(self.sessions, call.principal, now, **request)

    @answers(files_of_cases.CaseStartRequest, files_of_cases.CaseStartReply)
    def get_case_start(self, request: Request, call: Call) -> Reply:
        return starts.get_case_start(self.sessions, call.principal, now, **request)

    @answers(penalties.CaseRequest, files_of_cases.NearestCasesReply)
    def list_nearest_cases(self, request: Request, call: Call) -> Reply:
        return nearest.list_nearest_cases(self.sessions, call.principal, **request)

    @answers(files_of_cases.FairnessRequest, files_of_cases.FairnessReply)
    def get_fairness(self, request: Request, call: Call) -> Reply:
        return fairness.get_fairness(self.sessions, call.principal, now, **request)

    @answers(penalties.AttachEvidenceRequest, penalties.CaseMoved)
    def attach_evidence(self, request: Request, call: Call) -> Reply:
        return holding.attach_evidence(
            self.sessions, call.principal, now, self.calendar(), self.blobs.look, key=call.key, **request
        )

    @answers(penalties.HoldEvidenceRequest, penalties.CaseMoved)
    def hold_evidence(self, request: Request, call: Call) -> Reply:
        return holding.hold_evidence(self.sessions, call.principal, now, self.calendar(), key=call.key, **request)

    @answers(penalties.SettleEvidenceRequest, penalties.CaseMoved)
    def settle_evidence(self, request: Request, call: Call) -> Reply:
        return holding.settle_evidence(self.sessions, call.principal, now, self.calendar(), key=call.key, **request)

    @answers(penalties.RecordDiscussionRequest, penalties.CaseMoved)
    def record_discussion(self, request: Request, call: Call) -> Reply:
        return holding.record_discussion(self.sessions, call.principal, now, self.calendar(), key=call.key, **request)
