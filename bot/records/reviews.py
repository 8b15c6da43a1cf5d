"""Reviews of questionnaires in the records: what must survive a stop, what is shown of them, and their files."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, cast

from sqlalchemy import Connection, Row, delete, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.origin import Origin
from bot.records.database import insert_into, transact
from bot.records.models import InboxEvent, ReviewFile, ReviewRecord
from bot.records.sealing import Hasher, Sealer, SealError

INBOX = "review"
"""The inbox's channel in which reviews wait for their turn, whatever channel they came from."""

REVIEW_KEPT = 23 * 60 * 60
"""Seconds that a review and its files are kept; with a purge every hour, nobody's document is kept for a day."""

ROWS_A_PAGE = 100
"""Questions with their fills in each page of `ReviewBook.read_rows`."""

State = Literal["waiting", "working", "ready", "failed"]

_PLAIN, _SEALED = b"p", b"s"
_ROWS = "rows:"
_SHORTLY = 1024  # bytes that are sealed in less time than a thread takes to start


@dataclass(frozen=True)
class Review:
    """A review as its channel knows it.

    ``name`` is the file's, as somebody called it: shown escaped, never logged, never a path. ``task`` is what else was
    given to `ReviewBook.create`, ``notes`` what `ReviewBook.note` noted. ``received`` is in seconds since 1970.
    ``done`` of ``total`` questions are answered. A review that is ``ready`` has its counts; one that ``failed`` has
    the ``problem``, in a line.
    """

    id: str
    channel: str
    workspace: str
    name: str
    state: State
    received: float
    done: int = 0
    total: int = 0
    task: Mapping[str, Any] = field(default_factory=dict)
    notes: Mapping[str, str] = field(default_factory=dict)
    problem: str = ""
    answered: int = 0
    person: int = 0
    output: str = ""

    @property
    def is_over(self) -> bool:
        """Whether nothing more will happen to it."""
        return self.state in ("ready", "failed")


