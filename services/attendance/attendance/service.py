"""What attendance answers: one method a request, three lines each."""

from typing import Any

from attendance import (
    alarms,
    beacons,
    board,
    corrections,
    days,
    devices,
    leader_leaves,
    leaves,
    looks,
    privacy,
    reopening,
    shift_lists,
    shifts,
    site_days,
    standings,
    suspicions,
    tracks,
)
from attendance.exporting import LISTS
from attendance.schemas import absences, months, sites
from attendance.schemas import beacons as placings
from attendance.schemas import board as boards
from attendance.schemas import devices as phones
from attendance.schemas import leaves as leave
from attendance.schemas import shifts as leading
from attendance.schemas import standings as figures
from attendance.schemas import suspicions as doubts
from attendance.schemas.privacy import PrivacyTermsReply, PrivacyTermsRequest
from chassis import exports
from chassis.call import Call
from chassis.clock import now
from chassis.nameko.answers import answers
from chassis.nameko.sessions import Given, Sessions
from chassis.workdays import OverridesFile

Request = dict[str, Any]
Reply = dict[str, Any]


class AttendanceService:
    name = "attendance"
    sessions = Sessions()
    calendar = Given(lambda settings: OverridesFile(settings.calendar_overrides))

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

    @answers(months.ReopenMonthRequest, months.ReopenMonthReply)
    def reopen_month(self, request: Request, call: Call) -> Reply:
        return reopening.reopen_month(self.sessions, call.principal, now, key=call.key, **request)

    @answers(months.CorrectDayRequest, months.CorrectionReply)
    def correct_day(self, request: Request, call: Call) -> Reply:
        return corrections.correct_day(self.sessions, call.principal, now, key=call.key, **request)

    @answers(months.WithdrawCorrectionRequest, months.CorrectionReply)
    def withdraw_correction(self, request: Request, call: Call) -> Reply:
        return corrections.withdraw_correction(self.sessions, call.principal, now, **request)

    @answers(boards.BoardRequest, boards.BoardReply)
    def get_duty_board(self, request: Request, call: Call) -> Reply:
        return board.duty_board(self.sessions, call.principal, now, **request)

    @answers(leave.AskLeaveRequest, leave.LeaveReply)
    def ask_leave(self, request: Request, call: Call) -> Reply:
        return leaves.ask(self.sessions, call.principal, now, key=call.key, **request)

    @answers(leave.DecideLeaveRequest, leave.LeaveReply)
    def decide_leave(self, request: Request, call: Call) -> Reply:
        return leaves.decide(self.sessions, call.principal, now, **request)

    @answers(leave.LeaveRequest, leave.LeaveReply)
    def withdraw_leave(self, request: Request, call: Call) -> Reply:
        return leaves.withdraw(self.sessions, call.principal, now, **request)

    @answers(leave.ListLeavesRequest, leave.ListLeavesReply)
    def list_leaves(self, request: Request, call: Call) -> Reply:
        return leaves.list_leaves(self.sessions, call.principal, **request)

    @answers(placings.PlaceBeaconRequest, placings.PlaceBeaconReply)
    def place_beacon(self, request: Request, call: Call) -> Reply:
        return beacons.place(self.sessions, call.principal, now, key=call.key, **request)

    @answers(placings.BeaconRequest, placings.RemoveBeaconReply)
    def remove_beacon(self, request: Request, call: Call) -> Reply:
        return beacons.remove(self.sessions, call.principal, now, **request)

    @answers(placings.ListBeaconsRequest, placings.ListBeaconsReply)
    def list_beacons(self, request: Request, call: Call) -> Reply:
        return beacons.list_beacons(self.sessions, call.principal, **request)

    @answers(absences.ListAbsencesRequest, absences.ListAbsencesReply)
    def list_absences(self, request: Request, call: Call) -> Reply:
        return alarms.list_absences(self.sessions, call.principal, now, **request)

    @answers(absences.ExplainAbsenceRequest, absences.ExplainAbsenceReply)
    def explain_absence(self, request: Request, call: Call) -> Reply:
        return alarms.explain_absence(self.sessions, call.principal, now, **request)

    @answers(absences.SummariseRequest, absences.SummariseReply)
    def summarise(self, request: Request, call: Call) -> Reply:
        return alarms.summarise(self.sessions, call.principal, now)

    @answers(leading.RecordShiftRequest, leading.ShiftReply)
    def record_shift(self, request: Request, call: Call) -> Reply:
        return shifts.record_shift(self.sessions, call.principal, now, key=call.key, **request)

    @answers(leading.DecideShiftRequest, leading.ShiftReply)
    def decide_shift(self, request: Request, call: Call) -> Reply:
        return shifts.decide_shift(self.sessions, call.principal, now, **request)

    @answers(leading.ShiftRequest, leading.ShiftReply)
    def withdraw_shift(self, request: Request, call: Call) -> Reply:
        return shifts.withdraw_shift(self.sessions, call.principal, now, **request)

    @answers(leading.ListShiftsRequest, leading.ListShiftsReply)
    def list_shifts(self, request: Request, call: Call) -> Reply:
        return shift_lists.list_shifts(self.sessions, call.principal, **request)

    @answers(leading.RecordLeaderLeaveRequest, leading.LeaderLeaveReply)
    def record_leader_leave(self, request: Request, call: Call) -> Reply:
        return leader_leaves.record_leave(self.sessions, call.principal, now, key=call.key, **request)

    @answers(leading.WithdrawLeaderLeaveRequest, leading.LeaderLeaveReply)
    def withdraw_leader_leave(self, request: Request, call: Call) -> Reply:
        return leader_leaves.withdraw_leave(self.sessions, call.principal, now, **request)

    @answers(leading.LeaderMonthRequest, leading.LeaderMonthReply)
    def get_leader_month(self, request: Request, call: Call) -> Reply:
        return shift_lists.get_leader_month(self.sessions, call.principal, now, self.calendar(), **request)

    @answers(doubts.ListSuspicionsRequest, doubts.ListSuspicionsReply)
    def list_suspicions(self, request: Request, call: Call) -> Reply:
        return suspicions.list_suspicions(self.sessions, call.principal, **request)

    @answers(doubts.SuspicionRequest, doubts.SuspicionReply)
    def get_suspicion(self, request: Request, call: Call) -> Reply:
        return suspicions.get_suspicion(self.sessions, call.principal, **request)

    @answers(doubts.AppealSuspicionRequest, doubts.SuspicionStageReply)
    def appeal_suspicion(self, request: Request, call: Call) -> Reply:
        return suspicions.appeal(self.sessions, call.principal, now, **request)

    @answers(doubts.DecideSuspicionRequest, doubts.SuspicionStageReply)
    def decide_suspicion(self, request: Request, call: Call) -> Reply:
        return suspicions.decide(self.sessions, call.principal, now, **request)

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

    @answers(figures.RankingRequest, figures.RankingReply)
    def duty_ranking(self, request: Request, call: Call) -> Reply:
        return standings.ranking(self.sessions, call.principal, now, **request)

    @answers(figures.OfArea, figures.TrendReply)
    def duty_trend(self, request: Request, call: Call) -> Reply:
        return standings.trend(self.sessions, call.principal, now, **request)

    @answers(figures.ListDutyMonthsRequest, figures.ListDutyMonthsReply)
    def list_duty_months(self, request: Request, call: Call) -> Reply:
        return standings.list_rows(self.sessions, call.principal, now, **request)

    @answers(exports.StartExport, exports.Export)
    def start_export(self, request: Request, call: Call) -> Reply:
        return exports.start(self.sessions, LISTS, call, request, now)

    @answers(exports.GetExport, exports.Export)
    def get_export(self, request: Request, call: Call) -> Reply:
        return exports.get(self.sessions, LISTS, call.principal, **request)

    @answers(exports.ListExports, exports.ExportPage)
    def list_exports(self, request: Request, call: Call) -> Reply:
        return exports.listed(self.sessions, LISTS, call.principal, **request)
