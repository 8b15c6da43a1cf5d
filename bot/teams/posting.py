"""Sends replies through Teams' connector, every call within its time and its failures counted."""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

import aiohttp
from microsoft_agents.activity import Activity, ConversationReference
from microsoft_agents.hosting.core.connector.conversations_base import ConversationsBase
from microsoft_agents.hosting.core.connector.teams import TeamsConnectorClient
from pydantic import ValidationError

from bot import faults
from bot.metrics import UPSTREAM_ERRORS, UPSTREAM_RATE_LIMITS
from bot.records.worker import TryLaterError
from bot.teams.reply import Reply, cite_entity
from bot.teams.tokens import TokenError, Tokens

logger = logging.getLogger(__name__)

_Result = TypeVar("_Result")

# Seconds for one call of the connector.
_CALL_WITHIN = 10.0

# The connector's codes for what it refuses, such as BotNotInConversationRoster.
_CODE = re.compile(r"[A-Za-z0-9_]{1,64}")

# Statuses of a refused layout: what can't be read, and what is too large.
_LAYOUT_REFUSED = {400, 413}

_CARD = "application/vnd.microsoft.card.adaptive"


class RefusedError(Exception):
    """The connector will not take a message, now or later; ``str`` of it is its code."""


class Posting:
    """The way to Teams."""

    def __init__(self, tokens: Tokens | None) -> None:
        """Show the tokens to the connector; None in development, where it asks for none."""
        self._tokens = tokens
        self._connections: aiohttp.TCPConnector | None = None
        self._clients: dict[str, TeamsConnectorClient] = {}

    def open(self) -> None:
        """Make ready to send; needs the running loop."""
        self._connections = aiohttp.TCPConnector()

    async def close(self) -> None:
        """Send nothing more."""
        for client in self._clients.values():
            await client.close()
        self._clients.clear()
        if self._connections:
            await self._connections.close()

    async def send(self, reply: Reply, reference: ConversationReference) -> str:
        """Send a reply to a conversation, as plain text if Teams refuses its layout.

        Args:
            reply: what to say.
            reference: where; with an activity's id, in reply to that.

        Returns:
            The message's id; empty where Teams told none.

        Raises:
            RefusedError: Teams refuses it.
            TryLaterError: Teams can't take it now.
        """
        try:
            return await self._call(_write(reply), reference)
        except aiohttp.ClientResponseError as error:
            if error.status not in _LAYOUT_REFUSED or not reply.card:
                raise RefusedError(_read_code(error)) from None
            logger.error("Teams refused a layout (%s); sending plain text instead", _read_code(error))
        try:
            return await self._call(_write_plainly(reply), reference)
        except aiohttp.ClientResponseError as error:
            raise RefusedError(_read_code(error)) from None

    async def update(self, reply: Reply, reference: ConversationReference, message: str) -> None:
        """Say a reply in the place of a message that was sent; raises as `send`."""
        activity = _address(_write(reply) | {"id": message}, reference)
        try:
            await self._try(
                reference, lambda client: client.update_activity(reference.conversation.id, message, activity)
            )
        except aiohttp.ClientResponseError as error:
            if error.status >= 300:  # else it is taken, and only the answer holds nothing
                raise RefusedError(_read_code(error)) from None
        except ValueError:  # the same
            pass

    async def delete(self, reference: ConversationReference, message: str) -> None:
        """Take a message back; raises as `send`."""
        try:
            await self._try(reference, lambda client: client.delete_activity(reference.conversation.id, message))
        except aiohttp.ClientResponseError as error:
            raise RefusedError(_read_code(error)) from None

    async def type(self, reference: ConversationReference) -> None:
        """Show that an answer is on its way; raises as `send`."""
        try:
            await self._call({"type": "typing"}, reference)
        except aiohttp.ClientResponseError as error:
            raise RefusedError(_read_code(error)) from None

    async def _call(self, fields: dict[str, Any], reference: ConversationReference) -> str:
        """Post an activity.

        Raises:
            aiohttp.ClientResponseError: Teams refuses it for good.
            TryLaterError: it can't be posted now.
        """
        activity, conversation = _address(fields, reference), reference.conversation.id

        async def post(client: ConversationsBase) -> str:
            if activity.reply_to_id:
                sent = await client.reply_to_activity(conversation, activity.reply_to_id, activity)
            else:
                sent = await client.send_to_conversation(conversation, activity)
            return sent.id or ""

        try:
            return await self._try(reference, post)
        except ValidationError:  # taken, but by something that does not answer as the connector does
            UPSTREAM_ERRORS.labels("teams", "unreadable answer").inc()
            logger.warning("Teams took a message, and its answer can't be read")
            return ""

    async def _try(
        self, reference: ConversationReference, call: Callable[[ConversationsBase], Awaitable[_Result]]
    ) -> _Result:
        """Make a call of the connector; raises as `_call`, and what the SDK does where it can't read the answer."""
        try:
            token = await self._tokens.get() if self._tokens else ""
            return await call(self._find_client(reference.service_url, token).conversations)
        except aiohttp.ClientResponseError as error:
            if self._tokens and error.status == 401:
                self._tokens.drop()
            elif error.status == 429:
                UPSTREAM_RATE_LIMITS.labels("teams").inc()
            UPSTREAM_ERRORS.labels("teams", _read_code(error)).inc()
            if error.status in (401, 408, 412, 429) or error.status >= 500:
                raise TryLaterError(faults.describe_error(error, _read_code(error))) from None
            raise
        except (aiohttp.ClientError, TimeoutError, TokenError) as error:
            UPSTREAM_ERRORS.labels("teams", type(error).__name__).inc()
            code = str(error) if isinstance(error, TokenError) else ""
            raise TryLaterError(faults.describe_error(error, code)) from None

    def _find_client(self, service_url: str, token: str) -> TeamsConnectorClient:
        """The client for one of the connector's addresses, of which a tenant sees a few; making one takes long."""
        client = self._clients.get(service_url)
        if client is None:
            session = aiohttp.ClientSession(
                base_url=service_url if service_url.endswith("/") else f"{service_url}/",
                connector=self._connections,
                connector_owner=False,
                cookie_jar=aiohttp.DummyCookieJar(),
                timeout=aiohttp.ClientTimeout(total=_CALL_WITHIN),
                trust_env=self._tokens is not None,  # in development all is on this machine
            )
            client = self._clients[service_url] = TeamsConnectorClient(service_url, token, session=session)
        if token:
            client.client.headers["Authorization"] = f"Bearer {token}"
        return client


