"""How often and how far agencies and officers leave the suggested amount and the tier."""

from datetime import date, timedelta
from typing import Any

from sqlalchemy import text

from chassis.clock import Clock, day_of
from chassis.database import Sessions, transaction
from chassis.principal import Principal
from enforcement.permissions import permit

MOST = 200
YEAR = timedelta(days=365)
Reply = dict[str, Any]

# `apart`: how far the fine lies from what the calculator suggested, in percent of that; as it was decided, whatever a review made
# of it later.
DECIDED = """
    select c.id, c.agency_id, c.investigators, (c.deviation->>'from_suggested')::bigint as yuan_apart,
           c.deviation->>'verdict' <> 'inside_tier' as outside,
           100.0 * (c.deviation->>'from_suggested')::bigint / nullif((c.weighing->>'suggested')::bigint, 0) as apart
    from penalty_case c
    where c.decided_at is not null and c.decided_at >= :since and c.weighing is not null
      and c.outcome in ('penalty', 'no_penalty', 'annulled') and (c.area = :area or starts_with(c.area, :below))
"""
FIGURES = """
    count(*) as cases, count(*) filter (where outside) as outside, count(*) filter (where yuan_apart > 0) as above,
    count(*) filter (where yuan_apart < 0) as below, coalesce(round(avg(apart)::numeric, 1), 0) as mean_apart,
    coalesce(round(max(abs(apart))::numeric, 1), 0) as furthest
"""
BY_AGENCY = f"""
    with decided as ({DECIDED})
    select agency_id as id, coalesce(firm.name, '') as name, '' as agency_name, {FIGURES}
    from decided left join firm on firm.id = decided.agency_id
    group by agency_id, firm.name order by cases desc, agency_id limit {MOST}
"""
BY_OFFICER = f"""
    with decided as ({DECIDED})
    select each->>'officer_id' as id, each->>'name' as name, coalesce(firm.name, '') as agency_name, {FIGURES}
    from decided cross join lateral jsonb_array_elements(investigators) each left join firm on firm.id = decided.agency_id
    group by each->>'officer_id', each->>'name', firm.name order by cases desc, id limit {MOST}
"""


def get_fairness(sessions: Sessions, principal: Principal, clock: Clock, *, since: date | None) -> Reply:
    """Of the cases of his territory decided since a day (a year ago): per agency and per investigator how many, how many outside
    the tier, above and below the suggestion, and by how many percent on average and at most. For agencies only."""
    permit("weigh", principal)
    first = since or day_of(clock()) - YEAR
    asked = {"since": first, "area": principal.area, "below": f"{principal.area}."}
    with transaction(sessions) as session:
        told = {
            name: [_row(each) for each in session.execute(text(statement), asked).mappings()]
            for name, statement in (("agencies", BY_AGENCY), ("officers", BY_OFFICER))
        }
        return {"since": first, **told}


def _row(row: Any) -> Reply:
    return dict(row) | {name: float(row[name]) for name in ("mean_apart", "furthest")}
