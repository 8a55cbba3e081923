"""Matters as filing describes them, in the reader's language."""

from gateway.bus import Body
from gateway.parts import parts
from gateway.portal.locale import say
from gateway.portal.words import in_language


def described(code: str) -> Body:
    """Its form by sections, its documents, its deadline. Refuses `Invalid` for an unknown code."""
    found: Body = in_language(parts().catalogue.matter(code))
    return found


def titles() -> dict[str, str]:
    """Code → title of every matter, in the catalogue's order."""
    return {code: say(title) for code, title in parts().catalogue.titles().items()}
