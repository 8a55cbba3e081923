"""What all steps of a load share, and the one way in which an application is taken as far as it is to go."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from time import monotonic, sleep
from typing import Any

from deploy.demo import again
from deploy.demo.again import Slip
from deploy.demo.agencies import Agency
from deploy.demo.client import Body, Client, Problem
from deploy.demo.firms import Firm
from deploy.demo.forms import Filing, Form, Ids
from deploy.demo.kept import Kept
from deploy.demo.users import Users

# What one room has decided reaches the others as an event, a moment later.
TRAVELS_SECONDS = 30.0
LOOK_SECONDS = 0.2
# Until it has arrived, they refuse with these.
NOT_YET = frozenset(
    {
        "project_unknown",
        "organisation_unknown",
        "machine_unknown",
        "machine_under_review",
        "machine_not_filed",
        "machine_locked",
        "machine_not_on_project",
        "machine_not_installed",
        "install_not_accepted",
        "machine_not_in_use",
        "person_locked",
        "replaced_person_not_locked",
    }
)
OPINION = {"review": "材料齐全，符合要求，同意报批", "approve": "同意"}
REASONS = {
    "return": "部分材料不符合要求，请补正后重新上报",
    "reject": "经核查，申报内容与实际不符，不予通过",
    "withdraw": "申报信息有误，撤回后重新办理",
}
# The acts by which an application reaches a stage, after it has arrived at its agency; by levels of review.
WAYS: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "countersigning": ((), ()),
    "submitted": ((), ()),
    "accepted": (("accept",), ("accept",)),
    "reviewed": (("accept",), ("accept", "review")),
    "returned": (("return",), ("accept", "return")),
    "approved": (("accept", "approve"), ("accept", "review", "approve")),
    "rejected": (("accept", "reject"), ("accept", "review", "reject")),
    "withdrawn": (("withdraw",), ("withdraw",)),
}
TWO_LEVELS = frozenset({"safety_filing", "machine_filing", "installer_filing", "use_registration", "civilised_site"})
ROLES = {"accept": "acceptor", "return": "acceptor", "review": "reviewer", "approve": "approver", "reject": "approver"}


class NotAsExpected(Exception):
    """The system did something else than the demo province counts on."""


@dataclass
class Loading:
    """One load: who acts, what is named already, which papers are there."""

    users: Users
    kept: Kept
    ids: Ids = field(default_factory=Ids)
    agency_ids: dict[str, str] = field(default_factory=dict)  # by the agency's key
    agencies: dict[str, Agency] = field(default_factory=dict)  # by id
    papers: dict[tuple[str, str], Body] = field(default_factory=dict)  # by matter and code of the document

    @property
    def today(self) -> date:
        return self.kept.day

    def firm(self, firm: Firm) -> Client:
        """The administrator of an enterprise."""
        return self.users.known_as(firm.username)

    def attachments(self, filing: Filing) -> list[Body]:
        return [{"code": code, **self.papers[filing.matter, code]} for code in filing.documents]

    def pursue(
        self, name: str, applicant: Client, filing: Filing, stage: str, *,
        agency: str = "", signers: tuple[Firm, ...] = (), signatures: int = 2,
    ) -> Body:  # fmt: skip
        """Make an application (its `name` is unique in the load) and take it to a stage; returns how it stands.

        `agency` is the key of an agency chosen instead of the one that is offered first. Of the `signers` the first
        `signatures` sign; the stage "countersigning" is where it stays if not all do. Some come back once (`again`).
        """
        course, slip = Course(self, name, applicant, filing), again.slip_of(name, filing)
        course.begin(agency, slip.slipped(filing.form) if slip else filing.form)
        if stage == "draft":
            return course.standing
        course.submit()
        for signer in signers[:signatures]:
            course.act(self.firm(signer), "countersign", {"agrees": True})
        if slip:
            course.come_back(slip)
        course.go(stage)
        return course.standing


class Course:
    """An application on its way; `standing` is what the last act answered."""

    def __init__(
        self, loading: Loading, name: str, applicant: Client, filing: Filing, standing: Body | None = None
    ) -> None:
        self.loading, self.name, self.applicant, self.filing = loading, name, applicant, filing
        self.standing: Body = standing or {}

    def begin(self, agency: str, form: Form) -> None:
        """A draft with this form, complete with its papers."""
        body = {"matter": self.filing.matter, "form": form}
        self.standing = self.applicant.post("/applications", body, key=self._key("start"))
        draft: Body = {"version": self.standing["version"], "attachments": self.loading.attachments(self.filing)}
        draft |= {"agency_id": self.loading.agency_ids[agency]} if agency else {}
        self.standing = self.applicant.put(f"{self._path}/draft", draft, key=self._key("save"))

    def submit(self) -> None:
        """Hand it in, once everybody has heard of what went before."""
        patiently(lambda: self.act(self.applicant, "submit", {}))

    def come_back(self, slip: Slip) -> None:
        """Returned for the slip, mended, handed in anew."""
        correction = {"path": f"form.{slip.field}", "text": slip.asked}
        self.act(self._officer("return"), "return", {"remarks": REASONS["return"], "corrections": [correction]})
        attachments = self.loading.attachments(self.filing)
        mended = {"version": self.standing["version"], "form": self.filing.form, "attachments": attachments}
        self.standing = self.applicant.put(f"{self._path}/draft", mended, key=self._key("mend"))
        self.submit()

    def go(self, stage: str) -> None:
        """From its arrival at the agency to a stage."""
        for act in WAYS[stage][self.filing.matter in TWO_LEVELS]:
            self.decide(act)

    def decide(self, act: str) -> None:
        """An act of the agency's officer, or the applicant's withdrawal; two levels are two people."""
        told: Body = {"opinion": OPINION[act]} if act in OPINION else {}
        if act == "approve" and self.filing.decision:
            told["decision"] = self.filing.decision
        if act == "return":
            told = {"remarks": REASONS[act], "corrections": self._corrections()}
        elif act in REASONS:
            told = {"reason": REASONS[act]}
        self.act(self.applicant if act == "withdraw" else self._officer(act), act, told)

    def _corrections(self) -> list[Body]:
        """One about a field, one about a paper."""
        field = next(iter(self.filing.form))
        return [
            {"path": f"form.{field}", "text": "填写内容与所附材料不一致，请核对"},
            {"path": f"attachments.{self.filing.documents[0]}", "text": "扫描件不清晰，请重新上传"},
        ]

    def act(self, client: Client, act: str, told: Body) -> None:
        body = {"version": self.standing["version"], **told}
        key = self._key(f"{act}-{self.standing['version']}")
        self.standing = client.post(f"{self._path}/{act}", body, key=key)

    def _officer(self, act: str) -> Client:
        agency = self.loading.agencies[self.standing["agency_id"]]
        reviewer = agency.who("reviewer").username if act in ("approve", "reject") else ""
        return self.loading.users.known_as(agency.who(ROLES[act], other_than=reviewer).username)

    @property
    def _path(self) -> str:
        return f"/applications/{self.standing['application_id']}"

    def _key(self, act: str) -> str:
        return self.loading.kept.key("application", self.name, act)


def patiently(act: Callable[[], Any]) -> Any:
    """Do it; again and again while what it waits for has not arrived, for half a minute."""
    deadline = monotonic() + TRAVELS_SECONDS
    while True:
        try:
            return act()
        except Problem as problem:
            if problem.code not in NOT_YET or monotonic() > deadline:
                raise
        sleep(LOOK_SECONDS)
