"""What the views work with, put together once at start and handed to the application."""

from dataclasses import dataclass

from flask import current_app

from chassis.blobs import BlobStore
from chassis.clock import Clock
from chassis.database import Sessions
from gateway.bus import Bus
from gateway.catalogue import Catalogue
from gateway.documents.press import Press
from gateway.documents.signatures import Signatures
from gateway.idempotency import Answers
from gateway.principals import Profiles
from gateway.seal import Seal
from gateway.settings import GatewaySettings

EXTENSION = "anjian"


@dataclass(frozen=True)
class Parts:
    settings: GatewaySettings
    sessions: Sessions
    bus: Bus
    blobs: BlobStore
    clock: Clock
    seal: Seal
    profiles: Profiles
    catalogue: Catalogue
    answers: Answers
    signatures: Signatures
    press: Press


def assemble(settings: GatewaySettings, sessions: Sessions, bus: Bus, clock: Clock) -> Parts:
    seal = Seal(settings.principal_private_key)
    blobs = BlobStore(settings.blob_uri)
    return Parts(
        settings=settings,
        sessions=sessions,
        bus=bus,
        blobs=blobs,
        clock=clock,
        seal=seal,
        profiles=Profiles(bus, clock),
        catalogue=Catalogue(bus, clock),
        answers=Answers(sessions, seal, clock),
        signatures=Signatures(settings.document_keys),
        press=Press(blobs),
    )


def parts() -> Parts:
    """Those of the application that answers the request in hand."""
    found: Parts = current_app.extensions[EXTENSION]
    return found
