"""Law enforcement (执法监督): the pages of officers, and what a firm sees of its orders and cases. A file a subject."""

from flask import Blueprint

from gateway.portal.enforcement import (
    anew,
    calculator,
    case_begins,
    cases,
    deciding,
    documents,
    draws,
    findings,
    inspections,
    officers,
    orders,
    plans,
    proofs,
    reports,
    seeing,
    transfers,
)

BLUEPRINTS: tuple[Blueprint, ...] = (
    inspections.blueprint,
    findings.blueprint,
    orders.blueprint,
    seeing.blueprint,
    reports.blueprint,
    deciding.blueprint,
    anew.blueprint,
    transfers.blueprint,
    documents.blueprint,
    proofs.blueprint,
    officers.blueprint,
    plans.blueprint,
    draws.blueprint,
    cases.blueprint,
    case_begins.blueprint,
    calculator.blueprint,
)
