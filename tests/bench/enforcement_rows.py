"""The rows of `make bench-enforcement`, made by the database itself, in the order of time: the newest are the last.

Of five inspections four led to an order, so order n is of inspection n + (n - 1) / 4. An order of the last twentieth is open,
and one in a hundred of the others; of the open ones one in three is reported.
"""

INSPECTED_AT = "now() - (%(inspections)s - n) * (interval '1095 days' / %(inspections)s)"
COUNTY = "((n - 1) %% %(sites)s %% cardinality(%(counties)s::text[]) + 1)"
SITE = "md5('site ' || (n - 1) %% %(sites)s + 1)::uuid::text"
AREA, AGENCY = f"(%(counties)s::text[])[{COUNTY}]", f"(%(agencies)s::text[])[{COUNTY}]"
BY = '\'{"user_id": "bench", "user_name": "张执法", "organisation_id": "bench", "organisation_name": "监督站"}\'::jsonb'


def _officer(which: int) -> str:
    return f"md5('officer ' || {COUNTY} || ' ' || (n + {which}) %% 10)::uuid::text"


IS_OPEN = "(o > %(orders)s * 19 / 20 or o %% 100 = 0)"
OF_ORDER = "o + (o - 1) / 4"
ORDERED_AT = INSPECTED_AT.replace(" n)", f" ({OF_ORDER}))")
CLOSED_AT = f"least({ORDERED_AT} + (o %% 30 + 1) * interval '1 day', now())"


def _of_order(expression: str) -> str:
    """Said of an order's inspection."""
    return expression.replace("(n - 1)", f"({OF_ORDER} - 1)")


