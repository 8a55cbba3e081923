"""Who is on record for what filing does because it heard something."""

from chassis.envelope import Event
from chassis.principal import Principal, service_principal


def who(event: Event, source: str) -> Principal:
    """The user whose act the event tells of, or the service that acted by itself."""
    told = event.principal
    if not told.get("user_id"):
        return service_principal(source)
    return Principal(
        user_id=told["user_id"],
        user_name=told.get("user_name", ""),
        organisation_id=told.get("organisation_id", ""),
        organisation_name=told.get("organisation_name", ""),
    )
