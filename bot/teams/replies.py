"""Answers the questions that the inbox holds, where they were asked."""

from __future__ import annotations

import logging
import math
from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager, nullcontext, suppress

from microsoft_agents.activity import ConversationAccount, ConversationReference

from bot.desk import Desk
from bot.faults import describe_error
from bot.links import Links
from bot.place_settings import PlaceSettings, read_settings
from bot.records.database import DATABASE_FAULTS
from bot.records.inbox import Event
from bot.records.sent import SentMessages
from bot.records.worker import TryLaterError
from bot.replying import announcing, try_answer
from bot.review.matrix import draw_matrix
from bot.review.matrix_request import read_command
from bot.teams.cards import render_answer
from bot.teams.invokes import name_message
from bot.teams.matrix import render_matrix, render_no_matrix
from bot.teams.notices import render_change, render_fault, render_nobody_to_ask, render_refusal, render_request
from bot.teams.phrases import TEAMS_PHRASES
from bot.teams.posting import Posting, RefusedError
from bot.teams.questions import REVIEW, read_origin
from bot.teams.reading import strip_thread
from bot.teams.reply import Reply
from bot.teams.review_notices import render_review_help
from bot.teams.reviews import Reviews
from bot.teams.settings_card import render_settings
from bot.teams.welcome import render_list, render_usage, render_welcome
from bot.titles import TitleList
from bot.values import Asked
from bot.web.overview import UnknownError
from retrieval.answer import Answer
from retrieval.question import detect_language
from retrieval.wording import Language

logger = logging.getLogger(__name__)

# What is typed, or put into the box by Teams' menu of commands, besides questions.
_USAGE = {"", "help", "?", "look up", "說明", "幫助", "查閱"}
_LIST = {"list", "list clauses", "列出條文"}
_SETTINGS = {"settings", "設定"}
_REVIEW = {REVIEW, "review a questionnaire", "審閱", "審閱問卷"}

# Seconds for which a chat keeps its clause, since there one subject follows another without a new thread.
_REMEMBERED = 60 * 60


