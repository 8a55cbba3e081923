"""What enforcement answers: one method a request, three lines each."""

from typing import Any

from chassis.blobs import BlobStore
from chassis.call import Call
from chassis.clock import now
from chassis.nameko.answers import answers
from chassis.nameko.sessions import Given, Sessions
from chassis.workdays import OverridesFile
from enforcement import decisions, documents, files, numbering, order_acts, order_lists, rectifications, transfers
from enforcement.schemas import documents as papers
from enforcement.schemas import files as kept
from enforcement.schemas import orders as ordered

Request = dict[str, Any]
Reply = dict[str, Any]


class EnforcementService:
    name = "enforcement"
    sessions = Sessions()
    blobs = Given(lambda settings: BlobStore(settings.blob_uri))
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

    @answers(kept.FindUsedFilesRequest, kept.FindUsedFilesReply)
    def find_used_files(self, request: Request, call: Call) -> Reply:
        return files.find_used_files(self.sessions, call.principal, **request)
