"""Who may post activities: every unsafe default of Microsoft's SDK is changed, and nothing holds up other channels."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import AsyncIterator, Callable
from datetime import datetime, tzinfo
from types import SimpleNamespace
from typing import Any

import pytest
from fakes.slack import FakeSlack
from fakes.slack_requests import direct_message
from fakes.teams import FakeTeams
from fakes.teams_activities import personal, search
from fakes.teams_service import TeamsService, serve_teams
from fakes.teams_signer import APP_ID, TENANT, KeyMishap, sign
from sqlalchemy import text

from bot.settings import Settings, load_settings
from bot.teams.addresses import Connectors

QUESTION = "who handles backups under GL8 5.1(c)?"
SMBA = "https://smba.trafficmanager.net/emea/"

# What each of these changes in a good token makes it a bad one.
BAD_TOKENS: dict[str, Callable[[], dict[str, Any]]] = {
    "another issuer": lambda: {"iss": "https://sts.example.org/"},
    "the tenant as issuer": lambda: {"iss": f"https://sts.windows.net/{TENANT}/", "tid": TENANT},
    "the tenant as issuer, version 2": lambda: {"iss": f"https://login.microsoftonline.com/{TENANT}/v2.0"},
    "a tenant of Microsoft's as issuer": lambda: {
        "iss": "https://sts.windows.net/d6d49420-f39b-4df7-a1dc-d59a935871db/"
    },
    "no issuer": lambda: {"iss": None},
    "several issuers": lambda: {"iss": ["https://api.botframework.com"]},
    "another app": lambda: {"aud": "0c1a05eb-0000-4000-8000-000000000bad"},
    "several apps": lambda: {"aud": [APP_ID]},
    "no app": lambda: {"aud": None},
    "expired two minutes ago": lambda: {"exp": int(time.time()) - 120},
    "no expiry": lambda: {"exp": None},
    "an expiry that is no time": lambda: {"exp": "soon"},
    "an endless expiry": lambda: {"exp": float("inf")},
    "valid in two minutes": lambda: {"nbf": int(time.time()) + 120},
    "no service URL": lambda: {"serviceurl": None},
    "a service URL that is none": lambda: {"serviceurl": 5},
    "signed with another key": lambda: {"key": "other", "kid": "first"},
    "signed with a key that is not told": lambda: {"key": "other"},
    "a key that is told broken": lambda: {"kid": "broken"},
    "no key's id": lambda: {"kid": None},
    "signed with the public key as a secret": lambda: {"algorithm": "HS256"},
    "not signed": lambda: {"algorithm": "none"},
    "another algorithm": lambda: {"algorithm": "RS384"},
}


async def test_what_teams_signed_is_taken_in(teams_service: TeamsService) -> None:
    """A good token lets an activity in, also half a minute after its end, since clocks differ."""
    now = int(time.time())
    for claims in ({}, {"exp": now - 30}, {"nbf": now + 30}):
        assert (await teams_service.post(personal(QUESTION), **claims)).status == 202
    await teams_service.fake.wait_for(3)


@pytest.mark.parametrize("name", BAD_TOKENS)
async def test_a_bad_token_is_refused(teams_service: TeamsService, name: str) -> None:
    """What is not signed for this app by Teams, for now, is a 401 that tells nothing, and no answer."""
    response = await teams_service.post(personal(QUESTION), **BAD_TOKENS[name]())
    assert response.status == 401
    assert await response.text() == "The request is not signed by Teams.\n"
    await teams_service.post(personal("another"))
    await teams_service.fake.wait_for(1)
    assert teams_service.answerer.questions == ["another"]


@pytest.mark.parametrize(
    "header",
    [None, "Bearer", "Bearer ", "Basic YW5uOm5v", "Bearer a.b", "Bearer a.b.c", "Bearer e30.e30.e30", "Bearer é.é.é"],
)
async def test_what_is_no_token_is_refused(teams_service: TeamsService, header: str | None) -> None:
    """Without a token, or with something else in its place, a request is a 401."""
    body = json.dumps(personal(QUESTION) | {"serviceUrl": teams_service.fake.addresses.connector})
    assert (await teams_service.post_raw(body, header)).status == 401
    assert teams_service.fake.keys.calls == 0


async def test_a_key_for_other_channels_signs_nothing_for_teams(teams: FakeTeams, teams_settings: Settings) -> None:
    """A key that Microsoft endorses for other channels only is refused; one without endorsements is taken."""
    teams.keys.keys = {"first": ["webchat"], "second": None}
    async with serve_teams(teams_settings, teams) as service:
        assert (await service.post(personal(QUESTION))).status == 401
        assert (await service.post(personal(QUESTION), key="second")).status == 202


async def test_tokens_of_others_do_not_reach_the_key_server(teams_service: TeamsService) -> None:
    """Nobody has keys fetched with a token of another issuer, for another app, past its time or signed otherwise."""
    for name in ("the tenant as issuer", "another app", "expired two minutes ago", "not signed", "another algorithm"):
        await teams_service.post(personal(QUESTION), **BAD_TOKENS[name]())
    assert teams_service.fake.keys.calls == 0


@pytest.mark.parametrize(("late", "status"), [(59, 202), (60, 401)])
async def test_a_token_that_was_taken_is_refused_past_its_time(
    teams_service: TeamsService, monkeypatch: pytest.MonkeyPatch, late: int, status: int
) -> None:
    """That a token was found good holds until it ends and for the minute that clocks may differ by, to the second."""
    expiry = int(time.time()) + 600
    token = {"iat": 1, "nbf": 1, "exp": expiry}
    assert (await teams_service.post(personal(QUESTION), **token)).status == 202

    class Later(datetime):
        @classmethod
        def now(cls, tz: tzinfo | None = None) -> Later:
            return cls.fromtimestamp(expiry + late, tz)

    monkeypatch.setattr("bot.teams.auth.time", SimpleNamespace(time=lambda: expiry + late))
    monkeypatch.setattr("jwt.api_jwt.datetime", Later)
    assert (await teams_service.post(personal(QUESTION), **token)).status == status


async def test_a_token_that_was_taken_is_refused_once_its_key_is_for_others(
    teams_service: TeamsService, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Keys that are fetched anew are asked about tokens that were taken before."""
    token: dict[str, Any] = {"iat": 1}
    assert (await teams_service.post(personal(QUESTION), **token)).status == 202
    monkeypatch.setattr("bot.teams.keys._BELIEVED", 0.0)
    monkeypatch.setattr("bot.teams.keys._AGAIN_AFTER", 0.0)
    teams_service.fake.keys.keys["first"] = ["webchat"]
    assert (await teams_service.post(personal(QUESTION), **token)).status == 401


