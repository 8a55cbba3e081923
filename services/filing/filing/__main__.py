"""`python -m filing rpc | subscriptions | relay | scheduler | migrate | contract | parked`"""

from chassis.process import ServiceDescription, main

SERVICE = ServiceDescription(
    name="filing",
    rpc="filing.service:FilingService",
    subscriptions="filing.subscriptions:FilingSubscriptions",
    jobs="filing.jobs:jobs",
    events="filing.schemas.events:EVENTS",
)

if __name__ == "__main__":
    main(SERVICE)
