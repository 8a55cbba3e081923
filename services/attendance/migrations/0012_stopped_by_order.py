"""Days on which all works of a site stood still by an order of enforcement."""

from alembic import op

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    op.execute("""
        create table order_stoppage (
            order_id text not null,
            site integer not null,
            since date,
            until date,
            constraint pk_order_stoppage primary key (order_id),
            constraint fk_order_stoppage_site foreign key (site) references site (number)
        );
        create index ix_order_stoppage_site on order_stoppage (site)""")
