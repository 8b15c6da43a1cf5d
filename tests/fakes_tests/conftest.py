"""The fake of Slack, and the SDK's client upon it: no service between them."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from fakes.slack import BOT_TOKEN, FakeSlack
from slack_sdk.web.async_client import AsyncWebClient


@pytest.fixture
async def fake() -> AsyncIterator[FakeSlack]:
    """Slack, until the end of the test."""
    slack = FakeSlack()
    await slack.start()
    yield slack
    await slack.stop()


@pytest.fixture
def client(fake: FakeSlack) -> AsyncWebClient:
    """The SDK's client with the token of the first workspace; it tries nothing again."""
    return AsyncWebClient(BOT_TOKEN, fake.api_url, retry_handlers=[])
