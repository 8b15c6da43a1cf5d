"""Installing the app in many workspaces: Slack's OAuth, with a page before it and a page after it."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Mapping

import aiohttp
from aiohttp import web
from slack_bolt.oauth.async_callback_options import AsyncCallbackOptions, AsyncFailureArgs, AsyncSuccessArgs
from slack_bolt.oauth.async_oauth_flow import AsyncOAuthFlow
from slack_bolt.oauth.async_oauth_settings import AsyncOAuthSettings
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_bolt.response import BoltResponse
from slack_sdk.errors import SlackApiError
from slack_sdk.oauth import AuthorizeUrlGenerator
from slack_sdk.oauth.installation_store import Installation
from slack_sdk.web.async_client import AsyncWebClient

from bot.records.database import DATABASE_FAULTS
from bot.records.slack_stores import STATE_LASTS, InstallationStore, StateStore
from bot.slack.manifest import FOLLOW_UP_SCOPES, INSTALL_PATH, REDIRECT_PATH, REVIEW_SCOPES
from bot.slack.pages import Page, render_failure, render_install, render_installed
from bot.slack.workspaces import describe_error, read_code

logger = logging.getLogger(__name__)

# Added to the install page's address, each asks for what it needs as well; the manifest has to name that too.
_MORE = {"follow_ups": FOLLOW_UP_SCOPES, "reviews": REVIEW_SCOPES}

# What is told, to their giver alone, of commands and the like in a workspace whose token works no more.
_ADVICE = """\
Clausebot is no longer installed in this workspace, or its access has ended. Install it again: {address}
Clausebot 已不在此工作區，或其權限已失效。請重新安裝：{address}"""

# The prefix has browsers take the cookie from this very host only, over https.
_COOKIE = "__Host-clausebot-install"

# The pages load nothing, run nothing and are shown in no frame; what brought the reader here concerns nobody else.
_HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; base-uri 'none'",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}


class Installing:
    """The two addresses between which Slack asks a person whether the app may come in.

    ``advice`` is what to tell whoever uses the app where it is not installed.
    """

    def __init__(
        self,
        *,
        client_id: str,
        client_secret: str,
        public_url: str,
        scopes: Mapping[str, str],
        store: InstallationStore,
        states: StateStore,
        client: AsyncWebClient,
    ) -> None:
        """Install for one app.

        Args:
            client_id: the app's.
            client_secret: the app's.
            public_url: where the service is reached; a request's own word for it could be anybody's.
            scopes: the bot's, each with its reason.
            store: takes the installations.
            states: the OAuth states that are out.
            client: calls Slack, without a token of its own.
        """
        # The address may have a path of its own, under which a proxy hands on.
        self._address = public_url.rstrip("/") + INSTALL_PATH
        self.advice = _ADVICE.format(address=self._address)
        settings = AsyncOAuthSettings(
            client_id=client_id,
            client_secret=client_secret,
            scopes=list(scopes),
            user_scopes=[],
            redirect_uri=public_url.rstrip("/") + REDIRECT_PATH,
            install_path=INSTALL_PATH,
            redirect_uri_path=REDIRECT_PATH,
            callback_options=AsyncCallbackOptions(success=_succeed, failure=self._fail),
            installation_store=store,
            state_store=states,
            state_cookie_name=_COOKIE,
            state_expiration_seconds=STATE_LASTS,
        )
        self._flow = _Flow(scopes, store, client, settings)

    def routes(self) -> list[web.RouteDef]:
        """What the application that listens adds."""
        return [
            web.get(INSTALL_PATH, self._begin, allow_head=False),
            web.get(REDIRECT_PATH, self._end, allow_head=False),
        ]

    async def _begin(self, request: web.Request) -> web.Response:
        return await self._answer(request, self._flow.handle_installation)

    async def _end(self, request: web.Request) -> web.Response:
        return await self._answer(request, self._flow.handle_callback)

    async def _answer(
        self, request: web.Request, handle: Callable[[AsyncBoltRequest], Awaitable[BoltResponse]]
    ) -> web.Response:
        """What Bolt's flow answers a browser, or a page that says what went wrong."""
        asked = AsyncBoltRequest(body="", query=request.query_string, headers=dict(request.headers))
        try:
            return _convert(await handle(asked))
        except SlackApiError as error:
            reason, fault = read_code(error), describe_error(error)
        except _RefusedError as error:
            reason, fault = str(error), str(error)
        except (aiohttp.ClientError, TimeoutError) as error:
            reason, fault = "unreachable", describe_error(error)
        except DATABASE_FAULTS as error:
            reason, fault = "database", describe_error(error)
        logger.warning("An installation failed: %s", fault)
        return _show(render_failure(reason, self._address))

    async def _fail(self, args: AsyncFailureArgs) -> BoltResponse:
        return _respond(render_failure(args.reason, self._address), args.settings)


