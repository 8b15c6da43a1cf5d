"""What Teams waits for an answer to: cards that change when pressed, the search while one writes, feedback."""

from __future__ import annotations

import json
import logging
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, NamedTuple

from microsoft_agents.activity import Activity

from bot.desk import Desk
from bot.links import Links
from bot.origin import Origin
from bot.place_settings import PlaceSettings
from bot.records.inbox import derive_key
from bot.records.sent import SentMessages
from bot.teams.cards import render_answer
from bot.teams.notices import render_gone, render_nobody_to_ask, render_refusal, render_requested
from bot.teams.preview import render_result
from bot.teams.questions import Question, read_change, read_consent, read_person
from bot.teams.reading import (
    read_asker,
    read_channel,
    read_data,
    read_language,
    read_place,
    read_scope,
    read_tenant,
    strip_thread,
)
from bot.teams.reply import Card, Reply
from bot.teams.settings_card import render_settings
from bot.teams.source import render_clause_card
from bot.teams.verbs import (
    ANY,
    ASK_PERSON,
    ASKED,
    BACK,
    HERE,
    INPUT_FEEDBACK,
    INPUT_HELPERS,
    INPUT_QUIET,
    INPUT_REGULATION,
    RELATED,
    SAVE_SETTINGS,
    SOURCE,
)
from bot.titles import TitleList
from bot.values import Asked, Pointer, unpack
from retrieval.question import clean_question, detect_language
from retrieval.wording import Language

logger = logging.getLogger(__name__)

Response = dict[str, Any]

# Results of a search in one response: each brings its whole card, and people look at the first few.
_MOST_RESULTS = 10

# Characters of what somebody says of an answer.
_LONGEST_REASON = 500

_NOTHING_FOUND: Mapping[Language, str] = {
    "en": "No clause is found by that. Try a number, such as 5.1(c), or another word.",
    "zh-Hant": "找不到相關條文。請試試條號（例如 5.1(c)）或其他字詞。",
}


class Answered(NamedTuple):
    """The response to an invoke, and what is to be stored before it is sent, if anything."""

    response: Response
    question: Question | None = None


class Invokes:
    """Answers invokes; only what others are to read of them goes through the inbox."""

    def __init__(self, desk: Desk, sent: SentMessages, *, links: Links | None, person_limit: int) -> None:
        """Answer with what the desk finds.

        Args:
            desk: shows, suggests and keeps.
            sent: which message holds which answer.
            links: the source viewer's addresses, if it can be reached.
            person_limit: how many questions a minute a person may ask, to be told to who asks more.
        """
        self._desk = desk
        self._person_limit = person_limit
        self._sent = sent
        self._links = links
        self._titles = TitleList(desk)
        self._names: dict[str, Callable[[Activity], Awaitable[Answered]]] = {
            "adaptiveCard/action": self._act,
            "composeExtension/query": self._search,
            "message/submitAction": self._take_feedback,
            "fileConsent/invoke": self._take_consent,
        }
        self._verbs: dict[str, Callable[[Activity, dict[str, Any], str], Awaitable[Answered]]] = {
            SOURCE: self._open_source,
            RELATED: self._open_source,
            BACK: self._go_back,
            ASK_PERSON: self._ask_person,
            SAVE_SETTINGS: self._save_settings,
        }

    async def answer(self, activity: Activity) -> Answered | None:
        """The answer to an invoke; None for one that is not for us.

        Raises:
            DATABASE_FAULTS: it can't be kept; see `bot.records.database`.
        """
        answer = self._names.get(activity.name or "")
        return await answer(activity) if answer else None

    async def _act(self, activity: Activity) -> Answered:
        """Do what was pressed in a card: another card comes in its place, or a line is shown."""
        data = read_data(activity)
        verb = str(data.get("verb"))
        act = self._verbs.get(verb)
        value = data.get("value") or data.get(verb)
        if act is None or not isinstance(value, str):
            return _say(render_gone(read_language(activity)))
        return await act(activity, data, value)

    async def _open_source(self, activity: Activity, data: dict[str, Any], value: str) -> Answered:
        pointer = unpack(Pointer, value)
        shown = self._desk.show(pointer.ref, pointer.guide or None, pointer.language) if pointer else None
        if pointer is None or shown is None:
            return _say(render_gone(pointer.language if pointer else read_language(activity)))
        asked = unpack(Asked, data.get(ASKED))
        card = render_clause_card(
            shown, language=pointer.language, links=self._links, titles=self._titles.read(), asked=asked
        )
        return _show(card)

    async def _go_back(self, activity: Activity, _: dict[str, Any], value: str) -> Answered:
        """Show the answer again in the place of what was opened from it."""
        asked = unpack(Asked, value)
        question = (asked.question or "; ".join(asked.refs)) if asked else ""
        if asked is None or not question:
            return _say(render_gone(asked.language if asked else read_language(activity)))
        origin = _read_origin(activity, asked.answer_id)
        place = await self._desk.settings_for(origin.channel, origin.workspace, origin.place)
        answer = await self._desk.preview(question, origin, context=["; ".join(asked.refs)])
        reply = render_answer(
            answer,
            links=self._links,
            feedback=place.feedback,
            answer_id=asked.answer_id,
            ask_person=place.helpers is not None,
            titles=self._titles.read(),
        )
        return _show(reply.card) if reply.card else _say(reply)

    async def _ask_person(self, activity: Activity, _: dict[str, Any], value: str) -> Answered:
        asked = unpack(Asked, value)
        if asked is None:
            return _say(render_gone(read_language(activity)))
        place = await self._desk.settings_for("teams", read_tenant(activity), read_place(activity))
        if not place.helpers:
            return _say(render_nobody_to_ask(asked.language))
        question = read_person(activity, asked)
        admission = await self._desk.admit(question.origin)
        if not admission.admitted:
            return _say(render_refusal(self._person_limit, admission.wait, asked.language))
        return _say(render_requested(asked.language), question)

    async def _save_settings(self, activity: Activity, data: dict[str, Any], value: str) -> Answered:
        pointer = unpack(Pointer, value)
        language = pointer.language if pointer else read_language(activity)
        workspace, place = read_tenant(activity), read_place(activity)
        regulations = [name for guide in self._desk.catalogue().guides for name in guide.regulations]
        here = read_channel(activity) if read_scope(activity) == "channel" else ""
        before = await self._desk.settings_for("teams", workspace, place)
        settings = _read_settings(data, before, regulations, here)
        card = render_settings(settings, regulations, language, here=here, saved=True)
        if settings == before:
            return _show(card)
        change = read_change(activity, settings, language)
        admission = await self._desk.admit(change.origin)
        if not admission.admitted:
            return _say(render_refusal(self._person_limit, admission.wait, language))
        await self._desk.save_settings("teams", workspace, place, settings)
        return _show(card, change if read_scope(activity) != "personal" else None)

    async def _search(self, activity: Activity) -> Answered:
        """Offer the clauses that what is typed so far may mean."""
        query = activity.value if isinstance(activity.value, dict) else {}
        text = clean_question(_read_query(query))
        language = detect_language(text) if text else read_language(activity)
        skip = _read_skip(query)
        found = self._desk.suggest(text, most=skip + _MOST_RESULTS)[skip:]
        results = []
        for suggestion in found:
            view = self._desk.show(suggestion.item or suggestion.ref, suggestion.guide, language)
            if view:
                card = render_clause_card(view, language=language, links=self._links)
                results.append(render_result(suggestion, card, language))
        if not results and not skip:
            return Answered({"composeExtension": {"type": "message", "text": _NOTHING_FOUND[language]}})
        listed = {"type": "result", "attachmentLayout": "list", "attachments": results}
        return Answered({"composeExtension": listed})

    async def _take_feedback(self, activity: Activity) -> Answered:
        """Keep what a reader thinks of an answer, before Teams is told so."""
        value = activity.value if isinstance(activity.value, dict) else {}
        given = value.get("actionValue")
        message = activity.reply_to_id or value.get("replyToId")
        if value.get("actionName") == "feedback" and isinstance(given, dict) and isinstance(message, str):
            tenant = read_tenant(activity)
            answer_id = await self._sent.find(name_message(tenant, activity.conversation.id, message))
            if answer_id:
                helpful = given.get("reaction") == "like"
                origin = _read_origin(activity, answer_id)
                await self._desk.record_feedback(origin, helpful=helpful, reason=_read_reason(given))
            else:
                logger.warning("Feedback came for a message that is not known any more")
        return Answered({})

    async def _take_consent(self, activity: Activity) -> Answered:
        """Keep whether a filled file may be saved: it is put there, or deleted, after Teams is answered."""
        consent = read_consent(activity)
        if consent is None:
            logger.warning("An answer to a card that offers a file can't be read")
        return Answered({}, consent)


