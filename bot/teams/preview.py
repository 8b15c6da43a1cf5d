"""What the message extension offers while one types. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bot.teams.reply import Card
from retrieval.wording import Language

if TYPE_CHECKING:
    from retrieval.catalogue import Suggestion


def render_result(suggestion: Suggestion, card: Card, language: Language) -> dict[str, Any]:
    """One attachment of a ``composeExtension``'s result: the card that is sent when chosen, and its preview."""
    raise NotImplementedError
