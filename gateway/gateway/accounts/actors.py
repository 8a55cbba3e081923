"""An account as the one who acts, in the gateway's own journal."""

from chassis.principal import Principal
from gateway.accounts.models import AccountRow


def actor(account: AccountRow) -> Principal:
    """Who acts, as far as the gateway itself knows."""
    return Principal(
        user_id=account.id,
        user_name=account.name,
        organisation_id=account.organisation_id,
        organisation_kind=account.organisation_kind,
        roles=tuple(account.roles),
    )
