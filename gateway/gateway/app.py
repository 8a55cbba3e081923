"""The Flask application, put together from its parts."""

from flask import Flask

from gateway import limits, problems, security
from gateway.api import v1
from gateway.parts import EXTENSION, Parts


def create_app(parts: Parts) -> Flask:
    """An application that answers with `parts`; nothing in it is shared with another one."""
    app = Flask("gateway", static_folder=None)
    app.extensions[EXTENSION] = parts
    app.json.sort_keys = False  # type: ignore[attr-defined]
    app.url_map.strict_slashes = False
    problems.install(app)
    security.install(app, parts.settings)
    limits.install(app, parts.settings)
    v1.install(app, parts.settings)
    return app
