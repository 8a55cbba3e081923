"""Who may come to a route at all, and as whom he is sent on to the services."""

from flask import g

from chassis.errors import Forbidden
from chassis.principal import Principal
from gateway import principals
from gateway.accounts.models import AccountRow
from gateway.accounts.roles import is_operator
from gateway.api.routes import Route, Who
from gateway.parts import parts
from gateway.refusals import Unauthenticated
from gateway.visitors import Visitor


def visitor() -> Visitor:
    """Who asks; found out before any view runs (gateway.security)."""
    found: Visitor = g.visitor
    return found


def as_whom(visitor: Visitor) -> Principal:
    """As whom the services are asked."""
    return principals.NEWCOMER if visitor.account is None else principal_of(visitor.account)


def admit(route: Route, visitor: Visitor) -> None:
    """Let him in, or not.

    Refuses `Unauthenticated` for a stranger, and `Forbidden` for a key without the scope, for an account that must
    change its password first, and for an organisation that is not open.
    """
    if visitor.account is None:
        if route.who is not Who.ANYBODY:
            raise visitor.refused or Unauthenticated("not_signed_in")
        return
    _refuse_key(route, visitor)
    if visitor.account.must_change_password and not route.before_password_change:
        raise Forbidden("password_change_needed")
    if route.who is Who.MEMBER and not is_operator(visitor.account):
        profile = parts().profiles.of(visitor.account.organisation_id)
        if not profile.is_open:
            raise Forbidden("organisation_not_open", stage=profile.stage)


def principal_of(account: AccountRow) -> Principal:
    """As whom an account is sent on to the services."""
    if is_operator(account):
        return principals.operator(account)
    return principals.member(account, parts().profiles.of(account.organisation_id))


def _refuse_key(route: Route, visitor: Visitor) -> None:
    if visitor.key is None or (route.who is Who.ANYBODY and route.is_safe):
        return
    if not route.scopes_needed:
        raise Forbidden("key_not_accepted")
    if not set(route.scopes_needed) & set(visitor.key.scopes):
        raise Forbidden("scope_missing", needed=route.scopes_needed[0])
