"""Use cases of an application (办件), one function an act; `turn` is what they share."""

from filing.applications.checking import check
from filing.applications.closing import approve, reject, withdraw
from filing.applications.countersigning import countersign
from filing.applications.drafts import save_draft, start
from filing.applications.printing import print_application
from filing.applications.reading import get, list_all, unmask
from filing.applications.review import accept, return_for_correction, review
from filing.applications.submission import submit

__all__ = [
    "accept",
    "approve",
    "check",
    "countersign",
    "get",
    "list_all",
    "print_application",
    "reject",
    "return_for_correction",
    "review",
    "save_draft",
    "start",
    "submit",
    "unmask",
    "withdraw",
]
