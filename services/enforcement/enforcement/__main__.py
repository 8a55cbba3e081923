"""python -m enforcement rpc | subscriptions | relay | scheduler | migrate | contract | parked"""

from chassis.process import ServiceDescription, main

SERVICE = ServiceDescription(
    name="enforcement",
    rpc="enforcement.service:EnforcementService",
    subscriptions="enforcement.subscriptions:EnforcementSubscriptions",
    jobs="enforcement.jobs:jobs",
    events="enforcement.published:EVENTS",
)

if __name__ == "__main__":
    main(SERVICE)
