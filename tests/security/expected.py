"""Who may do what on the portal: one row a route. A route without a row, or a row without a route, fails a test.

The columns are `scene.EVERYBODY`: nobody signed in, another enterprise, the enterprise whose things these are, the county's
officer who handles them, another county's, the city's and the province's, the platform's operator.
"""

# S shown · N there is no such thing for him · F not for his role · L to the sign-in page · G led on to a page of his own
# R the request is refused as it stands (a list wants its field)
SIGNED_IN = "LSSSSSSS"
RECORD = "LNSSNSSN"  # of the enterprise, and of the agencies in whose area it is
NOT_HIS = "LNSNNNNN"  # drafts are the applicant's alone
PAGES = {
    "/": SIGNED_IN,
    "/account": SIGNED_IN,
    "/account/password": SIGNED_IN,
    "/accounts": "LSSFFFFS",
    "/acts/<register>/<record_id>/<name>": SIGNED_IN,  # an empty form; the record is looked at when it is sent
    "/agencies/new": "LFFFFFFS",
    "/applications": SIGNED_IN,
    "/applications/<application_id>": RECORD,
    "/applications/<application_id>/check": NOT_HIS,
    "/applications/<application_id>/edit": NOT_HIS,
    "/applications/new/<matter>": SIGNED_IN,
    "/bulletins": "SSSSSSSS",
    "/bulletins/<bulletin_id>": "NNSSNSSN",  # published for the county only
    "/bulletins/<bulletin_id>/edit": "LFFFFFFF",  # none of these is an editor
    "/bulletins/<bulletin_id>/files/<sha256>": "NNNNNNNN",  # it has none
    "/bulletins/new": "LFFFFFFF",
    "/certificates": SIGNED_IN,
    "/certificates/<certificate_id>": RECORD,
    "/downloads": "SSSSSSSS",
    "/downloads/<download_id>/edit": "LFFFFFFF",
    "/downloads/<download_id>/file": "NNSSNSSN",
    "/downloads/new": "LFFFFFFF",
    "/duty": "LFFSSSSF",
    "/duty/beacons": "LSSSSSSF",  # everybody his own sites' ones
    "/duty/absences": "LSSSSSSF",
    "/duty/shifts": "LSSSSSSF",
    "/duty/shifts/new": "LSSFFFFF",
    "/duty/suspicions": "LSSSSSSF",
    "/duty/suspicions/<uuid:person_id>/<day>": "LNNNNNNF",  # nobody is doubted in this scene
    "/duty/figures": "LFFSSSSF",
    "/duty/months": "LSSSSSSF",
    "/duty/leaves": "LSSSSSSF",
    "/duty/leaves/new": "LSSFFFFF",
    "/duty/privacy": SIGNED_IN,
    "/enforcement/draws": "LSSSSSSF",
    "/enforcement/draws/draw.py": "LSSSSSSF",
    "/enforcement/draws/<uuid:draw_id>": "LNNNNNNF",  # nothing is planned or drawn in this scene
    "/enforcement/draws/<uuid:draw_id>.json": "LNNNNNNF",
    "/enforcement/findings": "LSSSSSSF",
    "/enforcement/inspections": "LSSSSSSF",
    "/enforcement/inspections/<uuid:inspection_id>": "LNNNNNNF",  # nothing was inspected in this scene
    "/enforcement/inspections/<uuid:inspection_id>/fill": "LFFFFFFF",  # nor is anybody of it an inspector
    "/enforcement/inspections/new": "LFFFFFFF",
    "/enforcement/numbers": "LFFSSSSF",
    "/enforcement/officers": "LFFSSSSF",
    "/enforcement/plans": "LSSSSSSF",  # a firm sees the approved ones of its territory
    "/enforcement/plans/<uuid:plan_id>": "LFFNNNNF",
    "/enforcement/plans/<uuid:plan_id>/edit": "LFFNNNNF",
    "/enforcement/plans/new": "LFFSSSSF",
    "/duty/sites": "LSSGGGGF",  # an agency's way in is the board
    "/duty/sites/<uuid:project_id>": "LNSSNSSF",
    "/duty/sites/<uuid:project_id>/track": "LNRRNRRF",  # of whom, and of which day?
    "/enforcement/calculator": "LFFSSSSF",
    "/enforcement/cases": "LSSSSSSF",
    "/enforcement/cases/<uuid:case_id>": "LNNNNNNN",  # there is no case in this scene
    "/enforcement/cases/<uuid:case_id>/conclude": "LFFFFFFF",  # nobody of this scene is an inspector
    "/enforcement/cases/new": "LFFFFFFF",
    "/enforcement/fairness": "LFFSSSSF",
    "/enforcement/documents": "LSSSSSSF",
    "/enforcement/evidence/<subject_kind>/<uuid:subject_id>": "LFFNNNNF",
    "/enforcement/documents/<uuid:document_id>": "LNNNNNNF",  # nothing was inspected in this scene
    "/enforcement": "LFFSSSSF",
    "/enforcement/calendar": "LFFSSSSF",
    "/enforcement/figures": "LFFSSSSF",
    "/enforcement/map": "LFFSSSSF",
    "/projects/<uuid:project_id>/safety": "LNSSNSSF",
    "/enforcement/orders": "LSSSSSSF",
    "/enforcement/orders/<uuid:order_id>": "LNNNNNNF",
    "/enforcement/orders/<uuid:order_id>/anew": "LFFFFFFF",  # an inspector's; these are approvers
    "/enforcement/orders/<uuid:order_id>/decide": "LFFNNNNF",
    "/enforcement/orders/<uuid:order_id>/report": "LNNFFFFF",
    "/enforcement/orders/<uuid:order_id>/transfer": "LFFNNNNF",
    "/enforcement/transfers": "LFFSSSSF",
    "/exports": SIGNED_IN,
    "/figures": "LFFSSSSF",
    "/inbox": "LGGSSSSG",
    "/inbox/next": "LGGGGGGG",
    "/keys": SIGNED_IN,
    "/login": "SGGGGGGG",
    "/machines": SIGNED_IN,
    "/machines/<machine_id>": "LNSSNSSS",
    "/machines/<machine_id>/history": "LNSSNSSS",
    "/map": SIGNED_IN,
    "/matters": SIGNED_IN,
    "/organisations": SIGNED_IN,
    "/organisations/<organisation_id>": "LSSSNSSS",  # name and number of an enterprise are for every enterprise
    "/people": "LSSSSSSF",
    "/people/<uuid:person_id>": "LNSSNSSF",
    "/people/<uuid:person_id>/duty": "LNNNNNNF",  # nobody is on duty in this scene
    "/people/<uuid:person_id>/duty/correct": "LFFNNNNF",
    "/people/<uuid:person_id>/duty/looks": "LNNNNNNF",
    "/people/<uuid:person_id>/locks": "LNSSNSSF",
    "/people/<uuid:person_id>/phone": "LNSSNSSN",
    "/people/<uuid:person_id>/shifts": "LNNNNNNF",  # he leads nothing
    "/people/import": "LSSFFFFF",
    "/people/new": "LSSFFFFF",
    "/pick/<reference>": "LRRRRRRR",
    "/projects": SIGNED_IN,
    "/projects/<project_id>": RECORD,
    "/projects/<project_id>/work-logs": RECORD,
    "/projects/<project_id>/work-logs/<day>": RECORD,
    "/projects/<project_id>/work-logs/<day>/edit": "LNSGNGGN",
    "/projects/<project_id>/work-logs/other": "LGGGGGGG",
    "/register": "SGGGGGGG",
    "/registration": "LGGGGGGG",
    "/review/<application_id>": "LGGSNSSG",
    "/search": SIGNED_IN,
    "/work-logs": SIGNED_IN,
}

