"""Both ends of Slack under load: it takes answers and counts them, and delivers events until they are acknowledged."""

from __future__ import annotations

import asyncio
import io
import json
import time
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any, Literal

import aiohttp
from aiohttp import web
from fakes.slack_requests import event_callback, mention, sign

Fault = Literal["rate limit", "server error", "hang", "close", "lost acknowledgement"]

# Seconds: for an acknowledgement, as Slack gives; until the second delivery and the third. Slack's third comes after a
# minute, and the fourth after five, which no fault here outlasts, nor what it held up.
_ACKNOWLEDGED_WITHIN = 3.0
_AGAIN_AFTER = (0.0, 1.0)
_AT_LAST_WITHIN = 120.0

# Deliveries under way at once in a burst, and at the last.
AT_ONCE = 50


class TakingSlack:
    """Slack's Web API, which counts in each thread the posts that arrived, and the answers that it took.

    ``fault`` is what every post meets while it is set; ``delay`` is how many seconds a post takes. A post that hangs,
    or whose connection is closed, is not taken; one whose acknowledgement is lost is.
    """

    def __init__(self) -> None:
        self.answers: Counter[str] = Counter()
        self.posts: Counter[str] = Counter()
        self.fault: Fault | None = None
        self.delay = 0.0
        self._counted = asyncio.Event()
        self._over = asyncio.Event()

    async def start(self) -> None:
        """Listen on a free loopback port."""
        app = web.Application()
        app.router.add_post("/api/auth.test", self._test)
        app.router.add_post("/api/chat.postMessage", self._post)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        self.api_url = f"http://127.0.0.1:{site.port}/api/"

    async def stop(self) -> None:
        """End every connection."""
        self._over.set()
        await self._runner.cleanup()

    async def wait_for(self, count: int, within: float = 120) -> None:
        """Return once so many threads have an answer; TimeoutError after so many seconds."""
        async with asyncio.timeout(within):
            while len(self.answers) < count:
                self._counted.clear()
                await self._counted.wait()

    async def _test(self, _: web.Request) -> web.Response:
        return web.json_response({"ok": True, "user_id": "U0CLAUSE", "bot_id": "B0CLAUSE", "team_id": "T0TEAM"})

    async def _post(self, request: web.Request) -> web.Response:
        posted = json.loads(await request.read())
        self.posts[posted["thread_ts"]] += 1
        await asyncio.sleep(self.delay)
        if self.fault == "rate limit":
            return web.json_response({"ok": False, "error": "ratelimited"}, status=429, headers={"Retry-After": "1"})
        if self.fault == "server error":
            return web.Response(status=500, text="<html>down</html>", content_type="text/html")
        if self.fault == "close":
            assert request.transport
            request.transport.close()
            return web.Response()
        if self.fault == "hang":
            await self._over.wait()
            return web.Response()
        self.answers[posted["thread_ts"]] += 1
        self._counted.set()
        if self.fault == "lost acknowledgement":
            assert request.transport
            request.transport.close()
        return web.json_response({"ok": True, "channel": posted["channel"], "ts": "1800000000.000001", "message": {}})


@asynccontextmanager
async def delivering(
    session: aiohttp.ClientSession,
    addresses: Sequence[str],
    events: Sequence[dict[str, Any]],
    rate: float | None = None,
) -> AsyncIterator[DeliveringSlack]:
    """Deliver events to these services in turns while a test makes its fault.

    At the end of the block the fault is over, and the rest is delivered. Every event is acknowledged then.

    Args:
        session: what to deliver over.
        addresses: of the services.
        events: see `make_questions`.
        rate: events a second, however long each takes; None for a burst, as fast as they are acknowledged.
    """
    slack = DeliveringSlack(session, addresses)
    delivery = asyncio.create_task(slack.deliver(events, rate))
    try:
        yield slack
        slack.settle()
        await delivery
    finally:
        delivery.cancel()
        await asyncio.wait([delivery])
    assert slack.unacknowledged == []