class ReviewBook:
    """The reviews in the database. Every method raises DATABASE_FAULTS where that can't be used."""

    def __init__(self, engine: AsyncEngine, hasher: Hasher, sealer: Sealer | None) -> None:
        self._engine = engine
        self._hasher = hasher
        self._sealer = sealer

    async def create(
        self, review: str, origin: Origin, name: str, task: Mapping[str, Any], content: bytes | None = None
    ) -> bool:
        """Keep a new review, in state ``waiting``.

        Args:
            review: its id: made up at random where it is shown to browsers, else derived from what brought it.
            origin: who gave the file, where.
            name: the file's.
            task: what the channel needs to fetch it and to answer, as JSON can hold it.
            content: the file, where it can't be fetched again.

        Returns:
            Whether it is new; one that is there stays as it is.
        """
        row = {
            "id": review,
            "at": time.time(),
            "channel": origin.channel,
            "workspace": origin.workspace,
            "asker": self._hash_asker(origin),
            "state": "waiting",
            "task": self._write({"name": name, "task": dict(task)}),
            "notes": self._write({}),
            "attempts": 0,
            "done": 0,
            "total": 0,
        }
        sealed = None if content is None else await self._seal(content)
        statement = (
            insert_into(self._engine, ReviewRecord)
            .values(**row)
            .on_conflict_do_nothing(index_elements=["id"])
            .returning(ReviewRecord.id)
        )

        def store(connection: Connection) -> bool:
            if connection.execute(statement).scalar_one_or_none() is None:
                return False
            if sealed is not None:
                connection.execute(insert(ReviewFile).values(review=review, part="given", content=sealed))
            return True

        return await transact(self._engine, store)

    async def find(self, review: str, asker: Origin | None = None) -> Review | None:
        """A review that is kept still; None where it is not, or, given who asks, where it is not theirs."""
        statement = select(ReviewRecord.__table__).where(
            ReviewRecord.id == review, ReviewRecord.at > time.time() - REVIEW_KEPT
        )
        if asker:
            statement = statement.where(ReviewRecord.asker == self._hash_asker(asker))
        row = await transact(self._engine, lambda connection: connection.execute(statement).one_or_none())
        return self._view(row) if row else None

    async def find_all(self, asker: Origin, most: int = 20) -> list[Review]:
        """A person's reviews that are kept still, the newest first."""
        statement = (
            select(ReviewRecord.__table__)
            .where(ReviewRecord.asker == self._hash_asker(asker), ReviewRecord.at > time.time() - REVIEW_KEPT)
            .order_by(ReviewRecord.at.desc())
            .limit(most)
        )
        rows = await transact(self._engine, lambda connection: connection.execute(statement).all())
        return [each for each in map(self._view, rows) if each]

    async def count_ahead(self, review: str) -> int:
        """How many reviews are before this one in the line, those being worked on included."""
        own = select(InboxEvent.id).where(InboxEvent.key == review).scalar_subquery()
        statement = select(func.count()).where(
            InboxEvent.channel == INBOX, InboxEvent.done.is_(None), InboxEvent.id < func.coalesce(own, 2**62)
        )
        return await transact(self._engine, lambda connection: connection.execute(statement).scalar_one())

    async def note(self, review: str, **notes: str) -> None:
        """Remember something of a review until it is forgotten, beside what was noted before."""
        held = ReviewRecord.id == review

        def change(connection: Connection) -> None:
            # Both databases hold the row, or all of it, from here to the end of the transaction.
            row = connection.execute(select(ReviewRecord.notes).where(held).with_for_update()).one_or_none()
            if row:
                changed = self._write({**self._read(row.notes), **notes})
                connection.execute(update(ReviewRecord).where(held).values(notes=changed))

        await transact(self._engine, change)

    async def begin(self, review: str) -> int:
        """Count that reviewing begins; how often it began without coming to an end, this time included."""
        counted = (
            update(ReviewRecord)
            .where(ReviewRecord.id == review)
            .values(state="working", attempts=ReviewRecord.attempts + 1)
            .returning(ReviewRecord.attempts)
        )
        found = await transact(self._engine, lambda connection: connection.execute(counted).scalar_one_or_none())
        return found or 0

    async def progress(self, review: str, done: int, total: int) -> None:
        """Keep how far a review is."""
        await self._change(review, done=done, total=total)

    async def settle(self, review: str) -> None:
        """Count that reviewing came to an end, whatever becomes of what it gave."""
        await self._change(review, attempts=0)

    async def keep(self, review: str, content: bytes, rows: Iterable[str] = ()) -> None:
        """Keep the filled file, and its rows to look through, each of them JSON; what was given is needed no more."""
        listed = list(rows)
        pages = [listed[start : start + ROWS_A_PAGE] for start in range(0, len(listed), ROWS_A_PAGE)]
        texts = {f"{_ROWS}{number}": f"[{','.join(page)}]".encode() for number, page in enumerate(pages)}
        parts = [
            {"review": review, "part": part, "content": await self._seal(each)}
            for part, each in {"filled": content, **texts}.items()
        ]

        def store(connection: Connection) -> None:
            connection.execute(delete(ReviewFile).where(ReviewFile.review == review))
            # Erased or deleted meanwhile, nothing of it is kept.
            there = select(ReviewRecord.id).where(ReviewRecord.id == review).with_for_update()
            if connection.execute(there).one_or_none():
                connection.execute(insert(ReviewFile), parts)

        await transact(self._engine, store)

    async def finish(self, review: str, output: str, answered: int, person: int) -> None:
        """Mark a review as ready: what the filled file is called, and how many questions are answered, or are not."""
        outcome = {"output": output, "answered": answered, "person": person}
        done = answered + person
        await self._change(review, state="ready", done=done, total=done, outcome=self._write(outcome))

    async def fail(self, review: str, problem: str) -> None:
        """Mark a review as failed for a reason, and forget what was given."""
        failed = {"state": "failed", "outcome": self._write({"problem": problem})}

        def store(connection: Connection) -> None:
            connection.execute(update(ReviewRecord).where(ReviewRecord.id == review).values(**failed))
            connection.execute(delete(ReviewFile).where(ReviewFile.review == review))

        await transact(self._engine, store)

    async def read_given(self, review: str) -> bytes | None:
        """The file as it was given; None where it is not kept."""
        return await self._read_part(review, "given")

    async def read_filled(self, review: str) -> bytes | None:
        """The filled file; None where it is not kept."""
        return await self._read_part(review, "filled")

    async def read_rows(self, review: str, page: int) -> list[Any]:
        """A page of rows, from 0, as they were given to `keep`; empty past the last."""
        content = await self._read_part(review, f"{_ROWS}{page}")
        return [] if content is None else cast(list[Any], json.loads(content))

    async def forget(self, review: str, asker: Origin | None = None) -> bool:
        """Delete a review and its files, given who asks only if it is theirs; whether there was one."""
        held = ReviewRecord.id == review
        if asker:
            held &= ReviewRecord.asker == self._hash_asker(asker)

        def remove(connection: Connection) -> bool:
            if not connection.execute(delete(ReviewRecord).where(held)).rowcount:
                return False
            connection.execute(delete(ReviewFile).where(ReviewFile.review == review))
            return True

        return await transact(self._engine, remove)

    async def drop_files(self, review: str) -> None:
        """Delete the files of a review that are needed no more."""
        await transact(
            self._engine, lambda connection: connection.execute(delete(ReviewFile).where(ReviewFile.review == review))
        )

    async def _change(self, review: str, **values: Any) -> None:
        statement = update(ReviewRecord).where(ReviewRecord.id == review).values(**values)
        await transact(self._engine, lambda connection: connection.execute(statement))

    async def _read_part(self, review: str, part: str) -> bytes | None:
        statement = (
            select(ReviewFile.content)
            .join(ReviewRecord, ReviewRecord.id == ReviewFile.review)
            .where(ReviewFile.review == review, ReviewFile.part == part, ReviewRecord.at > time.time() - REVIEW_KEPT)
        )
        sealed = await transact(self._engine, lambda connection: connection.execute(statement).scalar_one_or_none())
        try:
            return None if sealed is None else await asyncio.to_thread(self._open, sealed)
        except SealError:  # the key was changed since: it would be gone within a day anyway
            return None

    def _view(self, row: Row[Any]) -> Review | None:
        try:
            told, notes = self._read(row.task), self._read(row.notes)
            outcome = self._read(row.outcome) if row.outcome else {}
        except SealError:
            return None
        return Review(
            id=row.id,
            channel=row.channel,
            workspace=row.workspace,
            name=told["name"],
            state=row.state,
            received=row.at,
            done=row.done,
            total=row.total,
            task=told["task"],
            notes=notes,
            **outcome,
        )

    async def _seal(self, content: bytes) -> bytes:
        if len(content) < _SHORTLY:
            return self._close(content)
        return await asyncio.to_thread(self._close, content)

    def _close(self, content: bytes) -> bytes:
        return _SEALED + self._sealer.seal_bytes(content) if self._sealer else _PLAIN + content

    def _open(self, kept: bytes) -> bytes:
        if kept[:1] == _PLAIN:
            return kept[1:]
        if self._sealer is None:
            raise SealError
        return self._sealer.open_bytes(kept[1:])

    def _write(self, value: Mapping[str, Any]) -> bytes:
        return self._close(json.dumps(value).encode())

    def _read(self, kept: bytes) -> dict[str, Any]:
        return cast(dict[str, Any], json.loads(self._open(kept)))

    def _hash_asker(self, origin: Origin) -> str:
        return self._hasher.hash("asker", origin.channel, origin.workspace, origin.asker)


def forget_reviews(condition: Any) -> Sequence[Any]:
    """What deletes the reviews for which a condition holds, with their files, in this order."""
    chosen = select(ReviewRecord.id).where(condition)
    return [delete(ReviewFile).where(ReviewFile.review.in_(chosen)), delete(ReviewRecord).where(condition)]
