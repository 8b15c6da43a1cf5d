"""Reviews one after the other, whatever channel they came from: each in its turn, resumed where a stop cut it off."""

from __future__ import annotations

import asyncio
import logging
import secrets
import time
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import suppress
from typing import Any, Protocol

from aiohttp import web

from bot.desk import Desk
from bot.faults import describe_error
from bot.origin import Origin
from bot.records.approved import load_approved
from bot.records.database import DATABASE_FAULTS
from bot.records.inbox import Event
from bot.records.records import Records
from bot.records.reviews import INBOX, Review
from bot.records.worker import TryLaterError, Worker
from bot.review.model import Columns, Fill, Question, Questionnaire, ReviewError
from bot.review.problems import FAULT, LOST, SLOW
from bot.review.run import Reviewed, review

logger = logging.getLogger(__name__)

# Reviews that one process works on at once: each is as quick alone, and chat is answered between its slices.
_AT_ONCE = 1

# Seconds: between what is told of a review's progress; that telling it may hold up what comes next; that a review under
# way is given at a stop, since one that takes longer is begun anew elsewhere.
_TELL_EVERY = 2.0
_TOLD_WITHIN = 10.0
_FINISH_WITHIN = 2.0

# Seconds that reading, answering and filling a file may take: the largest takes two minutes, and others wait behind it.
_WITHIN = 15 * 60.0

# Turns of the event loop between two slices of a review: a question asked in a chat is answered in some twenty, and
# each costs nothing where nobody asks.
_TURNS = 10

# How often a review is begun that never comes to an end: a file at which the process dies must not kill it for a day.
_ATTEMPTS = 5

# Bytes of an id that can't be guessed.
_ID_SIZE = 32


class Way(Protocol):
    """How a channel gets a review's file, and how it answers. The same calls may come again after a stop."""

    async def fetch(self, job: Review) -> bytes:
        """The file.

        Raises:
            ReviewError: it can't be had, or is too large.
            TryLaterError: it can't be had now.
        """
        ...

    async def tell(self, job: Review, done: int, total: int) -> None:
        """Say how many of how many questions are done: at once, and at most every two seconds. Best raises nothing."""
        ...

    async def deliver(self, job: Review, reviewed: Reviewed, questions: Sequence[Question]) -> None:
        """Send the filled file, with the counts; afterwards the review is ``ready``. A fill belongs to each question.

        Raises:
            ReviewError: it can't be sent.
            TryLaterError: it can't be sent now.
        """
        ...

    async def refuse(self, job: Review, problem: str) -> None:
        """Say why there is no filled file; afterwards the review is ``failed``.

        Raises:
            TryLaterError: it can't be said now.
        """
        ...


class Kept:
    """The way of a channel that keeps the file in the records, and the result, with its rows to look through.

    Each row is ``{"question": …, "fill": …}``: `bot.review.model.Question` and `Fill`, as JSON.
    """

    def __init__(self, records: Records) -> None:
        self._book = records.reviews

    async def fetch(self, job: Review) -> bytes:
        """The file that was given."""
        content = await self._book.read_given(job.id)
        if content is None:
            raise ReviewError(LOST)
        return content

    async def tell(self, job: Review, done: int, total: int) -> None:
        """Nothing: how far it is stands in the records already."""

    async def deliver(self, job: Review, reviewed: Reviewed, questions: Sequence[Question]) -> None:
        """Keep what came of it."""
        rows = await asyncio.to_thread(_write_rows, questions, reviewed.fills)
        await self._book.keep(job.id, reviewed.content, rows)

    async def refuse(self, job: Review, problem: str) -> None:
        """Nothing: the problem is kept with the review."""


def _write_rows(questions: Sequence[Question], fills: Sequence[Fill]) -> list[str]:
    pairs = zip(questions, fills, strict=True)
    return [f'{{"question":{question.model_dump_json()},"fill":{fill.model_dump_json()}}}' for question, fill in pairs]


def _open(content: bytes, name: str, columns: Mapping[str, Any] | None) -> Questionnaire:
    # What reads workbooks takes a while to import, and most processes never see one.
    from bot.review.reading import open_questionnaire

    return open_questionnaire(content, name, Columns(**columns) if columns else None)


