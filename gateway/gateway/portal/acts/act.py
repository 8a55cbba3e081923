"""One act on a record, as its form is titled and sent."""

from dataclasses import dataclass

from gateway.bus import Rpc


@dataclass(frozen=True)
class Act:
    """`id_field`: what the service calls the record's id; `picks`: a field whose value is looked up in a list."""

    service: str
    name: str
    title: str
    hint: str
    told: str
    id_field: str
    picks: str = ""
    grave: bool = False  # cannot be undone, or takes something from somebody

    @property
    def rpc(self) -> Rpc:
        return Rpc(self.service, self.name)
