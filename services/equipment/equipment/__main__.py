"""python -m equipment rpc | subscriptions | relay | scheduler | migrate | contract | parked"""

from chassis.process import ServiceDescription, main

SERVICE = ServiceDescription(
    name="equipment",
    rpc="equipment.service:EquipmentService",
    subscriptions="equipment.subscriptions:EquipmentSubscriptions",
    jobs="equipment.jobs:jobs",
    events="equipment.published:EVENTS",
)

if __name__ == "__main__":
    main(SERVICE)