class Reviewing:
    """The reviews of every channel: a channel prepares one, starts it, and is called back as its `Way` says."""

    def __init__(self, desk: Desk, records: Records) -> None:
        self.book = records.reviews
        self._engine = records.engine
        self._desk = desk
        self._ways: dict[str, Way] = {}
        self._strangers: set[str] = set()
        self._worker = Worker(records.inbox(INBOX), self._work, at_once=_AT_ONCE)
        self._finishing: asyncio.Task[None] | None = None

    def serve(self, channel: str, way: Way, *, strangers: bool = False) -> None:
        """Have a channel's reviews (by `Origin.channel`) fetched and answered this way.

        Args:
            channel: its kind.
            way: how it gets a file, and gives it back.
            strangers: whether people of other organizations ask there too: what this one's approved is not theirs.
        """
        self._ways[channel] = way
        if strangers:
            self._strangers.add(channel)

    def add_to(self, app: web.Application) -> None:
        """Work while the application runs: to be added after every channel, which it starts after and stops before."""
        app.on_startup.append(self._start)
        app.on_shutdown.append(self._begin_to_finish)
        app.cleanup_ctx.append(self._finish)

    async def prepare(
        self,
        origin: Origin,
        name: str,
        *,
        review: str | None = None,
        content: bytes | None = None,
        columns: Columns | None = None,
        guides: Sequence[str] = (),
        context: Mapping[str, Any] | None = None,
    ) -> Review:
        """Keep a review that is not started yet.

        Args:
            origin: who gave the file, where; only ``channel``, ``workspace`` and ``asker`` count.
            name: the file's, without a folder.
            review: its id, such as a key of `bot.records.inbox.derive_key`: the same for the same file, however often
                it is delivered. None for one at random, which can't be guessed.
            content: the file, where `Way.fetch` can't get it again; sealed, and gone within a day.
            columns: which columns hold what, where somebody said so.
            guides: ids of the guides to answer from; empty for all.
            context: what the channel needs to answer (a place, a thread, a language), as JSON can hold it, to be found
                in `Review.task` under ``context``.

        Returns:
            The review; where it was prepared before, as it is now.

        Raises:
            DATABASE_FAULTS: it is not kept; see `bot.records.database`.
        """
        review = review or secrets.token_urlsafe(_ID_SIZE)
        task = {
            "columns": columns.model_dump() if columns else None,
            "guides": list(guides),
            "context": dict(context or {}),
        }
        await self.book.create(review, origin, name, task, content)
        kept = await self.book.find(review)
        return kept or Review(review, origin.channel, origin.workspace, name, "waiting", time.time(), task=task)

    async def start(self, job: Review) -> int:
        """Put a prepared review into the line, once, however often it is started.

        Returns:
            How many reviews are ahead of it.

        Raises:
            DATABASE_FAULTS: it is not in the line; see `bot.records.database`.
        """
        await self._worker.take_in(job.id, job.workspace, {"review": job.id})
        return await self.book.count_ahead(job.id)

    async def _start(self, _: web.Application) -> None:
        self._worker.start()

    async def _begin_to_finish(self, _: web.Application) -> None:
        self._finishing = asyncio.create_task(self._worker.finish(_FINISH_WITHIN))

    async def _finish(self, _: web.Application) -> AsyncIterator[None]:
        yield
        await (self._finishing or self._worker.finish(_FINISH_WITHIN))

    async def _work(self, event: Event) -> None:
        """Work on one review; see `Worker`."""
        try:
            job = await self.book.find(event.payload["review"])
            if job is None or job.is_over:  # deleted meanwhile, or a stop came before the event was marked
                return
            way = self._ways.get(job.channel)
            if way is None:
                raise TryLaterError(f"{job.channel} is off here")
            try:
                reviewed, questions = await self._review(job, way)
                await way.deliver(job, reviewed, questions)
                await self.book.finish(job.id, reviewed.name, reviewed.counts.answered, reviewed.counts.person)
            except ReviewError as error:
                await self._refuse(job, way, error)
            except (TryLaterError, *DATABASE_FAULTS):
                raise
            except Exception as error:
                logger.error("A review failed: %s", describe_error(error))
                await self._refuse(job, way, ReviewError(FAULT))
        except DATABASE_FAULTS as error:
            raise TryLaterError(describe_error(error)) from None

    async def _refuse(self, job: Review, way: Way, error: ReviewError) -> None:
        # Each channel that knows its reader's language has it in the context.
        problem = error.tell("zh-Hant" if job.task["context"].get("language") == "zh-Hant" else "en")
        await way.refuse(job, problem)
        await self.book.fail(job.id, problem)

    async def _review(self, job: Review, way: Way) -> tuple[Reviewed, Sequence[Question]]:
        content = await way.fetch(job)
        if await self.book.begin(job.id) > _ATTEMPTS:
            logger.error("A review was given up: it never came to an end")
            raise ReviewError(FAULT)
        approved = {} if job.channel in self._strangers else await load_approved(self._engine)
        telling = _Telling(self, job, way)
        try:
            async with asyncio.timeout(_WITHIN):
                questionnaire = await asyncio.to_thread(_open, content, job.name, job.task["columns"])
                del content
                await telling.tell(0, len(questionnaire.questions))
                reviewed = await review(
                    questionnaire,
                    self._desk,
                    name=job.name,
                    guides=job.task["guides"],
                    approved=approved,
                    progress=telling.tell,
                )
            return reviewed, questionnaire.questions
        except TimeoutError:
            raise ReviewError(SLOW) from None
        except asyncio.CancelledError:  # a stop waits for nobody to hear of it
            telling.cancel()
            raise
        finally:
            await telling.end()
            with suppress(*DATABASE_FAULTS):
                await self.book.settle(job.id)


class _Telling:
    """Tells how far a review is: not more often than somebody reads it, and without holding it up."""

    def __init__(self, reviewing: Reviewing, job: Review, way: Way) -> None:
        self._book = reviewing.book
        self._job = job
        self._way = way
        self._last = 0.0
        self._task: asyncio.Task[None] | None = None

    async def tell(self, done: int, total: int) -> None:
        """Tell it, unless something was told just now, or is still being told; and give way to whoever asks."""
        now = time.monotonic()
        if now - self._last >= _TELL_EVERY and (self._task is None or self._task.done()):
            self._last = now
            self._task = asyncio.create_task(self._tell(done, total))
        for _ in range(_TURNS):
            await asyncio.sleep(0)

    async def _tell(self, done: int, total: int) -> None:
        try:
            await self._book.progress(self._job.id, done, total)
            await self._way.tell(self._job, done, total)
        except Exception as error:  # the review goes on, whoever hears of it
            logger.warning("A review's progress could not be told: %s", describe_error(error))

    def cancel(self) -> None:
        """Tell nothing more, nor to its end what is being told."""
        if self._task:
            self._task.cancel()

    async def end(self) -> None:
        """Return once what is being told is told: the result must not be overtaken by it."""
        if self._task:
            await asyncio.wait([self._task], timeout=_TOLD_WITHIN)
            self.cancel()
