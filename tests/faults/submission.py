"""A notice on its way through the house, and what the databases say of it."""

import threading
from typing import Any

from deploy.demo.client import Client, Problem, new_key
from tests.faults.breaking import Breaker
from tests.journeys import forms
from tests.journeys.site import Site
from tests.journeys.waiting import eventually

Rows = list[tuple[object, ...]]


class Submission:
    """A notice for a crane (a new one, or one that is free), handed in on a thread of its own with a key that can be used
    again; `crew` are the ids of the people it names."""

    def __init__(self, site: Site, machine_id: str = "") -> None:
        self.site = site
        self.machine_id = machine_id or site.file_machine()
        crew = site.installer.crew()
        self.crew = sorted(each["person_id"] for each in crew)
        form = forms.install_notice(self.machine_id, site.project_id, crew)
        self.draft = site.world.draft(site.installer.client, "install_notice", form)
        self.id = self.draft["application_id"]
        self.key = new_key()
        self.client = Client(site.world.door.base_url, patience=0)
        self.client.token = site.installer.client.token
        self.outcome: Any = None
        self._thread = threading.Thread(target=self._try)

    def hand_in(self) -> None:
        self.begin()
        assert self.end() == "submitted"

    def begin(self) -> None:
        self._thread.start()

    def end(self) -> Any:
        """What the user saw: "submitted", a problem's code, or the name of a broken connection."""
        self._thread.join(30)
        assert not self._thread.is_alive(), "a request hung"
        return self.outcome

    def again(self) -> None:
        """The user presses the button again: the same command under the same key, until it is answered."""
        answer = self._patiently()
        assert answer["stage"] == "countersigning"
        assert self._patiently() == answer

    def _patiently(self) -> dict[str, Any]:
        patient = Client(self.site.world.door.base_url, patience=60)
        patient.token = self.client.token
        return patient.post(f"/applications/{self.id}/submit", {"version": self.draft["version"]}, key=self.key)

    def stage(self) -> str:
        return str(self.site.installer.client.get(f"/applications/{self.id}")["stage"])

    def _try(self) -> None:
        try:
            body = {"version": self.draft["version"]}
            self.client.post(f"/applications/{self.id}/submit", body, key=self.key)
            self.outcome = "submitted"
        except Problem as problem:
            self.outcome = problem.code
        except Exception as error:
            self.outcome = type(error).__name__


def locks(breaker: Breaker, machine_id: str) -> Rows:
    return breaker.sql(
        "equipment",
        "select application_id, stage from machine_lock where machine_id = %s and released_at is null",
        machine_id,
    )


def crew_locks(breaker: Breaker, submission: Submission) -> Rows:
    """Whom of the crew anybody has."""
    return breaker.sql(
        "personnel",
        "select person_id, application_id, stage from person_lock"
        " where person_id = any(%s) and released_at is null order by 1, 2",
        submission.crew,
    )


def told(breaker: Breaker, service: str, type_: str, subject: str) -> int:
    rows = breaker.sql(service, "select count(*) from outbox where type = %s and subject = %s", type_, subject)
    return int(str(rows[0][0]))


def assert_locked(breaker: Breaker, submission: Submission, stage: str | None) -> None:
    """Machine and crew are the submission's, at this stage and once; or nobody's."""
    machine = [(submission.id, stage)] if stage else []
    crew = [(each, submission.id, stage) for each in submission.crew] if stage else []
    eventually(lambda: locks(breaker, submission.machine_id) == machine, f"the machine is locked: {stage}", 40)
    eventually(lambda: crew_locks(breaker, submission) == crew, f"the crew is locked: {stage}", 40)


def assert_submitted_and_locked_once(breaker: Breaker, submission: Submission) -> None:
    assert submission.stage() == "countersigning"
    assert_locked(breaker, submission, "reserved")
    assert told(breaker, "filing", "application_submitted", submission.id) == 1
