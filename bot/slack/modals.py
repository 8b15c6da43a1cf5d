"""The modals as views for ``views.open``, ``views.push`` and a submission's answer. Pure.

What comes back from them is read by `bot.slack.forms`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from bot.links import Links
from retrieval.answer import ClauseView
from retrieval.wording import Language

if TYPE_CHECKING:
    from bot.place_settings import PlaceSettings
    from retrieval.catalogue import Catalogue, Suggestion

View = dict[str, Any]


def source_modal(view: ClauseView, *, links: Links | None = None, language: Language) -> View:
    """Everything that is known of a clause: each duty with its place and quote, requirement, notes, related."""
    raise NotImplementedError


def lookup_modal(catalogue: Catalogue, language: Language) -> View:
    """The search for a clause: filters by regulation and party, and a type-ahead (`suggestion_options`)."""
    raise NotImplementedError


def lookup_result_view(view: ClauseView, *, links: Links | None = None, language: Language) -> View:
    """What was looked up, to be pushed onto the search (``response_action`` ``push``)."""
    raise NotImplementedError


def feedback_modal(answer_id: str, language: Language) -> View:
    """What was wrong with an answer: a reason, and a comment if one likes."""
    raise NotImplementedError


def settings_modal(
    settings: PlaceSettings, regulations: Sequence[str], channel_id: str, language: Language, *, group_name: str = ""
) -> View:
    """How Clausebot behaves in one channel; ``group_name`` names the user group that is set, if one is."""
    raise NotImplementedError


def gone_view(language: Language) -> View:
    """That a clause is no longer to be found: the guides have changed since."""
    raise NotImplementedError


def suggestion_options(suggestions: Sequence[Suggestion], language: Language) -> list[dict[str, Any]]:
    """Clauses as options of LOOKUP_CLAUSE, at most 100; each value is a `Pointer`."""
    raise NotImplementedError


def group_options(groups: Sequence[tuple[str, str]], typed: str) -> list[dict[str, Any]]:
    """The user groups (id, name) whose name holds what was typed, as options of SETTINGS_GROUP, at most 100."""
    raise NotImplementedError
