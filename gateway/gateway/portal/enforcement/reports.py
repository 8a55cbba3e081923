"""填写整改报告: one page for all findings of an order, each with its text and photos; kept as a draft, then submitted.

A firm's way: open the order, write and choose photos, submit. Whatever is refused, nothing typed or chosen is lost.
"""

from flask import Blueprint, Response, request

from chassis.errors import NotFound, Refusal
from chassis.identifiers import new_id
from gateway import problems
from gateway.bus import Body, Rpc
from gateway.portal.asking import ask
from gateway.portal.enforcement import orders, photos
from gateway.portal.locale import say
from gateway.portal.pages import command_key, go, holders, show

blueprint = Blueprint("order_reports", __name__)
writers = holders("administrator", "clerk", kind="enterprise")

SAVE = Rpc("enforcement", "save_rectification")
SUBMIT = Rpc("enforcement", "submit_rectification")
ADDRESS = f"{orders.ADDRESS}/<uuid:order_id>/report"
BEFORE_AFTER = ("before", "after")
Answers = list[Body]


@blueprint.get(ADDRESS)
@writers
def report(order_id: object) -> Response:
    order = orders.of(order_id)
    if "save_rectification" not in order["may"]:
        return go(f"{orders.ADDRESS}/{order_id}")
    return _form(order, _drafted(order))


@blueprint.post(ADDRESS)
@writers
def write(order_id: object) -> Response:
    """Kept as a draft; with `submit` it goes to the agency. Files that came along are kept in every case."""
    order = orders.of(order_id)
    answers, wrong = _typed(order)
    act, _, which = request.form.get("_do", "save").partition(":")
    if act == "drop":
        return _form(order, _without(answers, which))
    if wrong:
        return _form(
            order, answers, {"status": 422, "detail": say("有照片不能接收，其余内容已保留在本页。"), "fields": wrong}
        )
    told = {"rectification_id": _report_id(order), "order_id": str(order_id)}
    try:
        ask(SUBMIT if act == "submit" else SAVE, told | {"answers": answers}, key=command_key())
    except NotFound:
        raise
    except Refusal as refusal:
        return _form(order, answers, _at_findings(problems.document(refusal, problems.status_of(refusal)), answers))
    done = say("整改报告已提交，等待监督机构复查") if act == "submit" else say("整改报告已保存，尚未提交")
    return go(f"{orders.ADDRESS}/{order_id}", done)


def _form(order: Body, answers: Answers, problem: Body | None = None) -> Response:
    by_finding = {each["finding_id"]: each for each in answers}
    return show(
        "enforcement/report.html",
        status=problem["status"] if problem else 200,
        order=order,
        answers={
            each["finding_id"]: by_finding.get(each["finding_id"], {"done": "", "photos": []})
            for each in order["findings"]
        },
        report_id=_report_id(order),
        problem=problem,
    )


def _report_id(order: Body) -> str:
    """Of the draft there is; else the id that this form has had since it was drawn."""
    if order["report"]:
        return str(order["report"]["rectification_id"])
    return request.form.get("_report") or new_id()


def _drafted(order: Body) -> Answers:
    return [_plain(each) for each in order["report"]["answers"]] if order["report"] else []


def _plain(answer: Body) -> Body:
    shown = [photos.plain(each) for each in answer["photos"]]
    return {"finding_id": answer["finding_id"], "done": answer["done"], "photos": shown}


def _typed(order: Body) -> tuple[Answers, list[Body]]:
    """What the page holds, with the files that came along; and what is wrong with each that cannot be kept."""
    answers: Answers = []
    wrong: list[Body] = []
    for finding in order["findings"]:
        name = finding["finding_id"]
        shown = photos.held(f"photo.{name}")
        for purpose in BEFORE_AFTER:
            shown += photos.received(f"{purpose}.{name}", purpose, wrong)
        answers.append({"finding_id": name, "done": request.form.get(f"done.{name}", "").strip(), "photos": shown})
    return answers, wrong


def _without(answers: Answers, evidence_id: str) -> Answers:
    return [
        each | {"photos": [photo for photo in each["photos"] if photo["evidence_id"] != evidence_id]}
        for each in answers
    ]


def _at_findings(problem: Body, answers: Answers) -> Body:
    """answers.0.photos → the field for photos of afterwards of that finding."""
    names = {"done": "done", "photos": "after"}
    fields = []
    for each in problem["fields"]:
        steps = each["path"].split(".")
        is_answer = len(steps) > 2 and steps[0] == "answers" and steps[1].isdecimal() and int(steps[1]) < len(answers)
        place = f"{names.get(steps[2], 'done')}.{answers[int(steps[1])]['finding_id']}" if is_answer else each["path"]
        fields.append(each | {"path": place})
    return problem | {"fields": fields}
