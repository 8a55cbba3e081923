"""The portal: the pages that enterprises and agencies work in all day, drawn from what the services answer.

A view is short: read the address or the form, ask one RPC, show a template. No rule of the domain stands here, and no
logic past if and for in a template. A new matter needs no change: its form is drawn from filing's description.
"""

from flask import Flask

from gateway.portal import enforcement, errors, static
from gateway.portal.accounts import views as accounts
from gateway.portal.acts import views as acts
from gateway.portal.applications import editing
from gateway.portal.applications import views as applications
from gateway.portal.bulletins import views as bulletins
from gateway.portal.certificates import views as certificates
from gateway.portal.downloads import views as downloads
from gateway.portal.duty import absences, beacons, correcting, leaves, phones, privacy, shifts, suspicions
from gateway.portal.duty import figures as duty_figures
from gateway.portal.duty import sites as duty_sites
from gateway.portal.duty import views as duty
from gateway.portal.exports import views as exports
from gateway.portal.figures import views as figures
from gateway.portal.frame import install_templates
from gateway.portal.home import views as home
from gateway.portal.keys import views as keys
from gateway.portal.machines import views as machines
from gateway.portal.map import views as map_
from gateway.portal.organisations import views as organisations
from gateway.portal.pages import refuse_forged
from gateway.portal.people import importing
from gateway.portal.people import views as people
from gateway.portal.picking import views as picking
from gateway.portal.projects import views as projects
from gateway.portal.registration import views as registration
from gateway.portal.review import views as review
from gateway.portal.search import views as search
from gateway.portal.sessions import views as sessions
from gateway.portal.work_logs import views as work_logs
from gateway.settings import GatewaySettings

BLUEPRINTS = (
    absences.blueprint,
    accounts.blueprint,
    acts.blueprint,
    applications.blueprint,
    beacons.blueprint,
    bulletins.blueprint,
    certificates.blueprint,
    correcting.blueprint,
    downloads.blueprint,
    duty.blueprint,
    duty_figures.blueprint,
    duty_sites.blueprint,
    exports.blueprint,
    editing.blueprint,
    figures.blueprint,
    home.blueprint,
    importing.blueprint,
    keys.blueprint,
    leaves.blueprint,
    machines.blueprint,
    map_.blueprint,
    organisations.blueprint,
    people.blueprint,
    phones.blueprint,
    picking.blueprint,
    privacy.blueprint,
    projects.blueprint,
    registration.blueprint,
    review.blueprint,
    search.blueprint,
    sessions.blueprint,
    shifts.blueprint,
    suspicions.blueprint,
    work_logs.blueprint,
    *enforcement.BLUEPRINTS,
)


def install(app: Flask, settings: GatewaySettings) -> None:
    static.install(app)
    install_templates(app)
    app.jinja_env.globals.update(map_tiles=settings.map_tiles, map_tiles_credit=settings.map_tiles_credit)
    errors.install(app)
    app.before_request(refuse_forged)
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
