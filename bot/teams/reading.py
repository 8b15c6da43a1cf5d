"""What an activity of Teams' tells of where it comes from; whatever it holds, nothing here raises. Pure."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Literal

from bot.records.inbox import derive_key
from retrieval.wording import Language

if TYPE_CHECKING:
    from microsoft_agents.activity import Activity

# What the records hold of an id.
_LONGEST_PLACE = 64
_TENANT = re.compile(r"[\w.-]{1,64}", re.ASCII)


def read_tenant(activity: Activity) -> str:
    """The tenant's id; empty where none is told. Of a channel that tenants share, the one that holds it."""
    conversation, sender = activity.conversation, activity.from_property
    for found in (
        _read(activity.channel_data, "tenant", "id"),
        conversation.tenant_id if conversation else None,
        sender.tenant_id if sender else None,
    ):
        if isinstance(found, str) and _TENANT.fullmatch(found):
            return found.lower()
    return ""


def read_scope(activity: Activity) -> Literal["personal", "groupChat", "channel"]:
    """Whether a conversation is with one person, in a group, or in a team's channel."""
    kind = activity.conversation.conversation_type
    if kind == "channel" or read_team(activity):
        return "channel"
    return "groupChat" if kind == "groupChat" or activity.conversation.is_group else "personal"


def read_team(activity: Activity) -> str:
    """The team's id; empty outside of teams."""
    found = _read(activity.channel_data, "team", "id")
    return found if isinstance(found, str) else ""


def read_channel(activity: Activity) -> str:
    """The id of the conversation without the thread: for a channel, its own."""
    return strip_thread(activity.conversation.id)


def strip_thread(conversation: str) -> str:
    """A conversation's id without the thread in it."""
    return conversation.partition(";messageid=")[0]


def read_place(activity: Activity) -> str:
    """What the settings of a place are kept under: the team's id, else the conversation's, hashed where it is long."""
    place = read_team(activity) or read_channel(activity)
    return place if len(place) <= _LONGEST_PLACE else derive_key("teams place", place)


def read_asker(activity: Activity) -> str:
    """The person's id in the tenant, or else in Teams; empty where there is neither."""
    sender = activity.from_property
    return (sender.aad_object_id or sender.id or "") if sender else ""


def read_language(activity: Activity) -> Language:
    """The language that somebody has set Teams to."""
    return "zh-Hant" if (activity.locale or "").lower().startswith("zh") else "en"


def read_data(activity: Activity) -> dict[str, Any]:
    """What the pressed action of a card carries, and what was filled in; empty where nothing was pressed."""
    action = _read(activity.value, "action")
    data = _read(action, "data") if action is not None else activity.value
    return data if isinstance(data, dict) else {}


def _read(value: object, *path: str) -> Any:
    for name in path:
        value = value.get(name) if isinstance(value, dict) else None
    return value
