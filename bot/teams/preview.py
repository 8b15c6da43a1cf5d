"""What the message extension offers while one types. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bot.parts import name_carrier
from bot.teams.elements import cut
from bot.teams.reply import Card
from retrieval.wording import Language

if TYPE_CHECKING:
    from retrieval.answer import ClauseView
    from retrieval.catalogue import Suggestion

_LONGEST_TITLE = 120


def render_preview(clause: Suggestion | ClauseView, language: Language) -> dict[str, str]:
    """A thumbnail card: the clause's name, and who carries it. Its title is plain text, and the rest our own words."""
    who = name_carrier(clause.ownership, language)
    return {"title": cut(f"{clause.ref} {clause.title}", _LONGEST_TITLE), "text": who}


def render_result(clause: Suggestion | ClauseView, card: Card, language: Language) -> dict[str, Any]:
    """One attachment of a ``composeExtension``'s result: the card that is sent when chosen, and its preview."""
    return {
        "contentType": "application/vnd.microsoft.card.adaptive",
        "content": card,
        "preview": {
            "contentType": "application/vnd.microsoft.card.thumbnail",
            "content": render_preview(clause, language),
        },
    }
