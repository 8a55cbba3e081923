"""python -m personnel rpc | subscriptions | relay | scheduler | migrate | contract | parked"""

from chassis.process import ServiceDescription, main

SERVICE = ServiceDescription(
    name="personnel",
    rpc="personnel.service:PersonnelService",
    subscriptions="personnel.subscriptions:PersonnelSubscriptions",
    jobs="personnel.jobs:jobs",
    events="personnel.published:EVENTS",
)

if __name__ == "__main__":
    main(SERVICE)
