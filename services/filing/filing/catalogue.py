"""The catalogue: matters (事项) with what each asks for, and divisions, told as plain JSON for portals and others."""

from typing import Any

from chassis.principal import Principal
from filing import deadlines, divisions, forms, matters
from filing.applications.drafts import known_matter
from filing.desk import Desk, Reply
from filing.fields import ENTERPRISE_KINDS
from filing.matters.base import ROUTE_TITLES, AttachmentKind, Matter

DEPENDS = "depends"
COUNTERSIGNER_TITLES = {"contractor": "施工总承包单位", "supervisor": "监理单位", "owner": "建设单位"}


def list_matters(desk: Desk, principal: Principal) -> Reply:
    """All matters; `for_me` marks those that the principal's enterprise may apply for."""
    return {"items": [_head(desk, each) | {"for_me": _is_for(each, principal)} for each in matters.ALL.values()]}


def get_matter(desk: Desk, *, code: str) -> Reply:
    """A matter's form by sections, its documents, its route, deadline and levels, and what an approval has to decide
    (`decision`, told as a form is). Refuses `Invalid` for an unknown code."""
    matter = known_matter(code)
    return _head(desk, matter) | {
        "route": matter.route.value,
        "route_title": ROUTE_TITLES[matter.route],
        "review_levels": matter.review_levels,
        "countersigners": [{"role": role, "title": COUNTERSIGNER_TITLES[role]} for role in matter.countersigners],
        "sections": forms.describe(matter.form),
        "attachments": [_attachment(each) for each in matter.attachments],
        "decision": forms.describe(matter.decision) if matter.decision else [],
        "certificate_title": matter.certificate.title if matter.certificate else None,
    }


def list_divisions(*, under: str | None = None) -> Reply:
    """Every division (below an area, itself included), the province first, each city followed by its counties."""
    source = divisions.source()
    return {
        "document": source.document,
        "as_of": source.as_of.isoformat(),
        "items": [
            {"code": each.code, "name": each.name, "level": each.level, "area": each.area}
            for each in divisions.all_divisions()
            if under is None or divisions.is_within(each.area, under)
        ],
    }


def _head(desk: Desk, matter: Matter) -> dict[str, Any]:
    rule = deadlines.rule_of(matter.code, desk.today())
    return {
        "code": matter.code,
        "title": matter.title,
        "applicants": [{"kind": kind, "title": ENTERPRISE_KINDS[kind]} for kind in matter.applicants],
        "deadline": {"limit": rule.limit, "unit": rule.unit.value, "basis": rule.basis},
    }


def _attachment(kind: AttachmentKind) -> dict[str, Any]:
    """`required`: "yes", "no", or "depends" on the form (then `note` says on what)."""
    required = DEPENDS if callable(kind.required) else "yes" if kind.required else "no"
    return {"code": kind.code, "title": kind.title, "required": required, "note": kind.note}


def _is_for(matter: Matter, principal: Principal) -> bool:
    if matter.opens_organisation or not principal.is_enterprise:
        return False
    return not matter.applicants or bool(set(matter.applicants) & set(principal.kinds))
