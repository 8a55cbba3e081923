"""Who signed an inspection: every officer of it, and the site's side, or that the site's side refused (安全生产法 Art. 68)."""

from collections.abc import Mapping
from typing import Any

from chassis.errors import Invalid
from enforcement.models import Inspection


def check(inspection: Inspection, told: Mapping[str, Any]) -> None:
    """Refuses `Invalid` for an officer's signature that is missing, and a refusal of the site's that does not say why.

    A signature is the drawing's SHA-256, or none where it was confirmed by the account.
    """
    signed = {each["officer_id"] for each in told["signatures"]}
    missing = [each["name"] for each in inspection.officers if each["officer_id"] not in signed]
    if missing:
        raise Invalid.field("signatures", "signature_missing", names="、".join(missing))
    strange = signed - {each["officer_id"] for each in inspection.officers}
    if strange:
        raise Invalid.field("signatures", "officer_unknown")
    site = told["site_signature"]
    needed = "reason" if site["refused"] else "name"
    if not site[needed]:
        raise Invalid.field(f"site_signature.{needed}", "required")
