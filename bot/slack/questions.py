"""The question in what Slack delivers, if it is one for Clausebot, and what is stored of it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from bot.origin import Origin
from bot.records.inbox import derive_key
from bot.slack import ids
from bot.values import Asked, Pointer, unpack
from retrieval.question import clean_question

# Slack's ids of workspaces: T0123, E0123.
_WORKSPACE = re.compile(r"[A-Z0-9]{1,32}")
# Subtypes of messages that people write: with a file, or in a thread and sent to the channel too.
_WRITTEN = (None, "", "file_share", "thread_broadcast")

# Slack's ids of files; and how many a message holds at most.
_FILE = re.compile(r"F[A-Z0-9]{1,31}")
_MOST_FILES = 10

_MENTION = re.compile(r"<@([A-Z0-9]+)(?:\|[^>]*)?>")


@dataclass(frozen=True)
class Question:
    """A question as the inbox stores it: see `Inbox.store`.

    Its payload holds ``kind`` (what to do with it: see `bot.slack.replies`), ``text``, ``user_id`` and
    ``channel_id``; ``thread`` is the timestamp of the thread to answer in, if any; ``files`` are ids of files to
    review, ``ts`` the timestamp of the message that holds them.
    """

    key: str
    workspace: str
    payload: dict[str, Any]

    @property
    def origin(self) -> Origin:
        """Who asked, where."""
        return read_origin(self.key, self.workspace, self.payload)


def read_origin(key: str, workspace: str, payload: dict[str, Any]) -> Origin:
    """Who asked, where, from what is stored of a question."""
    return Origin(
        channel="slack",
        workspace=workspace,
        asker=payload.get("user_id", ""),
        event=key,
        place=payload.get("channel_id", ""),
        # A direct conversation without threads is one conversation.
        thread=payload.get("thread") or payload.get("channel_id", ""),
    )


def read_workspace(body: dict[str, Any]) -> str:
    """The workspace that an event, a command or an interaction comes from; empty where it names none.

    What belongs to no workspace but to an organization (``team`` is null) counts as that of the person who acted. In a
    channel that two organizations share it is the one that installed the app, whosever the message is.
    """
    view, team, user, authorized = (body.get(key) for key in ("view", "team", "user", "authorizations"))
    installed = authorized[0] if isinstance(authorized, list) and authorized else None
    for found in (
        view.get("app_installed_team_id") if isinstance(view, dict) else None,
        installed.get("team_id") if isinstance(installed, dict) else None,
        body.get("team_id"),
        team.get("id") if isinstance(team, dict) else None,
        user.get("team_id") if isinstance(user, dict) else None,
    ):
        if isinstance(found, str) and _WORKSPACE.fullmatch(found):
            return found
    return ""


def read_mention(body: dict[str, Any]) -> Question | None:
    """The question in an ``app_mention`` event, to be answered in its thread; None if it is not for us."""
    return _read_message(body, "message", thread=body["event"].get("ts"))


def read_message(body: dict[str, Any]) -> Question | None:
    """The question in a ``message`` event; None if it is not for us.

    A direct message is. In a channel, a message in a thread may be (its ``kind`` is ``follow_up``), unless it mentions
    anybody: whoever mentions Clausebot is heard by ``app_mention``, and who mentions another speaks to them.
    """
    event = body["event"]
    if event.get("channel_type") == "im":
        return _read_message(body, "message", thread=None)
    text = event.get("text")
    if not isinstance(event.get("thread_ts"), str) or not isinstance(text, str) or _MENTION.search(text):
        return None
    return _read_message(body, "follow_up", thread=None)


def _read_message(body: dict[str, Any], kind: str, thread: str | None) -> Question | None:
    """The question in a message, to be answered in the thread where it stands, or else in that one."""
    event = body["event"]
    # Bots (ourselves among them) carry a bot_id; edits, deletions and notices of Slack another subtype.
    if any(event.get(mark) for mark in ("bot_id", "bot_profile", "edited", "hidden")):
        return None
    if event.get("subtype") not in _WRITTEN or event.get("user") in _list_own(body):
        return None
    user, text, channel, ts = (event.get(key) for key in ("user", "text", "channel", "ts"))
    if not (isinstance(user, str) and isinstance(text, str) and isinstance(channel, str) and isinstance(ts, str)):
        return None
    within = event.get("thread_ts")
    workspace = read_workspace(body)
    return Question(
        # Deliveries of one message differ in their event_id where two kinds of event tell of it.
        key=derive_key("slack message", workspace, channel, ts),
        workspace=workspace,
        payload={
            "kind": kind,
            "text": clean_question(text),
            "user_id": user,
            "channel_id": channel,
            "thread": within if isinstance(within, str) else thread,
            # Only where something was said before can it be gone on about.
            "goes_on": isinstance(within, str) or thread is None,
        }
        | _read_files(event.get("files"), ts),
    )


def _list_own(body: dict[str, Any]) -> list[Any]:
    """The app's own users: what it uploads comes back as a message of theirs."""
    authorized = body.get("authorizations")
    return [each.get("user_id") for each in authorized or () if each.get("is_bot")]


