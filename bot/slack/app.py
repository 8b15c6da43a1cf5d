"""Slack wired together: Bolt, the Web API's client, the HTTP door and the Socket Mode connection."""

from __future__ import annotations

import asyncio
import logging
import re
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import aiohttp
from aiohttp import web
from pydantic import SecretStr
from slack_bolt.adapter.aiohttp import to_aiohttp_response
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.context.ack.async_ack import AsyncAck
from slack_bolt.error import BoltUnhandledRequestError
from slack_bolt.middleware.async_middleware import AsyncMiddleware
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_bolt.response import BoltResponse
from slack_sdk.errors import SlackApiError
from slack_sdk.signature import SignatureVerifier
from slack_sdk.socket_mode.aiohttp import SocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest
from slack_sdk.socket_mode.response import SocketModeResponse
from slack_sdk.web.async_client import AsyncWebClient

from bot.desk import Desk
from bot.records.records import Records
from bot.records.slack_stores import InstallationStore, open_state_store
from bot.records.worker import Worker
from bot.review.jobs import Reviewing
from bot.settings import Settings, SettingsError
from bot.signing import open_links
from bot.slack.installing import Installing
from bot.slack.interactions import Interactions
from bot.slack.leaving import Leaving
from bot.slack.listeners import Listeners
from bot.slack.manifest import EVENTS_PATH, INSTALL_PATH, SCOPES
from bot.slack.replies import Replies
from bot.slack.requests import SHAPE_ERRORS, read_request, refuse_shape
from bot.slack.reviews import Reviews
from bot.slack.shapes import is_payload
from bot.slack.tokens import Tokens
from bot.slack.workspaces import Workspaces, describe_error, read_code, retry_handlers

logger = logging.getLogger(__name__)

SLACK_API = AsyncWebClient.BASE_URL

# Seconds: for one call of Slack's API; for the check at start; for answers under way at a stop, within the
# ten that a container is usually given.
_CALL_WITHIN = 10.0
_CHECK_WITHIN = 5.0
_FINISH_WITHIN = 6.0

# Seconds between a Socket Mode connection's pings, and between attempts to connect.
_PING_EVERY = 10.0

# Slack's answers to a token that will not work until somebody changes it.
_REFUSED = {
    "account_inactive",
    "invalid_auth",
    "missing_scope",
    "not_allowed_token_type",
    "not_authed",
    "token_expired",
    "token_revoked",
}


_Authorize = Callable[[str | None, str | None], Awaitable[AuthorizeResult | None]]


