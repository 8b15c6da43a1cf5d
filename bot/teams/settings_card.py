"""The form of a place's settings. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from bot.teams.reply import Card
from retrieval.wording import Language

if TYPE_CHECKING:
    from bot.place_settings import PlaceSettings


def render_settings(
    settings: PlaceSettings, regulations: Sequence[str], language: Language, *, here: str = "", saved: bool = False
) -> Card:
    """How Clausebot behaves in one place, to be changed: its inputs are those that `bot.teams.verbs` names.

    Args:
        settings: as they are.
        regulations: to choose the default one from.
        language: of labels.
        here: the id of the channel in which the form is shown; ``helpers`` that are this are `HERE`.
        saved: whether to say that they were kept just now.
    """
    raise NotImplementedError
