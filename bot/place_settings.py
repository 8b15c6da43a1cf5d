"""How one place where people talk is set: a Slack channel, a conversation."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, ValidationError


class PlaceSettings(BaseModel):
    """The settings of one place.

    ``regulation`` is the one that a bare clause number is read in, such as ``GL8``. ``replies`` says whether an answer
    stands in a thread or is shown to the asker only, which Slack alone can. ``feedback`` asks whether an answer helped.
    ``helpers`` are whom *Ask a person* turns to: a Slack channel (``C…``, ``G…``), or a user group (``S…``) that is
    called in ``helpers_channel``; in Teams a channel. ``quiet`` shows an answer that found nothing to the asker only
    (Slack), and leaves messages alone that do not mention the bot.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    regulation: str | None = None
    replies: Literal["thread", "ephemeral"] = "thread"
    feedback: bool = True
    helpers: str | None = None
    helpers_channel: str | None = None
    quiet: bool = False


_DEFAULTS = PlaceSettings()


def read_settings(stored: Mapping[str, Any]) -> PlaceSettings:
    """The settings as they were stored; what this version does not know or can't read is left at its default."""
    if not stored:
        return _DEFAULTS
    try:
        return PlaceSettings.model_validate(stored)
    except ValidationError as error:
        wrong = {each["loc"][0] for each in error.errors() if each["loc"]}
        return PlaceSettings.model_validate({name: value for name, value in stored.items() if name not in wrong})
