"""What several requests and replies share: words, the parts of a name, pages."""

from datetime import date

from chassis.paging import DEFAULT_LIMIT, MAX_LIMIT
from chassis.schemas import Flag, Id, Integer, Schema, Text
from personnel import certificate_rules

# The words are those of the newest edition of the rules.
KINDS = certificate_rules.kinds(date.max)
TRADES = certificate_rules.trades(date.max)
# Han of every plane, letters of a foreigner's name, and the dots between the parts of a name.
NAME = "[\u3400-\u9fff\uf900-\ufaff\U00020000-\U000323afA-Za-z·•.． ]{2,50}"
# A territory's path: province, city, county, zone; some units stand directly below the province.
AREA = r"[0-9]{2}(\.[0-9]{4,6}){0,3}"
SHA256 = r"[0-9a-f]{64}"
REASON_LENGTH = 5


class Nothing(Schema):
    """A request without parameters."""


class PersonRequest(Schema):
    person_id = Id("人员", required=True)


class PersonCommand(PersonRequest):
    """A change of a person as the clerk saw him at `version`."""

    version = Integer("版本", min=1, required=True)


class Listed(Schema):
    """What a list tells beside its items. `total` comes with the first page, counted up to 1,000: past that it stays
    there and is not exact (shown as 1,000+)."""

    next = Text("下一页", required=True, allow_none=True)
    total = Integer("总数", required=True, allow_none=True)
    total_is_exact = Flag("总数确切", required=True, allow_none=True)


class Page(Schema):
    limit = Integer("条数", min=1, max=MAX_LIMIT, load_default=DEFAULT_LIMIT)
    after = Text("从何处继续", max=200, load_default=None, allow_none=True)
