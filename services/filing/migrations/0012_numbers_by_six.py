"""Rows are found by six places of a number, too: numbers of one agency and year are alike in threes (chassis.searching)."""

from chassis.migrations import index_for_search

revision = "0012"
down_revision = "0011"

ON_APPLICATIONS = """array[application.applicant_name, application.project_name, application.acceptance_number,
    machine ->> 'filing_number', machine ->> 'model', machine ->> 'maker', machine ->> 'serial_number', certificate.number]"""


def upgrade() -> None:
    index_for_search("organisation", "array[name, credit_code]")
    index_for_search("project", "array[name, number, owner_name, contractor_name]")
    index_for_search(
        "application", ON_APPLICATIONS, "left join certificate on certificate.application_id = application.id"
    )
