"""An enterprise registers itself (R-A1): the account is there exactly when filing has taken the registration."""

import uuid
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from chassis.errors import Conflict, Invalid
from gateway import sweeper
from gateway.parts import Parts
from gateway.testing.rooms import Asked, Silence
from gateway.testing.visits import Visit

ACCOUNT = {"username": "acme", "password": "Sitework-2026", "name": "张三"}
FORM = {"name": "河北某建筑公司", "credit_code": "91130100MA00000000"}
BODY = {"account": ACCOUNT, "form": FORM, "attachments": []}
KEY = "5f0c7a52-1111-4222-8333-444455556666"


class Filing:
    """filing, as far as registrations go: keeps what it has taken."""

    def __init__(self, town: Any) -> None:
        self.town, self.taken = town, {}
        self.refusal: Any = None
        self.silent = False
        town.rooms.say("filing.register_enterprise", self.register)

    def register(self, asked: Asked) -> Any:
        if self.refusal is not None:
            return self.refusal
        request = asked.request
        self.taken[request["organisation_id"]] = request
        self.town.profiles[request["organisation_id"]] = {
            "organisation_id": request["organisation_id"],
            "name": request["form"]["name"],
            "kind": "enterprise",
            "kinds": ["contractor"],
            "level": "",
            "area": "13.1301.130104",
            "division": "130104",
            "stage": "pending",
            "registration": {"application_id": request["application_id"], "stage": "submitted"},
        }
        if self.silent:
            raise Silence
        return {"application_id": request["application_id"], "organisation_id": request["organisation_id"]}


@pytest.fixture
def filing(town: Any) -> Filing:
    return Filing(town)


def register(visit: Callable[..., Visit], body: Any = BODY, key: str = KEY) -> Any:
    return visit().post("/registrations", body, key=key)


def sign_in(visit: Callable[..., Visit]) -> Any:
    return visit().post("/sessions", {"username": ACCOUNT["username"], "password": ACCOUNT["password"]})


def codes(reply: Any) -> tuple[int, str]:
    return reply.status_code, reply.json["code"]


def test_who_has_registered_signs_in_and_sees_his_registration(filing: Filing, visit: Callable[..., Visit]) -> None:
    made = register(visit)

    assert made.status_code == 201
    me = sign_in(visit).json
    assert me["account"]["roles"] == ["administrator", "clerk"]
    assert me["organisation"]["stage"] == "pending"
    assert me["organisation"]["registration"]["application_id"] == made.json["application_id"]
    [asked] = filing.town.rooms.asked_of("filing.register_enterprise")
    assert asked.principal["organisation_kind"] == "" and asked.principal["roles"] == ["registrant"]
    assert ACCOUNT["password"] not in str(asked.request)


def test_until_it_is_open_he_may_mend_his_registration_and_nothing_else(
    filing: Filing, visit: Callable[..., Visit]
) -> None:
    application = register(visit).json["application_id"]
    filing.town.rooms.say("filing.save_draft", {"version": 2})
    newcomer = visit().sign_in("acme", ACCOUNT["password"])

    assert newcomer.put(f"/applications/{application}/draft", {"version": 1, "form": FORM}).status_code == 200
    assert codes(newcomer.get("/machines")) == (403, "organisation_not_open")
    assert codes(newcomer.post("/applications", {"matter": "install_notice"})) == (403, "organisation_not_open")
    assert codes(newcomer.get("/accounts")) == (403, "organisation_not_open")
    assert codes(newcomer.get("/home")) == (403, "organisation_not_open")


def test_a_repeat_gets_the_same_answer_and_makes_nothing_new(filing: Filing, visit: Callable[..., Visit]) -> None:
    first, second = register(visit), register(visit)

    assert second.json == first.json
    assert second.headers["Idempotent-Replayed"] == "true"
    assert len(filing.taken) == 1


def test_a_taken_username_is_told_before_filing_is_asked(filing: Filing, visit: Callable[..., Visit]) -> None:
    register(visit)

    reply = register(visit, key=str(uuid.uuid4()))

    assert codes(reply) == (409, "username_taken")
    assert len(filing.taken) == 1


