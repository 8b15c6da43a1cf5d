"""Slack's HTTP requests: verified first, then parsed."""

from __future__ import annotations

import re

from aiohttp import web
from slack_bolt.adapter.aiohttp import to_bolt_request
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_sdk.signature import SignatureVerifier

from bot.slack.shapes import is_payload

# What Slack writes, and no more: the verifier raises on a timestamp that is no number and on a signature
# that is not ASCII.
_TIMESTAMP = re.compile(r"[0-9]{1,12}")
_SIGNATURE = re.compile(r"v0=[0-9a-f]{64}")

# Bolt reads a payload's parts without looking at their types; these are what it raises on odd ones, and a
# LookupError is also what an unknown charset gives.
SHAPE_ERRORS = (ValueError, TypeError, AttributeError, LookupError, RecursionError)


async def read_request(request: web.Request, verifier: SignatureVerifier) -> AsyncBoltRequest:
    """A request from Slack, its signature checked over the very bytes that came.

    Args:
        request: what came in; its application limits the body's size.
        verifier: holds the signing secret; refuses what is older or newer than five minutes.

    Raises:
        web.HTTPUnauthorized: the signature is missing, wrong or stale.
        web.HTTPBadRequest: what was signed is not a payload of Slack's.
        web.HTTPRequestEntityTooLarge: the body is larger than the application accepts.
    """
    try:
        body = (await request.read()).decode()
    except (UnicodeDecodeError, web.RequestPayloadError):
        raise web.HTTPBadRequest(text="The body is not UTF-8 text.\n") from None
    timestamp = request.headers.get("X-Slack-Request-Timestamp", "")
    signature = request.headers.get("X-Slack-Signature", "")
    well_formed = _TIMESTAMP.fullmatch(timestamp) and _SIGNATURE.fullmatch(signature)
    if not well_formed or not verifier.is_valid(body, timestamp, signature):
        raise web.HTTPUnauthorized(text="The request is not signed by Slack, or too old.\n")
    try:
        parsed = await to_bolt_request(request)
    except SHAPE_ERRORS:
        raise refuse_shape() from None
    if not is_payload(parsed.body):
        raise refuse_shape()
    return parsed


def refuse_shape() -> web.HTTPBadRequest:
    """The refusal of a body that no payload of Slack's looks like."""
    return web.HTTPBadRequest(text="The body is not a payload of Slack's.\n")
