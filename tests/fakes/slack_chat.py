"""What stands in the fake's conversations: messages as people see them, and the methods that change them."""

from __future__ import annotations

import copy
import itertools
from dataclasses import dataclass, field
from typing import Any

from fakes.slack_limits import refuse_message
from fakes.slack_state import Values, fill_ids, initial_values
from fakes.slack_world import APP, Channel, RefusedError, Token, Workspace, World, check_thread

_numbers = itertools.count(1)


@dataclass
class Post:
    """A message as people see it now; ``only_for`` is who alone sees an ephemeral one."""

    team: str
    channel: str
    ts: str
    text: str
    blocks: list[dict[str, Any]]
    thread_ts: str | None = None
    only_for: str | None = None
    metadata: dict[str, Any] | None = None
    edited: bool = False
    deleted: bool = False
    values: Values = field(default_factory=dict)

    def show(self, payload: dict[str, Any]) -> None:
        """Show this from now on."""
        self.text, self.blocks = payload.get("text", ""), fill_ids(payload.get("blocks", []))
        self.metadata = payload.get("metadata", self.metadata)
        self.values = initial_values(self.blocks, self.values)

    def describe(self, workspace: Workspace) -> dict[str, Any]:
        """The message as it stands in Slack's payloads."""
        told: dict[str, Any] = {
            "type": "message",
            "user": workspace.bot_user,
            "bot_id": workspace.bot,
            "app_id": APP,
            "team": workspace.id,
            "ts": self.ts,
            "text": self.text,
            "blocks": copy.deepcopy(self.blocks),
        }
        more = {"thread_ts": self.thread_ts, "metadata": self.metadata}
        more["edited"] = {"user": workspace.bot, "ts": self.ts} if self.edited else None
        return told | {key: value for key, value in more.items() if value}


class Chat:
    """The messages of all workspaces, in the order in which they came."""

    def __init__(self, world: World) -> None:
        self._world = world
        self.posts: list[Post] = []

    def add(self, workspace: Workspace, channel: str, payload: dict[str, Any], only_for: str | None = None) -> Post:
        """Keep a new message."""
        post = Post(
            workspace.id, channel, f"1800000000.{next(_numbers):06}", "", [], payload.get("thread_ts"), only_for
        )
        post.show(payload)
        self.posts.append(post)
        return post

    def find(self, workspace: Workspace, channel: str, ts: Any) -> Post:
        """A message of the app's that is there, for all to see.

        Raises:
            RefusedError: there is none.
        """
        for post in self.posts:
            named = (post.team, post.channel, post.ts) == (workspace.id, channel, ts)
            if named and post.only_for is None and not post.deleted:
                return post
        raise RefusedError("message_not_found")

    def post_message(self, workspace: Workspace, token: Token, args: dict[str, Any]) -> dict[str, Any]:
        """``chat.postMessage``."""
        channel = workspace.find_channel(args["channel"])
        check_may_post(workspace, token, channel)
        _check_message(args)
        post = self.add(workspace, channel.id, args)
        return {"channel": channel.id, "ts": post.ts, "message": {"type": "message", "ts": post.ts, "text": post.text}}

    def post_ephemeral(self, workspace: Workspace, token: Token, args: dict[str, Any]) -> dict[str, Any]:
        """``chat.postEphemeral``."""
        channel = workspace.find_channel(args["channel"])
        check_may_post(workspace, token, channel)
        if args["user"] not in channel.members:
            raise RefusedError("user_not_in_channel")
        _check_message(args)
        return {"message_ts": self.add(workspace, channel.id, args, only_for=args["user"]).ts}

    def update(self, workspace: Workspace, token: Token, args: dict[str, Any]) -> dict[str, Any]:
        """``chat.update``: blocks that are not given again go."""
        channel = find_by_own_id(workspace, args["channel"])
        post = self.find(workspace, channel.id, args["ts"])
        if channel.is_archived:
            raise RefusedError("is_inactive")
        _check_message(args)
        post.show(args)
        post.edited = post.edited or not args.get("blocks")
        return {"channel": channel.id, "ts": post.ts, "text": post.text}

    def delete(self, workspace: Workspace, token: Token, args: dict[str, Any]) -> dict[str, Any]:
        """``chat.delete``."""
        channel = find_by_own_id(workspace, args["channel"])
        post = self.find(workspace, channel.id, args["ts"])
        post.deleted = True
        return {"channel": channel.id, "ts": post.ts}

    def get_permalink(self, workspace: Workspace, token: Token, args: dict[str, Any]) -> dict[str, Any]:
        """``chat.getPermalink``, of any message: people's are not kept here."""
        channel = workspace.find_channel(args["channel"])
        ts = args["message_ts"]
        link = f"https://{workspace.domain}.slack.com/archives/{channel.id}/p{ts.replace('.', '')}"
        return {"channel": channel.id, "permalink": link}


def find_by_own_id(workspace: Workspace, channel: Any) -> Channel:
    """The channel, where Slack takes no user's id for the direct conversation with them."""
    if channel in workspace.users:
        raise RefusedError("channel_not_found")
    return workspace.find_channel(channel)


def check_may_post(workspace: Workspace, token: Token, channel: Channel) -> None:
    """Raise RefusedError where the app can't post."""
    if workspace.bot_user not in channel.members and "chat:write.public" not in token.scopes:
        raise RefusedError("not_in_channel")
    if channel.is_archived:
        raise RefusedError("is_archived")
    if channel.read_only:
        raise RefusedError("restricted_action")
    if channel.im and workspace.users[channel.im].deleted:
        raise RefusedError("channel_not_found")


def _check_message(payload: dict[str, Any]) -> None:
    if refusal := refuse_message(payload):
        raise RefusedError(*refusal)
    check_thread(payload)
    metadata = payload.get("metadata", {"event_type": "x", "event_payload": {}})
    if not isinstance(metadata, dict) or metadata.keys() != {"event_type", "event_payload"}:
        raise RefusedError("invalid_metadata_format")
