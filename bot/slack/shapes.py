"""What Slack's payloads hold, as far as they are read here. Pure."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

_Check = Callable[[Any], bool]


def _word(value: Any) -> bool:
    return isinstance(value, str)


def _optional(part: _Check) -> _Check:
    return lambda value: value is None or part(value)


def _form(*needed: str, **parts: _Check) -> _Check:
    """An object that has what is needed, and whose parts, where they are there, are of their kinds."""

    def check(value: Any) -> bool:
        if not isinstance(value, dict) or not value.keys() >= set(needed):
            return False
        return all(part(value[name]) for name, part in parts.items() if name in value)

    return check


def _listed(part: _Check) -> _Check:
    return lambda value: isinstance(value, list) and all(map(part, value))


def _mapped(part: _Check) -> _Check:
    return lambda value: isinstance(value, dict) and all(map(part, value.values()))


# By which Bolt finds the workspace, and its token.
_TEAM: dict[str, _Check] = {"team_id": _optional(_word), "enterprise_id": _optional(_word)}
_NAMED = _form(id=_word, **_TEAM)
_USER = _form("id", id=_word, **_TEAM)
_OPTION = _form(value=_word)
_FILLED_IN: dict[str, _Check] = {
    "value": _optional(_word),
    "selected_option": _optional(_OPTION),
    "selected_conversation": _optional(_word),
    "files": _optional(_listed(_form("id", id=_word))),
}
_ACTION = _form("action_id", "block_id", action_id=_word, block_id=_word, action_ts=_word, **_FILLED_IN)
_ELEMENT = _form(action_id=_word, options=_listed(_OPTION))
_INTERACTION = _form(
    trigger_id=_word,
    response_url=_optional(_word),
    callback_id=_word,
    action_id=_word,
    block_id=_word,
    value=_word,
    user=_USER,
    team=_optional(_NAMED),
    enterprise=_optional(_NAMED),
    channel=_optional(_NAMED),
    container=_form(channel_id=_word, message_ts=_word, thread_ts=_optional(_word)),
    message=_optional(
        _form(ts=_word, thread_ts=_optional(_word), blocks=_optional(_listed(_form(elements=_listed(_ELEMENT)))))
    ),
    actions=_listed(_ACTION),
    view=_optional(
        _form(
            id=_word,
            hash=_word,
            type=_word,
            callback_id=_word,
            private_metadata=_optional(_word),
            app_installed_team_id=_optional(_word),
            state=_optional(_form(values=_optional(_mapped(_mapped(_optional(_form(**_FILLED_IN))))))),
            **_TEAM,
        )
    ),
    **_TEAM,
)
_CALLBACK = _form(
    enterprise=_optional(_NAMED),
    team=_optional(_NAMED),
    authorizations=_optional(_listed(_form(team=_optional(_NAMED), enterprise=_optional(_NAMED), **_TEAM))),
    event=_form("type", type=_word, team=_optional(_word), files=_optional(_listed(_form())), **_TEAM),
    **_TEAM,
)

# What an interaction of each type can't do without, beside its user.
_NEEDED = {
    "block_actions": ("actions", "trigger_id"),
    "block_suggestion": ("action_id",),
    "message_action": ("message", "trigger_id"),
    "shortcut": ("trigger_id",),
    "view_submission": ("view",),
}


def is_payload(body: Any) -> bool:
    """Whether something is a payload of Slack's: what listeners read of it is there, and of its kind.

    That is the plain fields of a slash command or of Slack's check of the address; or a typed payload with a typed
    event; or an interaction.
    """
    if not isinstance(body, dict):
        return False
    if body.get("ssl_check") == "1":
        return True
    if "command" in body:
        return "type" not in body and "user_id" in body and all(map(_word, body.values()))
    if not _word(body.get("type")):
        return False
    if body["type"] in _NEEDED:
        return _is_interaction(body, _NEEDED[body["type"]])
    return _CALLBACK(body) and _is_readable(body.get("event", {"type": ""}))


def _is_interaction(body: dict[str, Any], needed: tuple[str, ...]) -> bool:
    return all(body.get(name) for name in ("user", *needed)) and _INTERACTION(body)


def _is_readable(event: dict[str, Any]) -> bool:
    return event["type"] != "app_home_opened" or (_word(event.get("user")) and _word(event.get("channel")))
