"""Answers the questions that the inbox holds, where they were asked."""

from __future__ import annotations

import logging
import math
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager, nullcontext, suppress
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import aiohttp
from slack_sdk.errors import SlackApiError

from bot.desk import Desk
from bot.links import Links
from bot.place_settings import PlaceSettings
from bot.records.database import DATABASE_FAULTS
from bot.records.inbox import Event, derive_key
from bot.records.sent import SentMessages
from bot.records.worker import TryLaterError
from bot.replying import announcing, try_answer
from bot.review.matrix_request import read_command
from bot.slack.blocks import Message, render_answer, render_shared
from bot.slack.matrices import Asked as MatrixAsked
from bot.slack.matrices import Matrices
from bot.slack.notices import (
    render_fault,
    render_nobody_to_ask,
    render_not_requested,
    render_refusal,
    render_request,
    render_requested,
    render_shared_already,
)
from bot.slack.posting import PLACE_REFUSED, Posting
from bot.slack.questions import read_origin
from bot.slack.reviews import Reviews
from bot.slack.usage import asks_for_settings, asks_for_usage, render_settings_usage, render_usage
from bot.slack.workspaces import Workspaces, count_error, describe_error, is_passing, read_code
from bot.titles import TitleList
from bot.values import Asked
from retrieval.answer import Answer, Outcome
from retrieval.question import detect_language

logger = logging.getLogger(__name__)

# Seconds for which a direct conversation keeps its clause: there one subject follows another without a new thread.
_REMEMBERED = 60 * 60

# What nobody but the asker has to read, in a quiet channel.
_FOUND_NOTHING = {Outcome.NOT_COVERED, Outcome.CLARIFY, Outcome.NO_SUCH_CLAUSE}

_STATUS = {"en": "is looking it up in the guide …", "zh-Hant": "正在查閱指南…"}


def _advise(text: str) -> Message | None:
    """What to answer to a message that is no question; None if it is one."""
    if asks_for_usage(text):
        return render_usage(detect_language(text))
    return render_settings_usage(detect_language(text)) if asks_for_settings(text) else None


@dataclass
class _Sending:
    """Whether this is the first attempt to send something that is sent once, and whether it was sent."""

    first: bool
    done: bool = False