class SlackChannel:
    """Slack's side of the service: request handlers, and a context that lasts as long as the service."""

    def __init__(self, settings: Settings, desk: Desk, records: Records, reviewing: Reviewing, *, api_url: str) -> None:
        self._bot_token = _revealed(settings.slack_bot_token)
        self._app_token = _revealed(settings.slack_app_token)
        secret = _revealed(settings.slack_signing_secret)
        self._verifier = SignatureVerifier(secret) if secret else None
        # Bolt's lines below ERROR and the SDK's below WARNING quote requests, and so what people wrote.
        self._log = logging.getLogger("slack_bolt")
        self._log.setLevel(logging.ERROR)
        logging.getLogger("slack_sdk").setLevel(logging.WARNING)
        self._client = AsyncWebClient(base_url=api_url, logger=self._log)
        self._client.retry_handlers = retry_handlers()
        self._installing: Installing | None = None
        store: InstallationStore | None = None
        authorize: _Authorize = self._authorize
        token_for: Callable[[str], Awaitable[str]] = self._token_for
        if settings.slack_client_id:
            client_id, client_secret = settings.slack_client_id, _revealed(settings.slack_client_secret) or ""
            store = records.installations(client_id)
            tokens = Tokens(store, self._client, client_id, client_secret)
            authorize, token_for = tokens.authorize, tokens.token_for
            self._installing = Installing(
                client_id=client_id,
                client_secret=client_secret,
                public_url=settings.public_url or "",
                scopes=SCOPES,
                store=store,
                states=open_state_store(records.engine),
                client=self._client,
            )
        workspaces = Workspaces(self._client, token_for)
        links = open_links(settings)
        limit = settings.clausebot_person_limit
        strangers = self._installing is not None
        reviews = Reviews(desk, workspaces, reviewing, records.sent, person_limit=limit, strangers=strangers)
        replies = Replies(desk, workspaces, records.sent, reviews, links=links, person_limit=limit)
        self._worker = Worker(records.inbox("slack"), replies.answer)
        self._bolt = self._build_bolt(authorize)
        interactions = Interactions(
            desk,
            workspaces,
            links=links,
            public_url=settings.public_url or "",
            support=settings.clausebot_support or "",
        )
        # What comes in most often first: Bolt asks one listener after the other whether it is meant.
        Listeners(desk, self._worker, interactions).register(self._bolt)
        interactions.register(self._bolt)
        Leaving(records.engine, store).register(self._bolt)

    def _build_bolt(self, authorize: _Authorize) -> AsyncApp:
        # A function, since Bolt looks up its arguments by name and takes a method's `self` for one of them.
        async def look_up(enterprise_id: str | None, team_id: str | None) -> AuthorizeResult | None:
            return await authorize(enterprise_id, team_id)

        app = AsyncApp(
            name="slack_bolt.clausebot",
            logger=self._log,
            client=self._client,
            authorize=look_up,  # type: ignore[arg-type] # None, for where the app is not installed, is taken too
            user_facing_authorize_error_message=self._installing.advice if self._installing else None,
            request_verification_enabled=False,  # done by read_request, before anything is parsed
            raise_error_for_unhandled_request=True,
        )
        app.use(_KeepAck())
        app.error(_report)
        return app

    async def _authorize(self, enterprise_id: str | None, team_id: str | None) -> AuthorizeResult:
        return AuthorizeResult(enterprise_id=enterprise_id, team_id=team_id, bot_token=self._bot_token)

    async def _token_for(self, _: str) -> str:
        return self._bot_token or ""

    def routes(self) -> list[web.RouteDef]:
        """What Slack and those who install the app call."""
        installing = self._installing.routes() if self._installing else []
        return [web.post(EVENTS_PATH, self.handle), *installing]

    async def handle(self, request: web.Request) -> web.Response:
        """Answer one HTTP request of Slack's; see `read_request` for what is refused."""
        if self._verifier is None:
            raise web.HTTPNotFound(text="Slack speaks to this service over Socket Mode only.\n")
        payload = await read_request(request, self._verifier)
        try:
            response = await self._bolt.async_dispatch(payload)
        except SHAPE_ERRORS:  # not a listener's: those run in tasks of their own
            raise refuse_shape() from None
        return await to_aiohttp_response(response)

    async def run(self, _: web.Application) -> AsyncIterator[None]:
        """Connect, and on the way out let the answers under way finish.

        Raises:
            SettingsError: Slack refuses a token.
        """
        async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=_CALL_WITHIN)) as session:
            client = self._client
            client.session = session
            if self._bot_token:
                await _check("SLACK_BOT_TOKEN", client.auth_test(token=self._bot_token))
            socket = None
            if self._app_token:
                await _check("SLACK_APP_TOKEN", client.apps_connections_open(app_token=self._app_token))
                socket = _Socket(self._bolt, self._app_token)
            logger.info(
                "Slack is on%s%s%s",
                " over HTTP" if self._verifier else "",
                " over Socket Mode" if socket else "",
                f", to be installed at {INSTALL_PATH}" if self._installing else "",
            )
            self._worker.start()
            yield
            if socket:
                socket.refuse()
            await self._worker.finish(_FINISH_WITHIN)
            if socket:
                await socket.close()


async def _check(variable: str, call: Awaitable[object]) -> None:
    """Try a token; one that can't be tried now may still work later."""
    try:
        await asyncio.wait_for(call, _CHECK_WITHIN)
    except SlackApiError as error:
        code = read_code(error)
        if code in _REFUSED:
            remedy = "make sure that it is this app's, with its scopes, and copy it anew from api.slack.com/apps"
            raise SettingsError((f"{variable}: Slack refused it ({code}); {remedy}",)) from None
        logger.warning("%s could not be checked (%s); going on", variable, code)
    except (aiohttp.ClientError, TimeoutError) as error:
        logger.warning("%s could not be checked: Slack can't be reached (%s)", variable, type(error).__name__)


