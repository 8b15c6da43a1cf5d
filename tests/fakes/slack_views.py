"""The views that people have open, and those of their Home tabs."""

from __future__ import annotations

import copy
import itertools
import json
from dataclasses import dataclass, field
from typing import Any

from fakes.slack_state import Values, fill_ids, initial_values
from fakes.slack_triggers import GOOD_FOR, TRIGGERS, Trigger
from fakes.slack_view_limits import refuse_view
from fakes.slack_world import APP, RefusedError, Token, Workspace

MOST_STACKED = 3

_numbers = itertools.count(1)


@dataclass
class View:
    """A view as a person sees it now."""

    id: str
    team: str
    user: str
    content: dict[str, Any]
    bot: str
    root: str
    previous: str | None = None
    hash: str = ""
    values: Values = field(default_factory=dict)

    @property
    def blocks(self) -> list[dict[str, Any]]:
        """Its blocks, each with its id."""
        blocks: list[dict[str, Any]] = self.content["blocks"]
        return blocks

    def show(self, content: dict[str, Any]) -> None:
        """Show this from now on."""
        self.content = {**copy.deepcopy(content), "blocks": fill_ids(content["blocks"])}
        self.values = initial_values(self.blocks, self.values)
        self.hash = f"1800000000.{next(_numbers):08}"

    def describe(self) -> dict[str, Any]:
        """The view as it stands in Slack's payloads and answers."""
        unset = {"title": None, "submit": None, "close": None, "clear_on_close": False, "notify_on_close": False}
        return {
            **{"private_metadata": "", "callback_id": "", "external_id": ""} | unset,
            **copy.deepcopy(self.content),
            "id": self.id,
            "team_id": self.team,
            "state": {"values": copy.deepcopy(self.values)},
            "hash": self.hash,
            "root_view_id": self.root,
            "previous_view_id": self.previous,
            "app_id": APP,
            "app_installed_team_id": self.team,
            "bot_id": self.bot,
        }


class Views:
    """Every person's stack of modals, and their Home tab."""

    def __init__(self) -> None:
        self.stacks: dict[str, list[View]] = {}
        self.homes: dict[str, View] = {}

    def find(self, view_id: Any) -> View:
        """An open view, or a Home tab.

        Raises:
            RefusedError: there is none.
        """
        for view in (*(view for stack in self.stacks.values() for view in stack), *self.homes.values()):
            if view.id == view_id:
                return view
        raise RefusedError("not_found")

    def put(self, workspace: Workspace, user: str, content: dict[str, Any]) -> View:
        """Put a modal upon a person's stack.

        Raises:
            RefusedError: the stack is full, or the external_id taken.
        """
        stack = self.stacks.setdefault(user, [])
        if len(stack) >= MOST_STACKED:
            raise RefusedError("push_limit_reached")
        self._check_external_id(content, None)
        view_id = f"V0{next(_numbers):06}"
        root, previous = (stack[0].id, stack[-1].id) if stack else (view_id, None)
        view = View(view_id, workspace.id, user, {}, workspace.bot, root, previous)
        view.show(content)
        stack.append(view)
        return view

    def close(self, view: View, *, everything: bool = False) -> None:
        """Take a modal from its person's stack, or all of them."""
        stack = self.stacks[view.user]
        del stack[0 if everything else stack.index(view) :]

    def open(self, workspace: Workspace, token: Token, args: dict[str, Any]) -> dict[str, Any]:
        """``views.open``: a new stack in place of what the person had open."""
        _check_view(args["view"], "modal")
        if '"file_input"' in json.dumps(args["view"]) and "files:read" not in token.scopes:
            raise RefusedError("missing_scope", needed="files:read", provided=",".join(token.scopes))
        trigger = _exchange(args, workspace)
        self.stacks[trigger.user] = []
        return {"view": self.put(workspace, trigger.user, args["view"]).describe()}

    def push(self, workspace: Workspace, token: Token, args: dict[str, Any]) -> dict[str, Any]:
        """``views.push``: only what was done within a modal gives the right to."""
        _check_view(args["view"], "modal")
        trigger = _exchange(args, workspace)
        if not trigger.view or all(view.id != trigger.view for view in self.stacks.get(trigger.user, [])):
            raise RefusedError("not_found", ["the trigger comes from no open modal"])
        return {"view": self.put(workspace, trigger.user, args["view"]).describe()}

    def update(self, workspace: Workspace, token: Token, args: dict[str, Any]) -> dict[str, Any]:
        """``views.update``."""
        if ("view_id" in args) == ("external_id" in args):
            raise RefusedError("invalid_arguments", ["either view_id or external_id"])
        if "view_id" in args:
            view = self.find(args["view_id"])
        else:
            named = [each for stack in self.stacks.values() for each in stack]
            view = next((each for each in named if each.content.get("external_id") == args["external_id"]), None)
        if view is None or view.team != workspace.id:
            raise RefusedError("not_found")
        _check_view(args["view"], view.content["type"])
        if args.get("hash", view.hash) != view.hash:
            raise RefusedError("hash_conflict")
        self._check_external_id(args["view"], view)
        view.show(args["view"])
        return {"view": view.describe()}

    def publish(self, workspace: Workspace, token: Token, args: dict[str, Any]) -> dict[str, Any]:
        """``views.publish``."""
        user = args["user_id"]
        if user not in workspace.users or workspace.users[user].is_bot:
            raise RefusedError("invalid_arguments", ["user_id: no person of this workspace"])
        _check_view(args["view"], "home")
        view = self.homes.get(user)
        if view is None:
            view_id = f"V0{next(_numbers):06}"
            view = self.homes[user] = View(view_id, workspace.id, user, {}, workspace.bot, view_id)
        elif args.get("hash", view.hash) != view.hash:
            raise RefusedError("hash_conflict")
        view.show(args["view"])
        return {"view": view.describe()}

    def _check_external_id(self, content: dict[str, Any], but: View | None) -> None:
        taken = [view for stack in self.stacks.values() for view in stack if view is not but]
        wanted = content.get("external_id")
        if wanted and any(view.content.get("external_id") == wanted for view in taken):
            raise RefusedError("duplicate_external_id")


def _check_view(view: Any, kind: str) -> None:
    if refusal := refuse_view(view, kind):
        raise RefusedError(*refusal)


def _exchange(args: dict[str, Any], workspace: Workspace) -> Trigger:
    trigger = TRIGGERS.get(args.get("trigger_id", ""))
    if trigger is None or trigger.team != workspace.id:
        raise RefusedError("invalid_trigger_id")
    if trigger.used:
        raise RefusedError("exchanged_trigger_id")
    if trigger.age > GOOD_FOR:
        raise RefusedError("expired_trigger_id")
    trigger.used = True
    return trigger