class Replies:
    """Asks the desk, and sends what it answers."""

    def __init__(
        self,
        desk: Desk,
        workspaces: Workspaces,
        sent: SentMessages,
        reviews: Reviews,
        *,
        links: Links | None,
        person_limit: int,
    ) -> None:
        """Answer for these workspaces.

        Args:
            desk: answers.
            workspaces: where the answers go.
            sent: knows what was shared or passed on already.
            reviews: takes the files.
            links: the source viewer's addresses, if it can be reached.
            person_limit: how many questions a minute a person may ask, to be told to who asks more.
        """
        self._desk = desk
        self._workspaces = workspaces
        self._sent = sent
        self._reviews = reviews
        self._links = links
        self._person_limit = person_limit
        self._titles = TitleList(desk)
        self._matrices = Matrices(desk, links=links)
        self._kinds: dict[str, Callable[[Posting, Event], Awaitable[None]]] = {
            "message": self._answer_message,
            "follow_up": self._answer_overheard,
            "command": self._answer_privately,
            "choice": self._answer_choice,
            "share": self._share,
            "person": self._ask_person,
            "review": self._review,
        }

    async def answer(self, event: Event) -> None:
        """Answer one event; see `bot.slack.questions` for its kinds.

        Raises:
            TryLaterError: Slack can't take the answer now.
        """
        try:
            posting = Posting(self._workspaces, await self._workspaces.client(event.workspace))
            async with self._status(posting, event):
                if "refused" in event.payload:
                    await self._refuse(posting, event)
                else:
                    await self._kinds[event.payload["kind"]](posting, event)
        except (aiohttp.ClientError, TimeoutError) as error:
            count_error(error)
            raise TryLaterError(describe_error(error)) from None
        except SlackApiError as error:
            count_error(error)
            if is_passing(error):
                raise TryLaterError(describe_error(error)) from None
            # Told here, with Slack's code; it would refuse another attempt too.
            logger.error("An answer was lost: %s", describe_error(error))

    async def _answer_message(self, posting: Posting, event: Event) -> None:
        payload = event.payload
        channel, user, thread = payload["channel_id"], payload["user_id"], payload["thread"]
        if payload.get("files") and await self._reviews.take(posting, event):
            return
        advice = _advise(payload["text"])
        if advice:
            await posting.whisper(advice, channel, user, thread=thread)
            return
        if await self._answer_matrix(posting, event):
            return
        origin = read_origin(event.key, event.workspace, payload)
        context = await self._desk.follow(origin, math.inf if thread else _REMEMBERED) if payload["goes_on"] else None
        answer = await try_answer(self._desk.ask(payload["text"], origin, context=context or (), recorded=False))
        await self._show(posting, event, answer)

    async def _answer_matrix(self, posting: Posting, event: Event) -> bool:
        """Show the matrix to everybody, or as the place is set to the asker alone; whether it was asked for."""
        payload = event.payload
        if read_command(payload["text"]) is None:
            return False
        channel, user, thread = payload["channel_id"], payload["user_id"], payload["thread"]
        place = await self._desk.settings_for("slack", event.workspace, channel)
        asked = MatrixAsked(channel, user, thread, private=place.replies == "ephemeral")
        show = partial(posting.whisper if asked.private else posting.post, channel=channel, user=user, thread=thread)
        return await self._matrices.answer(payload["text"], posting, asked, show)

    async def _review(self, posting: Posting, event: Event) -> None:
        await self._reviews.take(posting, event)

    async def _answer_overheard(self, posting: Posting, event: Event) -> None:
        origin = read_origin(event.key, event.workspace, event.payload)
        context = await self._desk.follow(origin)
        if context is None:
            return
        answer = await self._desk.overhear(event.payload["text"], origin, context=context)
        if answer:
            await self._show(posting, event, answer)

    async def _show(self, posting: Posting, event: Event, answer: Answer | None) -> None:
        """Show an answer where it was asked for, as that place is set."""
        payload = event.payload
        channel, user, thread = payload["channel_id"], payload["user_id"], payload["thread"]
        place = await self._desk.settings_for("slack", event.workspace, channel)
        found_nothing = answer is not None and answer.outcome in _FOUND_NOTHING
        private = place.replies == "ephemeral" or (place.quiet and found_nothing)
        message = self._draw(answer, event.key, place, private=private and not channel.startswith("D"))
        if private:
            await posting.whisper(message, channel, user, thread=thread)
        else:
            await posting.post(message, channel, user, thread=thread)

    async def _answer_privately(self, posting: Posting, event: Event) -> None:
        payload = event.payload
        channel = payload.get("channel_id", "")
        message = _advise(payload["text"])
        respond = partial(self._respond, posting, event, response_type="ephemeral", replace_original=False)
        asked = MatrixAsked(channel, payload["user_id"], None, private=True)
        if message is None and await self._matrices.answer(payload["text"], posting, asked, respond):
            return
        if message is None:
            origin = read_origin(event.key, event.workspace, payload)
            place = await self._desk.settings_for("slack", event.workspace, channel)
            answer = await try_answer(self._desk.look_up(payload["text"], origin))
            message = self._draw(answer, event.key, place, private=True)
        await respond(message)

    async def _answer_choice(self, posting: Posting, event: Event) -> None:
        """Answer for a chosen clause: in the place of the choices if they are private, else below them."""
        payload = event.payload
        origin = read_origin(event.key, event.workspace, payload)
        answer = await try_answer(self._desk.look_up(payload["text"], origin))
        if not payload["private"]:
            payload = payload | {"thread": payload["thread"] or self._thread_below(payload)}
            await self._show(posting, replace(event, payload=payload), answer)
            return
        place = await self._desk.settings_for("slack", event.workspace, payload["channel_id"])
        message = self._draw(answer, event.key, place, private=True)
        await self._respond(posting, event, message, response_type="ephemeral", replace_original=True)

    @staticmethod
    def _thread_below(payload: dict[str, Any]) -> str | None:
        return None if payload["channel_id"].startswith("D") else payload["message"]

    async def _share(self, posting: Posting, event: Event) -> None:
        """Show everybody what one person was shown, once."""
        payload = event.payload
        async with self._once(event, "shared", payload["answer_id"]) as sending:
            if not sending.first:
                told = render_shared_already(payload["language"])
                await posting.whisper(told, payload["channel_id"], payload["user_id"], thread=payload["thread"])
                return
            sending.done = await self._share_now(posting, event)

    async def _share_now(self, posting: Posting, event: Event) -> bool:
        """Whether everybody sees the answer now."""
        payload = event.payload
        answer = await self._again(event)
        if answer is None:
            await self._respond(posting, event, render_fault(), response_type="ephemeral", replace_original=False)
            return False
        place = await self._desk.settings_for("slack", event.workspace, payload["channel_id"])
        message = render_shared(
            answer,
            payload["user_id"],
            links=self._links,
            feedback=place.feedback,
            answer_id=payload["answer_id"],
            ask_person=place.helpers is not None,
            titles=self._titles.read(),
        )
        if payload["thread"] is None and await posting.respond(
            message, payload["response_url"], response_type="in_channel", replace_original=False
        ):
            return True
        channel, user, thread = payload["channel_id"], payload["user_id"], payload["thread"]
        return await posting.post(message, channel, user, thread=thread) is not None

    async def _ask_person(self, posting: Posting, event: Event) -> None:
        """Put a question to the people who are set for it, once, with the answer and where it stands."""
        payload = event.payload
        channel, user = payload["channel_id"], payload["user_id"]
        place = await self._desk.settings_for("slack", event.workspace, channel)
        group = (place.helpers or "") if (place.helpers or "").startswith("S") else ""
        there = place.helpers_channel if group else place.helpers
        if not there:
            await posting.whisper(render_nobody_to_ask(payload["language"]), channel, user, thread=payload["thread"])
            return
        async with self._once(event, "passed on", payload["answer_id"], there, group) as sending:
            if sending.first:
                told = await self._request(posting, event, there, group)
                sending.done = told is None
            else:
                told = render_requested(there, payload["language"], already=True)
        told = told or render_requested(there, payload["language"])
        await posting.whisper(told, channel, user, thread=payload["thread"])

    async def _request(self, posting: Posting, event: Event, there: str, group: str) -> Message | None:
        """Put a question where people answer it; what to tell who asked if Slack does not let it stand there."""
        payload = event.payload
        channel, user = payload["channel_id"], payload["user_id"]
        asked = Asked(payload["answer_id"], payload["text"], tuple(payload["refs"]), payload["language"])
        permalink = ""
        if not payload["private"]:
            with suppress(SlackApiError):  # it is a convenience
                found = await posting.client.chat_getPermalink(channel=channel, message_ts=payload["message"])
                permalink = str(found.get("permalink") or "")
        answer = await self._again(event)
        request = render_request(asked, user, answer=answer, links=self._links, group=group, permalink=permalink)
        try:
            await posting.post(request, there)
        except SlackApiError as error:
            if read_code(error) not in PLACE_REFUSED:
                raise
            count_error(error)
            logger.warning("Nobody could be asked: Slack does not let the question stand there (%s)", read_code(error))
            return render_not_requested(there, payload["language"])
        return None

    @asynccontextmanager
    async def _once(self, event: Event, what: str, *about: str) -> AsyncIterator[_Sending]:
        """Claim what is sent once for this event; where it turns out not to be sent, another event may claim it."""
        message = derive_key(f"slack {what}", event.workspace, *about)
        try:
            sending = _Sending(await self._sent.claim(message, event.key, event.workspace))
        except DATABASE_FAULTS as error:
            raise TryLaterError(describe_error(error)) from None
        try:
            yield sending
        finally:
            if sending.first and not sending.done:
                with suppress(*DATABASE_FAULTS):
                    await self._sent.forget(message)

    async def _again(self, event: Event) -> Answer | None:
        """The answer that was given already; None where it can't be made again."""
        payload = event.payload
        refs = "; ".join(payload["refs"])
        question = payload["text"] or refs
        origin = read_origin(event.key, event.workspace, payload)
        return await try_answer(self._desk.preview(question, origin, context=[refs])) if question else None

    async def _refuse(self, posting: Posting, event: Event) -> None:
        payload = event.payload
        message = render_refusal(self._person_limit, payload["refused"], detect_language(payload["text"]))
        if payload.get("response_url"):
            await self._respond(posting, event, message, response_type="ephemeral", replace_original=False)
        else:
            await posting.whisper(message, payload["channel_id"], payload["user_id"], thread=payload["thread"])

    async def _respond(self, posting: Posting, event: Event, message: Message, **how: Any) -> None:
        """Send what one person sees over the response URL, or in another way where that is used up."""
        payload = event.payload
        if not await posting.respond(message, payload["response_url"], **how):
            await posting.whisper(message, payload.get("channel_id", ""), payload["user_id"], thread=payload["thread"])

    def _draw(self, answer: Answer | None, answer_id: str, place: PlaceSettings, *, private: bool) -> Message:
        if answer is None:
            return render_fault()
        try:
            return render_answer(
                answer,
                links=self._links,
                feedback=place.feedback,
                answer_id=answer_id,
                private=private,
                ask_person=place.helpers is not None,
                titles=self._titles.read(),
            )
        except Exception as error:  # silence would be worse than an apology
            logger.error("An answer could not be drawn: %s", describe_error(error))
            return render_fault()

    def _status(self, posting: Posting, event: Event) -> AbstractAsyncContextManager[None]:
        """Say in a direct conversation that an answer is on its way, if it is not there at once."""
        payload = event.payload
        if not (payload.get("channel_id", "").startswith("D") and payload.get("thread")):
            return nullcontext()

        async def announce() -> None:
            with suppress(SlackApiError, aiohttp.ClientError, TimeoutError):  # it is a courtesy
                await posting.client.assistant_threads_setStatus(
                    channel_id=payload["channel_id"],
                    thread_ts=payload["thread"],
                    status=_STATUS[detect_language(payload["text"])],
                )

        return announcing(announce)
