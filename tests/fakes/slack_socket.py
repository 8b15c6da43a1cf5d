"""Socket Mode's side of the fake: tickets, connections, envelopes and their acknowledgements."""

from __future__ import annotations

import asyncio
import itertools
import json
from contextlib import suppress
from typing import Any

from aiohttp import WSMsgType, web


class Sockets:
    """The connections that the app made, the latest last."""

    def __init__(self) -> None:
        self._tickets: set[str] = set()
        self._numbers = itertools.count(1)
        # With what is set once the connection ended.
        self._open: dict[web.WebSocketResponse, asyncio.Event] = {}
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
        await socket.send_json({"type": "hello", "num_connections": len(self._open) + 1})
        self._open[socket] = asyncio.Event()
        self._connected.set()
        try:
            async for message in socket:
                if message.type is WSMsgType.TEXT:
                    ack = json.loads(message.data)
                    self._acks[ack["envelope_id"]].set_result(ack)
        finally:
            self._forget(socket)
        return socket

    def _forget(self, socket: web.WebSocketResponse) -> None:
        if socket in self._open:
            self._open.pop(socket).set()
        if not self._open:
            self._connected.clear()

    async def deliver(self, kind: str, payload: dict[str, Any]) -> dict[str, Any]:
        """Send an envelope, and another over the next connection where one ends; give the acknowledgement."""
        while True:
            await self._connected.wait()
            socket, ended = list(self._open.items())[-1]
            envelope = f"envelope-{next(self._numbers)}"
            told = {"type": kind, "envelope_id": envelope, "payload": payload}
            ack = self._acks[envelope] = asyncio.get_running_loop().create_future()
            with suppress(ConnectionError):  # it is ending
                await socket.send_json(told | {"accepts_response_payload": kind != "events_api"})
            ending = asyncio.create_task(ended.wait())
            try:
                await asyncio.wait([ack, ending], return_when=asyncio.FIRST_COMPLETED)
            finally:
                ending.cancel()
            if ack.done():
                return ack.result()

    async def close(self) -> None:
        """End every connection that there is now."""
        for socket in list(self._open):
            self._forget(socket)
            await socket.close()
