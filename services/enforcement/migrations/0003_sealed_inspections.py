"""What is sealed cannot be changed: a completed inspection, and what it found."""

from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    op.execute("""
        create function refuse_change_of_sealed() returns trigger language plpgsql as $$
        begin
            raise exception 'sealed: % %', tg_table_name, old.id using errcode = 'integrity_constraint_violation';
        end $$;

        create trigger inspection_is_sealed before update or delete on inspection
            for each row when (old.seal is not null) execute function refuse_change_of_sealed();

        create trigger finding_is_sealed before update on finding
            for each row when (
                (old.inspection_id, old.place_in, old.site_id, old.clause_key, old.clause, old.severity, old.description,
                 old.part, old.found_on)
                is distinct from
                (new.inspection_id, new.place_in, new.site_id, new.clause_key, new.clause, new.severity, new.description,
                 new.part, new.found_on))
            execute function refuse_change_of_sealed();
        create trigger finding_stays before delete on finding
            for each row execute function refuse_change_of_sealed()""")
