"""The two ways in which Slack reaches an app, so that a test can hold for both."""

from __future__ import annotations

from typing import Any

from fakes.service import Service
from fakes.slack import Post, View
from fakes.slack_acks import acknowledge
from fakes.slack_person import Person
from fakes.slack_requests import event_callback


class Door:
    """Brings what happens in Slack to a service, over HTTP or over Socket Mode."""

    def __init__(self, service: Service, *, socket: bool) -> None:
        self.service = service
        self.fake = service.fake
        self._socket = socket

    async def event(self, event: dict[str, Any]) -> None:
        """Deliver an event.

        Raises:
            AssertionError, TimeoutError: it is not acknowledged.
        """
        if self._socket:
            await self.fake.deliver("events_api", event_callback(event))
        else:
            assert (await self.service.slack.event(event)).status == 200

    async def command(self, fields: dict[str, str]) -> None:
        """Deliver a slash command; raises as `event`."""
        if self._socket:
            await self.fake.deliver("slash_commands", fields)
        else:
            assert (await self.service.slack.command(fields)).status == 200

    async def act(self, person: Person, payload: dict[str, Any]) -> Any:
        """Deliver an interaction, and take its acknowledgement; see `fakes.slack_acks.acknowledge`."""
        if not self._socket:
            return await person.send(self.service.slack, payload)
        ack = await self.fake.deliver("interactive", payload)
        return acknowledge(self.fake, payload, ack.get("payload"))

    async def see(self, channel: str, user: str, count: int = 1) -> list[Post]:
        """What a person sees in a conversation of the app's messages, once there are so many."""
        await self.fake.wait_until(lambda: len(self.fake.posts_in(channel, user=user)) >= count)
        return self.fake.posts_in(channel, user=user)

    async def modal(self, user: str, callback_id: str) -> View:
        """The modal before a person, once it is that one."""

        def is_there() -> bool:
            shown = self.fake.modal(user)
            return shown is not None and shown.content.get("callback_id") == callback_id

        await self.fake.wait_until(is_there)
        shown = self.fake.modal(user)
        assert shown
        return shown
