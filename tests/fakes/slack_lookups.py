"""The methods that tell of people, conversations and user groups, and those of the agent's conversations."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from fakes.slack_checks import form, listed, string
from fakes.slack_methods import is_true
from fakes.slack_world import Channel, RefusedError, Token, User, Workspace, check_thread

# Four prompts are documented; the lengths are ours: what a person can read on a button, and write in a message.
_PROMPTS = listed(form({"title": string(300), "message": string(4000)}, {}), 4)
_LOADING = listed(string(50), 10)


def tell_user(workspace: Workspace, token: Token, args: dict[str, Any]) -> dict[str, Any]:
    """``users.info``."""
    user = workspace.find_user(args["user"])
    locale = {"locale": user.locale} if is_true(args.get("include_locale")) else {}
    return {"user": _describe_user(workspace, user) | locale}


def tell_channel(workspace: Workspace, token: Token, args: dict[str, Any]) -> dict[str, Any]:
    """``conversations.info``."""
    if args["channel"] in workspace.users:
        raise RefusedError("channel_not_found")
    channel = workspace.find_channel(args["channel"])
    needed = "im:read" if channel.im else "groups:read" if channel.is_private else "channels:read"
    if needed not in token.scopes:
        raise RefusedError("missing_scope", needed=needed, provided=",".join(token.scopes))
    return {"channel": _describe_channel(workspace, channel)}


def open_direct(workspace: Workspace, token: Token, args: dict[str, Any]) -> dict[str, Any]:
    """``conversations.open``, with one person."""
    if ("users" in args) == ("channel" in args):
        raise RefusedError("invalid_arguments", ["either users or channel"])
    if "channel" in args:
        return {"channel": {"id": workspace.find_channel(args["channel"]).id}}
    user = workspace.find_user(args["users"])
    if user.deleted:
        raise RefusedError("user_disabled")
    if user.is_bot:
        raise RefusedError("cannot_dm_bot")
    return {"channel": {"id": workspace.direct(user.id).id}}


def list_usergroups(workspace: Workspace, token: Token, args: dict[str, Any]) -> dict[str, Any]:
    """``usergroups.list``."""
    with_users = is_true(args.get("include_users"))
    groups = [
        {
            "id": group,
            "team_id": workspace.id,
            "is_usergroup": True,
            "name": group.lower(),
            "handle": group.lower(),
            "date_delete": 0,
            "user_count": len(users),
        }
        | ({"users": users} if with_users else {})
        for group, users in workspace.usergroups.items()
    ]
    return {"usergroups": groups}


@dataclass
class Agent:
    """What the app shows in its direct conversations beside messages: prompts and statuses, by channel."""

    prompts: dict[str, dict[str, Any]] = field(default_factory=dict)
    statuses: list[dict[str, Any]] = field(default_factory=list)

    def set_prompts(self, workspace: Workspace, token: Token, args: dict[str, Any]) -> dict[str, Any]:
        """``assistant.threads.setSuggestedPrompts`` of an app with an agent view: Slack ignores calls with a thread."""
        channel = workspace.find_channel(args["channel_id"])
        if "thread_ts" in args:
            raise RefusedError("invalid_arguments", ["thread_ts: with an agent_view the call would do nothing"])
        if not channel.im:
            raise RefusedError("channel_not_found")
        faults = [f"/prompts{fault}" for fault in _PROMPTS(args["prompts"])]
        faults += [f"/title{fault}" for fault in string(300)(args.get("title", "title"))]
        if faults:
            raise RefusedError("invalid_arguments", faults)
        self.prompts[channel.id] = args
        return {}

    def set_status(self, workspace: Workspace, token: Token, args: dict[str, Any]) -> dict[str, Any]:
        """``assistant.threads.setStatus``: an empty status takes it away."""
        channel = workspace.find_channel(args["channel_id"])
        if workspace.bot_user not in channel.members:
            raise RefusedError("channel_not_found")
        check_thread(args)
        faults = [f"/status{fault}" for fault in string(250, least=0)(args["status"])]
        if "loading_messages" in args:
            faults += [f"/loading_messages{fault}" for fault in _LOADING(args["loading_messages"])]
        if faults:
            raise RefusedError("invalid_arguments", faults)
        self.statuses.append(args)
        return {}


def _describe_user(workspace: Workspace, user: User) -> dict[str, Any]:
    return {
        "id": user.id,
        "team_id": workspace.id,
        "name": user.name,
        "deleted": user.deleted,
        "real_name": user.name,
        "tz": user.tz,
        "profile": {"display_name": user.name, "real_name": user.name},
        "is_admin": user.is_admin,
        "is_owner": user.is_owner,
        "is_primary_owner": False,
        "is_restricted": user.is_guest,
        "is_ultra_restricted": False,
        "is_bot": user.is_bot,
        "is_app_user": False,
    }


def _describe_channel(workspace: Workspace, channel: Channel) -> dict[str, Any]:
    if channel.im:
        return {"id": channel.id, "is_im": True, "user": channel.im, "is_archived": False, "is_org_shared": False}
    return {
        "id": channel.id,
        "name": channel.name,
        "is_channel": not channel.is_private,
        "is_group": channel.is_private,
        "is_im": False,
        "is_mpim": False,
        "is_private": channel.is_private,
        "is_archived": channel.is_archived,
        "is_general": False,
        "is_member": workspace.bot_user in channel.members,
        "creator": channel.creator,
        "context_team_id": workspace.id,
    }
