"""The Flask application, put together from its parts."""

from pathlib import Path

from flask import Flask

from gateway import limits, portal, problems, security
from gateway.api import v1
from gateway.documents import public
from gateway.parts import EXTENSION, Parts

TEMPLATES = Path(__file__).parent / "portal" / "templates"
# Of a page's form, its files aside: the longest has sixty people in rows of ten fields.
LONGEST_FORM = 1024 * 1024
MOST_FORM_PARTS = 5000


def create_app(parts: Parts) -> Flask:
    """An application that answers with `parts`; nothing in it is shared with another one."""
    app = Flask("gateway", static_folder=None, template_folder=str(TEMPLATES))
    app.extensions[EXTENSION] = parts
    app.json.sort_keys = False  # type: ignore[attr-defined]
    app.url_map.strict_slashes = False
    app.config.update(MAX_FORM_MEMORY_SIZE=LONGEST_FORM, MAX_FORM_PARTS=MOST_FORM_PARTS)
    problems.install(app)
    security.install(app, parts.settings)
    limits.install(app, parts.settings)
    v1.install(app, parts.settings)
    portal.install(app, parts.settings)
    public.install(app)
    return app