class Replies:
    """Asks the desk, and sends what it answers."""

    def __init__(
        self,
        desk: Desk,
        posting: Posting,
        sent: SentMessages,
        reviews: Reviews,
        *,
        links: Links | None,
        person_limit: int,
    ) -> None:
        """Answer over this way.

        Args:
            desk: answers.
            posting: sends.
            sent: keeps which message holds which answer.
            reviews: take questionnaires.
            links: the source viewer's addresses, if it can be reached.
            person_limit: how many questions a minute a person may ask, to be told to who asks more.
        """
        self._desk = desk
        self._posting = posting
        self._sent = sent
        self._links = links
        self._person_limit = person_limit
        self._titles = TitleList(desk)
        self._kinds: dict[str, Callable[[Event], Awaitable[None]]] = {
            "message": self._answer_message,
            "follow_up": self._answer_overheard,
            "choice": self._answer_choice,
            "settings": self._show_settings,
            "welcome": self._welcome,
            "person": self._ask_person,
            "change": self._tell_change,
            "review": reviews.take,
            "save": reviews.save,
            "drop": reviews.drop,
        }

    async def answer(self, event: Event) -> None:
        """Answer one event; see `bot.teams.questions` for its kinds.

        Raises:
            TryLaterError: Teams can't take the answer now.
        """
        try:
            async with self._status(event):
                if "refused" in event.payload:
                    await self._refuse(event)
                else:
                    await self._kinds[event.payload["kind"]](event)
        except RefusedError as error:
            # It would refuse another attempt too.
            logger.error("An answer was lost: %s", describe_error(error, str(error)))

    async def _answer_message(self, event: Event) -> None:
        typed = event.payload["text"].casefold()
        if typed in _USAGE:
            await self._send(event, render_usage())
        elif typed in _LIST:
            catalogue, language = self._desk.catalogue(), _language(event, typed)
            await self._send(event, render_list(catalogue, language, links=self._links))
        elif typed in _SETTINGS:
            await self._show_settings(event)
        elif typed in _REVIEW:
            is_here = event.payload["scope"] == "personal"
            await self._send(event, render_review_help(_language(event, typed), here=is_here))
        elif (regulation := read_command(typed)) is not None:
            await self._show_matrix(event, regulation)
        else:
            origin = read_origin(event.key, event.workspace, event.payload)
            threaded = event.payload["scope"] == "channel"
            within = math.inf if threaded else _REMEMBERED
            context = await self._desk.follow(origin, within) if _goes_on(event) else None
            asking = self._desk.ask(event.payload["text"], origin, context=context or (), recorded=False)
            await self._show(event, await try_answer(asking))

    async def _answer_overheard(self, event: Event) -> None:
        origin = read_origin(event.key, event.workspace, event.payload)
        context = await self._desk.follow(origin)
        if context is None:
            return
        answer = await self._desk.overhear(event.payload["text"], origin, context=context)
        if answer:
            await self._show(event, answer)

    async def _answer_choice(self, event: Event) -> None:
        origin = read_origin(event.key, event.workspace, event.payload)
        await self._show(event, await try_answer(self._desk.look_up(event.payload["text"], origin)))

    async def _show(self, event: Event, answer: Answer | None) -> None:
        """Send an answer, and keep which message holds it."""
        reply = self._draw(answer, event.key, await self._place(event))
        message = await self._send(event, reply)
        if message and reply.feedback:
            conversation = event.payload["reference"]["conversation"]["id"]
            try:
                await self._sent.note(name_message(event.workspace, conversation, message), event.key, event.workspace)
            except DATABASE_FAULTS as error:  # the answer is sent; only feedback on it will not be understood
                logger.warning("A message could not be remembered: %s", describe_error(error))

    async def _show_matrix(self, event: Event, regulation: str) -> None:
        language = _language(event, event.payload["text"])
        try:
            matrix = draw_matrix(self._desk, regulation or None)
        except UnknownError:
            names = dict.fromkeys(name for guide in self._desk.catalogue().guides for name in guide.regulations)
            await self._send(event, render_no_matrix([*names], language))
        else:
            await self._send(event, render_matrix(matrix, language, links=self._links))

    async def _show_settings(self, event: Event) -> None:
        regulations = [name for guide in self._desk.catalogue().guides for name in guide.regulations]
        reference = event.payload["reference"]
        here = strip_thread(reference["conversation"]["id"]) if event.payload["scope"] == "channel" else ""
        language = _language(event, event.payload["text"])
        card = render_settings(await self._place(event), regulations, language, here=here)
        summary = TEAMS_PHRASES[language].settings
        await self._send(event, Reply(text="", speak=summary, summary=summary, card=card))

    async def _welcome(self, event: Event) -> None:
        await self._send(event, render_welcome(event.payload["language"]))

    async def _ask_person(self, event: Event) -> None:
        """Put a question to the people who are set for it, with the answer and where it stands."""
        payload = event.payload
        asked = Asked(payload["answer_id"], payload["text"], tuple(payload["refs"]), payload["asked_in"])
        there = (await self._place(event)).helpers
        if not there:
            await self._send(event, render_nobody_to_ask(asked.language))
            return
        refs = "; ".join(asked.refs)
        question = asked.question or refs
        origin = read_origin(event.key, event.workspace, payload)
        answer = await try_answer(self._desk.preview(question, origin, context=[refs])) if question else None
        request = render_request(
            asked, payload["name"], answer=answer, links=self._links, permalink=payload["permalink"]
        )
        elsewhere = _read_reference(event).model_copy(
            update={"conversation": ConversationAccount(id=there), "activity_id": None, "user": None}
        )
        try:
            await self._posting.send(request, elsewhere)
        except RefusedError as error:  # the channel is gone, or Clausebot was removed from it
            logger.error("A question could not be passed on: %s", describe_error(error, str(error)))
            await self._send(event, render_nobody_to_ask(asked.language))

    async def _tell_change(self, event: Event) -> None:
        """Tell all in a place how somebody set it."""
        payload = event.payload
        settings = read_settings(payload["settings"])
        here = strip_thread(payload["reference"]["conversation"]["id"])
        await self._send(event, render_change(payload["name"], settings, payload["language"], here=here))

    async def _refuse(self, event: Event) -> None:
        language = detect_language(event.payload["text"])
        await self._send(event, render_refusal(self._person_limit, event.payload["refused"], language))

    async def _send(self, event: Event, reply: Reply) -> str:
        return await self._posting.send(reply, _read_reference(event))

    async def _place(self, event: Event) -> PlaceSettings:
        return await self._desk.settings_for("teams", event.workspace, event.payload["place"])

    def _draw(self, answer: Answer | None, answer_id: str, place: PlaceSettings) -> Reply:
        if answer is None:
            return render_fault()
        try:
            return render_answer(
                answer,
                links=self._links,
                feedback=place.feedback,
                answer_id=answer_id,
                ask_person=place.helpers is not None,
                titles=self._titles.read(),
            )
        except Exception as error:  # silence would be worse than an apology
            logger.error("An answer could not be drawn: %s", describe_error(error))
            return render_fault()

    def _status(self, event: Event) -> AbstractAsyncContextManager[None]:
        """Say outside of channels that an answer is on its way, if it is not there at once."""
        if event.payload["scope"] == "channel" or event.payload["kind"] == "welcome":
            return nullcontext()

        async def announce() -> None:
            with suppress(RefusedError, TryLaterError):  # it is a courtesy
                await self._posting.type(_read_reference(event))

        return announcing(announce)


def _read_reference(event: Event) -> ConversationReference:
    return ConversationReference.model_validate(event.payload["reference"])


def _goes_on(event: Event) -> bool:
    """Whether something may have been said before: not by the message that begins a thread."""
    reference = event.payload["reference"]
    root = reference["conversation"]["id"].partition(";messageid=")[2]
    return not root or root != reference.get("activityId")


def _language(event: Event, typed: str) -> Language:
    """Chinese if something was typed in it, or Teams is set to it."""
    return "zh-Hant" if "zh-Hant" in (detect_language(typed), event.payload["language"]) else "en"
