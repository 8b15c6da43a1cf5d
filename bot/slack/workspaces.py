"""Slack's Web API for each workspace, every call within its time and its failures counted."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

import aiohttp
from slack_sdk.errors import SlackApiError
from slack_sdk.http_retry.async_handler import AsyncRetryHandler
from slack_sdk.http_retry.builtin_async_handlers import (
    AsyncConnectionErrorRetryHandler,
    AsyncRateLimitErrorRetryHandler,
    AsyncServerErrorRetryHandler,
)
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse
from slack_sdk.webhook.async_client import AsyncWebhookClient

from bot import faults
from bot.metrics import UPSTREAM_ERRORS, UPSTREAM_RATE_LIMITS

# Slack's codes for what is over after a while.
_PASSING = {"fatal_error", "internal_error", "ratelimited", "request_timeout", "service_unavailable"}

# Seconds for one call of a response URL; the Web API's calls are limited by their session.
_RESPOND_WITHIN = 10


# Workspaces' clients that are kept to be used again.
_CLIENTS_KEPT = 1000


class _RateLimitRetry(AsyncRateLimitErrorRetryHandler):
    """Waits as long as Slack says, and counts how often it has to."""

    async def prepare_for_next_attempt_async(self, **told: Any) -> None:
        UPSTREAM_RATE_LIMITS.labels("slack").inc()
        await super().prepare_for_next_attempt_async(**told)


def retry_handlers() -> list[AsyncRetryHandler]:
    """What to try again: lost connections, and calls that came too fast or met a server error."""
    return [
        AsyncConnectionErrorRetryHandler(),
        _RateLimitRetry(max_retry_count=3),
        AsyncServerErrorRetryHandler(max_retry_count=2),
    ]


class Workspaces:
    """Gives each workspace's client: the Web API with the token that was installed there."""

    def __init__(self, template: AsyncWebClient, token_for: Callable[[str], Awaitable[str]]) -> None:
        """Make clients like ``template``, with the token that ``token_for`` tells for a workspace's id."""
        self._template = template
        self._token_for = token_for
        self._clients: dict[str, AsyncWebClient] = {}

    async def client(self, workspace: str) -> AsyncWebClient:
        """The Web API as the workspace's bot; raises what ``token_for`` raises."""
        token = await self._token_for(workspace)
        template = self._template
        kept = self._clients.get(token)
        if kept and kept.session is template.session:
            return kept
        client = AsyncWebClient(token, template.base_url, session=template.session, logger=template._logger)
        client.retry_handlers = template.retry_handlers
        if len(self._clients) >= _CLIENTS_KEPT:
            self._clients.clear()
        self._clients[token] = client
        return client

    def response_client(self, url: str) -> AsyncWebhookClient:
        """The client of a response URL."""
        return AsyncWebhookClient(
            url,
            timeout=_RESPOND_WITHIN,
            session=self._template.session,
            logger=self._template._logger,
            retry_handlers=self._template.retry_handlers,
        )


def is_passing(error: SlackApiError) -> bool:
    """Whether another attempt may succeed later."""
    # Where a body can't be read the SDK puts aiohttp's response in the place of Slack's.
    response: Any = error.response
    status: int = response.status_code if isinstance(response, AsyncSlackResponse) else response.status
    return status == 429 or status >= 500 or read_code(error) in _PASSING


def read_code(error: SlackApiError) -> str:
    """Slack's code for a refusal, such as ``channel_not_found``; what is no answer of Slack's API has none."""
    response = error.response
    # A server error may come with any text as its body.
    if not isinstance(response, AsyncSlackResponse) or not isinstance(response.data, dict):
        return "unreadable answer"
    return str(response.data.get("error"))


def describe_error(error: BaseException) -> str:
    """Where and as what an error arose, with Slack's code for it; see `bot.faults.describe_error`."""
    return faults.describe_error(error, read_code(error) if isinstance(error, SlackApiError) else "")


def count_error(error: SlackApiError | aiohttp.ClientError | TimeoutError) -> None:
    """Count a call that failed."""
    UPSTREAM_ERRORS.labels(
        "slack", read_code(error) if isinstance(error, SlackApiError) else type(error).__name__
    ).inc()
