"""Version 1 of the API: all its routes, a file a resource."""

from flask import Flask

from gateway.api import pages
from gateway.api.contracts import Contracts
from gateway.api.routes import Route
from gateway.api.v1 import (
    accounts,
    applications,
    attendance,
    beacons,
    bulletins,
    bundles,
    cases,
    devices,
    documents,
    exports,
    files,
    home,
    inspections,
    keys,
    machines,
    orders,
    organisations,
    papers,
    people,
    plans,
    projects,
    registrations,
    search,
    sessions,
)
from gateway.api.view import view_of
from gateway.settings import GatewaySettings

PREFIX = "/api/v1"
RESOURCES = (
    bundles,
    sessions,
    accounts,
    keys,
    registrations,
    home,
    search,
    exports,
    organisations,
    applications,
    files,
    papers,
    projects,
    machines,
    people,
    devices,
    beacons,
    attendance,
    cases,
    orders,
    documents,
    inspections,
    plans,
    bulletins,
)
ROUTES: tuple[Route, ...] = tuple(route for resource in RESOURCES for route in resource.ROUTES)


def install(app: Flask, settings: GatewaySettings) -> None:
    contracts = Contracts(settings.contracts)
    for route in ROUTES:
        view = view_of(route, contracts)
        app.add_url_rule(PREFIX + route.rule, route.name, view, methods=[route.method])
    pages.install(app, PREFIX, ROUTES, contracts)
