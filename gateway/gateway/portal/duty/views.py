"""到岗履职: who should be on site now and is not; and a person's month, day by day, with what each verdict follows from."""

from flask import Blueprint, Response, request

from chassis.clock import day_of
from gateway.bus import Body, Rpc
from gateway.parts import parts
from gateway.portal.asking import ask
from gateway.portal.duty import reasons
from gateway.portal.duty.naming import names_of, place_names
from gateway.portal.pages import members, show
from gateway.portal.registers import listing
from gateway.portal.work_logs import months

blueprint = Blueprint("duty", __name__)

# Tens of thousands of people are looked at for a province.
BOARD = Rpc("attendance", "get_duty_board", 3.0)
MONTH = Rpc("attendance", "get_month")
FILTERS = ("area", "project_id")


@blueprint.app_template_filter("clock_time")
def clock_time(minute: int | None) -> str:
    return reasons.clock_time(minute)


@blueprint.app_template_filter("duration")
def duration(minutes: int) -> str:
    return reasons.duration(minutes)


@blueprint.get("/duty")
@members
def board() -> Response:
    asked = listing.chosen(FILTERS)
    told = ask(BOARD, asked)
    divisions = listing.divisions()
    return show(
        "duty/board.html",
        board=told,
        asked=asked,
        names=names_of([each["person_id"] for each in told["people"]]),
        places=place_names([each["place"] for each in told["places"]], divisions),
        divisions=divisions,
        month=months.read("", day_of(parts().clock())),
    )


@blueprint.get("/people/<uuid:person_id>/duty")
@members
def month(person_id: object) -> Response:
    today = day_of(parts().clock())
    month = months.read(request.args.get("month", ""), today)
    told = ask(MONTH, {"person_id": str(person_id), "month": str(month)})
    for each in told["duties"]:
        each["weeks"] = months.weeks(month, [_explained(day) for day in each["days"]], today)
    return show(
        "duty/month.html",
        record=told,
        name=names_of([str(person_id)]).get(str(person_id), ""),
        month=month,
        later=month.after if month.after.first <= today else None,
    )


def _explained(day: Body) -> Body:
    return day | {"because": [reasons.in_words(each) for each in day["reasons"]]}
