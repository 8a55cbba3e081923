"""Which files something refers to: the gateway asks before it removes any (R-F13)."""

import pytest

from chassis.database import transaction
from chassis.errors import Forbidden
from chassis.identifiers import new_id
from chassis.principal import service_principal
from filing import bulletins
from filing.desk import Command
from filing.permissions import permit
from filing.queries.files import find_used_files
from services.filing.tests.factories import CITY, CONTRACTOR, INSTALLER, PAPER, STORE, Stage, officer

FIRST, SECOND, THIRD, NOBODYS = (STORE.put(b"%PDF-1.7 " + word) for word in (b"first", b"second", b"third", b"fourth"))


def used(stage: Stage) -> list[str]:
    with transaction(stage.desk.sessions) as session:
        found: list[str] = find_used_files(session, [FIRST, SECOND, THIRD, NOBODYS])["used"]
        return found


def paper(sha256: str) -> dict[str, str]:
    return {"code": "N1", "sha256": sha256, "name": "1.pdf"}


def test_what_a_draft_a_bulletin_or_a_download_holds_is_in_use(stage: Stage) -> None:
    assert used(stage) == []
    stage.save(stage.draft(), attachments=[paper(FIRST)])
    editor = Command(officer(CITY, "editor", ("editor",)))
    told = {"title": "题", "is_public": True}
    file = {"sha256": SECOND, "file_name": "2.pdf"}
    bulletins.publish_bulletin(stage.desk, editor, bulletin_id=new_id(), body="文", attachments=[file], **told)
    file = {"sha256": THIRD, "file_name": "3.pdf"}
    bulletins.publish_download(stage.desk, editor, download_id=new_id(), file=file, **told)

    assert used(stage) == sorted([FIRST, SECOND, THIRD])


def test_what_was_handed_in_stays_in_use_though_it_was_replaced_afterwards(stage: Stage) -> None:
    handed_in = stage.submit(stage.draft())
    back = stage.sign(handed_in, by=CONTRACTOR, agrees=False, remarks="请更换材料")
    stage.save(back, by=INSTALLER, attachments=[])

    with transaction(stage.desk.sessions) as session:
        assert find_used_files(session, [PAPER, NOBODYS])["used"] == [PAPER]


def test_only_services_ask_for_it() -> None:
    permit("find_used_files", service_principal("gateway"))
    with pytest.raises(Forbidden):
        permit("find_used_files", INSTALLER)
