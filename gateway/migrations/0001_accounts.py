"""Accounts, sessions, keys, limits on signing in, and the answers kept for repeated requests."""

from alembic import op

from chassis.migrations import create_chassis_tables

revision = "0001"
down_revision = None


def upgrade() -> None:
    create_chassis_tables(("journal",))
    op.execute(
        """
        create table account (
            id text primary key,
            username text not null unique,
            name text not null,
            organisation_id text not null,
            organisation_kind text not null check (organisation_kind in ('enterprise', 'agency', 'platform')),
            roles text[] not null,
            state text not null check (state in ('registering', 'active', 'closed')),
            password_hash text not null,
            must_change_password boolean not null default false,
            version integer not null default 1,
            created_at timestamptz not null,
            created_by text not null,
            signed_in_at timestamptz
        );
        create index ix_account_organisation on account (organisation_id, username);
        create index ix_account_registering on account (created_at) where state = 'registering';

        create table session (
            id text primary key,
            token_hash text not null unique,
            account_id text not null references account (id),
            started_at timestamptz not null,
            seen_at timestamptz not null,
            ends_at timestamptz not null,
            address text not null,
            agent text not null
        );
        create index ix_session_account on session (account_id);
        create index ix_session_ends_at on session (ends_at);

        create table api_key (
            id text primary key,
            secret_hash text not null unique,
            account_id text not null references account (id),
            name text not null,
            scopes text[] not null,
            created_at timestamptz not null,
            expires_at timestamptz not null,
            last_used_at timestamptz,
            revoked_at timestamptz
        );
        create index ix_api_key_account on api_key (account_id);

        create table sign_in_tries (
            subject text primary key,
            failures integer not null,
            counted_since timestamptz not null,
            locked_until timestamptz
        );

        create table answer (
            account text not null,
            key text not null,
            fingerprint text not null,
            attempt text not null,
            started_at timestamptz not null,
            abandoned_at timestamptz not null,
            status integer,
            body bytea,
            primary key (account, key)
        );
        create index ix_answer_started_at on answer (started_at);
        """
    )
