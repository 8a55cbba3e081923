"""An enterprise registers itself."""

from gateway.accounts import registrations, schemas
from gateway.accounts.registrations import Registration
from gateway.api.routes import Body, Call, Local, Route, Who, post
from gateway.parts import parts


def register(call: Call) -> Body:
    """`account` is ours, everything else is filing's."""
    asked = dict(call.request)
    account = asked.pop("account")
    registration = Registration(
        username=account["username"],
        password=account["password"],
        name=account["name"],
        key=call.key or "",
        asked=asked,
    )
    return registrations.register(parts(), registration)


ROUTES: tuple[Route, ...] = (
    post(
        "/registrations",
        Local(register, schemas.Register, schemas.Registered, fronts=registrations.REGISTER),
        "企业注册",
        who=Who.ANYBODY,
        status=201,
    ),
)