class _Flow(AsyncOAuthFlow):
    """Bolt's flow, with our pages, and with Slack's own word for what went wrong."""

    def __init__(
        self,
        scopes: Mapping[str, str],
        store: InstallationStore,
        client: AsyncWebClient,
        settings: AsyncOAuthSettings,
    ) -> None:
        # Bolt's lines below ERROR quote the code that is exchanged for a token.
        super().__init__(client=client, logger=logging.getLogger("slack_bolt"), settings=settings)
        self._scopes = scopes
        self._store = store

    async def build_authorize_url(self, state: str, request: AsyncBoltRequest) -> str:
        settings = self.settings
        # Bolt's own would add the request's `team`, as it comes.
        return AuthorizeUrlGenerator(
            client_id=settings.client_id,
            redirect_uri=settings.redirect_uri,
            scopes=list(self._choose_scopes(request)),
            authorization_url=settings.authorization_url,
        ).generate(state)

    async def build_install_page_html(self, url: str, request: AsyncBoltRequest) -> str:
        return render_install(url, self._choose_scopes(request)).html

    def _choose_scopes(self, request: AsyncBoltRequest) -> Mapping[str, str]:
        chosen = [scopes for name, scopes in _MORE.items() if name in request.query]
        return {scope: reason for scopes in (self._scopes, *chosen) for scope, reason in scopes.items()}

    async def run_installation(self, code: str) -> Installation:
        """Exchange the code that Slack gave the browser for the workspace's token.

        Raises:
            SlackApiError: Slack refuses.
            _RefusedError: the app was installed for a whole organization.
        """
        settings = self.settings
        granted = await self.client.oauth_v2_access(
            client_id=settings.client_id,
            client_secret=settings.client_secret,
            code=code,
            redirect_uri=settings.redirect_uri,
        )
        if granted.get("is_enterprise_install"):
            raise _RefusedError("org_wide")
        bot = await self.client.auth_test(token=granted["access_token"])
        team, enterprise = granted["team"], granted.get("enterprise") or {}
        return Installation(
            app_id=granted["app_id"],
            enterprise_id=enterprise.get("id"),
            enterprise_name=enterprise.get("name"),
            team_id=team["id"],
            team_name=team.get("name"),
            bot_token=granted["access_token"],
            bot_id=bot["bot_id"],
            bot_user_id=granted["bot_user_id"],
            bot_scopes=granted["scope"],
            bot_refresh_token=granted.get("refresh_token"),
            bot_token_expires_in=granted.get("expires_in"),
            user_id=granted["authed_user"]["id"],
            token_type=granted.get("token_type"),
        )

    async def store_installation(self, request: AsyncBoltRequest, installation: Installation) -> None:
        await self._store.replace(installation)
        logger.info("The app was installed in %s", installation.team_id)


class _RefusedError(Exception):
    """An installation that is not taken; the argument is the reason that `render_failure` knows."""


async def _succeed(args: AsyncSuccessArgs) -> BoltResponse:
    done = args.installation
    return _respond(render_installed(done.team_name or "", done.team_id or "", done.app_id or ""), args.settings)


def _respond(page: Page, settings: AsyncOAuthSettings) -> BoltResponse:
    """A page after which the browser forgets the state."""
    cookie = settings.state_utils.build_set_cookie_for_deletion()
    return BoltResponse(status=page.status, body=page.html, headers={"Set-Cookie": [cookie]})


def _convert(answer: BoltResponse) -> web.Response:
    shown = _show(Page(answer.status, answer.body))
    for cookie in answer.cookies():
        for name, morsel in cookie.items():
            shown.set_cookie(
                name,
                morsel.value,
                max_age=int(morsel["max-age"] or 0),
                secure=True,
                httponly=True,
                # Sent along when Slack leads the browser back, and by no form or frame of another site.
                samesite="Lax",
            )
    return shown


def _show(page: Page) -> web.Response:
    return web.Response(status=page.status, text=page.html, content_type="text/html", headers=_HEADERS)
