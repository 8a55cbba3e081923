"""What attendance answers: one method a request, three lines each."""

from typing import Any

from attendance import board, days, devices, leaves, schemas
from chassis.call import Call
from chassis.clock import now
from chassis.nameko.answers import answers
from chassis.nameko.sessions import Sessions

Request = dict[str, Any]
Reply = dict[str, Any]


class AttendanceService:
    name = "attendance"
    sessions = Sessions()

    @answers(schemas.OpenDeviceRequest, schemas.OpenDeviceReply)
    def open_device(self, request: Request, call: Call) -> Reply:
        return devices.open_device(self.sessions, call.principal, now, key=call.key, **request)

    @answers(schemas.DeviceRequest, schemas.CloseDeviceReply)
    def close_device(self, request: Request, call: Call) -> Reply:
        return devices.close_device(self.sessions, call.principal, now, **request)

    @answers(schemas.ListDevicesRequest, schemas.ListDevicesReply)
    def list_devices(self, request: Request, call: Call) -> Reply:
        return devices.list_devices(self.sessions, call.principal, **request)

    @answers(schemas.DeviceRequest, schemas.MissingReply)
    def get_missing_positions(self, request: Request, call: Call) -> Reply:
        return devices.missing(self.sessions, call.principal, **request)

    @answers(schemas.MonthRequest, schemas.MonthReply)
    def get_month(self, request: Request, call: Call) -> Reply:
        return days.get_month(self.sessions, call.principal, now, **request)

    @answers(schemas.BoardRequest, schemas.BoardReply)
    def get_duty_board(self, request: Request, call: Call) -> Reply:
        return board.duty_board(self.sessions, call.principal, now, **request)

    @answers(schemas.AskLeaveRequest, schemas.LeaveReply)
    def ask_leave(self, request: Request, call: Call) -> Reply:
        return leaves.ask(self.sessions, call.principal, now, key=call.key, **request)

    @answers(schemas.DecideLeaveRequest, schemas.LeaveReply)
    def decide_leave(self, request: Request, call: Call) -> Reply:
        return leaves.decide(self.sessions, call.principal, now, **request)

    @answers(schemas.LeaveRequest, schemas.LeaveReply)
    def withdraw_leave(self, request: Request, call: Call) -> Reply:
        return leaves.withdraw(self.sessions, call.principal, now, **request)

    @answers(schemas.ListLeavesRequest, schemas.ListLeavesReply)
    def list_leaves(self, request: Request, call: Call) -> Reply:
        return leaves.list_leaves(self.sessions, call.principal, **request)
