"""python -m attendance rpc | subscriptions | relay | scheduler | migrate | contract | parked; and python -m attendance.ingest"""

from chassis.process import ServiceDescription, main

SERVICE = ServiceDescription(
    name="attendance",
    rpc="attendance.service:AttendanceService",
    subscriptions="attendance.subscriptions:AttendanceSubscriptions",
    jobs="attendance.jobs:jobs",
    events="attendance.published:EVENTS",
)

if __name__ == "__main__":
    main(SERVICE)
