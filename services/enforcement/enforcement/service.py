"""What enforcement answers: one method a request, three lines each."""

from typing import Any

from chassis.call import Call
from chassis.clock import now
from chassis.nameko.answers import answers
from chassis.nameko.sessions import Given, Sessions
from chassis.workdays import OverridesFile
from enforcement import documents, numbering
from enforcement.schemas import documents as papers

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
