"""The workspaces, people, channels and tokens that the fake of Slack knows."""

from __future__ import annotations

import re
import time
from dataclasses import dataclass, field
from typing import Any

from bot.slack.manifest import SCOPES

BOT_TOKEN = "xoxb-1-fake"
APP_TOKEN = "xapp-1-fake"

APP = "A0APP"
_TS = re.compile(r"[0-9]{10}\.[0-9]{6}")

TEAM, OTHER_TEAM = "T0TEAM", "T0FAR"


class RefusedError(Exception):
    """Slack's refusal of a call: its error code, the reasons, and what else stands in the answer."""

    def __init__(self, error: str, reasons: list[str] | None = None, **extra: Any) -> None:
        super().__init__(error)
        self.error, self.reasons, self.extra = error, reasons or [], extra


def check_thread(args: dict[str, Any]) -> None:
    """Raise RefusedError for a thread that no message's timestamp names."""
    if "thread_ts" in args and not _TS.fullmatch(str(args["thread_ts"])):
        raise RefusedError("invalid_thread_ts")


@dataclass
class User:
    """A person or a bot in a workspace."""

    id: str
    is_admin: bool = False
    is_owner: bool = False
    is_guest: bool = False
    is_bot: bool = False
    deleted: bool = False
    tz: str = "Asia/Hong_Kong"
    locale: str = "en-GB"

    @property
    def name(self) -> str:
        """The handle."""
        return self.id.lower()


@dataclass
class Channel:
    """A conversation: ``im`` is whom a direct conversation is with, ``read_only`` that few may post."""

    id: str
    members: set[str]
    creator: str = "U0MAKER"
    is_private: bool = False
    is_archived: bool = False
    read_only: bool = False
    im: str | None = None

    @property
    def name(self) -> str:
        """The name without its sign."""
        return "directmessage" if self.im else self.id.lower()


@dataclass
class Workspace:
    """A workspace with the app's bot in it."""

    id: str
    bot_user: str
    bot: str
    users: dict[str, User] = field(default_factory=dict)
    channels: dict[str, Channel] = field(default_factory=dict)
    usergroups: dict[str, list[str]] = field(default_factory=dict)

    @property
    def domain(self) -> str:
        """The workspace's name in addresses."""
        return self.id.lower()

    def find_user(self, user: Any) -> User:
        """A user by id.

        Raises:
            RefusedError: there is none.
        """
        if user not in self.users:
            raise RefusedError("user_not_found")
        return self.users[user]

    def direct(self, user: str) -> Channel:
        """The direct conversation of a user with the app."""
        found = f"D{user[1:]}"
        return self.channels.setdefault(found, Channel(found, {user, self.bot_user}, creator=user, im=user))

    def find_channel(self, channel: Any) -> Channel:
        """A channel that the app can see; a user's id stands for the direct conversation with them.

        Raises:
            RefusedError: there is none.
        """
        if channel in self.users and not self.users[channel].is_bot:
            return self.direct(channel)
        found = self.channels.get(channel)
        if found is None or ((found.is_private or found.im) and self.bot_user not in found.members):
            raise RefusedError("channel_not_found")
        return found


@dataclass
class Token:
    """What a token is good for: ``expires`` is the clock's time, ``fault`` the answer to a token that is over."""

    team: str
    scopes: tuple[str, ...]
    kind: str = "bot"
    expires: float | None = None
    fault: str | None = None


class World:
    """Everything that the fake knows of workspaces and tokens."""

    def __init__(self) -> None:
        self.workspaces = {TEAM: _build_team(), OTHER_TEAM: _build_other_team()}
        self.tokens = {
            BOT_TOKEN: Token(TEAM, tuple(SCOPES)),  # what the manifest asks for, and no more
            APP_TOKEN: Token(TEAM, ("connections:write",), kind="app"),
        }
        self._ahead = 0.0

    def now(self) -> float:
        """The clock's time, in seconds since 1970."""
        return time.time() + self._ahead

    def pass_time(self, seconds: float) -> None:
        """Let so many seconds pass in no time."""
        self._ahead += seconds

    def grant(self, *scopes: str, token: str = BOT_TOKEN) -> None:
        """Let a token have these scopes and no others."""
        self.tokens[token].scopes = scopes

    def check_token(self, value: str, kind: str = "bot") -> Token:
        """The token, if it is good now.

        Raises:
            RefusedError: it is missing, unknown, over, or of the wrong kind.
        """
        if not value:
            raise RefusedError("not_authed")
        token = self.tokens.get(value)
        if token is None:
            raise RefusedError("invalid_auth")
        if token.fault:
            raise RefusedError(token.fault)
        if token.expires is not None and token.expires <= self.now():
            raise RefusedError("token_expired")
        if token.kind != kind:
            raise RefusedError("not_allowed_token_type")
        return token


def _build_team() -> Workspace:
    team = Workspace(TEAM, "U0CLAUSE", "B0CLAUSE")
    people = [
        User("U0ANN"),
        User("U0BOB"),
        User("U0MAKER"),
        User("U0ADMIN", is_admin=True),
        User("U0OWNER", is_admin=True, is_owner=True),
        User("U0GUEST", is_guest=True),
        User("U0GONE", deleted=True),
        User("U0OTHERBOT", is_bot=True),
        User("U0CLAUSE", is_bot=True),
    ]
    team.users = {user.id: user for user in people}
    everybody = {user.id for user in people if not user.deleted} - {"U0GUEST", "U0OTHERBOT"}
    without_bot = everybody - {team.bot_user}
    channels = [
        Channel("C0CHAN", everybody | {"U0GUEST"}),
        Channel("C0OTHER", set(everybody)),
        Channel("C0PRIVATE", {"U0ANN", "U0MAKER", team.bot_user}, is_private=True),
        Channel("C0ARCHIVED", set(everybody), is_archived=True),
        Channel("C0READONLY", set(everybody), read_only=True),
        Channel("C0NOBOT", set(without_bot)),
        Channel("C0SECRET", {"U0ANN", "U0MAKER"}, is_private=True),
    ]
    team.channels = {channel.id: channel for channel in channels}
    team.direct("U0ANN")
    team.usergroups = {"S0HELP": ["U0BOB", "U0ADMIN"], "S0EMPTY": []}
    return team


def _build_other_team() -> Workspace:
    team = Workspace(OTHER_TEAM, "U0FARBOT", "B0FARBOT")
    people = [User("U0FAR"), User("U0FARADMIN", is_admin=True), User("U0FARBOT", is_bot=True)]
    team.users = {user.id: user for user in people}
    team.channels = {"C0FAR": Channel("C0FAR", set(team.users), creator="U0FARADMIN")}
    return team
