"""The Slack app's manifest: what it may do, what it shows, what Slack tells it. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from bot.slack.ids import ASK_SHORTCUT, LOOK_UP_SHORTCUT, REVIEW_SHORTCUT
from bot.slack.usage import suggested_prompts

COMMAND = "/clause"

EVENTS_PATH = "/slack/events"
INSTALL_PATH = "/slack/install"
REDIRECT_PATH = "/slack/oauth_redirect"

# Bot token scopes, each with its reason as the README gives it; Slack's reviewers ask for one each.
SCOPES: Mapping[str, str] = {
    "app_mentions:read": "to see questions that mention it",
    "chat:write": "to answer",
    "commands": "for `/clause` and the shortcuts",
    "im:history": "to see what is written to it directly",
    "assistant:write": "to suggest first questions, and to show that it is working",
    "users:read": "who is an administrator: only they and a channel's creator change its settings",
    "channels:read": "who created a public channel",
    "groups:read": "who created a private channel that it was invited to",
    "usergroups:read": "to choose the group that *Ask a person* calls",
}
FOLLOW_UP_SCOPES: Mapping[str, str] = {
    "channels:history": "to see follow-ups in threads of public channels that do not mention it",
    "groups:history": "the same in private channels that it was invited to",
}
REVIEW_SCOPES: Mapping[str, str] = {
    "files:read": "to read the questionnaires that people give it to review",
    "files:write": "to put the filled questionnaire, and the responsibility matrix, where it was asked for",
}

EVENTS = ("app_mention", "message.im", "app_home_opened", "tokens_revoked", "app_uninstalled")
FOLLOW_UP_EVENTS = ("message.channels", "message.groups")

_NAME = "Clausebot"
_DESCRIPTION = "Who does what about a clause: the provider's duties and yours, from the provider's own guide."
_LONG_DESCRIPTION = """\
Ask who does what about a clause of GL8 or GL14 of the Hong Kong Insurance Authority, in English or Chinese. Clausebot \
finds the clause in a cloud provider's guide, shows what the provider does and what the customer does, and says to the \
sentence where that is written. It does not generate text: it finds, quotes and cites, and where the guide does not \
answer, it says so.

Mention it in a channel, write to it directly, or use /clause. What it says is no legal advice and confirms no \
compliance.
"""
_AGENT = (
    "Finds who does what about a clause of GL8 or GL14, and cites the guide that says so. It does not generate text."
)

# What a host is written with; Slack calls no address that is not public, and so none in numbers with colons.
_ADDRESS = re.compile(r"https://[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?(?::[0-9]{1,5})?")


def read_address(text: str) -> str:
    """The address where the service is reached, such as ``https://bot.example``, without a slash at its end.

    Raises:
        ValueError: it is not https, or holds more or less than a host; the message says what to write.
    """
    address = text.strip().rstrip("/")
    if not _ADDRESS.fullmatch(address):
        raise ValueError("is not https:// and a host, without a path; write it as https://bot.example")
    return address


def compose_manifest(
    address: str | None,
    *,
    socket: bool = False,
    oauth: bool = False,
    follow_ups: bool = False,
    reviews: bool = False,
) -> dict[str, Any]:
    """The manifest, as Slack's *Create New App*, *From a manifest* takes it.

    Limits: docs.slack.dev/reference/app-manifest and the schema at github.com/slackapi/manifest-schema.

    Args:
        address: see `read_address`; needed over HTTP, and for OAuth.
        socket: have Slack deliver over Socket Mode, which needs no address.
        oauth: for many workspaces. Tokens that expire are for these alone: the one that Slack shows for the app's
            own workspace could not be renewed.
        follow_ups: have Slack deliver every message of the channels that the app is in.
        reviews: let people give it questionnaires, and it give them back.
    """
    scopes = [*SCOPES, *(FOLLOW_UP_SCOPES if follow_ups else ()), *(REVIEW_SCOPES if reviews else ())]
    events = {} if socket else {"request_url": f"{address}{EVENTS_PATH}"}
    interactivity = events and events | {"message_menu_options_url": f"{address}{EVENTS_PATH}"}
    redirect = {"redirect_urls": [f"{address}{REDIRECT_PATH}"]} if address else {}
    return {
        "display_information": {
            "name": _NAME,
            "description": _DESCRIPTION,
            "long_description": _LONG_DESCRIPTION,
        },
        "features": _compose_features({} if socket else {"url": f"{address}{EVENTS_PATH}"}, reviews=reviews),
        "oauth_config": redirect | {"scopes": {"bot": scopes}},
        "settings": {
            "event_subscriptions": events | {"bot_events": [*EVENTS, *(FOLLOW_UP_EVENTS if follow_ups else ())]},
            "interactivity": {"is_enabled": True} | interactivity,
            "org_deploy_enabled": False,
            "socket_mode_enabled": socket,
            "token_rotation_enabled": oauth,
        },
    }


def _compose_features(command_url: dict[str, str], *, reviews: bool) -> dict[str, Any]:
    review = {
        "name": "Review a questionnaire",
        "type": "global",
        "callback_id": REVIEW_SHORTCUT,
        "description": "Have a vendor questionnaire filled from the guide",
    }
    return {
        "app_home": {
            "home_tab_enabled": True,
            "messages_tab_enabled": True,
            "messages_tab_read_only_enabled": False,
        },
        "agent_view": {"agent_description": _AGENT, "suggested_prompts": suggested_prompts("en")},
        "bot_user": {"display_name": _NAME, "always_online": True},
        "shortcuts": [
            {
                "name": "Look up a clause",
                "type": "global",
                "callback_id": LOOK_UP_SHORTCUT,
                "description": "Find a clause by number or words, and read who does what",
            },
            {
                "name": "Answer from the guide",
                "type": "message",
                "callback_id": ASK_SHORTCUT,
                "description": "Ask the guide what this message asks",
            },
            *([review] if reviews else ()),
        ],
        "slash_commands": [
            {
                "command": COMMAND,
                **command_url,
                "description": "Read a clause: who does what, and where it is written",
                "usage_hint": "GL8 5.1(c)",
                "should_escape": False,
            }
        ],
    }
