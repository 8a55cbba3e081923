"""Parts that many requests and replies share."""

from chassis.paging import DEFAULT_LIMIT, MAX_LIMIT
from chassis.schemas import Flag, Integer, Schema, Text

# A territory's path: province, city, county, zone; some units stand directly below the province.
AREA = r"[0-9]{2}(\.[0-9]{4,6}){0,3}"


class Page(Schema):
    """What every list takes: how many, and after which place."""

    limit = Integer("条数", min=1, max=MAX_LIMIT, load_default=DEFAULT_LIMIT)
    after = Text("接续处", max=300, allow_none=True, load_default=None)


class Listed(Schema):
    """What every list tells beside its items. `total` comes with the first page, counted up to 1,000: past that it stays
    there and is not exact (shown as 1,000+)."""

    next = Text("下一页", required=True, allow_none=True)
    total = Integer("总数", required=True, allow_none=True)
    total_is_exact = Flag("总数确切", required=True, allow_none=True)
