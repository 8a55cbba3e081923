"""What personnel answers: one method a request, a line each."""

from typing import Any

from chassis import exports
from chassis.blobs import BlobStore
from chassis.call import Call
from chassis.clock import now
from chassis.nameko.answers import answers
from chassis.nameko.sessions import Given, Sessions
from personnel import acts, certificates, people, reading, staff_import
from personnel import reserve as claiming
from personnel.exporting import LISTS
from personnel.schemas.certificates import (
    AddCertificateRequest,
    CertificateCommandReply,
    ChangeCertificateRequest,
    PersonCommandReply,
    RemoveCertificateRequest,
)
from personnel.schemas.claims import ReserveReply, ReserveRequest
from personnel.schemas.common import Nothing, PersonRequest
from personnel.schemas.locks import (
    HolderReply,
    HolderRequest,
    ListLocksReply,
    ListLocksRequest,
    UnlockPersonReply,
    UnlockPersonRequest,
)
from personnel.schemas.people import (
    AddPersonRequest,
    ChangePersonRequest,
    FindPeopleReply,
    FindPeopleRequest,
    FindUsedFilesReply,
    FindUsedFilesRequest,
    ListPeopleReply,
    ListPeopleRequest,
    NamePeopleReply,
    NamePeopleRequest,
    PersonReply,
    ReleasePersonRequest,
    SummariseReply,
    UnmaskPersonReply,
    UnmaskPersonRequest,
)
from personnel.schemas.staff_import import ImportStaffReply, ImportStaffRequest, StaffTemplateReply

Request = dict[str, Any]
Reply = dict[str, Any]


class PersonnelService:
    name = "personnel"
    sessions = Sessions()
    blobs = Given(lambda settings: BlobStore(settings.blob_uri))

    @answers(ReserveRequest, ReserveReply)
    def reserve(self, request: Request, call: Call) -> Reply:
        return claiming.reserve(self.sessions, call.principal, request, now)

    @answers(ListPeopleRequest, ListPeopleReply)
    def list_people(self, request: Request, call: Call) -> Reply:
        return reading.list_people(self.sessions, call.principal, request)

    @answers(FindPeopleRequest, FindPeopleReply)
    def find_people(self, request: Request, call: Call) -> Reply:
        return reading.find_people(self.sessions, call.principal, request, now)

    @answers(NamePeopleRequest, NamePeopleReply)
    def name_people(self, request: Request, call: Call) -> Reply:
        return reading.name_people(self.sessions, call.principal, **request)

    @answers(PersonRequest, PersonReply)
    def get_person(self, request: Request, call: Call) -> Reply:
        return reading.get_person(self.sessions, call.principal, **request)

    @answers(UnmaskPersonRequest, UnmaskPersonReply)
    def unmask_person(self, request: Request, call: Call) -> Reply:
        return reading.unmask_person(self.sessions, call.principal, clock=now, **request)

    @answers(ListLocksRequest, ListLocksReply)
    def list_locks(self, request: Request, call: Call) -> Reply:
        return reading.list_locks(self.sessions, call.principal, **request)

    @answers(HolderRequest, HolderReply)
    def get_person_holder(self, request: Request, call: Call) -> Reply:
        return reading.get_person_holder(self.sessions, call.principal, clock=now, **request)

    @answers(Nothing, SummariseReply)
    def summarise(self, request: Request, call: Call) -> Reply:
        return reading.summarise(self.sessions, call.principal, now)

    @answers(AddPersonRequest, PersonCommandReply)
    def add_person(self, request: Request, call: Call) -> Reply:
        return people.add(self.sessions, self.blobs.look, call, request, now)

    @answers(ChangePersonRequest, PersonCommandReply)
    def change_person(self, request: Request, call: Call) -> Reply:
        return people.change(self.sessions, self.blobs.look, call, request, now)

    @answers(ReleasePersonRequest, PersonCommandReply)
    def release_person(self, request: Request, call: Call) -> Reply:
        return people.release(self.sessions, call, request, now)

    @answers(AddCertificateRequest, CertificateCommandReply)
    def add_certificate(self, request: Request, call: Call) -> Reply:
        return certificates.add(self.sessions, call, request, now)

    @answers(ChangeCertificateRequest, CertificateCommandReply)
    def change_certificate(self, request: Request, call: Call) -> Reply:
        return certificates.correct(self.sessions, call, request, now)

    @answers(RemoveCertificateRequest, CertificateCommandReply)
    def remove_certificate(self, request: Request, call: Call) -> Reply:
        return certificates.remove(self.sessions, call, request, now)

    @answers(Nothing, StaffTemplateReply)
    def staff_template(self, request: Request, call: Call) -> Reply:
        return staff_import.template(call.principal)

    @answers(ImportStaffRequest, ImportStaffReply)
    def import_staff(self, request: Request, call: Call) -> Reply:
        return staff_import.run(self.sessions, self.blobs, call, request, now)

    @answers(FindUsedFilesRequest, FindUsedFilesReply)
    def find_used_files(self, request: Request, call: Call) -> Reply:
        return reading.find_used_files(self.sessions, call.principal, **request)

    @answers(UnlockPersonRequest, UnlockPersonReply)
    def unlock_person(self, request: Request, call: Call) -> Reply:
        return acts.unlock(self.sessions, call, request, now)

    @answers(exports.StartExport, exports.Export)
    def start_export(self, request: Request, call: Call) -> Reply:
        return exports.start(self.sessions, LISTS, call, request, now)

    @answers(exports.GetExport, exports.Export)
    def get_export(self, request: Request, call: Call) -> Reply:
        return exports.get(self.sessions, LISTS, call.principal, **request)

    @answers(exports.ListExports, exports.ExportPage)
    def list_exports(self, request: Request, call: Call) -> Reply:
        return exports.listed(self.sessions, LISTS, call.principal, **request)
