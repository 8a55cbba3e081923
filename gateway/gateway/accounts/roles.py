"""Which roles there are for an organisation of which kind, and who may give them."""

from gateway.accounts.models import AccountRow

ADMINISTRATOR = "administrator"
OPERATOR = "operator"
ROLES = {
    "enterprise": (ADMINISTRATOR, "clerk"),
    "agency": (ADMINISTRATOR, "acceptor", "reviewer", "approver", "inspector", "editor"),
    "platform": (OPERATOR,),
}
PLATFORM = "platform"
# What somebody without an account is to the services.
REGISTRANT = "registrant"


def is_operator(account: AccountRow) -> bool:
    return account.organisation_kind == PLATFORM and OPERATOR in account.roles


def is_administrator(account: AccountRow) -> bool:
    return ADMINISTRATOR in account.roles
