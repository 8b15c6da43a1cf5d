"""The bare app that Clausebot is measured beside: Bolt's own server, and a mention sent back in its thread.

``python -m bench.chat_echo PORT SLACK_API TOKEN SECRET``: what Bolt's documentation shows, but for Slack's address.
"""

from __future__ import annotations

import sys
from typing import Any

from slack_bolt.async_app import AsyncApp, AsyncSay
from slack_sdk.web.async_client import AsyncWebClient


def make_app(slack_api: str, token: str, secret: str) -> AsyncApp:
    """The app, with its requests verified."""
    app = AsyncApp(client=AsyncWebClient(token=token, base_url=slack_api), signing_secret=secret)

    @app.event("app_mention")
    async def echo(event: dict[str, Any], say: AsyncSay) -> None:
        await say(text=event["text"], thread_ts=event["ts"])

    return app


if __name__ == "__main__":
    make_app(*sys.argv[2:]).start(port=int(sys.argv[1]), host="127.0.0.1")
