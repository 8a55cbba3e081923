"""What personnel answers: one method a request, a line each."""

from typing import Any

from chassis.blobs import BlobStore
from chassis.call import Call
from chassis.clock import now
from chassis.nameko.answers import answers
from chassis.nameko.sessions import Given, Sessions
from personnel import acts, certificates, people, reading, schemas, staff_import
from personnel import reserve as claiming

Request = dict[str, Any]
Reply = dict[str, Any]


class PersonnelService:
    name = "personnel"
    sessions = Sessions()
    blobs = Given(lambda settings: BlobStore(settings.blob_uri))

    @answers(schemas.ReserveRequest, schemas.ReserveReply)
    def reserve(self, request: Request, call: Call) -> Reply:
        return claiming.reserve(self.sessions, call.principal, request, now)

    @answers(schemas.ListPeopleRequest, schemas.ListPeopleReply)
    def list_people(self, request: Request, call: Call) -> Reply:
        return reading.list_people(self.sessions, call.principal, request)

    @answers(schemas.FindPeopleRequest, schemas.FindPeopleReply)
    def find_people(self, request: Request, call: Call) -> Reply:
        return reading.find_people(self.sessions, call.principal, request, now)

    @answers(schemas.PersonRequest, schemas.PersonReply)
    def get_person(self, request: Request, call: Call) -> Reply:
        return reading.get_person(self.sessions, call.principal, **request)

    @answers(schemas.UnmaskPersonRequest, schemas.UnmaskPersonReply)
    def unmask_person(self, request: Request, call: Call) -> Reply:
        return reading.unmask_person(self.sessions, call.principal, clock=now, **request)

    @answers(schemas.ListLocksRequest, schemas.ListLocksReply)
    def list_locks(self, request: Request, call: Call) -> Reply:
        return reading.list_locks(self.sessions, call.principal, **request)

    @answers(schemas.HolderRequest, schemas.HolderReply)
    def get_person_holder(self, request: Request, call: Call) -> Reply:
        return reading.get_person_holder(self.sessions, call.principal, clock=now, **request)

    @answers(schemas.Nothing, schemas.SummariseReply)
    def summarise(self, request: Request, call: Call) -> Reply:
        return reading.summarise(self.sessions, call.principal, now)

    @answers(schemas.AddPersonRequest, schemas.PersonCommandReply)
    def add_person(self, request: Request, call: Call) -> Reply:
        return people.add(self.sessions, call, request, now)

    @answers(schemas.ChangePersonRequest, schemas.PersonCommandReply)
    def change_person(self, request: Request, call: Call) -> Reply:
        return people.change(self.sessions, call, request, now)

    @answers(schemas.ReleasePersonRequest, schemas.PersonCommandReply)
    def release_person(self, request: Request, call: Call) -> Reply:
        return people.release(self.sessions, call, request, now)

    @answers(schemas.AddCertificateRequest, schemas.CertificateCommandReply)
    def add_certificate(self, request: Request, call: Call) -> Reply:
        return certificates.add(self.sessions, call, request, now)

    @answers(schemas.ChangeCertificateRequest, schemas.CertificateCommandReply)
    def change_certificate(self, request: Request, call: Call) -> Reply:
        return certificates.correct(self.sessions, call, request, now)

    @answers(schemas.RemoveCertificateRequest, schemas.CertificateCommandReply)
    def remove_certificate(self, request: Request, call: Call) -> Reply:
        return certificates.remove(self.sessions, call, request, now)

    @answers(schemas.Nothing, schemas.StaffTemplateReply)
    def staff_template(self, request: Request, call: Call) -> Reply:
        return staff_import.template(call.principal)

    @answers(schemas.ImportStaffRequest, schemas.ImportStaffReply)
    def import_staff(self, request: Request, call: Call) -> Reply:
        return staff_import.run(self.sessions, self.blobs, call, request, now)

    @answers(schemas.UnlockPersonRequest, schemas.UnlockPersonReply)
    def unlock_person(self, request: Request, call: Call) -> Reply:
        return acts.unlock(self.sessions, call, request, now)
