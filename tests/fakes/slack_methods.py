"""The Web API's methods: the arguments that each knows, and the scopes of which it needs one."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from fakes.slack_world import RefusedError, Token


@dataclass(frozen=True)
class Method:
    """What a method takes: required and optional arguments; any one of its scopes is enough."""

    required: frozenset[str]
    optional: frozenset[str]
    scopes: tuple[str, ...]

    def check_scopes(self, token: Token) -> None:
        """Raise RefusedError where the token has none of the scopes."""
        if self.scopes and not set(self.scopes) & set(token.scopes):
            raise RefusedError("missing_scope", needed=",".join(self.scopes), provided=",".join(token.scopes))

    def check_args(self, args: dict[str, Any]) -> None:
        """Raise RefusedError for an argument that is missing, or that Slack would leave unread."""
        if missing := self.required - args.keys():
            raise RefusedError("invalid_arguments", [f"missing required field: {name}" for name in sorted(missing)])
        if unknown := args.keys() - self.required - self.optional - _ANYWHERE:
            raise RefusedError("invalid_arg_name", [f"unknown argument: {name}" for name in sorted(unknown)])


# Bolt's clients name the workspace in every call; Slack reads it where a token is an organization's.
_ANYWHERE = {"team_id"}


def _method(required: str = "", optional: str = "", scopes: str = "") -> Method:
    return Method(frozenset(required.split()), frozenset(optional.split()), tuple(scopes.split()))


# Arguments that this app has no use for, and that change how people's words are read, are not known here.
_MESSAGE = "text blocks"
_TYPES = "channels:read groups:read im:read mpim:read"

METHODS = {
    "auth.test": _method(),
    "auth.revoke": _method(optional="test"),
    "apps.connections.open": _method(scopes="connections:write"),
    "apps.uninstall": _method("client_id client_secret"),
    "assistant.threads.setStatus": _method("channel_id status thread_ts", "loading_messages", "chat:write"),
    "assistant.threads.setSuggestedPrompts": _method("channel_id prompts", "thread_ts title", "assistant:write"),
    "chat.delete": _method("channel ts", "", "chat:write"),
    "chat.getPermalink": _method("channel message_ts"),
    "chat.postEphemeral": _method("channel user", f"{_MESSAGE} thread_ts", "chat:write"),
    "chat.postMessage": _method(
        "channel",
        f"{_MESSAGE} metadata thread_ts reply_broadcast mrkdwn unfurl_links unfurl_media",
        "chat:write",
    ),
    "chat.update": _method("channel ts", f"{_MESSAGE} metadata reply_broadcast", "chat:write"),
    "conversations.info": _method("channel", "include_locale include_num_members", _TYPES),
    "conversations.open": _method("", "channel users return_im prevent_creation", "im:write mpim:write"),
    "files.completeUploadExternal": _method("files", "channel_id initial_comment thread_ts", "files:write"),
    "files.getUploadURLExternal": _method("filename length", "alt_txt snippet_type", "files:write"),
    "files.info": _method("file", "count cursor limit page", "files:read"),
    "oauth.v2.access": _method("", "client_id client_secret code redirect_uri grant_type refresh_token"),
    "usergroups.list": _method("", "include_count include_disabled include_users team_id", "usergroups:read"),
    "users.info": _method("user", "include_locale", "users:read"),
    "views.open": _method("trigger_id view"),
    "views.publish": _method("user_id view", "hash"),
    "views.push": _method("trigger_id view"),
    "views.update": _method("view", "view_id external_id hash"),
}

_STRUCTURED = {"blocks", "files", "loading_messages", "metadata", "prompts", "view"}


def is_true(value: Any) -> bool:
    """Whether an argument that came in JSON, in a form or in the address says yes."""
    return str(value).lower() in ("1", "true")


def read_structures(args: dict[str, Any]) -> dict[str, Any]:
    """The arguments with those that came as JSON text read."""
    read = dict(args)
    for name in _STRUCTURED & args.keys():
        if isinstance(args[name], str):
            try:
                read[name] = json.loads(args[name])
            except ValueError:
                code = "invalid_blocks_format" if name == "blocks" else "invalid_arguments"
                raise RefusedError(code, [f"{name}: not JSON"]) from None
    return read
