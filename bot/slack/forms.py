"""What was filled in: the ``view`` of Slack's ``view_submission`` and ``block_suggestion``, read. Pure."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any, NamedTuple

from bot.form_phrases import FORM_PHRASES
from bot.place_settings import PlaceSettings
from bot.slack import ids
from bot.values import Pointer, unpack
from corpus.models import Owner
from retrieval.wording import Language

View = dict[str, Any]

# Slack's ids of files.
_FILE = re.compile(r"F[A-Z0-9]{1,31}")

ANY = "-"
"""The value of an option that narrows nothing and sets nothing."""

TICKED = "on"
"""The value of a box's only option."""

LONGEST_COMMENT = 500
"""Characters that a comment on an answer may have."""


class Filters(NamedTuple):
    """What the search is narrowed to, None being everything, and the language that it is shown in."""

    regulation: str | None
    owner: Owner | None
    language: Language


class Feedback(NamedTuple):
    """What was wrong with an answer: the reason's code, with ``: `` and the comment behind it if there is one.

    ``channel`` and ``thread`` are where the answer stands, empty where that is not known.
    """

    answer_id: str
    reason: str
    channel: str
    thread: str
    language: Language


class SettingsForm(NamedTuple):
    """The settings for a channel."""

    channel_id: str
    settings: PlaceSettings
    language: Language

    @property
    def asked_in(self) -> str:
        """The channel in which people are to be asked; empty where nobody is, or in a direct conversation."""
        chosen = self.settings
        asked_in = (chosen.helpers_channel if (chosen.helpers or "").startswith("S") else chosen.helpers) or ""
        return "" if asked_in.startswith("D") else asked_in

    @property
    def asked_by(self) -> str:
        """The input that says where people are asked."""
        called_here = self.settings.helpers_channel == self.channel_id
        return ids.SETTINGS_GROUP if called_here else ids.SETTINGS_HELPERS


def write_metadata(language: Language, **values: str) -> str:
    """What a view keeps until it comes back."""
    return json.dumps({"language": language, **values}, ensure_ascii=False)


def read_filters(view: View) -> Filters:
    """The filters of lookup_modal, as they stand while its clauses are listed."""
    regulation = _chosen(view, ids.LOOKUP_REGULATION)
    owner = _chosen(view, ids.LOOKUP_OWNER)
    return Filters(
        regulation=None if regulation == ANY else regulation,
        owner=Owner(owner) if owner in set(Owner) else None,
        language=_language(_metadata(view)),
    )


def read_lookup(view: View) -> Pointer | None:
    """The clause chosen in lookup_modal."""
    return unpack(Pointer, _chosen(view, ids.LOOKUP_CLAUSE))


def read_feedback(view: View) -> Feedback | None:
    """What feedback_modal was sent with; None if it is not that."""
    metadata, reason = _metadata(view), _chosen(view, ids.FEEDBACK_REASON)
    answer_id = metadata.get("answer_id")
    if not isinstance(answer_id, str) or reason is None or reason not in FORM_PHRASES["en"].reasons:
        return None
    comment = _entered(view, ids.FEEDBACK_TEXT).get("value")
    said = " ".join(comment.split())[:LONGEST_COMMENT] if isinstance(comment, str) else ""
    channel, thread = (_text(metadata.get(name)) for name in ("channel", "thread"))
    return Feedback(answer_id, f"{reason}: {said}" if said else reason, channel, thread, _language(metadata))


def read_settings(view: View) -> SettingsForm | None:
    """What settings_modal was sent with; None if it is not that.

    A group that is chosen without a channel is called in the channel that is being set.
    """
    metadata = _metadata(view)
    channel_id, replies = metadata.get("channel"), _chosen(view, ids.SETTINGS_REPLIES)
    if not isinstance(channel_id, str) or replies not in ("thread", "ephemeral"):
        return None
    regulation, group = _chosen(view, ids.SETTINGS_REGULATION), _chosen(view, ids.SETTINGS_GROUP)
    channel = _entered(view, ids.SETTINGS_HELPERS).get("selected_conversation")
    settings = PlaceSettings(
        regulation=None if regulation == ANY else regulation,
        replies="ephemeral" if replies == "ephemeral" else "thread",
        feedback=_ticked(view, ids.SETTINGS_FEEDBACK),
        helpers=group or channel,
        helpers_channel=(channel or channel_id) if group else None,
        quiet=_ticked(view, ids.SETTINGS_QUIET),
    )
    return SettingsForm(channel_id, settings, _language(metadata))


def read_review_form(view: View) -> tuple[str | None, Language]:
    """The id of the file that review_modal was sent with, None if it holds none; and the language of the modal."""
    files = _entered(view, ids.REVIEW_FILE).get("files")
    found = _text(files[0].get("id")) if isinstance(files, list) and files else ""
    return (found if _FILE.fullmatch(found) else None), _language(_metadata(view))


def _metadata(view: View) -> Mapping[str, Any]:
    try:
        found = json.loads(view.get("private_metadata") or "")
    except (TypeError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""


def _language(metadata: Mapping[str, Any]) -> Language:
    return "zh-Hant" if metadata.get("language") == "zh-Hant" else "en"


def _entered(view: View, action_id: str) -> Mapping[str, Any]:
    """The state of one input, in whatever block it stands."""
    values = (view.get("state") or {}).get("values") or {}
    return next((inputs[action_id] for inputs in values.values() if inputs.get(action_id)), {})


def _chosen(view: View, action_id: str) -> str | None:
    return (_entered(view, action_id).get("selected_option") or {}).get("value")


def _ticked(view: View, action_id: str) -> bool:
    return bool(_entered(view, action_id).get("selected_options"))
