"""Certificates may be suspended and reissued, and every act on one is on record."""

from alembic import op

from chassis.migrations import close_to_change

revision = "0005"
down_revision = "0004"

CHANGES = """
alter table certificate add column replaces text;
alter table certificate add column replaced_by text;
alter table certificate drop constraint uq_certificate_kind_number;
alter table certificate drop constraint uq_certificate_application_id;
create unique index uq_certificate_kind_number on certificate (kind, number) where replaced_by is null;
create unique index uq_certificate_application_id on certificate (application_id) where replaced_by is null;

create table certificate_act (
    certificate_id text not null,
    version integer not null,
    act text not null,
    at timestamptz not null,
    by jsonb not null,
    reason text not null,
    constraint pk_certificate_act primary key (certificate_id, version),
    constraint fk_certificate_act_certificate_id foreign key (certificate_id) references certificate (id)
);
"""


def upgrade() -> None:
    op.execute(CHANGES)
    close_to_change(op.get_bind(), "certificate_act")
