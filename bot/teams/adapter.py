"""Microsoft's adapter between HTTP and activities, without its unsafe defaults."""

from __future__ import annotations

import logging
from collections.abc import Awaitable
from typing import Any, Protocol, cast

from aiohttp import web
from microsoft_agents.activity import Activity, ActivityTypes, InvokeResponse
from microsoft_agents.hosting.aiohttp import CloudAdapter
from microsoft_agents.hosting.core import ChannelServiceClientFactoryBase, OutboundHostValidator, TurnContext
from microsoft_agents.hosting.core.authorization import AuthenticationConstants, ClaimsIdentity
from microsoft_agents.hosting.core.connector import ConnectorClientBase, UserTokenClientBase

from bot.faults import describe_error
from bot.teams.auth import CHANNEL, IDENTITY
from bot.teams.reading import read_tenant

logger = logging.getLogger(__name__)


class Turns(Protocol):
    """What is done about an activity."""

    def take(self, activity: Activity) -> Awaitable[object]:
        """Take an activity in; what comes back is the response to an invoke, None where it is not for us."""
        ...


class _TurnError(Exception):
    """An activity could not be taken in; the cause tells why."""


class _NoClient:
    """In the place of the clients that the SDK makes for each request, for which it would have to ask for tokens.

    Nothing is sent while a request is under way: it is stored, or answered in the response.
    """

    async def close(self) -> None:
        """There is nothing to close."""


class _NoClients(ChannelServiceClientFactoryBase):
    async def create_connector_client(self, *_: object, **__: object) -> ConnectorClientBase:
        return cast("ConnectorClientBase", _NoClient())

    async def create_user_token_client(self, *_: object, **__: object) -> UserTokenClientBase:
        return cast("UserTokenClientBase", _NoClient())


class _Request:
    """A request as the SDK reads it; its own class takes names for keys, of which aiohttp warns."""

    def __init__(self, request: web.Request) -> None:
        self._request = request
        self.method = request.method
        self.headers = request.headers

    async def json(self) -> Any:
        return await self._request.json()

    def get_claims_identity(self) -> ClaimsIdentity:
        return self._request[IDENTITY]

    def get_path_param(self, name: str) -> str:
        return self._request.match_info[name]


class Adapter:
    """Reads activities from requests, has them taken in, and writes the responses."""

    def __init__(self, turns: Turns, connectors: OutboundHostValidator, tenant: str | None) -> None:
        """Hand activities to ``turns``.

        Args:
            turns: takes them in.
            connectors: tells where replies may be sent.
            tenant: the id of the only tenant that is served; None in development, where any is.
        """
        self._turns = turns
        self._tenant = tenant
        self._adapter = CloudAdapter(channel_service_client_factory=_NoClients(), host_validator=connectors)
        # The SDK's own sends the error to the conversation.
        self._adapter.on_turn_error = _pass_on

    async def handle(self, request: web.Request) -> web.Response:
        """Answer one request, whose sender is known; see `bot.teams.auth.authorize`.

        Raises:
            web.HTTPBadRequest: it holds no activity.
            web.HTTPUnsupportedMediaType: it is not JSON, which alone no page can have a browser send here unasked.
            web.HTTPServiceUnavailable: the activity can't be taken in now; Teams delivers it again.
        """
        if request.content_type != "application/json":
            raise web.HTTPUnsupportedMediaType(text="The body is not JSON.\n")
        try:
            response = await self._adapter.process_request(_Request(request), self)
        except _TurnError as error:
            cause = error.__cause__ or error
            logger.error("A Teams request failed: %s", describe_error(cause))
            raise web.HTTPServiceUnavailable(text="This can't be taken in now.\n") from None
        except Exception as error:  # before the turn: what the body holds is no activity
            logger.warning("What Teams sent can't be read: %s", type(error).__name__)
            raise web.HTTPBadRequest(text="The body is not an activity.\n") from None
        if response.body is None:
            return web.Response(status=response.status_code)
        return web.json_response(response.body, status=response.status_code)

    async def on_turn(self, context: TurnContext) -> None:
        """Take in one activity, as the SDK asks of an agent.

        Raises:
            PermissionError: it may not be posted by whom it comes from; the SDK makes 401 of it.
        """
        activity = context.activity
        self._check(activity, context.identity)
        found = await self._turns.take(activity)
        if activity.type == ActivityTypes.invoke and found is not None:
            response = InvokeResponse(status=200, body=found)
            await context.send_activity(Activity(type=ActivityTypes.invoke_response, value=response))

    def _check(self, activity: Activity, identity: ClaimsIdentity | None) -> None:
        """That an activity is from Teams, from our tenant, and to be answered where its token says."""
        claimed = identity.get_claim_value(AuthenticationConstants.SERVICE_URL_CLAIM) if identity else None
        if activity.channel_id is None or activity.channel_id.channel != CHANNEL:
            wrong = "it is not from Teams"
        elif not activity.service_url or (claimed is not None and _trim(claimed) != _trim(activity.service_url)):
            wrong = "its token names another address to answer at"
        elif self._tenant and read_tenant(activity) != self._tenant:
            wrong = "it is from another tenant"
        else:
            return
        logger.warning("A Teams request is refused: %s", wrong)
        raise PermissionError


def _trim(address: str) -> str:
    return address.rstrip("/").lower()


async def _pass_on(_: TurnContext, error: Exception) -> None:
    if isinstance(error, PermissionError):
        raise error
    raise _TurnError from error
