"""The benchmark of chat in Teams: its activities are signed, and its three services answer each of them once."""

from __future__ import annotations

import json
from typing import Any

import jwt
import pytest

from bench import chat, chat_teams


async def test_activities_are_signed_by_the_key_that_is_told() -> None:
    """The token of an activity names the app and the address to answer at, and the told key proves it."""
    teams = chat_teams.Teams(["who?"])
    async with teams.listen() as address:
        head, _, body = teams.write("1800000000.000001", "who?").partition(b"\r\n\r\n")
        told = jwt.PyJWKSet.from_json(teams.take_call(b"keys", b"").decode())
    activity = json.loads(body)
    token = head.decode().partition("Authorization: Bearer ")[2].partition("\r\n")[0]
    key = told[jwt.get_unverified_header(token)["kid"]]
    claims = jwt.decode(token, key, ["RS256"], audience=chat_teams.APP_ID, issuer=chat_teams.ISSUER)
    assert claims["serviceurl"] == activity["serviceUrl"] == address
    assert (activity["id"], activity["text"]) == ("1800000000.000001", "<at>Clausebot</at> who?")
    assert f"Content-Length: {len(body)}\r\n" in f"{head.decode()}\r\n"


async def test_only_messages_count_as_replies() -> None:
    """That somebody types is no reply; what counts is what is read aloud, or else the text."""
    teams = chat_teams.Teams(["who?"])
    (first, asked), (second, other) = teams._make(2)
    teams.take_call(first.encode(), b'{"type": "typing"}')
    assert asked.replies == []
    teams.take_call(first.encode(), b'{"type": "message", "text": "[1]", "speak": "You do."}')
    teams.take_call(second.encode(), b'{"type": "message", "text": "who?"}')
    assert (asked.text, other.text) == ("You do.", "who?")


@pytest.fixture(scope="module")
def report() -> dict[str, Any]:
    """One short round of the real services."""
    return chat.measure(rounds=1, events=40, channel="teams")


def test_every_service_answers_every_activity_once(report: dict[str, Any]) -> None:
    """The echo app, Clausebot on SQLite and two of it on PostgreSQL answer what they are sent, without a fault."""
    paced = chat._CHANNELS["teams"].paced
    assert report["faults"] == []
    assert list(report["services"]) == ["echo", "sqlite", "postgresql", "sqlite, new questions"]
    assert [each["answered"] for each in report["services"].values()] == [40 + paced, 40 + paced, 40 + paced, 40]
    assert report["services"]["echo"]["ratio"]["median"] == 1.0
    assert json.loads(json.dumps(report)) == report


def test_the_table_names_the_peer_and_no_floor(report: dict[str, Any]) -> None:
    """The first line of figures is the SDK's echo app, and nothing is asked of the ratio."""
    text = chat.render(report)
    assert text.splitlines()[1].startswith("Agents SDK echo")
    assert "The API of Teams" in text
    assert "at least" not in text


@pytest.mark.parametrize(("faults", "held"), [([], True), (["lost"], False)])
def test_without_a_floor_only_faults_fail(faults: list[str], held: bool) -> None:
    """However small the ratio, the benchmark fails only with a fault."""
    services = {name: {"ratio": {"median": 0.01}} for name in ("sqlite", "postgresql")}
    assert chat.holds({"faults": faults, "services": services, "floor": None}) is held