def name_message(tenant: str, conversation: str, message: str) -> str:
    """What a sent message is remembered by, whichever thread of its conversation is named."""
    return derive_key("teams sent", tenant, strip_thread(conversation), message)


def _read_origin(activity: Activity, answer_id: str) -> Origin:
    return Origin("teams", read_tenant(activity), read_asker(activity), answer_id, read_place(activity))


def _read_settings(data: Mapping[str, Any], before: PlaceSettings, regulations: list[str], here: str) -> PlaceSettings:
    """The settings as they were filled in; what the form did not ask stays as it was."""
    regulation, helpers = data.get(INPUT_REGULATION), data.get(INPUT_HELPERS)
    changes: dict[str, Any] = {
        name: data[key] == "true"
        for name, key in (("feedback", INPUT_FEEDBACK), ("quiet", INPUT_QUIET))
        if data.get(key) in ("true", "false")
    }
    if regulation == ANY or regulation in regulations:
        changes["regulation"] = None if regulation == ANY else regulation
    if helpers == ANY or (helpers == HERE and here):
        changes["helpers"] = None if helpers == ANY else here
    return before.model_copy(update=changes)


def _read_query(query: Mapping[str, Any]) -> str:
    """What is typed; empty before anything is."""
    listed = query.get("parameters")
    for each in listed if isinstance(listed, list) else []:
        if isinstance(each, dict) and each.get("name") != "initialRun" and isinstance(each.get("value"), str):
            return str(each["value"])
    return ""


def _read_skip(query: Mapping[str, Any]) -> int:
    """How many results are shown already."""
    options = query.get("queryOptions")
    skip = options.get("skip") if isinstance(options, dict) else None
    return skip if isinstance(skip, int) and 0 < skip < 1_000 else 0


def _read_reason(given: Mapping[str, Any]) -> str:
    """What a reader wrote, as a reason of the kind that names nothing; empty where they wrote nothing."""
    said = given.get("feedback")
    try:
        found = json.loads(said) if isinstance(said, str) else said
    except (ValueError, RecursionError):
        found = None
    text = found.get("feedbackText") if isinstance(found, dict) else None
    words = " ".join(text.split())[:_LONGEST_REASON] if isinstance(text, str) else ""
    return f"other: {words}" if words else ""


def _show(card: Card, question: Question | None = None) -> Answered:
    return Answered({"statusCode": 200, "type": "application/vnd.microsoft.card.adaptive", "value": card}, question)


def _say(reply: Reply, question: Question | None = None) -> Answered:
    told = {"statusCode": 200, "type": "application/vnd.microsoft.activity.message", "value": reply.summary}
    return Answered(told, question)
