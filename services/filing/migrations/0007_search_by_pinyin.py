"""What rows are found by: pinyin and initials too, numbers by three places (chassis.searching)."""

from chassis.migrations import index_for_search

revision = "0007"
down_revision = "0006"

ON_APPLICATIONS = """array[application.applicant_name, application.project_name, application.acceptance_number,
    machine ->> 'filing_number', machine ->> 'model', machine ->> 'maker', machine ->> 'serial_number', certificate.number]"""


def upgrade() -> None:
    index_for_search("organisation", "array[name, credit_code]")
    index_for_search("project", "array[name, number, owner_name, contractor_name]")
    index_for_search(
        "application", ON_APPLICATIONS, "left join certificate on certificate.application_id = application.id"
    )
