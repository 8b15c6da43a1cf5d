"""Socket Mode's side of the fake: tickets, connections, envelopes and their acknowledgements."""

from __future__ import annotations

import asyncio
import itertools
import json
from typing import Any

from aiohttp import WSMsgType, web


class Sockets:
    """The connections that the app made."""

    def __init__(self) -> None:
        self._tickets: set[str] = set()
        self._numbers = itertools.count(1)
        self._open: list[web.WebSocketResponse] = []
        self._connected = asyncio.Event()
        self._acks: dict[str, asyncio.Future[dict[str, Any]]] = {}

    def issue_ticket(self) -> str:
        """A ticket for one attempt to connect."""
        ticket = f"ticket-{next(self._numbers)}"
        self._tickets.add(ticket)
        return ticket

    def exchange(self, ticket: str) -> None:
        """Take a ticket: it is good for one attempt, whatever becomes of it.

        Raises:
            web.HTTPForbidden: it is not good.
        """
        if ticket not in self._tickets:
            raise web.HTTPForbidden
        self._tickets.discard(ticket)

    async def serve(self, request: web.Request) -> web.StreamResponse:
        """Keep up one connection until it ends."""
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        self._open.append(socket)
        await socket.send_json({"type": "hello", "num_connections": len(self._open)})
        self._connected.set()
        async for message in socket:
            if message.type is WSMsgType.TEXT:
                ack = json.loads(message.data)
                self._acks[ack["envelope_id"]].set_result(ack)
        return socket

    async def deliver(self, kind: str, payload: dict[str, Any]) -> dict[str, Any]:
        """Send an envelope, and give its acknowledgement."""
        await asyncio.wait_for(self._connected.wait(), 10)
        envelope = f"envelope-{next(self._numbers)}"
        self._acks[envelope] = asyncio.get_running_loop().create_future()
        await self._open[-1].send_json(
            {
                "type": kind,
                "envelope_id": envelope,
                "payload": payload,
                "accepts_response_payload": kind != "events_api",
            }
        )
        return await asyncio.wait_for(self._acks[envelope], 3)

    async def drop(self) -> None:
        """Close every connection."""
        self._connected.clear()
        await self.close()

    async def close(self) -> None:
        """End every connection."""
        for socket in self._open:
            await socket.close()
