"""Reviews of questionnaires in Teams: a file in the personal chat, how far it is, and where the filled one goes."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress

from microsoft_agents.activity import ConversationReference

from bot.faults import describe_error
from bot.records.database import DATABASE_FAULTS
from bot.records.inbox import Event, derive_key
from bot.records.reviews import Review
from bot.records.worker import TryLaterError
from bot.review.jobs import Reviewing
from bot.review.model import Question, ReviewError
from bot.review.reading import LARGEST_FILE
from bot.review.run import Reviewed
from bot.teams.files import FileError, Files
from bot.teams.posting import Posting, RefusedError
from bot.teams.questions import read_origin
from bot.teams.reply import Reply
from bot.teams.review_notices import (
    render_consent,
    render_declined,
    render_file_gone,
    render_not_reviewed,
    render_not_saved,
    render_progress,
    render_received,
    render_reviewed,
    render_saved,
    tell_problem,
)
from retrieval.question import detect_language
from retrieval.wording import Language

logger = logging.getLogger(__name__)


class Reviews:
    """Takes files in, gives filled ones back, and is Teams' `bot.review.jobs.Way`."""

    def __init__(self, posting: Posting, files: Files, reviewing: Reviewing) -> None:
        self._posting = posting
        self._files = files
        self._reviewing = reviewing
        self._book = reviewing.book
        reviewing.serve("teams", self)

    async def take(self, event: Event) -> None:
        """Have each file of a message reviewed, in order, and say so.

        Raises:
            TryLaterError: the records, or Teams, can't be used now.
            RefusedError: Teams does not take what is said.
        """
        payload = event.payload
        typed: Language = detect_language(payload["text"]) if payload["text"] else payload["language"]
        origin = read_origin(event.key, event.workspace, payload)
        for number, file in enumerate(payload["files"]):
            context = {"url": file["url"], "language": typed, "reference": payload["reference"]}
            review = derive_key("teams review", event.key, str(number))
            with _as_try_later():
                job = await self._reviewing.prepare(origin, file["name"], review=review, context=context)
                if "message" not in job.notes:
                    told = render_received(job.name, await self._book.count_ahead(review), typed)
                    message = await self._posting.send(told, _read_reference(job))
                    await self._book.note(review, message=message)
                await self._reviewing.start(job)

    async def fetch(self, job: Review) -> bytes:
        """The file, as OneDrive has it now."""
        try:
            return await self._files.fetch(job.task["context"]["url"])
        except FileError as error:
            told = tell_problem(error.fault, _language(job), megabytes=LARGEST_FILE // 1_000_000)
            raise ReviewError(told) from None

    async def tell(self, job: Review, done: int, total: int) -> None:
        """Say how far it is, in the message that said that it came in."""
        with suppress(RefusedError, TryLaterError):  # the next one tells more
            await self._update(job, render_progress(job.name, done, total, _language(job)))

    async def deliver(self, job: Review, reviewed: Reviewed, questions: Sequence[Question]) -> None:
        """Keep the filled file, and ask whether it may be saved, once."""
        counts, language = reviewed.counts, _language(job)
        with suppress(RefusedError):
            await self._update(job, render_reviewed(job.name, counts.answered, counts.person, language))
        if "consent" in job.notes:
            return
        await self._book.keep(job.id, reviewed.content)
        # It may be allowed before the review is marked as ready.
        await self._book.note(job.id, answered=str(counts.answered), person=str(counts.person))
        size = len(reviewed.content)
        asked = render_consent(job.id, reviewed.name, size, counts.answered, counts.person, language)
        try:
            message = await self._posting.send(asked, _read_reference(job))
        except RefusedError as error:  # the chat is closed to the app
            logger.error("A filled file could not be offered: %s", describe_error(error, str(error)))
            raise ReviewError(tell_problem("not sent", language, megabytes=0)) from None
        await self._book.note(job.id, consent=message)

    async def refuse(self, job: Review, problem: str) -> None:
        """Say why there is no filled file, in the message that said that it came in."""
        told = render_not_reviewed(job.name, problem, _language(job))
        try:
            if not await self._update(job, told):
                await self._posting.send(told, _read_reference(job))
        except RefusedError as error:
            logger.error("A review's problem could not be told: %s", describe_error(error, str(error)))

    async def save(self, event: Event) -> None:
        """Put a filled file where its asker allowed it, once, and show it.

        Raises:
            TryLaterError: OneDrive, Teams or the records can't be used now.
            RefusedError: Teams does not take what is said.
        """
        payload = event.payload
        language: Language = payload["language"]
        origin = read_origin(event.key, event.workspace, payload)
        with _as_try_later():
            job = await self._book.find(payload["review"], origin)
            if job and "shown" in job.notes:
                return
            if job is None or not ("saved" in job.notes or await self._put(job, payload["upload"]["uploadUrl"])):
                refused = job is not None and await self._book.read_filled(job.id) is not None
                told = render_not_saved(language) if refused else render_file_gone(language)
                await self._posting.send(told, _reference_of(event))
                return
            answered, person = (int(job.notes.get(each, "0")) for each in ("answered", "person"))
            shown = render_saved(payload["upload"], answered, person, _language(job))
            await self._posting.send(shown, _reference_of(event))
            await self._book.note(job.id, shown="yes")
            await self._drop_card(job, event)

    async def drop(self, event: Event) -> None:
        """Delete a filled file that its asker does not want; raises as `save`."""
        origin = read_origin(event.key, event.workspace, event.payload)
        with _as_try_later():
            job = await self._book.find(event.payload["review"], origin)
            if job is None:
                return
            await self._posting.send(render_declined(_language(job)), _reference_of(event))
            await self._drop_card(job, event)
            await self._book.forget(job.id, origin)

    async def _put(self, job: Review, address: str) -> bool:
        """Put the filled file there; whether it is there now."""
        content = await self._book.read_filled(job.id)
        if content is None:
            return False
        # Noted first: where the answer was lost, a session that has ended since is one that took the file.
        again = job.notes.get("saving") == address
        await self._book.note(job.id, saving=address)
        try:
            await self._files.put(address, content)
        except FileError as error:
            if not (again and error.fault == "ended"):
                logger.warning("OneDrive does not take a filled file (%s)", error)
                return False
        await self._book.note(job.id, saved="yes", saving="")
        await self._book.drop_files(job.id)
        return True

    async def _drop_card(self, job: Review, event: Event) -> None:
        """Take the card away that was answered: nobody needs to answer it again."""
        message = job.notes.get("consent") or event.payload["card"]
        if message:
            with suppress(RefusedError, TryLaterError):
                await self._posting.delete(_reference_of(event), message)

    async def _update(self, job: Review, reply: Reply) -> bool:
        """Change the message that said that the file came in; whether there is one."""
        message = job.notes.get("message")
        if message:
            await self._posting.update(reply, _read_reference(job), message)
        return bool(message)


def _language(job: Review) -> Language:
    return "zh-Hant" if job.task["context"]["language"] == "zh-Hant" else "en"


def _read_reference(job: Review) -> ConversationReference:
    return ConversationReference.model_validate(job.task["context"]["reference"])


def _reference_of(event: Event) -> ConversationReference:
    return ConversationReference.model_validate(event.payload["reference"])


@contextmanager
def _as_try_later() -> Iterator[None]:
    """What the records can't keep now may be kept later."""
    try:
        yield
    except DATABASE_FAULTS as error:
        raise TryLaterError(describe_error(error)) from None
