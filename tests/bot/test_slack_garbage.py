"""Whatever is posted to Slack's endpoint, it is refused as the sender's fault: never a fault of the service."""

from __future__ import annotations

import json
import time

import pytest
from fakes.service import Service
from fakes.slack_requests import event_callback, mention, sign
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

JSON = "application/json"
FORM = "application/x-www-form-urlencoded"
EVENT = json.dumps(event_callback(mention("GL8 5.1(c)"))).encode()

SIGNED_GARBAGE = [
    (b"", JSON),
    (b"{", JSON),
    (b"not json", JSON),
    (b"null", JSON),
    (b"5", JSON),
    (b'"text"', JSON),
    (b"[]", JSON),
    (b"{}", JSON),
    (b'{"type":5}', JSON),
    (b'{"type":"event_callback","event":null}', JSON),
    (b'{"type":"event_callback","event":5}', JSON),
    (b'{"type":"event_callback","event":{}}', JSON),
    (b'{"type":"event_callback","event":{"type":[]}}', JSON),
    (b'{"type":"event_callback","team":5}', JSON),
    (b'{"type":"event_callback","authorizations":5,"event":{"type":"message"}}', JSON),
    (b'{"type":"event_callback","authorizations":[5],"event":{"type":"message"}}', JSON),
    (b"[" * 100_000, JSON),
    (b'{"a":' * 100_000, JSON),
    (b"\xff\xfe\x00", JSON),
    (b'{"type":"\xff"}', JSON),
    (b"hello", "text/plain"),
    (b"hello", FORM),
    (b"payload=", FORM),
    (b"payload={", FORM),
    (b"payload=5", FORM),
    (b"payload=null", FORM),
    (b"a=b&c=d", FORM),
    (b"\xff=\xff", FORM),
    (b"\x00\x01\x02", "application/octet-stream"),
    (EVENT, "application/json; charset=no-such-charset"),
    (EVENT, "application/json; charset=utf-16"),
]


@pytest.mark.parametrize(("body", "content_type"), SIGNED_GARBAGE)
async def test_signed_garbage_is_refused(service: Service, body: bytes, content_type: str) -> None:
    """What is signed and still no payload of Slack's is a 400, and the service goes on."""
    assert (await service.slack.post(body, content_type)).status == 400
    assert (await service.slack.event(mention("another"))).status == 200


@pytest.mark.parametrize(
    "headers",
    [
        {"X_Slack_Signature": ""},
        {"X_Slack_Signature": "v0="},
        {"X_Slack_Signature": "v0=" + "0" * 64},
        {"X_Slack_Signature": "v1=" + "0" * 64},
        {"X_Slack_Signature": "v0=" + "é" * 64},
        {"X_Slack_Signature": "0" * 5000},
        {"X_Slack_Request_Timestamp": ""},
        {"X_Slack_Request_Timestamp": "0"},
        {"X_Slack_Request_Timestamp": "soon"},
        {"X_Slack_Request_Timestamp": "1e9"},
        {"X_Slack_Request_Timestamp": "-1"},
        {"X_Slack_Request_Timestamp": "9" * 5000},
        {"X_Slack_Request_Timestamp": "١٧٠٠٠٠٠٠٠٠"},
    ],
)
async def test_a_bad_signature_or_timestamp_is_refused(service: Service, headers: dict[str, str]) -> None:
    """A signature or timestamp that Slack would not write is a 401."""
    assert (await service.slack.post(EVENT, JSON, **headers)).status == 401
    assert service.answerer.questions == []


@pytest.mark.parametrize(
    "kept", [{}, {"X-Slack-Request-Timestamp": "1700000000"}, {"X-Slack-Signature": "v0=" + "a" * 64}]
)
@pytest.mark.parametrize("body", [EVENT, b"ssl_check=1&token=x", b""])
async def test_missing_headers_are_refused(service: Service, kept: dict[str, str], body: bytes) -> None:
    """Without a signature or its timestamp even Slack's own checks are a 401."""
    async with service.session.post(service.slack.url, data=body, headers=kept) as response:
        assert response.status == 401


