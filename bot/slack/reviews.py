"""Reviews of questionnaires in Slack: a file that somebody gives, how far it is, and the filled file in the thread."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager, suppress
from typing import Any

import aiohttp
from slack_sdk.errors import SlackApiError

from bot.desk import Desk
from bot.records.database import DATABASE_FAULTS
from bot.records.inbox import Event, derive_key
from bot.records.reviews import Review
from bot.records.sent import SentMessages
from bot.records.worker import TryLaterError
from bot.review.jobs import Reviewing
from bot.review.model import Question, ReviewError
from bot.review.reading import LARGEST_FILE
from bot.review.run import Reviewed
from bot.slack.blocks import Message
from bot.slack.files import (
    FileProblem,
    SharedFile,
    begin_upload,
    complete_upload,
    download,
    is_shown,
    look_up,
)
from bot.slack.notices import render_refusal
from bot.slack.people import find_language
from bot.slack.posting import PLACE_REFUSED, Posting
from bot.slack.questions import read_origin
from bot.slack.review_notices import (
    render_moved,
    render_not_reviewed,
    render_progress,
    render_received,
    render_reviewed,
    tell_problem,
    write_comment,
)
from bot.slack.workspaces import Workspaces, count_error, describe_error, is_passing, read_code
from retrieval.question import detect_language
from retrieval.wording import Language

logger = logging.getLogger(__name__)

# Seconds between looks at whether a file that was sent before a stop stands where it belongs: Slack puts it there a
# while after it was told to.
_LOOK_AGAIN_AFTER = (1.0, 2.0, 4.0)


class Reviews:
    """Takes files in, and is Slack's `bot.review.jobs.Way`."""

    def __init__(
        self,
        desk: Desk,
        workspaces: Workspaces,
        reviewing: Reviewing,
        sent: SentMessages,
        *,
        person_limit: int,
        strangers: bool,
    ) -> None:
        """Review for these workspaces.

        Args:
            desk: knows how places are set, and who may ask.
            workspaces: where the files come from and go.
            reviewing: does the work.
            sent: knows who was told already that the app may not read files.
            person_limit: how many questions, or files, a minute a person may give, to be told to who gives more.
            strangers: whether any workspace may install the app.
        """
        self._desk = desk
        self._person_limit = person_limit
        self._workspaces = workspaces
        self._reviewing = reviewing
        self._sent = sent
        reviewing.serve("slack", self, strangers=strangers)

    async def take(self, posting: Posting, event: Event) -> bool:
        """Have each file of a message reviewed, in order, and say why where one can't be.

        Returns:
            Whether that is all there is to it; else the message's words are to be answered too.

        Raises:
            TryLaterError, SlackApiError, aiohttp.ClientError, TimeoutError: Slack, or the records, can't be used now.
        """
        payload = event.payload
        language = await self._find_language(posting, payload)
        taken = False
        for number, file in enumerate(payload["files"]):
            # The first was counted with its message.
            if number and not await self._is_admitted(posting, event, language):
                break
            try:
                shared = await look_up(posting.client, file)
            except FileProblem as error:
                await self._say_why_not(posting, event, error, language)
                if error.problem == "scopes":
                    break
            else:
                taken = True
                with _as_try_later():
                    await self._prepare(posting, event, shared, language)
        return taken or not payload["text"]

    async def _is_admitted(self, posting: Posting, event: Event, language: Language) -> bool:
        """Whether this person may give another file now; who may not is told when."""
        payload = event.payload
        admission = await self._desk.admit(read_origin(event.key, event.workspace, payload))
        if admission.tell:
            told = render_refusal(self._person_limit, admission.wait, language)
            await posting.whisper(told, payload["channel_id"], payload["user_id"], thread=payload["thread"])
        return admission.admitted

    async def _find_language(self, posting: Posting, payload: dict[str, Any]) -> Language:
        text = payload["text"]
        if "language" in payload:
            return "zh-Hant" if payload["language"] == "zh-Hant" else "en"
        return detect_language(text) if text else await find_language(posting.client, payload["user_id"])

    async def _say_why_not(self, posting: Posting, event: Event, error: FileProblem, language: Language) -> None:
        """Say why a file is not reviewed; that the app may not, once only to who gets an answer all the same."""
        payload = event.payload
        user = payload["user_id"]
        if error.problem == "scopes" and payload["text"]:
            with _as_try_later():
                told = derive_key("slack files", event.workspace, user)
                if not await self._sent.claim(told, event.key, event.workspace):
                    return
        message = render_not_reviewed("📎", _tell(error, language), language)
        await posting.whisper(message, payload["channel_id"], user, thread=payload["thread"])

    async def _prepare(self, posting: Posting, event: Event, shared: SharedFile, language: Language) -> None:
        payload, book = event.payload, self._reviewing.book
        user, channel = payload["user_id"], payload["channel_id"]
        place = await self._desk.settings_for("slack", event.workspace, channel)
        # What only the asker is to see can't be a file in a channel.
        private = place.replies == "ephemeral" and not channel.startswith("D")
        there = user if private or not channel else channel
        thread = None if there == user else payload["thread"] or payload.get("ts")
        context = {"user": user, "channel": there, "thread": thread, "file": shared.id, "language": language}
        origin = read_origin(event.key, event.workspace, payload)
        review = derive_key("slack review", event.key, shared.id)
        job = await self._reviewing.prepare(origin, shared.name, review=review, context=context)
        # Noted before it is said: a stop in between leaves a review without its progress, and none with two.
        if not job.notes.get("announced"):
            await book.note(review, announced="yes")
            try:
                told = render_received(shared.name, await book.count_ahead(review), language)
                where, ts, as_asked = await posting.place(told, there, user, thread=thread)
            except (SlackApiError, aiohttp.ClientError, TimeoutError):
                await book.note(review, announced="")
                raise
            await book.note(review, channel=where, message=ts, thread=(thread if as_asked else None) or ts)
        await self._reviewing.start(job)

    async def fetch(self, job: Review) -> bytes:
        """The file, as Slack has it now."""
        async with self._reach(job) as posting:
            return await download(posting.client, await look_up(posting.client, job.task["context"]["file"]))

    async def tell(self, job: Review, done: int, total: int) -> None:
        """Say how far it is, in the message that said that it came in."""
        async with self._reach(job) as posting:
            await self._update(posting, job, render_progress(job.name, done, total, _language(job)))

    async def deliver(self, job: Review, reviewed: Reviewed, questions: Sequence[Question]) -> None:
        """Put the filled file into the thread, once, and say so."""
        counts, language = reviewed.counts, _language(job)
        comment = write_comment(counts.answered, counts.person, language)
        async with self._reach(job) as posting:
            if not await self._is_sent(posting, job):
                await self._send(posting, job, reviewed, comment)
            told = render_reviewed(job.name, counts.answered, counts.person, language)
            with suppress(SlackApiError):  # the file stands there
                await self._update(posting, job, told)

    async def refuse(self, job: Review, problem: str) -> None:
        """Say why there is no filled file, in the message that said that it came in."""
        told = render_not_reviewed(job.name, problem, _language(job))
        async with self._reach(job) as posting:
            try:
                if await self._update(posting, job, told):
                    return
            except SlackApiError as error:
                if is_passing(error):
                    raise
            channel, thread = _find_place(job)
            await posting.post(told, channel, job.task["context"]["user"], thread=thread)

    async def _is_sent(self, posting: Posting, job: Review) -> bool:
        """Whether the filled file was sent before a stop."""
        file = job.notes.get("sent")
        if not file:
            return False
        for wait in (0.0, *_LOOK_AGAIN_AFTER):
            await asyncio.sleep(wait)
            shown = await is_shown(posting.client, file)
            if shown is not None:
                return shown
        return False

    async def _send(self, posting: Posting, job: Review, reviewed: Reviewed, comment: str) -> None:
        user = job.task["context"]["user"]
        channel, thread = _find_place(job)
        if channel == user:  # a file needs the conversation's own id, which a message tells
            channel, thread, _ = await posting.place(render_moved(job.name, _language(job)), user, user)
        try:
            await self._send_to(posting, job, reviewed, comment, channel, thread)
        except SlackApiError as error:
            if read_code(error) not in PLACE_REFUSED or channel.startswith("D"):
                raise
            count_error(error)
            logger.warning("Slack did not let a file stand in its channel (%s); sending it directly", read_code(error))
            channel, thread, _ = await posting.place(render_moved(job.name, _language(job)), user, user)
            await self._send_to(posting, job, reviewed, comment, channel, thread)

    async def _send_to(
        self, posting: Posting, job: Review, reviewed: Reviewed, comment: str, channel: str, thread: str | None
    ) -> None:
        file = await begin_upload(posting.client, reviewed.name, reviewed.content)
        # Noted before it is shown: after a stop in between, Slack is asked whether it is.
        await self._reviewing.book.note(job.id, sent=file)
        await complete_upload(posting.client, file, reviewed.name, channel, thread=thread, comment=comment)

    async def _update(self, posting: Posting, job: Review, message: Message) -> bool:
        """Change the message that said that the file came in; whether there is one."""
        ts = job.notes.get("message")
        if ts:
            await posting.update(message, job.notes["channel"], ts)
        return bool(ts)

    @asynccontextmanager
    async def _reach(self, job: Review) -> AsyncIterator[Posting]:
        """The workspace's way out; what fails there is told as `bot.review.jobs.Way` says."""
        try:
            yield Posting(self._workspaces, await self._workspaces.client(job.workspace))
        except FileProblem as error:
            raise ReviewError(_tell(error, _language(job))) from None
        except (aiohttp.ClientError, TimeoutError) as error:
            count_error(error)
            raise TryLaterError(describe_error(error)) from None
        except SlackApiError as error:
            count_error(error)
            if is_passing(error):
                raise TryLaterError(describe_error(error)) from None
            raise


def _find_place(job: Review) -> tuple[str, str | None]:
    """Where a review is told of: where it was said that the file came in, else where it came in."""
    context = job.task["context"]
    return (
        (job.notes["channel"], job.notes["thread"])
        if "channel" in job.notes
        else (context["channel"], context["thread"])
    )


def _language(job: Review) -> Language:
    return "zh-Hant" if job.task["context"]["language"] == "zh-Hant" else "en"


def _tell(error: FileProblem, language: Language) -> str:
    return tell_problem(error.problem, language, code=error.code, megabytes=LARGEST_FILE // 1_000_000)


@contextmanager
def _as_try_later() -> Iterator[None]:
    """What the records can't keep now may be kept later; Slack is asked again then."""
    try:
        yield
    except (aiohttp.ClientError, TimeoutError, SlackApiError):
        raise
    except DATABASE_FAULTS as error:
        raise TryLaterError(describe_error(error)) from None