async def test_unknown_keys_have_the_keys_fetched_once_a_minute(teams_service: TeamsService) -> None:
    """However many keys somebody makes up, the server is asked once more at most."""
    assert (await teams_service.post(personal(QUESTION))).status == 202
    for number in range(5):
        assert (await teams_service.post(personal(QUESTION), kid=f"made up {number}")).status == 401
    assert teams_service.fake.keys.calls == 1


async def test_a_new_key_is_fetched(teams_service: TeamsService, monkeypatch: pytest.MonkeyPatch) -> None:
    """When Microsoft begins to sign with a new key, it is fetched at its first use."""
    assert (await teams_service.post(personal(QUESTION))).status == 202
    monkeypatch.setattr("bot.teams.keys._AGAIN_AFTER", 0.0)
    teams_service.fake.keys.keys["second"] = ["msteams"]
    assert (await teams_service.post(personal(QUESTION), key="second")).status == 202
    assert teams_service.fake.keys.calls == 2


@pytest.mark.parametrize("mishap", ["server error", "nonsense", "empty", "redirect"])
async def test_while_keys_cannot_be_had_teams_is_asked_to_come_again(
    teams_service: TeamsService, monkeypatch: pytest.MonkeyPatch, mishap: KeyMishap
) -> None:
    """Where the server tells no keys, a request is a 503, which Teams repeats; once it does, the same is taken."""
    teams_service.fake.keys.mishaps.append(mishap)
    activity = personal(QUESTION)
    assert (await teams_service.post(activity)).status == 503
    assert (await teams_service.post(activity)).status == 503
    assert teams_service.fake.keys.calls == 1
    monkeypatch.setattr("bot.teams.keys._AFTER_FAILURE", 0.0)
    assert (await teams_service.post(activity)).status == 202
    await teams_service.fake.wait_for(1)


async def test_known_keys_outlive_their_server(teams_service: TeamsService, monkeypatch: pytest.MonkeyPatch) -> None:
    """Keys that are due to be fetched anew are believed while the server is away."""
    assert (await teams_service.post(personal(QUESTION))).status == 202
    monkeypatch.setattr("bot.teams.keys._FRESH", 0.0)
    monkeypatch.setattr("bot.teams.keys._AGAIN_AFTER", 0.0)
    teams_service.fake.keys.mishaps.extend(["server error"] * 3)
    for _ in range(3):
        assert (await teams_service.post(personal(QUESTION))).status == 202
    monkeypatch.setattr("bot.teams.keys._BELIEVED", 0.0)
    teams_service.fake.keys.mishaps.extend(["server error"] * 3)
    assert (await teams_service.post(personal(QUESTION))).status == 503


