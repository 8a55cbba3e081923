"""What equipment answers: one method a request, three lines each."""

from typing import Any

from chassis import exports
from chassis.call import Call
from chassis.clock import now
from chassis.nameko.answers import answers
from chassis.nameko.sessions import Sessions
from equipment import acts, reading, schemas
from equipment import reserve as claiming
from equipment.exporting import LISTS

Request = dict[str, Any]
Reply = dict[str, Any]


class EquipmentService:
    name = "equipment"
    sessions = Sessions()

    @answers(schemas.ReserveRequest, schemas.ReserveReply)
    def reserve(self, request: Request, call: Call) -> Reply:
        return claiming.reserve(self.sessions, call.principal, request, now)

    @answers(schemas.ListMachinesRequest, schemas.ListMachinesReply)
    def list_machines(self, request: Request, call: Call) -> Reply:
        return reading.list_machines(self.sessions, call.principal, request)

    @answers(schemas.NameMachinesRequest, schemas.NameMachinesReply)
    def name_machines(self, request: Request, call: Call) -> Reply:
        return reading.name_machines(self.sessions, call.principal, **request)

    @answers(schemas.MachineRequest, schemas.MachineReply)
    def get_machine(self, request: Request, call: Call) -> Reply:
        return reading.get_machine(self.sessions, call.principal, **request)

    @answers(schemas.HistoryRequest, schemas.HistoryReply)
    def get_machine_history(self, request: Request, call: Call) -> Reply:
        return reading.get_machine_history(self.sessions, call.principal, **request)

    @answers(schemas.HolderRequest, schemas.HolderReply)
    def get_machine_holder(self, request: Request, call: Call) -> Reply:
        return reading.get_machine_holder(self.sessions, call.principal, clock=now, **request)

    @answers(schemas.ActRequest, schemas.ActReply)
    def unlock_machine(self, request: Request, call: Call) -> Reply:
        return acts.unlock(self.sessions, _command("unlock_machine", request, call), now)

    @answers(schemas.ActRequest, schemas.ActReply)
    def freeze_machine(self, request: Request, call: Call) -> Reply:
        return acts.freeze(self.sessions, _command("freeze_machine", request, call), now)

    @answers(schemas.ActRequest, schemas.ActReply)
    def thaw_machine(self, request: Request, call: Call) -> Reply:
        return acts.thaw(self.sessions, _command("thaw_machine", request, call), now)

    @answers(schemas.ActRequest, schemas.ActReply)
    def retire_machine(self, request: Request, call: Call) -> Reply:
        return acts.retire(self.sessions, _command("retire_machine", request, call), now)

    @answers(schemas.Nothing, schemas.SummariseReply)
    def summarise(self, request: Request, call: Call) -> Reply:
        return reading.summarise(self.sessions, call.principal, now)

    @answers(exports.StartExport, exports.Export)
    def start_export(self, request: Request, call: Call) -> Reply:
        return exports.start(self.sessions, LISTS, call, request, now)

    @answers(exports.GetExport, exports.Export)
    def get_export(self, request: Request, call: Call) -> Reply:
        return exports.get(self.sessions, LISTS, call.principal, **request)

    @answers(exports.ListExports, exports.ExportPage)
    def list_exports(self, request: Request, call: Call) -> Reply:
        return exports.listed(self.sessions, LISTS, call.principal, **request)


def _command(act: str, request: Request, call: Call) -> acts.Command:
    return acts.Command(act=act, principal=call.principal, key=call.key, **request)