class DeliveringSlack:
    """Slack's Events API: what is not acknowledged is delivered again, three times at most.

    The fourth delivery is once ``settle`` was called. One event in ten is delivered once more although it was
    acknowledged. ``statuses`` counts what came back.
    """

    def __init__(self, session: aiohttp.ClientSession, addresses: Sequence[str]) -> None:
        self._session = session
        self._urls = [f"{address}/slack/events" for address in addresses]
        self._settled = asyncio.Event()
        self._room = asyncio.Semaphore(AT_ONCE)
        self._left: list[tuple[int, bytes]] = []
        self.statuses: Counter[int | str] = Counter()
        self.unacknowledged: list[int] = []

    def settle(self) -> None:
        """The fault is over: deliver what is left for the last time."""
        self._settled.set()

    async def deliver(self, events: Sequence[dict[str, Any]], rate: float | None) -> None:
        """Deliver events, and return once each is acknowledged or given up; see `delivering`."""
        loop = asyncio.get_running_loop()
        began = loop.time()
        async with asyncio.TaskGroup() as group:
            for number, event in enumerate(events):
                if rate is None:
                    await self._room.acquire()
                else:
                    await asyncio.sleep(began + number / rate - loop.time())
                delivery = group.create_task(self._deliver(number, json.dumps(event_callback(event)).encode()))
                if rate is None:
                    delivery.add_done_callback(lambda _: self._room.release())
        await self._settled.wait()
        await self._wait_for_room()
        async with asyncio.TaskGroup() as group:
            for number, body in self._left:
                group.create_task(self._deliver_last(number, body))

    async def _deliver(self, number: int, body: bytes) -> None:
        for attempt, wait in enumerate((0.0, *_AGAIN_AFTER)):
            await asyncio.sleep(wait)
            if await self._send(number + attempt, body, attempt) == 200:
                break
        else:
            self._left.append((number, body))
        if number % 10 == 0:
            await self._send(number, body, 1)

    async def _deliver_last(self, number: int, body: bytes) -> None:
        attempt = len(_AGAIN_AFTER) + 1
        async with self._room:
            if await self._send(number + attempt, body, attempt, _AT_LAST_WITHIN) != 200:
                self.unacknowledged.append(number)

    async def _wait_for_room(self) -> None:
        """Return once each service has stored what the fault held up: whatever it stores next comes after that."""
        async with asyncio.timeout(_AT_LAST_WITHIN):
            for turn in range(len(self._urls) if self._left else 0):
                while await self._send(turn, self._left[0][1], 1, _AT_LAST_WITHIN) == 503:  # noqa: ASYNC110 - asking tells
                    await asyncio.sleep(0.1)

    async def _send(self, turn: int, body: bytes, attempt: int, within: float = _ACKNOWLEDGED_WITHIN) -> int | str:
        timestamp = str(int(time.time()))
        headers = {
            "Content-Type": "application/json",
            "X-Slack-Request-Timestamp": timestamp,
            "X-Slack-Signature": sign(body, timestamp),
        }
        if attempt:
            headers |= {"X-Slack-Retry-Num": str(attempt), "X-Slack-Retry-Reason": "http_timeout"}
        status: int | str
        try:
            async with self._session.post(
                self._urls[turn % len(self._urls)],
                data=io.BytesIO(body),
                headers=headers,
                timeout=aiohttp.ClientTimeout(total=within),
            ) as response:
                status = response.status
        except (aiohttp.ClientError, TimeoutError) as error:
            status = type(error).__name__
        self.statuses[status] += 1
        return status


def make_questions(count: int) -> list[dict[str, Any]]:
    """Mentions with different questions, each the start of a thread."""
    # The check of the log knows a text by its beginning, and would take minutes to look for thousands.
    asked = [mention(text) for text in ("who handles backups under GL8 5.1(c)?", "GL14 5.13", "客戶資料由邊個加密?")]
    questions = []
    for number in range(count):
        like = asked[number % len(asked)]
        ts = f"1700000000.{number:06}"
        questions.append(like | {"text": f"{like['text']} {number}", "ts": ts, "event_ts": ts})
    return questions