class _LastingAck(AsyncAck):
    """An acknowledgement that stays when the listener fails after it.

    Bolt forgets it where it has not sent it yet, waits for another, and then tells Slack that nobody listens.
    """

    _kept: BoltResponse | None = None

    @property
    def response(self) -> BoltResponse | None:
        """What Slack is told; None before anything is acknowledged."""
        return self._kept

    @response.setter
    def response(self, response: BoltResponse | None) -> None:
        self._kept = response or self._kept


class _KeepAck(AsyncMiddleware):
    """Has every request acknowledged by `_LastingAck`."""

    async def async_process(
        self,
        *,
        req: AsyncBoltRequest,
        resp: BoltResponse,
        next: Callable[[], Awaitable[BoltResponse]],  # noqa: A002 (Bolt's name)
    ) -> BoltResponse:
        """See `AsyncMiddleware.async_process`."""
        req.context["ack"] = _LastingAck()  # type: ignore[no-untyped-call]
        return await next()


class _SocketHandler(AsyncSocketModeHandler):
    """Takes in what comes over Socket Mode if it is a payload of Slack's; else it would come again and again."""

    async def handle(self, client: SocketModeClient, req: SocketModeRequest) -> None:  # type: ignore[override]
        if is_payload(req.payload):
            await super().handle(client, req)
            return
        logger.warning("What came over Socket Mode is no payload of Slack's")
        await client.send_socket_mode_response(SocketModeResponse(envelope_id=req.envelope_id))


class _Socket:
    """One Socket Mode connection, kept up from the moment this object is made."""

    def __init__(self, bolt: AsyncApp, app_token: str) -> None:
        log = logging.getLogger("slack_sdk.socket_mode")
        log.addFilter(_drop_traceback)
        self._handler = _SocketHandler(bolt, app_token, logger=log, ping_interval=_PING_EVERY)
        # Connecting goes on until it works: a service that also listens on HTTP should not wait for it.
        self._connecting = asyncio.create_task(self._handler.connect_async())  # type: ignore[no-untyped-call]
        self._renewing = asyncio.create_task(self._renew())

    async def _renew(self) -> None:
        """Have the SDK ask for a new address where one did not work: it would try the old one for ever."""
        while True:
            await asyncio.sleep(2 * _PING_EVERY)
            if not await self._handler.client.is_connected():
                self._handler.client.wss_uri = None

    def refuse(self) -> None:
        """Leave what comes in from now on unacknowledged: Slack delivers it to the next connection."""
        self._handler.client.socket_mode_request_listeners.clear()

    async def close(self) -> None:
        """End the connection."""
        tasks = self._connecting, self._renewing
        for task in tasks:
            task.cancel()
        await asyncio.wait(tasks)
        await self._handler.close_async()  # type: ignore[no-untyped-call]


def _drop_traceback(record: logging.LogRecord) -> bool:
    """Keep the SDK's lines about a lost connection to a line each: it writes one at every attempt."""
    record.exc_info = None
    return True


async def _report(error: Exception, body: dict[str, Any], response: BoltResponse | None) -> None:
    """Log an error of Bolt's without what people wrote, and let Slack deliver again what was not taken in."""
    if isinstance(error, BoltUnhandledRequestError):
        # Anything may be called a type: what is logged of it can neither forge a line nor flood the log.
        kind = re.sub(r"[^A-Za-z0-9_.-]", "", str(body.get("type")))[:40]
        logger.warning("Nothing here handles what Slack sent: %s", kind)
        return
    logger.error("A Slack request failed: %s", describe_error(error))
    if response is not None:
        response.status = 400 if isinstance(error, SHAPE_ERRORS) else 503


def _revealed(secret: SecretStr | None) -> str | None:
    return secret.get_secret_value() if secret else None
