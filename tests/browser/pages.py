"""Which pages test_main_pages looks at, by who sees them; every route of the portal is visited, or named as no page."""

PUBLIC = ("/login", "/register", "/bulletins", "/downloads", "/v/{code}")
REGISTERS = (
    "/", "/applications", "/applications/{application}", "/applications?open=0", "/applications/new/safety_filing",
    "/projects", "/projects/{project}", "/projects/{project}/work-logs", "/work-logs", "/map",
    "/projects/{project}/work-logs/{day}", "/projects/{project}/work-logs/{day}/edit",
    "/machines", "/machines/{machine}", "/machines/{machine}/history", "/people", "/people/{person}", "/people/{person}/locks",
    "/certificates", "/certificates/{certificate}", "/exports", "/bulletins", "/bulletins/{bulletin}", "/downloads",
    "/account", "/search?q=QTZ",
)  # fmt: skip
FIRMS = (
    "/matters", "/applications/{draft}/edit", "/applications/{draft}/check", "/people/new", "/people/import", "/accounts",
    "/keys", "/organisations", "/enforcement/orders", "/enforcement/documents", "/enforcement/cases",
    "/enforcement/inspections",
    "/keys", "/organisations", "/enforcement/orders", "/enforcement/documents",
    "/enforcement/inspections", "/enforcement/findings",
)  # fmt: skip
DUTY_OF_FIRMS = (
    "/people/{person}/duty", "/people/{person}/duty/looks", "/people/{person}/phone", "/people/{leader}/shifts",
    "/duty/sites", "/duty/sites/{project}", "/duty/beacons", "/duty/absences", "/duty/shifts", "/duty/shifts/new",
    "/duty/leaves", "/duty/leaves/new", "/duty/leaves/new?project_id={project}", "/duty/privacy", "/duty/suspicions",
    "/duty/months", "/enforcement/plans", "/enforcement/draws",
)  # fmt: skip
# Where an officer's pages differ from an enterprise's, or hold more.
AGENCIES = (
    "/", "/applications", "/applications/{application}", "/projects/{project}", "/machines/{machine}", "/people/{person}",
    "/people/{person}/locks", "/certificates/{certificate}", "/map", "/exports", "/search?q=QTZ",
    "/inbox", "/review/{waiting}", "/figures", "/organisations", "/organisations/{firm}",
    "/acts/projects/{project}/record_stoppage", "/acts/machines/{machine}/retire_machine", "/enforcement/orders",
    "/enforcement/documents", "/enforcement/transfers", "/enforcement/cases", "/enforcement/calculator", "/enforcement/fairness",
    "/enforcement/calculator?offence_key=166-28&_do=weigh", "/enforcement/inspections",
)  # fmt: skip
DUTY_OF_AGENCIES = (
    "/duty", "/duty?project_id={project}", "/people/{person}/duty", "/people/{person}/duty/correct",
    "/duty/sites/{project}", "/duty/sites/{project}/track?person_id={person}&day={day}&reason=核实到岗情况",
    "/duty/figures", "/duty/months", "/duty/absences", "/duty/suspicions", "/duty/shifts", "/duty/leaves", "/duty/beacons",
    "/enforcement/officers", "/enforcement/plans", "/enforcement/plans/new",
)  # fmt: skip
CASES_OF_AGENCIES = (
    "/enforcement", "/enforcement/calendar", "/enforcement/map", "/enforcement/figures", "/projects/{project}/safety",
    "/enforcement/cases", "/enforcement/cases/new", "/enforcement/cases/new?offence_keys=166-28&project_id={project}",
    "/enforcement/calculator", "/enforcement/calculator?offence_key=393-65-2", "/enforcement/fairness",
    "/enforcement/calculator?offence_key=166-28&_do=weigh",
)  # fmt: skip
ENFORCEMENT = (
    "/enforcement", "/enforcement/calendar", "/enforcement/map", "/enforcement/figures", "/enforcement/numbers",
    "/projects/{project}/safety",
)  # fmt: skip
EDITORS = ("/bulletins/new", "/bulletins/{bulletin}/edit", "/downloads/new", "/downloads/{download}/edit")
NEWCOMERS = ("/", "/account/password", "/registration")
DARK = ("/", "/inbox", "/review/{waiting}", "/applications/{application}", "/machines", "/figures", "/map", "/duty")
PLATFORM = ("/", "/organisations", "/organisations/{agency}", "/agencies/new", "/accounts", "/account", "/bulletins")

VISITED = frozenset(
    PUBLIC
    + REGISTERS
    + FIRMS
    + DUTY_OF_FIRMS
    + AGENCIES
    + DUTY_OF_AGENCIES
    + ENFORCEMENT
    + EDITORS
    + NEWCOMERS
    + DARK
    + PLATFORM
)
# Why no page is looked at there.
NO_PAGE = {
    "/bulletins/<bulletin_id>/files/<sha256>": "a file",
    "/downloads/<download_id>/file": "a file",
    "/enforcement/draws/draw.py": "a file",
    "/enforcement/draws/<uuid:draw_id>": "nothing is drawn in this scene",
    "/enforcement/draws/<uuid:draw_id>.json": "a file",
    "/enforcement/plans/<uuid:plan_id>": "nothing is planned in this scene",
    "/enforcement/plans/<uuid:plan_id>/edit": "nothing is planned in this scene",
    "/inbox/next": "leads on to the next application",
    "/pick/<reference>": "a part of a form's page",
    "/projects/<project_id>/work-logs/other": "leads on to another day",
    "/duty/suspicions/<uuid:person_id>/<day>": "nobody is doubted on this site",
    "/enforcement/cases/<uuid:case_id>": "no case is open in this scene",
    "/enforcement/cases/<uuid:case_id>/conclude": "no case is open in this scene",
    "/enforcement/cases/new": "for inspectors, of whom there is none in this scene",
    "/enforcement/documents/<uuid:document_id>": "nothing was inspected on this site",
    "/enforcement/evidence/<subject_kind>/<uuid:subject_id>": "nothing was inspected on this site",
    "/enforcement/inspections/<uuid:inspection_id>": "nothing was inspected on this site",
    "/enforcement/inspections/<uuid:inspection_id>/fill": "nothing was inspected on this site",
    "/enforcement/inspections/new": "for inspectors, of whom there is none in this scene",
    "/enforcement/orders/<uuid:order_id>": "nothing was inspected on this site",
    "/enforcement/orders/<uuid:order_id>/anew": "nothing was inspected on this site",
    "/enforcement/orders/<uuid:order_id>/decide": "nothing was inspected on this site",
    "/enforcement/orders/<uuid:order_id>/report": "nothing was inspected on this site",
    "/enforcement/orders/<uuid:order_id>/transfer": "nothing was inspected on this site",
}
