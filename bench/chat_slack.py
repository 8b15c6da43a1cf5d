"""Slack, played by one process: it delivers signed events, and takes the replies as its Web API.

One process for both knows at any time which events are answered, so that it can keep a fixed number of them in flight.
It speaks plain HTTP over asyncio's protocols, since what it uses of the processor is not there for those measured.
"""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import itertools
import json
import re
import time
from collections import defaultdict
from collections.abc import AsyncIterator, Collection, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

TOKEN = "xoxb-1-bench"  # noqa: S105 (for the loopback interface)
SECRET = "0123456789abcdef0123456789abcdef"  # noqa: S105 (the same)

LATENCY = 0.05
"""Seconds until the Web API answers a call, the same for all: a call's way to Slack and back takes no less."""

_WORKSPACES = 40
_ASKERS = 25
_THREAD = re.compile(rb'"thread_ts": ?"([0-9.]+)"')
_LENGTH = re.compile(rb"content-length: *([0-9]+)", re.IGNORECASE)


@dataclass
class Asked:
    """An event: when it was due to be sent and was acknowledged and answered, in seconds of the loop's clock."""

    question: str
    due: float = 0.0
    acknowledged: float = 0.0
    status: int = 0
    replies: list[float] = field(default_factory=list)
    text: str = ""
    answered: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def taken(self) -> bool:
        """Whether the service acknowledged it."""
        return 200 <= self.status < 300


class Slack:
    """The events sent and the replies taken, over all services."""

    title = "Slack"
    peer = "Bolt echo"

    def __init__(self, questions: Sequence[str], latency: float = LATENCY) -> None:
        self.events: dict[str, Asked] = {}
        self.unknown = 0
        self.connected: set[asyncio.Transport] = set()
        self._latency = latency
        self._questions = itertools.cycle(questions)
        self._numbers = itertools.count(1)

    @asynccontextmanager
    async def listen(self) -> AsyncIterator[str]:
        """Take calls of the Web API, at the address that this gives."""
        server = await asyncio.get_running_loop().create_server(lambda: _Api(self), "127.0.0.1", 0)
        try:
            yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/api/"
        finally:
            server.close()
            for transport in self.connected:
                transport.close()

    async def flood(self, ports: Sequence[int], count: int, in_flight: int, *, new: bool = False) -> list[Asked]:
        """Have so many events answered, with a fixed number of them sent and not yet answered, spread over ports.

        With ``new`` no question was asked before.
        """
        events = self._make(count, new=new)
        left = iter(events)

        async def keep_one(port: int) -> None:
            connection = await _connect(port)
            for key, asked in left:
                asked.due = _now()
                await connection.send(asked, self.write(key, asked.question))
                if asked.taken:
                    await asked.answered.wait()
            connection.transport.close()

        await asyncio.gather(*(keep_one(port) for port, _ in zip(itertools.cycle(ports), range(in_flight))))
        return [asked for _, asked in events]

    async def pace(self, ports: Sequence[int], count: int, rate: float) -> list[Asked]:
        """Send so many events at a fixed rate, in events a second, whatever becomes of them."""
        events = self._make(count)
        connections: dict[int, list[_Connection]] = defaultdict(list)
        began = _now()

        async def send(key: str, asked: Asked, port: int) -> None:
            connection = connections[port].pop() if connections[port] else await _connect(port)
            await connection.send(asked, self.write(key, asked.question))
            connections[port].append(connection)

        async with asyncio.TaskGroup() as sending:
            for number, (key, asked) in enumerate(events):
                asked.due = began + number / rate
                await asyncio.sleep(asked.due - _now())
                sending.create_task(send(key, asked, ports[number % len(ports)]))
        for _, asked in events:
            await asked.answered.wait()
        for connection in itertools.chain.from_iterable(connections.values()):
            connection.transport.close()
        return [asked for _, asked in events]

    def _make(self, count: int, *, new: bool = False) -> list[tuple[str, Asked]]:
        made = {}
        for number in itertools.islice(self._numbers, count):
            question = next(self._questions)
            made[f"1800000000.{number:06}"] = Asked(f"{question} #{number}" if new else question)
        self.events |= made
        return list(made.items())

    def write(self, key: str, question: str) -> bytes:
        """The request that delivers a question, in an event of that key."""
        return _write(key, question)

    def echo(self, question: str) -> str:
        """What the echo app answers."""
        return f"<@U0CLAUSE> {question}"

    def answer(self, questions: Collection[str]) -> dict[str, str]:
        """What Clausebot answers, as Slack reads it aloud."""
        from bot.slack.blocks import render_answer
        from retrieval.answerer import load_answerer
        from retrieval.question import clean_question

        answerer, _ = load_answerer()
        return {each: render_answer(answerer.answer(clean_question(each))).text for each in questions}

    def take_call(self, method: bytes, body: bytes) -> bytes:
        """What the Web API answers a call; a message in a thread answers the event of that thread."""
        thread = _THREAD.search(body)
        if method == b"auth.test":
            return (
                b'{"ok":true,"user_id":"U0CLAUSE","bot_id":"B0CLAUSE","team_id":"T0000","team":"T","user":"clausebot"}'
            )
        if method != b"chat.postMessage" or not thread:
            return b'{"ok":false,"error":"unknown_method"}'
        self.note_reply(thread[1].decode(), json.loads(body)["text"])
        return b'{"ok":true,"channel":"C0CHAN","ts":"1800000001.000000","message":%b}' % body

    def note_reply(self, key: str, text: str) -> None:
        """Note a reply to the event of that key."""
        asked = self.events.get(key)
        if asked is None:
            self.unknown += 1
        else:
            asked.replies.append(_now())
            asked.text = asked.text or text
            asked.answered.set()