def _address(fields: dict[str, Any], reference: ConversationReference) -> Activity:
    """An activity to be posted there; unlike what the SDK makes of a reference, without fields that are empty."""
    told = reference.model_dump(mode="json", by_alias=True, exclude_none=True)
    names = {"bot": "from", "user": "recipient", "activityId": "replyToId"}
    return Activity.model_validate({names.get(name, name): value for name, value in told.items()} | fields)


def _write(reply: Reply) -> dict[str, Any]:
    """The fields of an activity that says a reply."""
    attached = reply.attachment or reply.card
    fields: dict[str, Any] = {
        "type": "message",
        "textFormat": "markdown",
        "text": reply.text or None,
        "speak": reply.speak or None,
        "summary": reply.summary or None,
        "attachments": [reply.attachment or {"contentType": _CARD, "content": reply.card}] if attached else None,
        "entities": [cite_entity(reply.citations)] if reply.citations else None,
        "channelData": {"feedbackLoop": {"type": "default"}} if reply.feedback else None,
    }
    return {name: value for name, value in fields.items() if value is not None}


def _write_plainly(reply: Reply) -> dict[str, Any]:
    """The fields of an activity that Teams has no reason to refuse."""
    return {"type": "message", "textFormat": "plain", "text": reply.speak or reply.summary or reply.text}


def _read_code(error: aiohttp.ClientResponseError) -> str:
    """The connector's code for a refusal, else the status; what else it says may quote the message."""
    try:
        found = json.loads(error.message)
    except ValueError:
        found = None
    told = found.get("error") if isinstance(found, dict) else None
    code = told.get("code") if isinstance(told, dict) else None
    return code if isinstance(code, str) and _CODE.fullmatch(code) else str(error.status)
