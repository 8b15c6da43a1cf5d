"""Answers what the inbox holds: what this process stored, and what others left."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Collection
from contextlib import suppress
from typing import Any

from bot.faults import describe_error
from bot.logs import answer_id
from bot.metrics import ANSWER_SECONDS
from bot.records.database import DATABASE_FAULTS
from bot.records.inbox import LEASE, Event, Inbox

logger = logging.getLogger(__name__)

# How many events one process answers at once: enough to wait for Slack on all of them, and bounded in memory.
_AT_ONCE = 100

# Seconds: between looks at what others left; until a second attempt, doubled by each further one; at most between
# attempts. 300 attempts take about a day.
_LOOK_EVERY = 2.0
_RETRY_AFTER = 1.0
_RETRY_AT_MOST = 300.0
_ATTEMPTS = 300

# Seconds, after the database was away, that others have to connect again, to renew what they hold and to mark what they
# answered, before their leases count.
_PATIENCE = 8.0

# Seconds that the inbox is given to take back, at a stop, what was not answered.
_RELEASE_WITHIN = 1.0


class TryLaterError(Exception):
    """An answer could not be sent now, and may be later; the message says why without quoting anybody."""


class Worker:
    """Answers one channel's events, each in a task of its own."""

    def __init__(self, inbox: Inbox, answer: Callable[[Event], Awaitable[None]], *, at_once: int | None = None) -> None:
        """Work on an inbox.

        Args:
            inbox: holds the events.
            answer: answers one and returns once the answer is sent; raises `TryLaterError` to be called again.
            at_once: how many to answer at once, the others staying in the inbox for any process; None for a hundred.
        """
        self._inbox = inbox
        self._answer = answer
        self._at_once = at_once
        self._tasks: dict[int, asyncio.Task[None]] = {}
        # Events that are being stored or taken for this process to answer; those that ended since the last look.
        self._coming = 0
        self._ended: set[int] = set()
        self._looking: asyncio.Task[None] | None = None
        self._stopping = False
        # Whether this process may have left something for want of room, and what ends the wait until the next look.
        self._left = False
        self._woken = asyncio.Event()

    async def take_in(self, key: str, workspace: str, payload: dict[str, Any]) -> None:
        """Store an event, and answer it soon unless it came in before; see `Inbox.store`."""
        # What was left has its turn first.
        take = self._room > 0 and not self._left and not self._stopping
        self._coming += take
        try:
            event = await self._inbox.store(key, workspace, payload, take=take)
        finally:
            self._coming -= take
        if event:
            self._start(event)
        if not take:
            self._left = True
            self._wake()

    def start(self) -> None:
        """Begin to look for what others left; what this process stores is answered in any case."""
        self._looking = asyncio.create_task(self._look())

    async def finish(self, within: float) -> None:
        """Take nothing new, finish what is under way within so many seconds, and leave the rest in the inbox."""
        until = asyncio.get_running_loop().time() + within
        self._stopping = True
        self._woken.set()
        if self._looking:
            # Not cut off at once: what it is about to take would be held by nobody until the lease runs out.
            await _end([self._looking], within)
        late = dict(self._tasks)
        await _end(late.values(), until - asyncio.get_running_loop().time())
        late = {number: task for number, task in late.items() if task.cancelled()}
        if not late:
            return
        logger.warning("%d answers were cut off by the stop; they stay in the inbox", len(late))
        with suppress(*DATABASE_FAULTS):  # without it, their leases run out
            async with asyncio.timeout(_RELEASE_WITHIN):
                await self._inbox.release(list(late), after=0)

    @property
    def _room(self) -> int:
        return self._most - len(self._tasks) - self._coming

    @property
    def _most(self) -> int:
        return self._at_once or _AT_ONCE

    def _start(self, event: Event) -> None:
        task = asyncio.create_task(self._work(event))
        self._tasks[event.id] = task
        task.add_done_callback(lambda _: self._forget(event))

    def _forget(self, event: Event) -> None:
        del self._tasks[event.id]
        self._ended.add(event.id)
        self._wake()

    def _wake(self) -> None:
        """Look at once for what was left, if there is room for a good part of it: each look is a transaction."""
        if self._left and self._room >= max(self._most // 4, 1):
            self._woken.set()

    async def _look(self) -> None:
        clock = asyncio.get_running_loop().time
        renewed = patient_until = clock()
        while not self._stopping:
            self._woken.clear()
            began = clock()
            patient = began < patient_until
            try:
                if self._tasks and began - renewed > LEASE / 3:
                    await self._inbox.renew(list(self._tasks))
                    renewed = clock()
                # Where nothing was left, half of the room stays for what comes in meanwhile.
                room = 0 if patient else self._room if self._left else (self._room + 1) // 2
                self._left &= patient
                self._ended.clear()
                # Taking none tells whether the database is there.
                taken = await self._take(room) if room > 0 or patient else []
                self._left |= len(taken) >= room and not patient
                for event in taken:
                    # An event whose lease could not be renewed in time may be this process's own, and done by now.
                    if event.id not in self._tasks and event.id not in self._ended:
                        self._start(event)
                if not patient:
                    self._wake()
                away = clock() - began > LEASE / 3
            except DATABASE_FAULTS as error:
                logger.warning("The inbox can't be read: %s", describe_error(error))
                away = True
            if away:
                patient_until = clock() + _PATIENCE
            with suppress(TimeoutError):
                await asyncio.wait_for(self._woken.wait(), _LOOK_EVERY)

    async def _take(self, room: int) -> list[Event]:
        self._coming += room
        try:
            return await self._inbox.take(room)
        finally:
            self._coming -= room

    async def _work(self, event: Event) -> None:
        answer_id.set(event.key)  # for this task, which is the event's own
        try:
            await self._answer(event)
            ANSWER_SECONDS.labels(self._inbox.channel).observe(max(time.time() - event.received, 0))
        except TryLaterError as error:
            if event.attempts < _ATTEMPTS:
                logger.warning("An answer was put off: %s", error)
                after = min(_RETRY_AFTER * 2 ** (event.attempts - 1), _RETRY_AT_MOST)
                with suppress(*DATABASE_FAULTS):  # without it, the lease runs out
                    await self._inbox.release([event.id], after)
                return
            logger.error("An answer was lost after %d attempts: %s", event.attempts, error)
        except Exception as error:
            logger.error("An answer was lost: %s", describe_error(error))
        await self._mark_done(event)

    async def _mark_done(self, event: Event) -> None:
        """Go on until it is marked: it would be answered again."""
        while True:
            try:
                return await self._inbox.finish(event.id)
            except DATABASE_FAULTS as error:
                logger.warning("An event can't be marked as done: %s", describe_error(error))
                await asyncio.sleep(_RETRY_AFTER)


async def _end(tasks: Collection[asyncio.Task[None]], within: float) -> None:
    """Wait for tasks, and cancel those that take longer than so many seconds."""
    if not tasks:
        return
    _, late = await asyncio.wait(tasks, timeout=max(within, 0))
    for task in late:
        task.cancel()
    if late:
        await asyncio.wait(late)
