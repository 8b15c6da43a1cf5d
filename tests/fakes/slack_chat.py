"""What stands in the fake's conversations: messages as people see them, and the methods that change them."""

from __future__ import annotations

import copy
import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from fakes.slack_limits import refuse_message
from fakes.slack_world import Channel, RefusedError, Token, Workspace, World

_numbers = itertools.count(1)


def fill_ids(blocks: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The blocks as Slack keeps them: each with a block_id, each element with an action_id."""
    filled = copy.deepcopy(blocks)
    for block in filled:
        block.setdefault("block_id", f"b{next(_numbers)}")
        for element in elements_of(block):
            if element["type"] not in ("image", "plain_text", "mrkdwn"):
                element.setdefault("action_id", f"a{next(_numbers)}")
    for container in (block for block in filled if block["type"] == "container"):
        container["child_blocks"] = fill_ids(container["child_blocks"])
    return filled


def elements_of(block: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The elements of a block that can be acted on, or shown beside its text."""
    if block["type"] in ("actions", "context_actions", "context"):
        yield from block["elements"]
    if block["type"] == "card":
        yield from block.get("actions", [])
    yield from (block[place] for place in ("accessory", "element") if place in block)


def blocks_within(blocks: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """Every block, those in containers and carousels among them."""
    for block in blocks:
        yield block
        yield from blocks_within(block.get("child_blocks", []))
        if block["type"] == "carousel":
            yield from blocks_within(block["elements"])


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
    edited: bool = False
    deleted: bool = False

    def take(self, payload: dict[str, Any]) -> None:
        """Show this from now on."""
        self.text, self.blocks, self.edited = payload.get("text", ""), fill_ids(payload.get("blocks", [])), True


class Chat:
    """The messages of all workspaces, in the order in which they came."""

    def __init__(self, world: World) -> None:
        self._world = world
        self.posts: list[Post] = []

    def add(self, workspace: Workspace, channel: str, payload: dict[str, Any], only_for: str | None = None) -> Post:
        """Keep a new message."""
        thread = payload.get("thread_ts")
        ts = f"1800000000.{next(_numbers):06}"
        blocks = fill_ids(payload.get("blocks", []))
        self.posts.append(Post(workspace.id, channel, ts, payload.get("text", ""), blocks, thread, only_for))
        return self.posts[-1]

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
        _check_may_post(workspace, token, channel)
        _check_message(args)
        post = self.add(workspace, channel.id, args)
        return {"channel": channel.id, "ts": post.ts, "message": {"type": "message", "ts": post.ts, "text": post.text}}

    def post_ephemeral(self, workspace: Workspace, token: Token, args: dict[str, Any]) -> dict[str, Any]:
        """``chat.postEphemeral``."""
        channel = workspace.find_channel(args["channel"])
        _check_may_post(workspace, token, channel)
        if args["user"] not in channel.members:
            raise RefusedError("user_not_in_channel")
        _check_message(args)
        return {"message_ts": self.add(workspace, channel.id, args, only_for=args["user"]).ts}

    def update(self, workspace: Workspace, token: Token, args: dict[str, Any]) -> dict[str, Any]:
        """``chat.update``: blocks that are not given again go."""
        channel = workspace.find_channel(args["channel"])
        post = self.find(workspace, channel.id, args["ts"])
        _check_may_post(workspace, token, channel)
        _check_message(args)
        post.take(args)
        return {"channel": channel.id, "ts": post.ts, "text": post.text}

    def delete(self, workspace: Workspace, token: Token, args: dict[str, Any]) -> dict[str, Any]:
        """``chat.delete``."""
        channel = workspace.find_channel(args["channel"])
        post = self.find(workspace, channel.id, args["ts"])
        post.deleted = True
        return {"channel": channel.id, "ts": post.ts}

    def get_permalink(self, workspace: Workspace, token: Token, args: dict[str, Any]) -> dict[str, Any]:
        """``chat.getPermalink``, of any message: people's are not kept here."""
        channel = workspace.find_channel(args["channel"])
        ts = args["message_ts"]
        link = f"https://{workspace.domain}.slack.com/archives/{channel.id}/p{ts.replace('.', '')}"
        return {"channel": channel.id, "permalink": link}


def _check_may_post(workspace: Workspace, token: Token, channel: Channel) -> None:
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