A_PROVINCE = (
    """insert into firm (id, version, name, kind, kinds, level, area)
    select (%(every_agency)s::text[])[n], 1, (%(areas)s::text[])[n] || '监督站', 'agency', '{}', 'county', (%(areas)s::text[])[n]
    from generate_series(1, cardinality(%(areas)s::text[])) n""",
    """insert into firm (id, version, name, kind, kinds, level, area)
    select md5('firm ' || n)::uuid, 1, '建筑公司' || n, 'enterprise', '{contractor}', '', '13'
    from generate_series(1, %(firms)s) n""",
    """insert into officer (id, agency_id, name, user_id, certificate_number, certificate_valid_to, entered_at, entered_by)
    select md5('officer ' || n || ' ' || k)::uuid, (%(agencies)s::text[])[n], '执法员' || k,
        case when k = 0 then 'bench ' || (%(counties)s::text[])[n] end, '冀执' || n || '-' || k, '2030-12-31', now(), '{}'
    from generate_series(1, cardinality(%(counties)s::text[])) n, generate_series(0, 9) k""",
    f"""insert into site (id, version, name, number, area, agency_id, owner_id, contractor_id, supervisor_id, stage, starts_on,
        boundary)
    select md5('site ' || n)::uuid, 1, '工地' || n, '1301' || n, {AREA}, {AGENCY}, md5('firm ' || n %% %(firms)s + 1)::uuid,
        md5('firm ' || (n * 7) %% %(firms)s + 1)::uuid, md5('firm ' || (n * 13) %% %(firms)s + 1)::uuid, 'filed',
        %(today)s::date - 400, jsonb_build_object('type', 'Polygon', 'coordinates', jsonb_build_array(jsonb_build_array(
            jsonb_build_array(x, y), jsonb_build_array(x + 0.002, y), jsonb_build_array(x + 0.002, y + 0.002),
            jsonb_build_array(x, y + 0.002), jsonb_build_array(x, y))))
    from generate_series(1, %(sites)s) n, lateral (select 114 + n %% 173 / 60.0 as x, 37 + n %% 191 / 60.0 as y) place""",
    """insert into plan (id, agency_id, area, kind, title, starts_on, ends_on, basis, criteria, visits, cap, stage, version,
        drafted_at, drafted_by)
    select md5('plan ' || n)::uuid, (%(agencies)s::text[])[n], (%(counties)s::text[])[n], 'routine', '年度检查',
        %(today)s::date - 300, %(today)s::date + 65, '年度计划', '{}', 1, 4, 'approved', 1, now(), '{}'
    from generate_series(1, cardinality(%(counties)s::text[])) n""",
    f"""insert into planned_visit (id, plan_id, site_id, serial, area, officer_ids, due_on)
    select md5('visit ' || n)::uuid, md5('plan ' || {COUNTY})::uuid, {SITE}, 1, {AREA},
        case when n %% 3 = 0 then array[]::text[] else array[{_officer(0)}, {_officer(1)}] end,
        %(today)s::date - 300 + (n %% 365)
    from generate_series(1, %(sites)s) n""",
    f"""insert into inspection (id, kind, plan_id, site_id, area, agency_id, stage, started_at, ended_at, officers, library, score,
        grade, findings_count, signatures, site_signature, marks, content, seal, sealed_at)
    select md5('inspection ' || n)::uuid, 'routine',
        case when n > %(inspections)s * 4 / 5 and n %% 5 > 0 then md5('plan ' || {COUNTY})::uuid end, {SITE}, {AREA}, {AGENCY},
        case when n > %(inspections)s - 100 then 'started' else 'completed' end, {INSPECTED_AT}, {INSPECTED_AT},
        jsonb_build_array(
            jsonb_build_object('officer_id', {_officer(0)}, 'name', '张执法', 'certificate_number', '1', 'user_id', 'a'),
            jsonb_build_object('officer_id', {_officer(1)}, 'name', '李执法', 'certificate_number', '2', 'user_id', 'b')),
        'JGJ 59-2011', 60 + n %% 40, (array['failed', 'passed', 'excellent'])[n %% 3 + 1], 4, '[]',
        jsonb_build_object('refused', n %% 50 = 0), '[]', jsonb_build_object('sealed', repeat('检查记录', 200)), md5(n::text), now()
    from generate_series(1, %(inspections)s) n""",
    f"""insert into inspection_officer (inspection_id, officer_id, started_at)
    select md5('inspection ' || n)::uuid, each, {INSPECTED_AT}
    from generate_series(1, %(inspections)s) n, lateral (values ({_officer(0)}), ({_officer(1)})) took (each)""",
    f"""insert into document (id, kind, number, agency_id, year, serial, subject_kind, subject_id, site_id, area, addressee_id,
        issued_at, issued_by, content, hash)
    select md5('document ' || o)::uuid, 'rectification_order', '冀建安改〔2026〕第' || o || '号', {_of_order(AGENCY)}, 2026, o,
        'order', md5('order ' || o)::uuid, {_of_order(SITE)}, {_of_order(AREA)},
        md5('firm ' || (({OF_ORDER} - 1) %% %(sites)s + 1) * 7 %% %(firms)s + 1)::uuid, {ORDERED_AT}, {BY},
        jsonb_build_object('title', '责令限期整改通知书', 'demands', '限期整改', 'findings', '[]'::jsonb), md5(o::text)
    from generate_series(1, %(orders)s) o""",
    f"""insert into site_order (id, kind, document_id, number, inspection_id, site_id, area, agency_id, addressee_id, scope,
        demands, issued_at, issued_by, first_due_on, due_on, stage, reported_at, closed_at, escalated_to)
    select md5('order ' || o)::uuid, case when o %% 20 = 0 then 'partial_stop' else 'rectify' end, document.id, number,
        md5('inspection ' || {OF_ORDER})::uuid, site_id, area, agency_id, addressee_id, '', '限期整改', issued_at, issued_by,
        issued_at::date + 7, issued_at::date + 7,
        case when not {IS_OPEN} then 'closed' when o %% 3 = 0 then 'reported' else 'issued' end,
        case when not {IS_OPEN} or o %% 3 = 0 then least(issued_at + interval '5 days', now()) end,
        case when not {IS_OPEN} then {CLOSED_AT} end, case when o <= %(orders)s - %(overdue)s * 3 then 'city' end
    from generate_series(1, %(orders)s) o join document on document.id = md5('document ' || o)::uuid::text""",
    """insert into order_act (order_id, place_in, act, at, by, detail)
    select id, 1, 'issue', issued_at, issued_by, '{}' from site_order""",
    """insert into rectification (id, order_id, round, stage, answers, saved_at, submitted_at)
    select md5('report ' || id)::uuid, id, 1, case when closed_at is null then 'submitted' else 'accepted' end, '[]', reported_at,
        reported_at from site_order where reported_at is not null""",
    """insert into finding (id, inspection_id, place_in, site_id, area, clause_key, clause, severity, description, part, found_on,
        order_id, closed_at, is_repeated)
    select md5('finding ' || inspection.id || k)::uuid, inspection.id, k, inspection.site_id, inspection.area,
        'B.' || (hashtext(inspection.id) & 1023) %% 19 + 1 || '-0' || k, '临边防护应符合规范', (array['general', 'general',
        'general', 'serious', 'general', 'general', 'general', 'major'])[((hashtext(inspection.id) & 255) + k) %% 8 + 1],
        '三层临边无防护栏杆', '3号楼', started_at::date, site_order.id, site_order.closed_at,
        hashtext(inspection.id || k) & 15 = 0
    from inspection left join site_order on site_order.inspection_id = inspection.id, generate_series(1, 4) k""",
)