async def test_another_secrets_signature_is_refused(service: Service) -> None:
    """A signature made with another secret is a 401."""
    now = str(int(time.time()))
    forged = sign(EVENT, now, secret="another")
    response = await service.slack.post(EVENT, JSON, X_Slack_Request_Timestamp=now, X_Slack_Signature=forged)
    assert response.status == 401


async def test_a_changed_body_is_refused(service: Service) -> None:
    """One byte beside what was signed is a 401."""
    now = str(int(time.time()))
    response = await service.slack.post(
        EVENT + b" ", JSON, X_Slack_Request_Timestamp=now, X_Slack_Signature=sign(EVENT, now)
    )
    assert response.status == 401


async def test_a_body_past_the_limit_is_refused(service: Service) -> None:
    """More than a megabyte is a 413, whether it says its length or not."""
    assert (await service.slack.post(b" " * (1024 * 1024 + 1), JSON)).status == 413

    async def pieces():  # type: ignore[no-untyped-def]
        for _ in range(1025):
            yield b" " * 1024

    async with service.session.post(service.slack.url, data=pieces()) as response:
        assert response.status == 413


@pytest.mark.parametrize("encoding", ["gzip", "deflate", "br"])
async def test_a_body_that_does_not_unpack_is_refused(service: Service, encoding: str) -> None:
    """A body that is not compressed as it says is the sender's fault."""
    headers = {"Content-Encoding": encoding, "Content-Type": JSON}
    async with service.session.post(service.slack.url, data=b"not compressed", headers=headers) as response:
        assert 400 <= response.status < 500


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE", "PATCH"])
async def test_other_methods_are_refused(service: Service, method: str) -> None:
    """Slack posts; nothing else is allowed."""
    async with service.session.request(method, service.slack.url) as response:
        assert response.status == 405


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=10), inner, max_size=3),
    max_leaves=6,
)
EVENTS = st.fixed_dictionaries(
    {"type": st.sampled_from(["app_mention", "message", "reaction_added"]) | VALUES},
    optional=dict.fromkeys(("user", "text", "channel", "ts", "thread_ts", "channel_type", "bot_id"), VALUES),
)
TYPES = ("event_callback", "block_actions", "view_submission", "shortcut", "url_verification")
PARTS = ("team", "team_id", "user", "channel", "authorizations", "enterprise", "view", "actions", "response_url")
TYPED = st.fixed_dictionaries(
    {"type": st.sampled_from(TYPES) | VALUES},
    optional=dict.fromkeys(PARTS, VALUES) | {"event": EVENTS | VALUES, "command": st.just("/clause") | VALUES},
)
COMMANDS = st.fixed_dictionaries(
    {"command": st.just("/clause") | VALUES},
    optional=dict.fromkeys(("text", "user_id", "channel_id", "response_url"), st.text(max_size=20) | VALUES),
)
SHAPES = (TYPED | COMMANDS).map(lambda shape: json.dumps(shape).encode())
HEADER = st.text(st.characters(min_codepoint=32, max_codepoint=126), max_size=40)


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(body=SHAPES | st.binary(max_size=200), content_type=st.sampled_from([JSON, FORM, "text/plain"]) | HEADER)
async def test_no_signed_body_is_a_fault_of_the_service(service: Service, body: bytes, content_type: str) -> None:
    """Signed bodies of every shape are taken, refused or unknown, and never a 5xx."""
    assert (await service.slack.post(body, content_type)).status in (200, 400, 404)


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(body=st.binary(max_size=200), timestamp=HEADER, signature=HEADER)
async def test_no_unsigned_request_gets_in(service: Service, body: bytes, timestamp: str, signature: str) -> None:
    """Whatever stands in the headers, an unsigned body is a 401, or a 400 if it is no text."""
    response = await service.slack.post(
        body, JSON, X_Slack_Request_Timestamp=timestamp.strip(), X_Slack_Signature=signature.strip()
    )
    assert response.status in (400, 401)