async def test_slack_is_answered_while_the_key_server_hangs(
    teams: FakeTeams,
    fake: FakeSlack,
    teams_settings: Settings,
    http_settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Requests that wait for keys hold up neither Slack nor the threads that names are looked up in."""
    monkeypatch.setattr("bot.teams.keys._FETCH_WITHIN", 60.0)
    teams.keys.mishaps.append("hang")
    async with serve_teams(load_settings(), teams, slack=fake) as service:
        waiting = [asyncio.create_task(service.post(personal(QUESTION))) for _ in range(40)]
        await teams.keys.asked.wait()
        assert (await service.slack().event(direct_message("GL8 5.1(c)"))).status == 200
        await fake.wait_for(1)
        assert await asyncio.to_thread(lambda: "free") == "free"
        assert not any(task.done() for task in waiting)
        teams.keys.released.set()
        assert {response.status for response in await asyncio.gather(*waiting)} == {503}
    assert teams.keys.calls == 1


async def test_a_hanging_key_server_is_not_waited_for_for_ever(
    teams_service: TeamsService, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After its time a fetch is given up, and the request is a 503."""
    monkeypatch.setattr("bot.teams.keys._FETCH_WITHIN", 0.1)
    teams_service.fake.keys.mishaps.append("hang")
    assert (await teams_service.post(personal(QUESTION))).status == 503


async def test_a_stop_does_not_wait_for_keys(teams: FakeTeams, teams_settings: Settings) -> None:
    """A service that is stopped while keys are fetched gives that up."""
    teams.keys.mishaps.append("hang")
    async with serve_teams(teams_settings, teams) as service:
        waiting = asyncio.create_task(service.post(personal(QUESTION)))
        await teams.keys.asked.wait()
        await service.runner.cleanup()
        await asyncio.wait([waiting])
        waiting.exception()  # the connection ended, or a 503 came


@pytest.mark.parametrize(
    ("activity", "claimed"),
    [
        ("https://smba.example.org/", "https://smba.example.org/"),
        ("https://smba.trafficmanager.net.example.org/", "https://smba.trafficmanager.net.example.org/"),
        ("https://anybody.blob.core.windows.net/", "https://anybody.blob.core.windows.net/"),
        ("http://smba.trafficmanager.net/emea/", "http://smba.trafficmanager.net/emea/"),
        ("https://ann:no@smba.trafficmanager.net/", "https://ann:no@smba.trafficmanager.net/"),
        ("https://127.0.0.1/", "https://127.0.0.1/"),
        (SMBA, "https://smba.trafficmanager.net/amer/"),
        (None, SMBA),
        (5, SMBA),
    ],
)
async def test_replies_go_only_where_the_token_says(
    teams_service: TeamsService, activity: object, claimed: str
) -> None:
    """An activity to be answered elsewhere than at Microsoft's, or than its token says, is refused and not answered."""
    made = personal(QUESTION) | {"serviceUrl": activity}
    if activity is None:
        del made["serviceUrl"]
    response = await teams_service.post_raw(json.dumps(made), f"Bearer {sign(claimed)}")
    assert response.status == (400 if activity == 5 else 401)
    assert teams_service.answerer.questions == []


def test_replies_may_be_sent_to_microsofts_connectors() -> None:
    """The connectors of Teams' clouds are allowed in earnest, this machine only in development."""
    earnest, development = Connectors(anonymous=False), Connectors(anonymous=True)
    theirs = [SMBA, "https://smba.infra.gcc.teams.microsoft.com/teams", "https://europe.botframework.com"]
    assert [earnest.is_allowed(url) for url in theirs] == [True] * 3
    assert [development.is_allowed(url) for url in theirs] == [False] * 3
    ours = ["http://127.0.0.1:56150/_connector", "http://localhost:56150", "http://[::1]:9/"]
    assert [development.is_allowed(url) for url in ours] == [True] * 3
    assert [earnest.is_allowed(url) for url in ours] == [False] * 3
    assert not development.is_allowed("http://127.0.0.1.example.org/")
    assert not development.is_allowed("http://[")


@pytest.mark.parametrize(
    "changes",
    [
        {"channelId": "directline"},
        {"channelId": "emulator"},
        {"channelId": None},
        {"channelData": {"tenant": {"id": "7e9a9700-0000-4000-8000-000000000bad"}}},
        {"channelData": {}, "conversation": {"id": "a:1"}},
    ],
)
async def test_what_is_not_from_our_teams_is_refused(teams_service: TeamsService, changes: dict[str, Any]) -> None:
    """In another channel anybody could say to be somebody else, and another tenant is not the operator's: both 401."""
    assert (await teams_service.post(personal(QUESTION, **changes))).status == 401
    assert teams_service.answerer.questions == []


@pytest.mark.parametrize(
    "body",
    [
        "",
        "{}",
        "[]",
        "null",
        "5",
        '"message"',
        b"\xff\xfe",
        "{" * 50_000,
        "[" * 50_000,
        '{"type": "message"}',
        '{"type": "", "conversation": {"id": "a:1"}}',
        '{"type": "message", "conversation": {}}',
        '{"type": "message", "conversation": {"id": ""}}',
        '{"type": "message", "conversation": "a:1"}',
        '{"type": "message", "conversation": {"id": "a:1"}, "from": 5}',
        '{"type": "message", "conversation": {"id": "a:1"}, "entities": [5]}',
        '{"type": "message", "conversation": {"id": "a:1"}, "entities": [{"type": "mention", "mentioned": "no"}]}',
    ],
)
async def test_a_body_that_is_no_activity_is_refused(
    teams_service: TeamsService, caplog: pytest.LogCaptureFixture, body: str | bytes
) -> None:
    """An empty or malformed body is a 400, and the log holds no traceback."""
    connector = teams_service.fake.addresses.connector or ""
    response = await teams_service.post_raw(body, f"Bearer {sign(connector)}")
    assert response.status == 400
    assert "Traceback" not in caplog.text
    assert (await teams_service.post(personal(QUESTION))).status == 202


@pytest.mark.parametrize("content_type", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data"])
async def test_what_a_page_could_send_unasked_is_refused(teams_service: TeamsService, content_type: str) -> None:
    """A body that is not called JSON is a 415, even signed."""
    body = json.dumps(personal(QUESTION))
    connector = teams_service.fake.addresses.connector or ""
    assert (await teams_service.post_raw(body, f"Bearer {sign(connector)}", content_type)).status == 415


async def test_other_methods_and_places_are_refused(teams_service: TeamsService) -> None:
    """Only POST to /api/messages is for Teams, and what other paths hold asks for no token."""
    address = teams_service.address
    headers = {"Authorization": f"Bearer {sign(teams_service.fake.addresses.connector or '')}"}
    assert (await teams_service.session.get(f"{address}/api/messages", headers=headers)).status == 405
    assert (await teams_service.session.post(f"{address}/api/other", headers=headers)).status == 404
    assert (await teams_service.session.get(f"{address}/healthz")).status == 200


async def test_what_cannot_be_stored_is_not_acknowledged(teams_service: TeamsService) -> None:
    """While the database refuses, a message is a 503 that tells nothing; delivered again, it is answered."""
    activity = personal(QUESTION)
    engine = teams_service.records.engine
    async with engine.begin() as connection:
        await connection.execute(text("ALTER TABLE inbox RENAME TO away"))
    response = await teams_service.post(activity)
    assert (response.status, await response.text()) == (503, "This can't be taken in now.\n")
    assert (await teams_service.post(search("GL8"))).status == 200
    async with engine.begin() as connection:
        await connection.execute(text("ALTER TABLE away RENAME TO inbox"))
    assert (await teams_service.post(activity)).status == 202
    await teams_service.fake.wait_for(1)


@pytest.fixture
async def open_service(teams: FakeTeams, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[TeamsService]:
    """The service as it is tried out: it believes whoever is on this machine."""
    monkeypatch.setenv("CLAUSEBOT_TEAMS_ANONYMOUS", "1")
    teams.anonymous = True
    async with serve_teams(load_settings(), teams) as running:
        yield running


async def test_in_development_nothing_is_signed(open_service: TeamsService) -> None:
    """Tried out on one machine, an unsigned activity is answered, without a token, to this machine alone."""
    here = {"serviceUrl": open_service.fake.addresses.connector}
    open_service.fake.known.add("1")
    assert (await open_service.post_raw(json.dumps(personal(QUESTION, id="1") | here), None)).status == 202
    await open_service.fake.wait_for(1)
    there = {"serviceUrl": SMBA}
    assert (await open_service.post_raw(json.dumps(personal(QUESTION) | there), None)).status == 401
    assert open_service.fake.keys.calls == open_service.fake.entra.calls == 0


async def test_without_an_app_teams_is_off(teams: FakeTeams, http_settings: Settings, fake: FakeSlack) -> None:
    """Where Teams is not set up, its address says so."""
    async with serve_teams(http_settings, teams, slack=fake) as service:
        response = await service.post(personal(QUESTION))
        assert response.status == 404
        assert "MICROSOFT_APP_ID" in await response.text()
