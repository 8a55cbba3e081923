"""One enterprise with everything that pages show, every text of it hostile, and everybody who might look at it."""

from dataclasses import dataclass
from functools import cached_property
from uuid import UUID

import psycopg
from psycopg.types.json import Jsonb

from chassis.identifiers import derived_id
from deploy.demo import papers
from deploy.demo.client import Client, Problem
from tests.journeys import forms
from tests.journeys.browsing import Browser
from tests.journeys.site import file_project, key_people
from tests.journeys.waiting import eventually
from tests.journeys.world import PASSWORD, Body, Firm, World

# Breaks out of an attribute, a script and a comment; short enough for the shortest field. A page that is whole has no such tag.
HOSTILE = "\"'><probe-x onp=1></script>"
TAG, ATTRIBUTE = "probe-x", "onp"
ANONYMOUS, STRANGER, OWNER, COUNTY, OTHER, CITY, PROVINCE, OPERATOR = (
    "anonymous", "stranger", "owner", "county", "other county", "city", "province", "operator",
)  # fmt: skip
EVERYBODY = (ANONYMOUS, STRANGER, OWNER, COUNTY, OTHER, CITY, PROVINCE, OPERATOR)


@dataclass
class Scene:
    """`ids` by the names that stand in addresses; `versions` by the same names."""

    world: World
    owner: Firm
    stranger: Firm
    clients: dict[str, Client]
    ids: dict[str, str]
    draft: str
    operator_password: str

    @cached_property
    def browsers(self) -> dict[str, Browser]:
        passwords = {OPERATOR: self.operator_password}
        return {name: Browser(client, passwords.get(name, PASSWORD)) for name, client in self.clients.items()}

    def state(self) -> dict[str, Body]:
        """Everything that somebody might have changed, as those see it who may see all of it."""
        clerk, officer = self.owner.client, self.world.county.approver
        read = {
            "application": (clerk, f"/applications/{self.ids['application_id']}"),
            "draft": (clerk, f"/applications/{self.draft}"),
            "people": (clerk, "/people"),
            "accounts": (clerk, "/accounts"),
            "session": (clerk, "/sessions/current"),
            "keys": (clerk, "/keys"),
            "drafts": (clerk, "/applications"),
            "project": (officer, f"/projects/{self.ids['project_id']}"),
            "certificate": (officer, f"/certificates/{self.ids['certificate_id']}"),
            "machine": (officer, f"/machines/{self.ids['machine_id']}"),
            "locks": (officer, f"/people/{self.ids['locked_id']}/locks"),
            "log": (officer, f"/projects/{self.ids['project_id']}/work-logs/{self.ids['day']}"),
            "bulletins": (officer, f"/bulletins/{self.ids['bulletin_id']}"),
            "downloads": (officer, "/downloads"),
            "phones": (clerk, "/devices"),
            "leaves": (clerk, "/leaves"),
            "beacons": (clerk, "/beacons"),
            "shifts": (clerk, "/shifts"),
            "doubts": (officer, "/suspicions"),
        }
        return {name: client.get(path) for name, (client, path) in read.items()}


def build(world: World, operator_password: str, attendance: str) -> Scene:
    """All through the front door, as everybody comes; but the doubt about somebody's day is put into `attendance`, its
    database: by the door it would take a day's positions and the night after it."""
    owner, supervisor, contractor = (
        world.open_firm(kind, name=f"{number}{HOSTILE}", address=HOSTILE, contact=HOSTILE, legal_representative=HOSTILE)
        for number, kind in enumerate(("owner", "supervisor", "contractor"))
    )
    manager, safety_officer = contractor.manager(), contractor.safety_officer()
    chief = supervisor.hire("总监", forms.certificate("supervising_engineer"))
    people = key_people(owner, contractor, manager, safety_officer, chief)
    pit = {"kind": "pit", "part": HOSTILE, "depth": 4.2}
    pit |= {"planned_start": forms.days_ahead(0), "planned_finish": forms.days_ahead(9)}
    said = {"name": f"工程{HOSTILE}", "address": HOSTILE, "structure": HOSTILE, "hazardous_works": [pit]}
    project_id = file_project(world, owner, contractor, supervisor, people, **said)
    ids = {"project_id": project_id, "organisation_id": contractor.organisation_id, "day": forms.days_ahead(0)}
    ids |= _papers_of(world, contractor, project_id, safety_officer)
    ids |= _published(world) | _own(contractor)
    ids |= _on_duty(contractor, project_id, safety_officer)
    _doubt(attendance, project_id, safety_officer, ids["day"])
    contractor.client.post(f"/suspicions/{safety_officer}/{ids['day']}/appeal", {"text": HOSTILE})
    # Nothing was inspected in this scene.
    ids |= dict.fromkeys(
        ("inspection_id", "order_id", "rectification_id", "transfer_id", "document_id", "case_id", "subject_id"),
        str(UUID(int=1)),
    )
    ids["subject_kind"] = "order"
    # Nothing is planned in this scene: what is not there, nobody finds.
    ids |= {name: derived_id("security", name) for name in ("plan_id", "draw_id", "officer_id", "interest_id")}
    stranger = world.open_firm("contractor", division="130104")
    clients = {
        ANONYMOUS: world.door, STRANGER: stranger.client, OWNER: contractor.client, COUNTY: world.county.approver,
        OTHER: world.other_county.approver, CITY: world.city.approver, PROVINCE: world.province.approver,
        OPERATOR: world.operator,
    }  # fmt: skip
    draft = world.draft(contractor.client, "machine_filing", forms.machine_filing(model=HOSTILE))
    return Scene(world, contractor, stranger, clients, ids, str(draft["application_id"]), operator_password)