def test_what_filing_refuses_leaves_no_account_and_the_key_can_be_used_again(
    filing: Filing, visit: Callable[..., Visit]
) -> None:
    filing.refusal = Invalid.field("form.credit_code", "wrong_credit_code")
    refused = register(visit)
    assert refused.status_code == 422
    assert refused.json["fields"][0]["path"] == "form.credit_code"
    assert codes(sign_in(visit)) == (401, "sign_in_failed")

    filing.refusal = None
    mended = {**BODY, "form": {**FORM, "credit_code": "911301000000000000"}}
    assert register(visit, mended).status_code == 201
    assert sign_in(visit).status_code == 201


def test_when_filing_is_away_nothing_is_left_and_the_same_request_succeeds_later(
    filing: Filing, visit: Callable[..., Visit], parts: Parts
) -> None:
    filing.silent = True
    filing.register = lambda asked: (_ for _ in ()).throw(Silence())  # type: ignore[method-assign]
    filing.town.rooms.say("filing.register_enterprise", filing.register)
    assert codes(register(visit)) == (503, "no_answer")
    assert codes(sign_in(visit)) == (401, "sign_in_failed")

    Filing(filing.town)
    assert register(visit).status_code == 201
    assert sign_in(visit).status_code == 201


def test_when_only_filings_answer_was_lost_the_account_opens_at_the_first_sign_in(
    filing: Filing, visit: Callable[..., Visit]
) -> None:
    filing.silent = True
    assert codes(register(visit)) == (503, "no_answer")

    assert sign_in(visit).status_code == 201


def test_a_repeat_after_a_lost_answer_names_what_was_made_then(filing: Filing, visit: Callable[..., Visit]) -> None:
    filing.silent = True
    register(visit)
    filing.silent = False

    again = register(visit)

    assert again.status_code == 201
    assert list(filing.taken) == [again.json["organisation_id"]]


def test_a_refused_repeat_does_not_take_away_what_was_taken(filing: Filing, visit: Callable[..., Visit]) -> None:
    filing.silent = True
    register(visit)
    filing.refusal = Conflict("idempotency_key_reused")

    changed = register(visit, {**BODY, "form": {**FORM, "name": "改过的名字"}})

    assert codes(changed) == (422, "idempotency_key_reused")
    assert sign_in(visit).status_code == 201


def test_a_reservation_nobody_came_back_for_is_settled_by_the_sweeper(
    filing: Filing, visit: Callable[..., Visit], parts: Parts, clock: Any
) -> None:
    filing.silent = True
    register(visit)
    lost = {"account": {**ACCOUNT, "username": "lost"}, "form": FORM, "attachments": []}
    filing.town.rooms.say("filing.register_enterprise", lambda asked: (_ for _ in ()).throw(Silence()))
    register(visit, lost, key=str(uuid.uuid4()))

    clock.advance(timedelta(minutes=3))
    sweeper.sweep(parts)

    assert sign_in(visit).status_code == 201
    Filing(filing.town)
    assert register(visit, lost, key=str(uuid.uuid4())).status_code == 201


@pytest.mark.parametrize(
    ("body", "path", "rule"),
    [
        ({**BODY, "account": {**ACCOUNT, "password": "12345678"}}, "account.password", "password_too_simple"),
        ({**BODY, "account": {**ACCOUNT, "username": "a b"}}, "account.username", "wrong_length"),
        ({**BODY, "account": {**ACCOUNT, "username": "张三的账号"}}, "account.username", "wrong_pattern"),
        ({**BODY, "account": {"username": "acme"}}, "account.password", "required"),
        ({"form": FORM, "attachments": []}, "account", "required"),
        ({**BODY, "roles": ["operator"]}, "roles", "unknown_field"),
        ({**BODY, "form": "x"}, "form", "not_object"),
    ],
)
def test_what_is_wrong_is_named(
    filing: Filing, visit: Callable[..., Visit], body: dict[str, Any], path: str, rule: str
) -> None:
    reply = register(visit, body)

    assert reply.status_code == 422
    assert (path, rule) in [(each["path"], each["rule"]) for each in reply.json["fields"]]
    assert filing.taken == {}


def test_a_key_that_others_might_use_too_is_refused(filing: Filing, visit: Callable[..., Visit]) -> None:
    assert codes(register(visit, key="1")) == (400, "idempotency_key_weak")