# Who may send a form about these records: the others are tried, and change nothing. "" where it is about nobody's record
# but the sender's own (only nobody at all is tried); None where anybody may.
OWN = ""
FORMS: dict[str, str | None] = {
    "/account/password": OWN,
    "/account/sessions/<session_id>/end": OWN,
    "/account/sessions/end": OWN,
    "/accounts": OWN,
    "/accounts/<account_id>/close": "owner",
    "/accounts/<account_id>/password-reset": "owner",
    "/accounts/<account_id>/reopen": "owner",
    "/accounts/<account_id>/roles": "owner",
    "/acts/<register>/<record_id>/<name>": "county",
    "/agencies/new": "operator",
    "/applications/<application_id>/agency": "owner",
    "/applications/<application_id>/autosave": "owner",
    "/applications/<application_id>/countersign": "owner",
    "/applications/<application_id>/edit": "owner",
    "/applications/<application_id>/submit": "owner",
    "/applications/<application_id>/withdraw": "owner",
    "/applications/new/<matter>": OWN,
    "/bulletins/<bulletin_id>/edit": "editor",
    "/bulletins/<bulletin_id>/withdraw": "editor",
    "/bulletins/new": "editor",
    "/downloads/<download_id>/edit": "editor",
    "/downloads/new": "editor",
    "/duty/beacons": OWN,
    "/duty/beacons/<uuid:beacon_id>/remove": "owner",
    "/duty/shifts/new": OWN,
    "/duty/suspicions/<uuid:person_id>/<day>/appeal": "owner",
    "/duty/suspicions/<uuid:person_id>/<day>/decide": "county",
    "/duty/leaves/<uuid:leave_id>/decide": "developer",  # of the site, who is none of these
    "/duty/leaves/<uuid:leave_id>/withdraw": "owner",
    "/duty/leaves/new": OWN,
    "/enforcement/cases/<uuid:case_id>/conclude": "inspector",
    "/enforcement/cases/new": "inspector",
    "/enforcement/documents/<uuid:document_id>/serve": "county city province",
    "/enforcement/inspections/<uuid:inspection_id>/abandon": "inspector",  # of whom there is none in this scene
    "/enforcement/inspections/<uuid:inspection_id>/fill": "inspector",
    "/enforcement/evidence/<subject_kind>/<uuid:subject_id>": "inspector",
    "/enforcement/inspections/new": "inspector",
    "/enforcement/orders/<uuid:order_id>/anew": "inspector",  # none of these is one
    "/enforcement/orders/<uuid:order_id>/decide": "county city province",
    "/enforcement/orders/<uuid:order_id>/report": "owner",
    "/enforcement/orders/<uuid:order_id>/transfer": "county city province",
    "/enforcement/draws/<uuid:draw_id>/reveal": "county",
    "/enforcement/officers": OWN,
    "/enforcement/officers/<uuid:officer_id>/remove": "county",
    "/enforcement/officers/interests": OWN,
    "/enforcement/officers/interests/<uuid:interest_id>/end": "county",
    "/enforcement/plans/<uuid:plan_id>/approve": "county",
    "/enforcement/plans/<uuid:plan_id>/draws": "county",
    "/enforcement/plans/<uuid:plan_id>/edit": "county",
    "/enforcement/plans/<uuid:plan_id>/finish": "county",
    "/enforcement/plans/new": OWN,
    "/exports": OWN,
    "/keys": OWN,
    "/keys/<key_id>/revoke": "owner",
    "/language": None,
    "/login": None,
    "/logout": OWN,
    "/organisations/<organisation_id>/administrator": "operator",
    "/people/<uuid:person_id>/certificates": "owner",
    "/people/<uuid:person_id>/certificates/<uuid:certificate_id>": "owner",
    "/people/<uuid:person_id>/change": "owner",
    "/people/<uuid:person_id>/duty/correct": "county city province",
    "/people/<uuid:person_id>/leave": "owner",
    "/people/<uuid:person_id>/phone": "owner",
    "/people/<uuid:person_id>/phone/<uuid:device_id>/close": "owner county city province",
    "/people/<uuid:person_id>/unmask": "owner county city province",
    "/people/import": OWN,
    "/people/new": OWN,
    "/projects/<project_id>/work-logs/<day>/edit": "owner",
    "/register": None,
    "/review/<application_id>": "county",
    "/review/<application_id>/check": "county",
}
