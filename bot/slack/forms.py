"""What was filled in: the ``view`` of Slack's ``view_submission`` and ``block_suggestion``, read. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from bot.slack.values import Pointer
from corpus.models import Ownership
from retrieval.wording import Language

if TYPE_CHECKING:
    from bot.place_settings import PlaceSettings

View = dict[str, Any]


class Filters(NamedTuple):
    """What the search is narrowed to; None is everything."""

    regulation: str | None
    owner: Ownership | None


class Feedback(NamedTuple):
    """What was wrong with an answer: the reason's code, with ``: `` and the comment behind it if there is one."""

    answer_id: str
    reason: str
    language: Language


class SettingsForm(NamedTuple):
    """The settings for a channel."""

    channel_id: str
    settings: PlaceSettings
    language: Language


def read_filters(view: View) -> Filters:
    """The filters of lookup_modal, as they stand while its clauses are listed."""
    raise NotImplementedError


def read_lookup(view: View) -> Pointer | None:
    """The clause chosen in lookup_modal."""
    raise NotImplementedError


def read_feedback(view: View) -> Feedback | None:
    """What feedback_modal was sent with; None if it is not that."""
    raise NotImplementedError


def read_settings(view: View) -> SettingsForm | None:
    """What settings_modal was sent with; None if it is not that."""
    raise NotImplementedError
