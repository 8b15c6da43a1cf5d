"""Whatever is posted to Slack's endpoint, it is refused as the sender's fault: never a fault of the service."""

from __future__ import annotations

import copy
import json
import re
import time
from collections.abc import Iterator
from typing import Any

import pytest
from fakes.service import Service, serve
from fakes.slack import FakeSlack
from fakes.slack_requests import app_home_opened, channel_message, event_callback, mention, sign, tokens_revoked
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.settings import Settings
from bot.slack import ids
from bot.values import Asked, Pointer, Rating, pack

# What code raises that takes one type for another.
FAULT = re.compile(r"(?:Type|Attribute|Key|Index|Value|Recursion)Error")

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


# Interactions and an event as Slack sends them, with what listeners read of them.
_PLACE = {
    "user": {"id": "U0ANN", "team_id": "T0TEAM"},
    "team": {"id": "T0TEAM"},
    "enterprise": {"id": "E0ORG"},
    "trigger_id": "1.2.abc",
    "response_url": "https://127.0.0.1:9/",
    "channel": {"id": "C0CHAN"},
    "container": {"channel_id": "C0CHAN", "message_ts": "1.1", "thread_ts": "1.0", "is_ephemeral": True},
    "api_app_id": "A0APP",
}
_ANSWERED = pack(Asked("a" * 64, "who keeps copies?", ("GL8 5.1(c)",)))
_POINTER = pack(Pointer("GL8 5.1(c)", "a-guide"))


def press(action_id: str, value: str) -> dict[str, Any]:
    """A press of a button, or a choice in a list."""
    chosen = {"selected_option": {"value": value}, "selected_conversation": "C0CHAN"}
    action = {"action_id": action_id, "block_id": "b", "type": "button", "action_ts": "1.5", "value": value} | chosen
    return _PLACE | {"type": "block_actions", "message": {"ts": "1.1", "thread_ts": "1.0"}, "actions": [action]}


def submission(callback_id: str, metadata: dict[str, str], **values: dict[str, Any]) -> dict[str, Any]:
    """A modal that was sent."""
    view = {"id": "V1", "hash": "h", "type": "modal", "callback_id": callback_id}
    state = {"values": {name: {name: value} for name, value in values.items()}}
    return _PLACE | {
        "type": "view_submission",
        "view": view | {"private_metadata": json.dumps(metadata), "state": state},
    }


_OWN = {"ts": "1.1", "app_id": "A0APP", "text": "an answer"}
_BUTTON = {"type": "actions", "elements": [{"action_id": ids.SOURCE, "value": _POINTER, "options": []}]}
WELL_FORMED: list[dict[str, Any]] = [
    press(ids.SHARE, _ANSWERED),
    press(ids.ASK_PERSON, _ANSWERED),
    press("choice:0", _POINTER),
    press(ids.CHOICE_SELECT, _POINTER),
    press(ids.SOURCE, _POINTER),
    press(ids.RELATED, _POINTER),
    press(ids.FEEDBACK, pack(Rating("a" * 64, helpful=False))),
    press(ids.SETTINGS_CHANNEL, "C0CHAN"),
    press(ids.CLEAR_RECENT, "home"),
    press(ids.LOOK_UP, "home"),
    submission(ids.LOOKUP_MODAL, {}, lookup_clause={"selected_option": {"value": _POINTER}}),
    submission(ids.FEEDBACK_MODAL, {"answer_id": "a" * 64}, feedback_reason={"selected_option": {"value": "other"}}),
    submission(
        ids.SETTINGS_MODAL,
        {"channel": "C0CHAN"},
        settings_replies={"selected_option": {"value": "thread"}},
        settings_helpers={"selected_conversation": "C0OTHER"},
        settings_quiet={"selected_options": [{"value": "on"}]},
    ),
    _PLACE | {"type": "block_suggestion", "action_id": ids.LOOKUP_CLAUSE, "block_id": "b", "value": "5.1"},
    _PLACE | {"type": "block_suggestion", "action_id": ids.SETTINGS_GROUP, "block_id": "b", "value": "h"},
    _PLACE | {"type": "shortcut", "callback_id": ids.LOOK_UP_SHORTCUT},
    _PLACE | {"type": "message_action", "callback_id": ids.ASK_SHORTCUT, "message": _OWN | {"blocks": [_BUTTON]}},
    event_callback(app_home_opened()),
    event_callback(app_home_opened("messages")),
    event_callback(channel_message("who keeps copies?", "1.0")),
    event_callback(tokens_revoked(bot=["U0CLAUSE"])),
]


def find_places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The paths to everything inside a JSON value."""
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, part in inner:
        yield (*path, key)
        yield from find_places(part, (*path, key))


def spoil(payload: dict[str, Any], path: tuple[Any, ...], wrong: Any) -> dict[str, Any]:
    """The payload with another value in one place."""
    spoiled = copy.deepcopy(payload)
    place: Any = spoiled
    for key in path[:-1]:
        place = place[key]
    place[path[-1]] = wrong
    return spoiled


@pytest.mark.parametrize("wrong", [5, None, [5], {"a": 5}, True], ids=repr)
async def test_one_wrong_type_in_a_signed_payload_breaks_no_listener(
    http_settings: Settings, fake: FakeSlack, caplog: pytest.LogCaptureFixture, wrong: Any
) -> None:
    """Whatever place of a payload holds another type, it is refused or passed over: no listener trips over it."""
    async with serve(http_settings, fake) as service:
        for payload in WELL_FORMED:
            for path in find_places(payload):
                spoiled = spoil(payload, path, wrong)
                if "event" in spoiled:
                    response = await service.slack.post(json.dumps(spoiled).encode(), JSON)
                else:
                    response = await service.slack.interact(spoiled)
                assert response.status in (200, 400, 404), (payload["type"], path)
    assert not FAULT.search(caplog.text)


@pytest.mark.parametrize("wrong", [5, None, [5], {"a": 5}], ids=repr)
async def test_one_wrong_type_over_socket_mode_is_acknowledged(
    socket_service: Service, caplog: pytest.LogCaptureFixture, wrong: Any
) -> None:
    """Over Socket Mode what is no payload of Slack's is done with: Slack would deliver it again and again."""
    for path in (("user",), ("user", "id"), ("actions",), ("actions", 0), ("trigger_id",)):
        ack = await socket_service.fake.deliver("interactive", spoil(press(ids.SHARE, _ANSWERED), path, wrong))
        assert "payload" not in ack
    assert not [record for record in caplog.records if record.levelname == "ERROR"]


async def test_a_type_that_nobody_handles_is_logged_in_a_few_plain_characters(
    service: Service, caplog: pytest.LogCaptureFixture
) -> None:
    """What is called a type neither forges a line of the log nor floods it."""
    kind = "view\nERROR forged \x1b[31m" + "x" * 5000
    assert (await service.slack.post(json.dumps({"type": kind}).encode(), JSON)).status == 404
    [line] = [record.getMessage() for record in caplog.records if "Nothing here handles" in record.getMessage()]
    assert line == "Nothing here handles what Slack sent: " + ("viewERRORforged31m" + "x" * 5000)[:40]


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
