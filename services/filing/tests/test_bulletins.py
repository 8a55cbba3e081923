"""Bulletins and downloads (R-A4): published by an agency's editor, read in its area, and by anybody when public."""

from dataclasses import replace

import pytest

from chassis.errors import Conflict, Forbidden, Invalid, NotFound
from chassis.identifiers import new_id
from chassis.principal import Principal
from filing import bulletins
from filing.desk import Command
from services.filing.tests.factories import (
    CITY,
    CONTRACTOR,
    COUNTY,
    OTHER_COUNTY,
    PAPER,
    PROVINCE,
    STORE,
    Stage,
    officer,
)

NOBODY = Principal(user_id="")
PAGE = {"q": None, "limit": 20, "after": None}
FILE = {"sha256": PAPER, "file_name": "表.pdf", "size": 1000, "media_type": "application/pdf"}


def editor(area: str) -> Principal:
    return officer(area, "editor", ("editor",))


def publish(stage: Stage, area: str, title: str, is_public: bool = False, **more):
    given = {"bulletin_id": new_id(), "title": title, "body": "正文", "is_public": is_public, **more}
    return bulletins.publish_bulletin(stage.desk, Command(editor(area)), **given)


def titles(stage: Stage, reader: Principal, **filters) -> set[str]:
    return {each["title"] for each in bulletins.list_bulletins(stage.desk, reader, PAGE | filters)["items"]}


def test_everybody_reads_what_concerns_his_area(stage: Stage):
    for area, title in ((PROVINCE, "省"), (CITY, "市"), (COUNTY, "县"), (OTHER_COUNTY, "他县")):
        publish(stage, area, title)
    publish(stage, OTHER_COUNTY, "公开", is_public=True)

    assert titles(stage, CONTRACTOR) == {"省", "市", "县", "公开"}
    assert titles(stage, replace(CONTRACTOR, area="13.1302.130202")) == {"省", "公开"}
    assert titles(stage, officer(COUNTY)) == {"省", "市", "县", "公开"}
    assert titles(stage, officer(CITY)) == {"省", "市", "县", "他县", "公开"}
    assert titles(stage, NOBODY) == {"公开"}
    assert titles(stage, officer(CITY), q="他") == {"他县"}


def test_a_bulletin_is_changed_and_withdrawn_by_its_own_agency_only(stage: Stage):
    told = publish(stage, COUNTY, "旧题", is_public=True)
    change = {"bulletin_id": told["bulletin_id"], "version": told["version"], "changes": {"title": "新题"}}

    with pytest.raises(Forbidden):
        bulletins.change_bulletin(stage.desk, Command(editor(CITY)), **change)
    with pytest.raises(NotFound):
        bulletins.change_bulletin(stage.desk, Command(editor(OTHER_COUNTY)), **change)
    changed = bulletins.change_bulletin(stage.desk, Command(editor(COUNTY)), **change)
    assert (changed["title"], changed["version"]) == ("新题", 2)
    with pytest.raises(Conflict):
        bulletins.change_bulletin(stage.desk, Command(editor(COUNTY)), **change)
    gone = {"bulletin_id": told["bulletin_id"], "version": 2, "changes": {"withdrawn": True}}
    bulletins.change_bulletin(stage.desk, Command(editor(COUNTY)), **gone)
    assert titles(stage, NOBODY) == set()
    assert titles(stage, CONTRACTOR) == set()
    assert titles(stage, editor(COUNTY)) == {"新题"}
    with pytest.raises(NotFound):
        bulletins.get_bulletin(stage.desk, CONTRACTOR, bulletin_id=told["bulletin_id"])


def test_the_text_comes_with_the_bulletin_itself(stage: Stage):
    told = publish(stage, COUNTY, "题", attachments=[FILE])

    read = bulletins.get_bulletin(stage.desk, CONTRACTOR, bulletin_id=told["bulletin_id"])

    assert (read["body"], read["attachments"], read["acts"]) == ("正文", [FILE], [])
    assert bulletins.get_bulletin(stage.desk, editor(COUNTY), bulletin_id=told["bulletin_id"])["acts"] == [
        "change_bulletin"
    ]


@pytest.mark.parametrize("by", [CONTRACTOR, officer(COUNTY), NOBODY])
def test_only_editors_publish(stage: Stage, by):
    with pytest.raises(Forbidden):
        bulletins.publish_bulletin(stage.desk, Command(by), bulletin_id=new_id(), title="题", body="文", is_public=True)


def test_downloads_are_offered_like_bulletins(stage: Stage):
    command = Command(editor(CITY), "key")
    given = {"download_id": new_id(), "title": "申请表", "file": FILE, "is_public": True}

    offered = bulletins.publish_download(stage.desk, command, **given)

    assert bulletins.publish_download(stage.desk, command, **given) == offered
    listed = bulletins.list_downloads(stage.desk, NOBODY, PAGE)["items"]
    assert listed == [offered]
    assert bulletins.get_download(stage.desk, NOBODY, download_id=offered["download_id"]) == offered
    assert (offered["file_name"], offered["sha256"]) == ("表.pdf", PAPER)
    away = {"download_id": offered["download_id"], "version": 1, "changes": {"withdrawn": True}}
    bulletins.change_download(stage.desk, Command(editor(CITY)), **away)
    assert bulletins.list_downloads(stage.desk, NOBODY, PAGE)["items"] == []
    with pytest.raises(NotFound):
        bulletins.get_download(stage.desk, NOBODY, download_id=offered["download_id"])


def test_pages_of_bulletins_follow_each_other(stage: Stage):
    for number in range(5):
        publish(stage, PROVINCE, f"第{number}号")

    first = bulletins.list_bulletins(stage.desk, CONTRACTOR, PAGE | {"limit": 3})
    second = bulletins.list_bulletins(stage.desk, CONTRACTOR, PAGE | {"limit": 3, "after": first["next"]})

    seen = [each["title"] for each in first["items"] + second["items"]]
    assert sorted(seen) == [f"第{number}号" for number in range(5)]
    assert second["next"] is None


@pytest.mark.parametrize(
    ("content", "rule"),
    [(None, "file_missing"), (b"<html>", "file_type_refused"), (b"MZ program", "file_type_refused")],
)
def test_what_is_published_is_looked_at_as_it_is_kept(stage: Stage, content: bytes | None, rule: str):
    command = Command(editor(CITY))
    file = FILE | {"sha256": STORE.put(content) if content else "0" * 64}
    told = publish(stage, CITY, "题")

    with pytest.raises(Invalid) as offered:
        bulletins.publish_download(stage.desk, command, download_id=new_id(), title="申请表", file=file, is_public=True)
    with pytest.raises(Invalid) as changed:
        change = {"bulletin_id": told["bulletin_id"], "version": 1, "changes": {"attachments": [FILE, file]}}
        bulletins.change_bulletin(stage.desk, command, **change)

    assert [each["rule"] for each in offered.value.fields["file.sha256"]] == [rule]
    assert [each["rule"] for each in changed.value.fields["changes.attachments.1.sha256"]] == [rule]
