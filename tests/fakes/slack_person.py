"""A person at the fake of Slack: does what the app drew lets them do, as the payloads that Slack would send."""

from __future__ import annotations

import copy
import itertools
import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from fakes.leaks import note_text
from fakes.slack_acks import acknowledge
from fakes.slack_chat import Post
from fakes.slack_elements import all_options
from fakes.slack_requests import SlackSender, app_home_opened, slash_command
from fakes.slack_state import choose, find_element, find_elements, is_empty, is_stateful
from fakes.slack_triggers import issue_trigger
from fakes.slack_views import View
from fakes.slack_world import APP

if TYPE_CHECKING:
    from fakes.slack import FakeSlack

Payload = dict[str, Any]

_numbers = itertools.count(1)


class Person:
    """Somebody with hands on Slack; ``age`` is how many seconds ago they did a thing."""

    def __init__(self, fake: FakeSlack, user: str) -> None:
        self._fake = fake
        self.user = user
        self._workspace = next(each for each in fake.world.workspaces.values() if user in each.users)

    def command(self, text: str, *, channel: str = "C0CHAN", age: float = 0.0, **changes: str) -> dict[str, str]:
        """Give the ``/clause`` command in a channel."""
        return slash_command(
            text,
            self._fake.response_url(channel=channel, user=self.user),
            trigger_id=self._trigger(age=age),
            channel_id=channel,
            user_id=self.user,
            team_id=self._workspace.id,
            **changes,
        )

    def shortcut(self, callback_id: str, *, age: float = 0.0) -> Payload:
        """Choose a global shortcut."""
        return self._payload("shortcut", age=age) | {"callback_id": callback_id, "action_ts": _stamp()}

    def message_action(
        self, callback_id: str, message: str | Post, *, channel: str = "C0CHAN", age: float = 0.0, **changes: Any
    ) -> Payload:
        """Choose a message shortcut, on a message of the app's or on one of somebody's that says that."""
        if isinstance(message, Post):
            channel, told = message.channel, self._describe(message)
        else:
            ts = _stamp()
            told = {"type": "message", "user": "U0BOB", "ts": ts, "text": note_text(message)} | changes
        return self._payload("message_action", age=age) | {
            "callback_id": callback_id,
            "message_ts": told["ts"],
            "message": told,
            "channel": self._channel(channel),
            "response_url": self._fake.response_url(channel=channel, user=self.user),
            "action_ts": _stamp(),
        }

    def open_home(self, tab: str = "home") -> Payload:
        """The event of opening the app's Home, or with ``messages`` its direct conversation."""
        home = self._fake.home(self.user)
        return app_home_opened(
            tab, user=self.user, channel=self._workspace.direct(self.user).id, view=home and home.describe()
        )

    def press(
        self,
        shown: Post | View,
        action_id: str,
        chosen: Any = None,
        *,
        block_id: str | None = None,
        age: float = 0.0,
    ) -> Payload:
        """Press a button, or choose in a menu: an option by its value, or as the app offered it in a type-ahead.

        Raises:
            AssertionError: this person does not see it, or it is not offered.
        """
        self._check_sees(shown)
        block, element = find_element(shown.blocks, action_id, block_id)
        assert block["type"] != "input" or block.get("dispatch_action"), "an input block without dispatch_action"
        action = {"type": element["type"], "action_id": action_id, "block_id": block["block_id"]}
        action |= self._act(shown, block, element, chosen) | {"action_ts": _stamp()}
        return self._payload("block_actions", shown, age) | self._place(shown) | {"actions": [action]}

    def type_ahead(self, shown: Post | View, action_id: str, text: str, *, block_id: str | None = None) -> Payload:
        """Type into a menu whose options come from the app.

        Raises:
            AssertionError: there is no such menu, or it does not ask for so short a text.
        """
        self._check_sees(shown)
        block, element = find_element(shown.blocks, action_id, block_id)
        assert element["type"] in ("external_select", "multi_external_select"), element["type"]
        assert len(text) >= element.get("min_query_length", 3), "Slack asks for no options yet"
        named = {"action_id": action_id, "block_id": block["block_id"], "value": note_text(text)}
        payload = self._payload("block_suggestion", shown) | self._place(shown) | named
        return {key: value for key, value in payload.items() if key not in ("trigger_id", "response_url", "state")}

    def fill(self, view: View, entered: Mapping[str, Any]) -> None:
        """Enter or choose, by action_id, without submitting yet.

        Raises:
            AssertionError: there is no such element, or it does not take that.
        """
        self._check_sees(view)
        for action_id, chosen in entered.items():
            block, element = find_element(view.blocks, action_id)
            view.values[block["block_id"]][action_id] = self._choose(element, chosen)

    def submit(self, view: View, entered: Mapping[str, Any] | None = None) -> Payload:
        """Submit a modal, after entering that.

        Raises:
            AssertionError: Slack would not let this person submit it.
        """
        self.fill(view, entered or {})
        assert view.content.get("submit") or any(block["type"] == "input" for block in view.blocks), "nothing to submit"
        urls = []
        for block, element in find_elements(view.blocks):
            value = view.values.get(block["block_id"], {}).get(element["action_id"])
            if block["type"] != "input" or value is None:
                continue
            assert block.get("optional") or not is_empty(value), f"{element['action_id']} is required"
            if element.get("response_url_enabled"):
                channel = value.get("selected_conversation") or value.get("selected_channel")
                named = {"block_id": block["block_id"], "action_id": element["action_id"], "channel_id": channel}
                urls.append(named | {"response_url": self._fake.response_url(channel=channel, user=self.user)})
        return self._payload("view_submission", view) | {"view": view.describe(), "response_urls": urls}

    def close(self, view: View, *, everything: bool = False) -> Payload | None:
        """Close a modal, or with everything all of them; what Slack sends of it, if the view asked to be told."""
        self._check_sees(view)
        payload = self._payload("view_closed", view) | {"view": view.describe(), "is_cleared": everything}
        self._fake.views.close(view, everything=everything or view.content.get("clear_on_close", False))
        del payload["trigger_id"]
        return payload if view.content.get("notify_on_close") else None

    async def send(self, sender: SlackSender, payload: Payload) -> Any:
        """Deliver an interaction over HTTP and take its acknowledgement; see `acknowledge`.

        Raises:
            AssertionError: Slack would tell this person that the app failed.
        """
        response = await sender.interact(payload)
        body = await response.text()
        assert response.status == 200, f"{response.status} {body}"
        return acknowledge(self._fake, payload, json.loads(body) if body else None)

    async def deliver(self, payload: Payload) -> Any:
        """Deliver an interaction over Socket Mode and take its acknowledgement; see `acknowledge`.

        Raises:
            TimeoutError: it was not acknowledged in time.
        """
        ack = await self._fake.deliver("interactive", payload)
        return acknowledge(self._fake, payload, ack.get("payload"))

    def _act(self, shown: Post | View, block: Payload, element: Payload, chosen: Any) -> Payload:
        """What a press tells of its element, beside its name."""
        kind = element["type"]
        if is_stateful(element):
            value = self._choose(element, chosen)
            shown.values[block["block_id"]][element["action_id"]] = value
            return value
        if kind == "overflow":
            [option] = [each for each in all_options(element) if each["value"] == chosen]
            return {"selected_option": option}
        if kind == "feedback_buttons":
            buttons = [element["positive_button"], element["negative_button"]]
            [button] = [each for each in buttons if each["value"] == chosen]
            return {"text": button["text"], "value": button["value"]}
        assert chosen is None, f"a {kind} offers no choice"
        return {key: element[key] for key in ("text", "value", "style", "url") if key in element}

    def _choose(self, element: Payload, chosen: Any) -> Payload:
        if element["type"] == "plain_text_input":
            note_text(chosen)
        channels, users = self._workspace.channels.values(), self._workspace.users
        seen = {each.id for each in channels if not each.is_private or self.user in each.members}
        public = {each.id for each in channels if not each.is_private and not each.im and not each.is_archived}
        known = {"users": set(users), "channels": public, "conversations": seen}
        return choose(element, chosen, next((ids for kind, ids in known.items() if kind in element["type"]), set()))

    def _check_sees(self, shown: Post | View) -> None:
        if isinstance(shown, Post):
            assert not shown.deleted, "the message is gone"
            assert shown.only_for in (None, self.user), "the message is for somebody else's eyes"
        elif shown.content["type"] == "home":
            assert self._fake.home(self.user) is shown, "not this person's Home"
        else:
            assert self._fake.modal(self.user) is shown, "the modal is not before this person"

    def _payload(self, kind: str, shown: Post | View | None = None, age: float = 0.0) -> Payload:
        view = shown.id if isinstance(shown, View) and shown.content["type"] == "modal" else None
        workspace = self._workspace
        return {
            "type": kind,
            "user": {
                "id": self.user,
                "username": workspace.users[self.user].name,
                "name": workspace.users[self.user].name,
                "team_id": workspace.id,
            },
            "api_app_id": APP,
            "token": "deprecated",
            "trigger_id": self._trigger(view, age),
            "team": {"id": workspace.id, "domain": workspace.domain},
            "enterprise": None,
            "is_enterprise_install": False,
        }

    def _trigger(self, view: str | None = None, age: float = 0.0) -> str:
        return issue_trigger(self.user, self._workspace.id, view, age)

    def _place(self, shown: Post | View) -> Payload:
        """Where something stands that was acted on."""
        if isinstance(shown, View):
            return {"container": {"type": "view", "view_id": shown.id}, "view": shown.describe()}
        container = {
            "type": "message",
            "message_ts": shown.ts,
            "channel_id": shown.channel,
            "is_ephemeral": shown.only_for is not None,
        }
        if shown.thread_ts:
            container["thread_ts"] = shown.thread_ts
        place = {
            "container": container,
            "channel": self._channel(shown.channel),
            "state": {"values": copy.deepcopy(shown.values)},
            "response_url": self._fake.response_url(channel=shown.channel, user=self.user, original=shown),
        }
        # Slack keeps no ephemeral message, and tells the app none.
        return place if shown.only_for else place | {"message": self._describe(shown)}

    def _channel(self, channel: str) -> Payload:
        return {"id": channel, "name": self._workspace.channels[channel].name}

    def _describe(self, post: Post) -> Payload:
        return post.describe(self._workspace)


def _stamp() -> str:
    return f"1800000001.{next(_numbers):06}"
