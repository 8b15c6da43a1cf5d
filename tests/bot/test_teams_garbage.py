"""Whatever is posted to Teams' endpoint, it is taken or refused as the sender's fault: never a fault of the service."""

from __future__ import annotations

import json
from typing import Any

from fakes.teams_activities import CHANNEL, personal
from fakes.teams_service import TeamsService
from fakes.teams_signer import TENANT, sign
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.teams import verbs
from bot.values import Asked, Pointer, pack

JSON = "application/json"

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=10), inner, max_size=3),
    max_leaves=6,
)
VERBS = [value for name, value in vars(verbs).items() if name.isupper()]
PACKED = [
    pack(Pointer("GL8 5.1(c)")),
    pack(Pointer("")),
    pack(Asked("a" * 64, "", ())),
    pack(Asked("", "who?", ("x",))),
]
DATA = st.dictionaries(
    st.sampled_from([*VERBS, "verb", "value"]), st.sampled_from([*VERBS, *PACKED]) | VALUES, max_size=5
)
PARAMETERS = st.lists(st.fixed_dictionaries({"name": VALUES, "value": VALUES}) | VALUES, max_size=2)
ASKED = st.fixed_dictionaries(
    {},
    optional={
        "action": st.fixed_dictionaries({"data": DATA | VALUES}) | VALUES,
        "parameters": PARAMETERS | VALUES,
        "queryOptions": st.fixed_dictionaries({"skip": VALUES}) | VALUES,
        "actionName": st.just("feedback") | VALUES,
        "actionValue": st.fixed_dictionaries({"reaction": VALUES, "feedback": VALUES}) | VALUES,
        "replyToId": VALUES,
    },
)
TYPES = ["message", "invoke", "conversationUpdate", "installationUpdate"]
NAMES = ["adaptiveCard/action", "composeExtension/query", "message/submitAction", "task/fetch"]
TOLD = personal("")
WORDS = st.text(min_size=1, max_size=40)
ACCOUNTS = st.just(TOLD["recipient"]) | st.fixed_dictionaries(
    {"id": WORDS}, optional={"name": st.text(max_size=20), "aadObjectId": WORDS, "role": st.just("bot") | WORDS}
)
# What the SDK checks is right, so that the rest comes to be read.
ACTIVITIES = st.fixed_dictionaries(
    {"type": st.sampled_from(TYPES), "name": st.sampled_from(NAMES) | WORDS, "value": ASKED | DATA | VALUES},
    optional={
        "action": st.sampled_from(["add", "remove"]) | WORDS,
        "membersAdded": st.lists(ACCOUNTS, max_size=2),
        "entities": st.lists(st.fixed_dictionaries({"type": st.just("mention"), "mentioned": ACCOUNTS}), max_size=2),
        "conversation": st.fixed_dictionaries(
            {"id": WORDS | st.just(f"{CHANNEL};messageid=1")},
            optional={"conversationType": st.sampled_from(["personal", "groupChat", "channel"]) | WORDS},
        ),
        "channelData": st.fixed_dictionaries({"tenant": st.just({"id": TENANT})}, optional={"team": VALUES}),
        **dict.fromkeys(("from", "recipient"), ACCOUNTS),
        **dict.fromkeys(("id", "text", "locale", "replyToId"), WORDS),
    },
)


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(changes=ACTIVITIES)
async def test_no_activity_is_a_fault_of_the_service(teams_service: TeamsService, changes: dict[str, Any]) -> None:
    """Whatever an activity holds where the SDK checks nothing, it is taken or unknown, never a 503 that is repeated."""
    assert (await teams_service.post(TOLD | changes)).status in (200, 202, 501)


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(body=st.binary(max_size=200) | VALUES.map(lambda value: json.dumps(value).encode()))
async def test_no_signed_body_is_a_fault_of_the_service(teams_service: TeamsService, body: bytes) -> None:
    """Signed bodies of every shape are a 400."""
    connector = teams_service.fake.addresses.connector or ""
    assert (await teams_service.post_raw(body, f"Bearer {sign(connector)}")).status == 400


async def test_a_body_past_the_limit_is_refused(teams_service: TeamsService) -> None:
    """More than a megabyte is a 413, signed or not."""
    connector = teams_service.fake.addresses.connector or ""
    for authorization in (None, f"Bearer {sign(connector)}"):
        assert (await teams_service.post_raw(b" " * (1024 * 1024 + 1), authorization)).status == 413


async def test_charsets_that_are_none_are_refused(teams_service: TeamsService) -> None:
    """A body in an unknown charset, or not in the one that it names, is a 400."""
    connector = teams_service.fake.addresses.connector or ""
    body = json.dumps(personal("GL8 5.1(c)"))
    for charset in ("no-such-charset", "utf-16"):
        response = await teams_service.post_raw(body, f"Bearer {sign(connector)}", f"{JSON}; charset={charset}")
        assert response.status == 400