def _papers_of(world: World, firm: Firm, project_id: str, safety_officer: str) -> dict[str, str]:
    """A machine, somebody locked, an application that was accepted, a certificate, a day's log."""
    filing = world.submit(firm.client, "machine_filing", forms.machine_filing(model=HOSTILE, maker=HOSTILE))
    world.decide(filing, world.county)
    asked = {
        "project_id": project_id,
        "people": [{"person_id": safety_officer, "role": "safety_officer"}],
        "reason": HOSTILE,
    }
    documents = [{**world.document("D1", firm.client), "name": f"{HOSTILE}.pdf"}]
    application = world.submit(firm.client, "person_release", asked, documents=documents)
    world.act(world.county.acceptor, application, "accept", remarks=HOSTILE)
    photo = firm.client.upload("/attachments", papers.png(64), name="照片.png")
    log = {"version": 0, "weather": HOSTILE, "work_done": HOSTILE, "measures": HOSTILE}
    log |= {"photos": [{"sha256": photo["sha256"], "name": HOSTILE, "caption": HOSTILE}], "works": [{"number": 1}]}
    firm.client.put(f"/projects/{project_id}/work-logs/{forms.days_ahead(0)}", log)
    (certificate, *_) = firm.client.items("/certificates")
    (lock, *_) = world.county.acceptor.get(f"/people/{safety_officer}/locks")["items"]
    return {
        "machine_id": str(firm.client.get(f"/applications/{filing}")["machine_id"]),
        "application_id": application,
        "certificate_id": str(certificate["certificate_id"]),
        "person_id": firm.hire("人员", forms.certificate("C3", issuer=HOSTILE)),
        "locked_id": safety_officer,
        "lock_id": str(lock["lock_id"]),
        "attachment": documents[0]["sha256"],
        "photo": str(photo["sha256"]),
    }


def _on_duty(firm: Firm, project_id: str, person_id: str) -> dict[str, str]:
    """A phone of somebody's, his leave, a beacon on his site, and a shift that he led."""
    opened: Body = {}

    def open_device() -> bool:
        try:
            opened.update(firm.client.post("/devices", {"person_id": person_id, "label": HOSTILE}))
        except Problem as problem:  # the event of the lock is still on its way
            assert problem.code == "person_not_on_duty"
        return bool(opened)

    eventually(open_device, "he is known to be on duty")
    today = forms.days_ahead(0)
    told = {"person_id": person_id, "project_id": project_id, "first": today, "last": today, "reason": HOSTILE}
    asked = firm.client.post("/leaves", told)
    name = {"uuid": "fda50693-a4e2-4fb1-afcf-c6eb07647825", "major": 1, "minor": next(forms.serial)}
    placed = firm.client.post("/beacons", {"project_id": project_id, "label": HOSTILE, "place": HOSTILE, **name})
    led = {
        "person_id": person_id,
        "project_id": project_id,
        "leads_as": "enterprise_leader",
        "day": forms.days_ahead(-1),
    }
    shift = firm.client.post(
        "/shifts", led | {"starts": "08:00", "ends": "10:00", "checked": HOSTILE, "found": HOSTILE}
    )
    made = (("device_id", opened), ("leave_id", asked), ("beacon_id", placed), ("shift_id", shift))
    return {name: str(told[name]) for name, told in made}


def _doubt(attendance: str, project_id: str, person_id: str, day: str) -> None:
    signal = {"code": "crowd", "points": 9, "told": {"count": 3, "people": [person_id], "devices": []}}
    with psycopg.connect(attendance) as connection:
        connection.execute(
            "insert into suspicion (id, person, day, site, score, unexplained, story, signals, stage, noted_at)"
            " select %s, person.number, %s, site.number, 9, 9, 'colleagues', %s, 'noted', now()"
            " from person, site where person.id = %s and site.id = %s",
            [derived_id("security", "doubt"), day, Jsonb([signal]), person_id, project_id],
        )


def _published(world: World) -> dict[str, str]:
    """By an editor of the county, for those of its area only."""
    editor = world._account(world.county.administrator, f"editor{next(forms.serial)}", ["editor"])
    told = {"title": HOSTILE, "body": HOSTILE, "is_public": False, "attachments": []}
    bulletin = editor.post("/bulletins", told)
    kept = editor.upload("/attachments", papers.pdf("下载"), name="下载.pdf", purpose="publication")
    file = {"file_name": HOSTILE, **{name: kept[name] for name in ("sha256", "size", "media_type")}}
    download = editor.post("/downloads", {"title": HOSTILE, "note": HOSTILE, "is_public": False, "file": file})
    return {"bulletin_id": str(bulletin["bulletin_id"]), "download_id": str(download["download_id"])}


def _own(firm: Firm) -> dict[str, str]:
    """Of its accounts: one that works there, its session, and a key."""
    made = firm.client.post("/accounts", {"username": f"mate{next(forms.serial)}", "name": HOSTILE, "roles": ["clerk"]})
    (session, *_) = firm.client.get("/sessions")["items"]
    asked = {"name": HOSTILE, "scopes": ["machines:read"], "expires_at": f"{forms.days_ahead(9)}T00:00:00+08:00"}
    key = firm.client.post("/keys", asked)
    return {
        "account_id": str(made["account"]["account_id"]),
        "session_id": str(session["session_id"]),
        "key_id": str(key["key"]["key_id"]),
    }
