"""定位手机: opened for a person on duty (开通), with the key shown once and as QR codes; closed (关闭); when it was which."""

from flask import Blueprint, Response, request
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from chassis.database import transaction
from chassis.errors import NotFound, Refusal, Unavailable
from gateway import problems
from gateway.bus import Body, Rpc
from gateway.parts import parts
from gateway.portal.asking import ask, ask_all
from gateway.portal.duty.setups import setups
from gateway.portal.locale import say
from gateway.portal.pages import command_key, go, members, show
from gateway.positions import keys
from gateway.positions.keys import Owner
from gateway.positions.models import DeviceKeyRow

blueprint = Blueprint("phones", __name__)

PERSON = Rpc("personnel", "get_person")
LIST = Rpc("attendance", "list_devices")
OPEN, CLOSE = Rpc("attendance", "open_device"), Rpc("attendance", "close_device")
PAGE = "/people/<uuid:person_id>/phone"


@blueprint.get(PAGE)
@members
def phone(person_id: object) -> Response:
    return _page(str(person_id))


@blueprint.post(PAGE)
@members
def open_phone(person_id: object) -> Response:
    """The page that is answered is the only one that ever shows the key."""
    told = {"person_id": str(person_id), "label": request.form.get("label", "").strip()}
    try:
        opened = ask(OPEN, told, key=command_key())
    except NotFound:
        raise
    except Refusal as refusal:
        return _page(str(person_id), told, problems.document(refusal, problems.status_of(refusal)))
    with transaction(parts().sessions) as session:
        secret = _first_key(session, opened)
    if secret is None:
        return go(f"/people/{person_id}/phone", say("该手机已经开通，密钥只显示一次；没有记下的请重新开通"))
    return show("duty/phone_opened.html", person_id=str(person_id), secret=secret, setups=setups(_door(), secret))


@blueprint.post(f"{PAGE}/<uuid:device_id>/close")
@members
def close_phone(person_id: object, device_id: object) -> Response:
    try:
        ask(CLOSE, {"device_id": str(device_id)}, key=command_key())
    except NotFound:
        raise
    except Refusal as refusal:
        return _page(str(person_id), {}, problems.document(refusal, problems.status_of(refusal)))
    with transaction(parts().sessions) as session:
        keys.revoke(session, str(device_id), parts().clock())
    return go(f"/people/{person_id}/phone", say("手机已关闭，密钥立即失效"))


def _page(person_id: str, typed: Body | None = None, problem: Body | None = None) -> Response:
    about: Body = {"person_id": person_id}
    came, silent = ask_all({"person": (PERSON, about), "phones": (LIST, about)})
    if came["person"] is None:
        raise Unavailable(service=PERSON.service) if "person" in silent else NotFound("person_unknown")
    return show(
        "duty/phone.html",
        status=problem["status"] if problem else 200,
        person=came["person"],
        phones=came["phones"]["items"] if came["phones"] else None,
        typed=typed or {},
        problem=problem,
    )


def _first_key(session: Session, opened: Body) -> str | None:
    """None where this phone has, or had, one: the form came twice, and a new key would lock out a phone that is set up."""
    device_id = opened["device_id"]
    session.execute(text("select pg_advisory_xact_lock(hashtext(:device_id))"), {"device_id": device_id})
    if session.scalar(select(DeviceKeyRow.device).where(DeviceKeyRow.device_id == device_id).limit(1)) is not None:
        return None
    return keys.make(session, device_id, Owner(opened["device"], opened["person"]), parts().clock())


def _door() -> str:
    """Where phones send to; without a setting the door's own port of this host."""
    settings = parts().settings
    if settings.positions_address:
        return settings.positions_address.rstrip("/")
    return f"{request.scheme}://{(request.host.rpartition(':')[0] or request.host)}:{settings.positions_port}"
