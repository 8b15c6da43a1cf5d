"""The tokens of the workspaces that installed the app through OAuth: found, renewed, forgotten."""

from __future__ import annotations

import asyncio
import logging
import time
from collections import defaultdict

import aiohttp
from slack_bolt.authorization import AuthorizeResult
from slack_sdk.errors import SlackTokenRotationError
from slack_sdk.oauth.installation_store import Installation
from slack_sdk.oauth.token_rotation.async_rotator import AsyncTokenRotator
from slack_sdk.web.async_client import AsyncWebClient

from bot.records.slack_stores import InstallationStore
from bot.records.worker import TryLaterError
from bot.slack.workspaces import describe_error, read_code

logger = logging.getLogger(__name__)

# Minutes before it expires that a token is renewed. Slack's last 12 hours.
_RENEW_BEFORE = 120

# Slack's answers to a renewal that no other attempt will change.
_FINAL = {"account_inactive", "app_uninstalled", "invalid_refresh_token", "team_not_found", "token_revoked"}

# Seconds between looks for what another process renewed: a refresh token is good for one use.
_LOOK_AGAIN_AFTER = (0.0, 0.5, 2.0)


class NotInstalledError(Exception):
    """A workspace has no token that works: it never installed the app, or took it away again."""


class Tokens:
    """The tokens of the workspaces that installed the app."""

    def __init__(self, store: InstallationStore, client: AsyncWebClient, client_id: str, client_secret: str) -> None:
        """Read installations from a store.

        Args:
            store: holds the installations.
            client: calls Slack, without a token of its own.
            client_id: the app's.
            client_secret: the app's.
        """
        self._store = store
        self._rotator = AsyncTokenRotator(client_id=client_id, client_secret=client_secret, client=client)
        self._renewing: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)

    async def authorize(self, enterprise_id: str | None, team_id: str | None) -> AuthorizeResult | None:
        """What Bolt needs to act in a workspace; None where the app is not installed.

        Raises:
            TryLaterError: Slack can't renew the token now.
        """
        try:
            found = await self._find(team_id or "")
        except NotInstalledError:
            return None
        return AuthorizeResult(
            enterprise_id=enterprise_id,
            team_id=team_id,
            bot_id=found.bot_id,
            bot_user_id=found.bot_user_id,
            bot_token=found.bot_token,
            bot_scopes=found.bot_scopes,
        )

    async def token_for(self, workspace: str) -> str:
        """The bot token of a workspace, renewed if it expires soon.

        Raises:
            NotInstalledError: there is none that works.
            TryLaterError: Slack can't renew it now.
        """
        return (await self._find(workspace)).bot_token or ""

    async def _find(self, workspace: str) -> Installation:
        found = await self._store.find(workspace)
        if found and _expires_within(found, _RENEW_BEFORE * 60):
            async with self._renewing[workspace]:
                # Whoever held the lock may have renewed it.
                found = await self._store.find(workspace)
                if found and _expires_within(found, _RENEW_BEFORE * 60):
                    found = await self._renew(workspace, found)
        if found is None or not found.bot_token:
            raise NotInstalledError
        return found

    async def _renew(self, workspace: str, found: Installation) -> Installation | None:
        try:
            renewed = await self._rotator.perform_token_rotation(
                installation=found, minutes_before_expiration=_RENEW_BEFORE
            )
        except (SlackTokenRotationError, aiohttp.ClientError, TimeoutError) as error:
            if not _expires_within(found, 0):
                logger.warning("A token could not be renewed yet: %s", _describe(error))
                return found
            return await self._find_renewed(workspace, found, error)
        if renewed:
            await self._store.renew(renewed)
        return renewed or found

    async def _find_renewed(self, workspace: str, expired: Installation, error: Exception) -> Installation | None:
        """What another process made of an expired token, if that is why this one could not renew it."""
        for wait in _LOOK_AGAIN_AFTER:
            await asyncio.sleep(wait)
            found = await self._store.find(workspace)
            if found is None or found.bot_token != expired.bot_token:
                return found
        if isinstance(error, SlackTokenRotationError) and read_code(error.api_error) in _FINAL:
            logger.error("A token can't be renewed; %s has to install the app again: %s", workspace, _describe(error))
            raise NotInstalledError
        raise TryLaterError(_describe(error))


def _expires_within(installation: Installation, seconds: float) -> bool:
    """Whether a token's time is up soon; one that Slack gave no time is good until it is revoked."""
    until = installation.bot_token_expires_at
    return until is not None and until <= time.time() + seconds


def _describe(error: Exception) -> str:
    return describe_error(error.api_error if isinstance(error, SlackTokenRotationError) else error)
