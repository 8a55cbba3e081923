"""The tables of attendance. Positions and presence are written by ingest with COPY; their keys make every repeat harmless.

People and sites have small numbers of our own beside their ids: they stand in every one of a hundred million rows.
"""

from attendance.models.months import (
    Absence,
    Correction,
    DutyMonth,
    DutyMonthRevision,
    LeaderLeave,
    Leave,
    MonthFigures,
    Shift,
    SiteMonth,
)
from attendance.models.phones import Device, DeviceDay, DeviceSequence
from attendance.models.positions import Beacon, Position, Presence, SetAside, Sighting, StalePresence
from attendance.models.sites import Boundary, Duty, OrderStoppage, Person, Site, SiteCount, Stoppage
from attendance.models.suspicions import CheckedDay, DayPath, Look, Suspicion
from chassis.database import Base

__all__ = [
    "Absence",
    "Base",
    "Beacon",
    "Boundary",
    "CheckedDay",
    "Correction",
    "DayPath",
    "Device",
    "DeviceDay",
    "DeviceSequence",
    "Duty",
    "DutyMonth",
    "DutyMonthRevision",
    "LeaderLeave",
    "Leave",
    "Look",
    "MonthFigures",
    "OrderStoppage",
    "Person",
    "Position",
    "Presence",
    "SetAside",
    "Shift",
    "Sighting",
    "Site",
    "SiteCount",
    "SiteMonth",
    "StalePresence",
    "Stoppage",
    "Suspicion",
]
