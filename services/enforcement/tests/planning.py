"""What the tests of plans and draws have in common: sites of several builders, inspections as if they had been made."""

from datetime import date, timedelta
from typing import Any

from chassis.database import transaction
from chassis.identifiers import new_id
from chassis.principal import Principal
from chassis.schemas import read
from enforcement import draw_lists, draws, plan_lists, plans
from enforcement.models import Inspection
from enforcement.schemas import plans as schemas
from services.enforcement.tests.factories import CHANGAN, SITE, TEN, Field, an_id, firm, officer

Body = dict[str, Any]
HEAD = officer("王局长", "approver")
INSPECTOR = officer()
NEXT_DAY = TEN + timedelta(days=1)


def sites(ground: Field, count: int, **told: Any) -> list[str]:
    """Sites 工程1 … besides 长安广场, each with a builder of its own."""
    for n in range(1, count + 1):
        builder = firm(f"建筑公司{n}")
        ground.organisation(builder)
        ground.project(f"工程{n}", number=f"1301022026{n:04d}", contractor_id=builder.organisation_id, **told)
    return [an_id(SITE), *(an_id(f"工程{n}") for n in range(1, count + 1))]


def save(ground: Field, who: Principal = INSPECTOR, key: str | None = None, **changed: Any) -> Body:
    told = {
        "kind": "routine", "title": "2026年上半年检查", "starts_on": "2026-03-01", "ends_on": "2026-06-30",
        "basis": "年度检查计划", "visits": 1, "cap": 4, **changed,
    }  # fmt: skip
    return plans.save_plan(ground.sessions, who, ground.clock, key=key, **read(schemas.SavePlanRequest(), told))


def approved(ground: Field, **changed: Any) -> str:
    plan_id: str = save(ground, **changed)["plan_id"]
    plans.approve_plan(ground.sessions, HEAD, ground.clock, plan_id=plan_id, version=1)
    return plan_id


def got(ground: Field, plan_id: str, who: Principal = INSPECTOR) -> Any:
    told = plan_lists.get_plan(ground.sessions, who, ground.clock, plan_id=plan_id)
    return schemas.GetPlanReply().dump(told)


def listed(ground: Field, who: Principal, **filters: Any) -> Any:
    asked = {"kind": None, "stage": None, "limit": 20, "after": None, **filters}
    return schemas.ListPlansReply().dump(plan_lists.list_plans(ground.sessions, who, ground.clock, **asked))


def inspect(ground: Field, site: str, plan_id: str | None = None, **told: Any) -> str:
    """A completed inspection of a site, made now unless told otherwise."""
    inspection_id = new_id()
    values = {
        "kind": "routine", "agency_id": HEAD.organisation_id, "stage": "completed", "started_at": ground.clock(),
        "officers": [], "findings_count": 0, "signatures": [], "marks": [], "area": CHANGAN, **told,
    }  # fmt: skip
    with transaction(ground.sessions) as session:
        session.add(Inspection(id=inspection_id, plan_id=plan_id, site_id=site, **values))
    return inspection_id


def commit(ground: Field, plan_id: str, who: Principal = INSPECTOR, key: str | None = None, **changed: Any) -> Body:
    told = {
        "plan_id": plan_id, "sites_wanted": 2, "officers_a_site": 2, "seed_source": "双色球 2026024 期开奖号码",
        "due_on": date(2026, 3, 31), **changed,
    }  # fmt: skip
    return draws.commit_draw(ground.sessions, who, ground.clock, key=key, **told)


def reveal(ground: Field, draw_id: str, seed: str = "03 07 12 19 22 31 + 05", **changed: Any) -> Body:
    """The evening after."""
    told = {"announced_at": NEXT_DAY, **changed}
    return draws.reveal_draw(ground.sessions, INSPECTOR, lambda: NEXT_DAY, draw_id=draw_id, seed=seed, **told)


def drawn(ground: Field, draw_id: str, who: Principal = INSPECTOR) -> Any:
    return schemas.GetDrawReply().dump(draw_lists.get_draw(ground.sessions, who, draw_id=draw_id))
