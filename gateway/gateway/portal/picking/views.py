"""Suggestions for a field that names something, fetched while one types. Without scripts the form itself asks (editing)."""

from flask import Blueprint, Response, request

from chassis.errors import NotFound
from gateway.portal import matters
from gateway.portal.applications import forms
from gateway.portal.pages import members, show
from gateway.portal.picking import lists

blueprint = Blueprint("picking", __name__)

LONGEST = 60


@blueprint.get("/pick/<reference>")
@members
def suggestions(reference: str) -> Response:
    """`matter` and `field` say for which field; what its list has to know stands under the names of the form's fields."""
    fields = forms.fields_of(matters.described(request.args.get("matter", ""))["sections"])
    path = request.args.get("field", "")
    field = forms.field_at(fields, path)
    if field is None or field.get("reference") != reference or reference not in lists.LISTS:
        raise NotFound("no_such_address")
    found = lists.find(
        fields, field, path, lambda place: request.args.get(place, ""), request.args.get("q", "")[:LONGEST]
    )
    return show("components/suggestions.html", found=found, path=path)
