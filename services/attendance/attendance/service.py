"""What attendance answers: one method a request, three lines each."""

from typing import Any

from attendance import board, days, devices, leaves, looks, privacy, site_days, tracks
from attendance.schemas import board as boards
from attendance.schemas import devices as phones
from attendance.schemas import leaves as absences
from attendance.schemas import months, sites
from attendance.schemas.privacy import PrivacyTermsReply, PrivacyTermsRequest
from chassis.call import Call
from chassis.clock import now
from chassis.nameko.answers import answers
from chassis.nameko.sessions import Sessions

Request = dict[str, Any]
Reply = dict[str, Any]


class AttendanceService:
    name = "attendance"
    sessions = Sessions()

    @answers(phones.OpenDeviceRequest, phones.OpenDeviceReply)
    def open_device(self, request: Request, call: Call) -> Reply:
        return devices.open_device(self.sessions, call.principal, now, key=call.key, **request)

    @answers(phones.DeviceRequest, phones.CloseDeviceReply)
    def close_device(self, request: Request, call: Call) -> Reply:
        return devices.close_device(self.sessions, call.principal, now, **request)

    @answers(phones.ListDevicesRequest, phones.ListDevicesReply)
    def list_devices(self, request: Request, call: Call) -> Reply:
        return devices.list_devices(self.sessions, call.principal, **request)

    @answers(phones.DeviceRequest, phones.MissingReply)
    def get_missing_positions(self, request: Request, call: Call) -> Reply:
        return devices.missing(self.sessions, call.principal, **request)

    @answers(months.MonthRequest, months.MonthReply)
    def get_month(self, request: Request, call: Call) -> Reply:
        return days.get_month(self.sessions, call.principal, now, **request)

    @answers(boards.BoardRequest, boards.BoardReply)
    def get_duty_board(self, request: Request, call: Call) -> Reply:
        return board.duty_board(self.sessions, call.principal, now, **request)

    @answers(absences.AskLeaveRequest, absences.LeaveReply)
    def ask_leave(self, request: Request, call: Call) -> Reply:
        return leaves.ask(self.sessions, call.principal, now, key=call.key, **request)

    @answers(absences.DecideLeaveRequest, absences.LeaveReply)
    def decide_leave(self, request: Request, call: Call) -> Reply:
        return leaves.decide(self.sessions, call.principal, now, **request)

    @answers(absences.LeaveRequest, absences.LeaveReply)
    def withdraw_leave(self, request: Request, call: Call) -> Reply:
        return leaves.withdraw(self.sessions, call.principal, now, **request)

    @answers(absences.ListLeavesRequest, absences.ListLeavesReply)
    def list_leaves(self, request: Request, call: Call) -> Reply:
        return leaves.list_leaves(self.sessions, call.principal, **request)

    @answers(sites.ListSitesRequest, sites.ListSitesReply)
    def list_duty_sites(self, request: Request, call: Call) -> Reply:
        return site_days.list_sites(self.sessions, call.principal, now, **request)

    @answers(sites.SiteDayRequest, sites.SiteDayReply)
    def get_site_day(self, request: Request, call: Call) -> Reply:
        return site_days.get_site_day(self.sessions, call.principal, now, **request)

    @answers(sites.TrackRequest, sites.TrackReply)
    def get_track(self, request: Request, call: Call) -> Reply:
        return tracks.get_track(self.sessions, call.principal, now, way="api", **request)

    @answers(sites.TrackRequest, sites.TrackReply)
    def show_track(self, request: Request, call: Call) -> Reply:
        """The same for a page: the record of looks tells which of the two it was."""
        return tracks.get_track(self.sessions, call.principal, now, way="page", **request)

    @answers(sites.ListLooksRequest, sites.ListLooksReply)
    def list_looks(self, request: Request, call: Call) -> Reply:
        return looks.list_looks(self.sessions, call.principal, **request)

    @answers(PrivacyTermsRequest, PrivacyTermsReply)
    def get_privacy_terms(self, request: Request, call: Call) -> Reply:
        return privacy.get_terms(call.principal, now)
