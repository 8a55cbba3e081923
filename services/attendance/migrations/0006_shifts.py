"""Leadership shifts."""

from alembic import op

revision = "0006"
down_revision = "0005"

# The numbers of people as ranges of one: so the index needs no extension.
TABLE = """
create table shift (
    id text primary key,
    person integer not null references person (number),
    site integer not null references site (number),
    leads_as text not null,
    day date not null,
    began_at timestamptz not null,
    ended_at timestamptz not null,
    checked text not null,
    found text not null,
    stage text not null,
    firm_id text not null,
    recorded_at timestamptz not null,
    recorded_by jsonb not null,
    decided_at timestamptz,
    decided_by jsonb,
    remark text,
    constraint ex_shift_overlap exclude using gist (
        int4range(person, person, '[]') with &&, tstzrange(began_at, ended_at) with &&
    ) where (stage in ('recorded', 'confirmed'))
);
create index ix_shift_person on shift (person, day);
create index ix_shift_site on shift (site, recorded_at desc);
create index ix_shift_recorded_at on shift (recorded_at desc, id desc);
"""


def upgrade() -> None:
    op.execute(TABLE)
