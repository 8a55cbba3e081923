"""What is handed in with a slip in it, comes back once, and is handed in again as it should be.

So officers meet second rounds with what changed and the version before, wherever these applications stand later; one of
them comes back again, for what nobody objected to the first time: a late objection.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from deploy.demo.forms import Filing, Form


@dataclass(frozen=True)
class Slip:
    """What the clerk wrote in a field instead of what is right, and what the officer says of it."""

    field: str
    wrong: Callable[[Any], Any]
    asked: str

    def slipped(self, form: Form) -> Form:
        return form | {self.field: self.wrong(form[self.field])}


# By matter; none that is countersigned, for its parties would have to sign again.
SLIPS = {
    "safety_filing": Slip("contract_price", lambda right: right + 1_000_000, "合同价与所附施工合同不一致，请核对"),
    "machine_filing": Slip(
        "supervision_inspection_no", lambda right: f"{right}0", "编号与所附监督检验证明不一致，请核对"
    ),
    "civilised_site": Slip("progress", lambda right: "主体施工中", "请写明施工至第几层"),
}
LATE = "machine-024"  # the stage of this one is "returned"
CAME_BACK = frozenset(
    {
        LATE, "machine-001", "machine-018", "machine-046", "machine-060",
        "site-01", "site-08", "site-13", "site-38", "site-04/civilised_site", "site-07/civilised_site",
    }
)  # fmt: skip


def slip_of(name: str, filing: Filing) -> Slip | None:
    """`name` is the application's in the load; None for what was right at once."""
    return SLIPS[filing.matter] if name in CAME_BACK else None
