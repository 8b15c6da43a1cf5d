"""How to ask, in Teams, and what there is to ask about. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.links import Links
from bot.teams.reply import Reply
from retrieval.wording import Language

if TYPE_CHECKING:
    from retrieval.catalogue import Catalogue


def render_welcome(language: Language) -> Reply:
    """What Clausebot is for, with questions to ask at a click; for who installs it."""
    raise NotImplementedError


def render_usage() -> Reply:
    """How to ask, with examples, in both languages."""
    raise NotImplementedError


def render_list(catalogue: Catalogue, language: Language, *, links: Links | None = None) -> Reply:
    """Every clause of every guide with who carries it, as far as a card holds them, and the rules' changes since."""
    raise NotImplementedError
