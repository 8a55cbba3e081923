"""Accounts, sessions and keys as they are told."""

from datetime import datetime
from typing import Any

from gateway.accounts.models import AccountRow, KeyRow, SessionRow
from gateway.principals import Profile

Body = dict[str, Any]


def account(row: AccountRow) -> Body:
    return {
        "account_id": row.id,
        "username": row.username,
        "name": row.name,
        "organisation_id": row.organisation_id,
        "organisation_kind": row.organisation_kind,
        "roles": list(row.roles),
        "state": row.state,
        "must_change_password": row.must_change_password,
        "version": row.version,
        "created_at": moment(row.created_at),
        "signed_in_at": moment(row.signed_in_at),
    }


def session(row: SessionRow, current: SessionRow | None) -> Body:
    return {
        "session_id": row.id,
        "started_at": moment(row.started_at),
        "seen_at": moment(row.seen_at),
        "ends_at": moment(row.ends_at),
        "address": row.address,
        "agent": row.agent,
        "current": current is not None and current.id == row.id,
    }


def key(row: KeyRow) -> Body:
    return {
        "key_id": row.id,
        "account_id": row.account_id,
        "name": row.name,
        "scopes": list(row.scopes),
        "created_at": moment(row.created_at),
        "expires_at": moment(row.expires_at),
        "last_used_at": moment(row.last_used_at),
        "revoked_at": moment(row.revoked_at),
    }


def organisation(profile: Profile) -> Body:
    return {
        "organisation_id": profile.organisation_id,
        "name": profile.name,
        "kind": profile.kind,
        "kinds": list(profile.kinds),
        "level": profile.level,
        "area": profile.area,
        "division": profile.division,
        "stage": profile.stage,
        "registration": profile.registration,
    }


def moment(at: datetime | None) -> str | None:
    return at.isoformat() if at is not None else None
