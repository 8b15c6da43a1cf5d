"""The web chat: a question in, the same answer as everywhere; choices, follow-ups, feedback, clauses to choose from."""

from __future__ import annotations

import re
import secrets
import time
from collections.abc import Sequence

from aiohttp import web

from bot.desk import Desk
from bot.form_phrases import FORM_PHRASES
from bot.logs import answer_id
from bot.metrics import ANSWER_SECONDS
from bot.origin import Origin
from bot.records.inbox import derive_key
from bot.titles import TitleList
from bot.web.contents import list_cards
from bot.web.messages import LONGEST_QUESTION
from bot.web.turns import Turn, lay_out, name_rated
from bot.web.visit import FormError, Visit

LONGEST_COMMENT = 500
"""Characters that are kept of what a reader adds to a reason."""

# Options of a list that is seen whole, on a phone too.
_MOST_SUGGESTED = 7
_LONGEST_TYPED = 200

# What our pages make up: 16 random bytes, as `secrets.token_urlsafe` writes them.
_MADE_UP = re.compile(r"[\w-]{22}", re.ASCII)

Form = dict[str, str]


class Chat:
    """Asks the desk what a browser asks, and draws what it answers."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._titles = TitleList(desk)

    async def show(self, visit: Visit) -> web.Response:
        """The start page."""
        return self._draw(visit, secrets.token_urlsafe(16))

    async def ask(self, visit: Visit, form: Form) -> web.Response:
        """The answer to a question: as a page, or as the part of one that a script puts in its place.

        Raises:
            FormError: the question is too long.
        """
        began = time.perf_counter()
        # Browsers count a line's end as one character and send it as two.
        question = form.get("question", "").replace("\r\n", "\n").strip()
        if len(question) > LONGEST_QUESTION:
            raise FormError(413)
        if not question:
            return visit.lead("")
        conversation = _read_made_up(form, "conversation") or secrets.token_urlsafe(16)
        nonce = secrets.token_urlsafe(16)
        origin = self._name_origin(visit, nonce, conversation)
        token = answer_id.set(origin.event)
        try:
            if refusal := await self._refuse(visit, origin):
                return refusal
            context = self._read_subject(form) or await self._desk.follow(origin) or ()
            answer = await self._desk.ask(question, origin, context=context)
            turn = lay_out(answer, nonce, self._titles.read())
            if visit.is_part:
                response = visit.draw("turn.html", turn=turn, conversation=conversation)
            else:
                response = self._draw(visit, conversation, turn=turn)
        finally:
            answer_id.reset(token)
        ANSWER_SECONDS.labels("web").observe(time.perf_counter() - began)
        return response

    async def take_feedback(self, visit: Visit, form: Form) -> web.Response:
        """Keep what a reader thinks of an answer, ask why it did not help, and thank for it.

        Raises:
            DATABASE_FAULTS: it is not kept; see `bot.records.database`.
            FormError: it is about no answer of ours.
        """
        nonce, helpful = _read_made_up(form, "answer"), form.get("helpful")
        if nonce is None or helpful not in ("yes", "no"):
            raise FormError(400)
        rated = name_rated(nonce, "zh-Hant" if form.get("lang") == "zh-Hant" else "en")
        reason = form.get("reason", "")
        if reason and reason not in FORM_PHRASES["en"].reasons:
            raise FormError(400)
        comment = " ".join(form.get("comment", "").split())[:LONGEST_COMMENT] if reason else ""
        origin = self._name_origin(visit, nonce, "")
        if refusal := await self._refuse(visit, origin):
            return refusal
        said = f"{reason}: {comment}" if comment else reason
        await self._desk.record_feedback(origin, helpful=helpful == "yes", reason=said if helpful == "no" else "")
        rating = "why" if helpful == "no" and not reason else "thanks"
        template = "rating.html" if visit.is_part else "rated.html"
        return visit.draw(template, turn=rated, rating=rating)

    async def suggest(self, visit: Visit) -> web.Response:
        """The clauses that what is typed behind a slash may mean, as options of a list."""
        text = visit.request.query.get("text", "")[:_LONGEST_TYPED]
        return visit.draw("options.html", found=self._desk.suggest(text, most=_MOST_SUGGESTED))

    async def _refuse(self, visit: Visit, origin: Origin) -> web.Response | None:
        """What to say to somebody who asks, or rates, too much; None where they may."""
        admission = await self._desk.admit(origin)
        if admission.admitted:
            return None
        response = visit.draw_problem(429, wait=admission.wait)
        response.headers["Retry-After"] = str(admission.wait)
        return response

    def _draw(self, visit: Visit, conversation: str, turn: Turn | None = None) -> web.Response:
        cards = list_cards(self._desk.catalogue(), visit.language)
        return visit.draw("chat.html", turn=turn, conversation=conversation, cards=cards)

    def _read_subject(self, form: Form) -> Sequence[str]:
        """The clause on whose page the question was asked, as a context."""
        about = form.get("about", "")
        return [about] if about and self._desk.show(about) else []

    @staticmethod
    def _name_origin(visit: Visit, nonce: str, conversation: str) -> Origin:
        """Who asks, and the ids of an answer and of a conversation, which only the session that began them can name."""
        session = visit.visitor.session
        thread = derive_key("web conversation", session, conversation) if conversation else ""
        return Origin("web", "", visit.visitor.asker, derive_key("web", session, nonce), thread=thread)


def _read_made_up(form: Form, name: str) -> str | None:
    value = form.get(name, "")
    return value if _MADE_UP.fullmatch(value) else None