class _Http(asyncio.Protocol):
    """Reads HTTP messages with a length, one after the other."""

    transport: asyncio.Transport

    def __init__(self) -> None:
        self._held = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)  # noqa: S101 (for the type checker)
        self.transport = transport

    def data_received(self, data: bytes) -> None:
        self._held += data
        while (end := self._held.find(b"\r\n\r\n")) >= 0:
            length = _LENGTH.search(self._held, 0, end)
            whole = end + 4 + (int(length[1]) if length else 0)
            if len(self._held) < whole:
                return
            message, self._held = self._held[:whole], self._held[whole:]
            self.take(message[:end], message[end + 4 :])

    def take(self, head: bytes, body: bytes) -> None:
        """Take one message."""
        raise NotImplementedError


class _Api(_Http):
    """A connection to the Web API."""

    def __init__(self, slack: Slack) -> None:
        super().__init__()
        self._slack = slack

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        super().connection_made(transport)
        self._slack.connected.add(self.transport)

    def connection_lost(self, exc: Exception | None) -> None:
        self._slack.connected.discard(self.transport)

    def take(self, head: bytes, body: bytes) -> None:
        method = head.split(b" ", 2)[1].rsplit(b"/", 1)[1].partition(b"?")[0]
        answer = self._slack.take_call(method, body)
        sent = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%b" % (
            len(answer),
            answer,
        )
        asyncio.get_running_loop().call_later(self._slack._latency, self.transport.write, sent)


class _Connection(_Http):
    """A connection to a service, for one event at a time."""

    _status: asyncio.Future[int] | None = None

    async def send(self, asked: Asked, request: bytes) -> None:
        """Deliver an event, and note how and when it was acknowledged."""
        self._status = asyncio.get_running_loop().create_future()
        self.transport.write(request)
        asked.status = await self._status
        asked.acknowledged = _now()

    def take(self, head: bytes, body: bytes) -> None:
        if self._status and not self._status.done():
            self._status.set_result(int(head[9:12]))

    def connection_lost(self, exc: Exception | None) -> None:
        if self._status and not self._status.done():
            self._status.set_exception(ConnectionResetError("The service closed a connection"))


async def _connect(port: int) -> _Connection:
    _, connection = await asyncio.get_running_loop().create_connection(_Connection, "127.0.0.1", port)
    return connection


def _now() -> float:
    return asyncio.get_running_loop().time()


def _write(key: str, question: str) -> bytes:
    """The request that delivers a question as Slack does: in a channel, from one of many people of many workspaces."""
    number = int(key[-6:])
    workspace = f"T{number % _WORKSPACES:04}"
    asker = f"U{number % (_WORKSPACES * _ASKERS):05}"
    words = {"type": "text", "text": f" {question}"}
    said = {"type": "rich_text_section", "elements": [{"type": "user", "user_id": "U0CLAUSE"}, words]}
    event = {
        "type": "app_mention",
        "user": asker,
        "text": f"<@U0CLAUSE> {question}",
        "ts": key,
        "event_ts": key,
        "client_msg_id": f"00000000-0000-0000-0000-{number:012}",
        "team": workspace,
        "channel": f"C{number % _WORKSPACES:04}",
        "blocks": [{"type": "rich_text", "block_id": "b1", "elements": [said]}],
    }
    body = json.dumps(
        {
            "token": "deprecated",
            "team_id": workspace,
            "api_app_id": "A0APP",
            "event": event,
            "type": "event_callback",
            "event_id": f"Ev{number:08}",
            "event_time": 1_800_000_000,
            "authorizations": [
                {
                    "enterprise_id": None,
                    "team_id": workspace,
                    "user_id": "U0CLAUSE",
                    "is_bot": True,
                    "is_enterprise_install": False,
                }
            ],
            "is_ext_shared_channel": False,
            "event_context": "4-bench",
        }
    ).encode()
    sent = str(int(time.time()))
    signed = hmac.new(SECRET.encode(), b"v0:%b:%b" % (sent.encode(), body), hashlib.sha256).hexdigest()
    head = (
        "POST /slack/events HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
        f"User-Agent: Slackbot 1.0 (+https://api.slack.com/robots)\r\nX-Slack-Request-Timestamp: {sent}\r\n"
        f"X-Slack-Signature: v0={signed}\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body