def _read_files(files: Any, ts: str) -> dict[str, Any]:
    found = [each["id"] for each in files or () if isinstance(each.get("id"), str) and _FILE.fullmatch(each["id"])]
    return {"files": list(dict.fromkeys(found))[:_MOST_FILES], "ts": ts} if found else {}


def read_command(command: dict[str, Any]) -> Question:
    """The question in a slash command's fields, to be answered through its response URL."""
    workspace = read_workspace(command)
    kept = {name: command[name] for name in ("user_id", "channel_id") if name in command}
    address = command.get("response_url", "")
    return Question(
        key=derive_key("slack command", workspace, command.get("trigger_id", ""), address),
        workspace=workspace,
        payload={
            "kind": "command",
            "text": clean_question(command.get("text", "")),
            "thread": None,
            "response_url": address,
        }
        | kept,
    )


def read_review(body: dict[str, Any], file: str, language: str) -> Question:
    """The file that was given in the modal of the shortcut, to be reviewed in the direct conversation."""
    workspace, user = read_workspace(body), _text((body.get("user") or {}).get("id"))
    given = {"text": "", "user_id": user, "channel_id": "", "thread": None, "language": language}
    return Question(
        key=derive_key("slack review", workspace, user, file),
        workspace=workspace,
        payload={"kind": "review", "files": [file], **given},
    )


def read_message_shortcut(body: dict[str, Any]) -> Question | None:
    """The question in the message that a message shortcut was used on, to be answered privately.

    Of an answer of Clausebot's it is the first clause; of what else Clausebot says, nothing: a call for help.
    """
    message, workspace = body.get("message"), read_workspace(body)
    if not isinstance(message, dict):
        return None
    own = _is_own(message, body.get("api_app_id"))
    text = _find_clause(message) if own else clean_question(_text(message.get("text")))
    return Question(
        key=derive_key("slack shortcut", workspace, _text(body.get("trigger_id")), _text(body.get("response_url"))),
        workspace=workspace,
        payload={"kind": "command", "text": text, **_read_press(body)},
    )


def _is_own(message: dict[str, Any], app: Any) -> bool:
    profile = message.get("bot_profile")
    named = message.get("app_id") or (profile.get("app_id") if isinstance(profile, dict) else None)
    return isinstance(app, str) and named == app


def _find_clause(message: dict[str, Any]) -> str:
    """The first clause that an answer of Clausebot's shows; empty where it shows none."""
    blocks = message.get("blocks")
    for block in blocks if isinstance(blocks, list) else []:
        for element in block.get("elements", []):
            if element.get("action_id") in (ids.SOURCE, ids.OPEN_CLAUSE):
                values = [element, *element.get("options", [])]
                pointers = (unpack(Pointer, each.get("value")) for each in values)
                return next((pointer.ref for pointer in pointers if pointer), "")
    return ""


def read_choice(body: dict[str, Any], pointer: Pointer) -> Question:
    """The clause that was chosen from an answer's choices."""
    workspace, press = read_workspace(body), _read_press(body)
    action = body["actions"][0]
    return Question(
        key=derive_key("slack choice", workspace, press["user_id"], _text(action.get("action_ts")), pointer.ref),
        workspace=workspace,
        payload={"kind": "choice", "text": pointer.ref, **press},
    )


def read_share(body: dict[str, Any]) -> Question | None:
    """The answer that is to be shared in the channel."""
    return _read_asked(body, "share")


def read_request(body: dict[str, Any]) -> Question | None:
    """The answer about which a person is to be asked."""
    return _read_asked(body, "person")


def _read_asked(body: dict[str, Any], kind: str) -> Question | None:
    asked = unpack(Asked, body["actions"][0].get("value"))
    if asked is None:
        return None
    workspace, press = read_workspace(body), _read_press(body)
    at = _text(body["actions"][0].get("action_ts"))
    return Question(
        key=derive_key(f"slack {kind}", workspace, press["user_id"], at, asked.answer_id),
        workspace=workspace,
        payload={
            "kind": kind,
            "text": asked.question,
            "refs": list(asked.refs),
            "answer_id": asked.answer_id,
            "language": asked.language,
            **press,
        },
    )


def _read_press(body: dict[str, Any]) -> dict[str, Any]:
    """Who pressed what where, of an interaction with a message."""
    container, message = body.get("container") or {}, body.get("message") or {}
    channel = body.get("channel") or {}
    thread = message.get("thread_ts") or container.get("thread_ts")
    return {
        "user_id": _text((body.get("user") or {}).get("id")),
        "channel_id": _text(channel.get("id") or container.get("channel_id")),
        "thread": thread if isinstance(thread, str) else None,
        "message": _text(message.get("ts") or container.get("message_ts")),
        "private": bool(container.get("is_ephemeral")),
        "response_url": _text(body.get("response_url")),
    }


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""
