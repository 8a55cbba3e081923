"""Law enforcement (执法监督): the pages of officers, and what a firm sees of its orders and cases. A file a subject."""

from flask import Blueprint

from gateway.portal.enforcement import calculator, case_begins, cases

BLUEPRINTS: tuple[Blueprint, ...] = (
    cases.blueprint,
    case_begins.blueprint,
    calculator.blueprint,
)
