"""The benchmark of chat: what it sends and counts, and that its three services answer every event once."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
import pytest
from aiohttp import web
from slack_sdk.signature import SignatureVerifier

from bench import chat, chat_services
from bench.chat_slack import SECRET, TOKEN, Asked, Slack

Answer = Callable[[aiohttp.ClientSession, str, dict[str, Any]], Awaitable[None]]


@asynccontextmanager
async def serve(slack_api: str, answer: Answer, status: int = 200) -> AsyncIterator[int]:
    """The port of a service that checks what Slack sends, acknowledges it and answers in a task of its own."""
    verifier = SignatureVerifier(SECRET)
    tasks = set()
    async with aiohttp.ClientSession() as session:

        async def take(request: web.Request) -> web.Response:
            body = (await request.read()).decode()
            assert verifier.is_valid_request(body, dict(request.headers))
            event = json.loads(body)["event"]
            assert event["type"] == "app_mention"
            tasks.add(asyncio.create_task(answer(session, slack_api, event)))
            return web.Response(status=status)

        app = web.Application()
        app.router.add_post("/slack/events", take)
        runner = web.AppRunner(app)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        try:
            yield site.port
            await asyncio.gather(*tasks)
        finally:
            await runner.cleanup()


async def post(session: aiohttp.ClientSession, slack_api: str, event: dict[str, Any]) -> None:
    """Answer an event in its thread with its own text."""
    message = {"channel": event["channel"], "thread_ts": event["ts"], "text": event["text"]}
    headers = {"Authorization": f"Bearer {TOKEN}"}
    async with session.post(f"{slack_api}chat.postMessage", json=message, headers=headers) as response:
        posted = await response.json()
        assert (posted["ok"], posted["message"]) == (True, message)


async def test_events_are_signed_and_each_answer_is_counted() -> None:
    """Each event reaches the service with Slack's signature, and its reply is noted with its text and its times."""
    slack = Slack(["who backs up?", "誰負責?"])
    async with slack.listen() as api, serve(api, post) as port:
        flooded = await slack.flood([port], 20, in_flight=4)
        paced = await slack.pace([port], 10, rate=200)
    assert len(slack.events) == 30
    assert {asked.question for asked in flooded} == {"who backs up?", "誰負責?"}
    assert all(asked.due <= asked.acknowledged and asked.due < asked.replies[0] for asked in [*flooded, *paced])
    assert [asked.due for asked in paced] == pytest.approx([paced[0].due + number / 200 for number in range(10)])
    expected = {asked.question: f"<@U0CLAUSE> {asked.question}" for asked in flooded}
    assert chat.check([*flooded, *paced], expected) == []
    assert slack.unknown == 0


async def test_so_many_events_are_in_flight_and_no_more() -> None:
    """A flood sends the next event once one is answered, to each service in turn."""
    slack = Slack(["who?"], latency=0.0)
    open_events, six = 0, asyncio.Event()
    most: list[int] = []

    async def answer(session: aiohttp.ClientSession, slack_api: str, event: dict[str, Any]) -> None:
        nonlocal open_events
        open_events += 1
        most.append(open_events)
        if open_events == 6:
            six.set()
        await asyncio.wait_for(six.wait(), 60)
        await asyncio.sleep(0.02)
        open_events -= 1
        await post(session, slack_api, event)

    async with slack.listen() as api, serve(api, answer) as first, serve(api, answer) as second:
        await slack.flood([first, second], 40, in_flight=6)
    assert max(most) == 6


async def test_new_questions_are_never_repeated() -> None:
    """In a flood of new questions no two are the same."""
    slack = Slack(["who?"], latency=0.0)
    async with slack.listen() as api, serve(api, post) as port:
        flooded = await slack.flood([port], 25, in_flight=5, new=True)
    assert len({asked.question for asked in flooded}) == 25


async def test_a_second_answer_and_a_stray_one_are_noticed() -> None:
    """An event that is answered twice is a fault, and so is a reply in a thread that no event began."""
    slack = Slack(["who?"], latency=0.0)

    async def answer(session: aiohttp.ClientSession, slack_api: str, event: dict[str, Any]) -> None:
        await post(session, slack_api, event)
        await post(session, slack_api, event)
        await post(session, slack_api, event | {"ts": "1700000000.000001"})

    async with slack.listen() as api, serve(api, answer) as port:
        flooded = await slack.flood([port], 3, in_flight=1)
    assert chat.check(flooded, {"who?": "<@U0CLAUSE> who?"}) == ["3 of 3 events answered more than once"]
    assert slack.unknown == 3


async def test_what_is_not_acknowledged_is_not_waited_for() -> None:
    """An event that the service refuses counts as neither acknowledged nor answered."""
    slack = Slack(["who?"])

    async def answer(session: aiohttp.ClientSession, slack_api: str, event: dict[str, Any]) -> None:
        """Say nothing."""

    async with slack.listen() as api, serve(api, answer, status=503) as port:
        flooded = await slack.flood([port], 4, in_flight=2)
    assert chat.check(flooded, {}) == ["4 of 4 events not acknowledged", "4 of 4 events not answered"]


def test_another_answer_is_a_fault() -> None:
    """A reply has to begin with what the question's answer begins with."""
    right = Asked("who?", status=200, replies=[1.0], text="You do. More …")
    wrong = Asked("who?", status=200, replies=[1.0], text="Something went wrong.")
    assert chat.check([right], {"who?": "You do. More …"}) == []
    assert chat.check([right, wrong], {"who?": "You do. More …"}) == ["1 of 2 events answered with something else"]


@pytest.fixture(scope="module")
def report() -> dict[str, Any]:
    """One short round of the real services."""
    return chat.measure(rounds=1, events=60)


def test_every_service_answers_every_event_once(report: dict[str, Any]) -> None:
    """The echo app, Clausebot on SQLite and two of it on PostgreSQL answer what they are sent, without a fault."""
    assert report["faults"] == []
    assert list(report["services"]) == ["echo", "sqlite", "postgresql", "sqlite, new questions"]
    assert {each["answered"] for each in report["services"].values()} == {60, 60 + chat.PACED}
    assert report["services"]["echo"]["ratio"]["median"] == 1.0
    assert all(each["per_second"]["median"] > 0 for each in report["services"].values())
    assert json.loads(json.dumps(report)) == report


def test_the_table_shows_each_service(report: dict[str, Any]) -> None:
    """The table has a line for each service, with its rate and its ratio."""
    lines = chat.render(report).splitlines()
    for line, (name, each) in zip(lines[1:5], report["services"].items(), strict=True):
        assert line.startswith(chat._LABELS.get(name, "Bolt echo"))
        assert f"{each['per_second']['median']:.0f}" in line
        assert f"{each['ratio']['median']:.2f}" in line


@pytest.mark.parametrize(
    ("ratios", "faults", "held"),
    [((0.7, 0.9), [], True), ((0.69, 0.9), [], False), ((0.9, 0.69), [], False), ((0.9, 0.9), ["lost"], False)],
)
def test_the_floor_holds_in_both_forms(ratios: tuple[float, float], faults: list[str], held: bool) -> None:
    """Under 0.7 on SQLite or on PostgreSQL the benchmark fails, and with any fault."""
    names = ("sqlite", "postgresql")
    services = {name: {"ratio": {"median": ratio}} for name, ratio in zip(names, ratios, strict=True)}
    assert chat.holds({"faults": faults, "services": services, "floor": chat.FLOOR}) is held


def test_a_service_that_does_not_start_is_told(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Where a service ends at its start, status 2 and its last words."""
    monkeypatch.setattr(chat_services, "SECRET", "")
    assert chat.run(["--rounds", "1"]) == 2
    assert "chat: sqlite did not start: SLACK_SIGNING_SECRET" in capsys.readouterr().err
