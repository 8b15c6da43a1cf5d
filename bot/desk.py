"""The one service behind every channel: Slack, Teams, the browser and the terminal ask here."""

from __future__ import annotations

import asyncio
import logging
import math
import re
import time
from collections.abc import Collection, Sequence
from typing import Any, Protocol

from bot.faults import describe_error
from bot.limits import ADMITTED, Admission, RateLimits
from bot.metrics import ANSWERS, REFUSED
from bot.origin import Origin
from bot.place_settings import PlaceSettings, read_settings
from retrieval.answer import Answer, ClauseView, Outcome
from retrieval.catalogue import Catalogue, Suggestion
from retrieval.findings import Finding
from retrieval.shape import is_question
from retrieval.sourced import SourceView
from retrieval.wording import Language

logger = logging.getLogger(__name__)

# What asks whether something just said holds: in "is that right?" it is no subject.
_TAG = re.compile(r"\b(?:right|correct|true)\W*$", re.IGNORECASE)


class Hashed(Protocol):
    """What the desk needs of a corpus."""

    @property
    def sha256(self) -> str:
        """The hash of all that it holds."""
        ...


class Answers(Protocol):
    """What the desk needs of an answerer: a question in, an answer out, no I/O."""

    @property
    def corpus(self) -> Hashed:
        """What is answered from."""
        ...

    def answer(self, question: str, *, context: Sequence[str] = (), regulation: str | None = None) -> Answer:
        """The answer to one question.

        ``context`` holds the references so far, the latest last; ``regulation`` is whose clause a bare number means.
        """
        ...

    def show(self, ref: str, guide: str | None = None, language: Language = "en") -> ClauseView | None:
        """One clause or background item; None where there is none."""
        ...

    def source(self, guide: str, refs: Sequence[str]) -> SourceView | None:
        """Where passages of one guide stand in its source; None where it has not all of them."""
        ...

    def review(self, question: str, guides: Collection[str] = ()) -> tuple[Finding, ...]:
        """What each guide has for a question of a questionnaire; of those guides, or of all for none."""
        ...

    def suggest(
        self, text: str, *, regulation: str | None = None, owner: str | None = None, most: int = 100
    ) -> list[Suggestion]:
        """The clauses that what somebody has typed so far may mean, best first."""
        ...

    def catalogue(self) -> Catalogue:
        """Everything that can be looked up."""
        ...


class Book(Protocol):
    """What the desk needs of the records."""

    async def record_answer(
        self,
        answer: Answer,
        origin: Origin,
        latency: float,
        *,
        context: Sequence[str] = (),
        regulation: str | None = None,
    ) -> None:
        """Record an answer once; ``latency`` is in seconds, the rest what it was asked with."""
        ...

    async def record_feedback(self, origin: Origin, *, helpful: bool, reason: str = "") -> None:
        """Record what somebody thinks of the answer to ``origin.event``."""
        ...

    async def load_settings(self, channel: str, workspace: str, place: str) -> dict[str, Any]:
        """How a place is set; empty where nobody set anything."""
        ...

    async def save_settings(self, channel: str, workspace: str, place: str, settings: dict[str, Any]) -> None:
        """Set a place; what was set before is replaced."""
        ...

    async def follow(self, origin: Origin, within: float) -> list[str] | None:
        """The references that a conversation was about in the last seconds; None where nothing was answered in it."""
        ...

    async def recent(self, origin: Origin) -> list[str]:
        """The references that a person looked up last, the newest first."""
        ...

    async def clear_recent(self, origin: Origin) -> None:
        """Forget what a person looked up."""
        ...


class Desk:
    """Answers what channels bring in, and records it; a channel neither searches, judges nor records by itself."""

    def __init__(self, answerer: Answers, book: Book, limits: RateLimits | None = None) -> None:
        self._answerer = answerer
        self._book = book
        self._limits = limits
        self._recording: set[asyncio.Task[None]] = set()

    @property
    def corpus_hash(self) -> str:
        """The SHA-256 of the corpus that is answered from now, in hexadecimal."""
        return self._answerer.corpus.sha256

    async def admit(self, origin: Origin) -> Admission:
        """Whether this person may ask another question now; each call is counted as a question."""
        admission = await self._limits.admit(origin) if self._limits else ADMITTED
        if not admission.admitted:
            REFUSED.labels(origin.channel).inc()
        return admission

    async def ask(self, question: str, origin: Origin, *, context: Sequence[str] = (), recorded: bool = True) -> Answer:
        """The answer to a question asked in a conversation.

        Args:
            question: what the reader wrote, without the channel's own markup.
            origin: who asked, where; the settings of that place hold.
            context: references of the conversation so far, the latest last.
            recorded: whether to return once the answer is recorded. For an event of the inbox it need not be: it is
                by the time that the event is done, for what is written first is there first.
        """
        began = time.perf_counter()
        place = await self.settings_for(origin.channel, origin.workspace, origin.place)
        answer = self._answerer.answer(question, context=context, regulation=place.regulation)
        record = self._record(answer, origin, began, context, place.regulation)
        if recorded:
            await record
        else:
            recording = asyncio.create_task(record)
            self._recording.add(recording)
            recording.add_done_callback(self._recording.discard)
        return answer

    async def overhear(self, message: str, origin: Origin, *, context: Sequence[str]) -> Answer | None:
        """The answer to a message that goes on where Clausebot answered, without addressing it.

        None, and then neither counted nor recorded, unless it is a question with a subject of its own that the guide
        answers and the place is not set to quiet: people talk there.
        """
        began = time.perf_counter()
        place = await self.settings_for(origin.channel, origin.workspace, origin.place)
        if place.quiet or not is_question(message) or not self._has_subject(message, place.regulation):
            return None
        answer = self._answerer.answer(message, context=context, regulation=place.regulation)
        if answer.outcome is not Outcome.ANSWERED or answer.confidence.band == "low":
            return None
        await self._record(answer, origin, began, context, place.regulation)
        return answer

    def _has_subject(self, message: str, regulation: str | None) -> bool:
        """Whether a message names a clause, or a thing that the guide speaks of, whatever was said before it."""
        alone = self._answerer.answer(_TAG.sub("", message), regulation=regulation).confidence
        return bool(alone.matched) and alone.band != "low"

    async def preview(self, question: str, origin: Origin, *, context: Sequence[str] = ()) -> Answer:
        """The answer that `ask` would give, neither counted nor recorded: for what was answered once already."""
        place = await self.settings_for(origin.channel, origin.workspace, origin.place)
        return self._answerer.answer(question, context=context, regulation=place.regulation)

    async def follow(self, origin: Origin, within: float = math.inf) -> list[str] | None:
        """What a conversation is about: a context for `ask`.

        Args:
            origin: a question in it.
            within: how many seconds ago it may have been spoken of at most.

        Returns:
            References; empty where none was spoken of; None where nothing was answered in this conversation, or
            while the records can't be read.
        """
        try:
            return await self._book.follow(origin, within) if origin.thread else None
        except Exception as error:  # the asker is owed an answer, if not the best one
            logger.warning("A conversation could not be read: %s", describe_error(error))
            return None

    async def _record(
        self, answer: Answer, origin: Origin, began: float, context: Sequence[str], regulation: str | None
    ) -> None:
        ANSWERS.labels(origin.channel, answer.outcome.value).inc()
        latency = time.perf_counter() - began
        try:
            await self._book.record_answer(answer, origin, latency, context=context, regulation=regulation)
        except Exception as error:  # the asker is owed the answer, whatever becomes of its record
            logger.warning("An answer was not recorded: %s", describe_error(error))

    async def look_up(self, text: str, origin: Origin) -> Answer:
        """The answer to a clause named on its own, such as ``GL8 5.1(c)``, whatever was said before."""
        return await self.ask(text, origin)

    async def record_feedback(self, origin: Origin, *, helpful: bool, reason: str = "") -> None:
        """Record what somebody thinks of the answer whose id is ``origin.event``; it replaces what they thought before.

        Raises:
            DATABASE_FAULTS: it is not recorded; see `bot.records.database`.
        """
        await self._book.record_feedback(origin, helpful=helpful, reason=reason)

    async def settings_for(self, channel: str, workspace: str, place: str) -> PlaceSettings:
        """How a place is set; the defaults where nobody set it, or while the records can't be read."""
        if not place:
            return PlaceSettings()
        try:
            return read_settings(await self._book.load_settings(channel, workspace, place))
        except Exception as error:  # the asker is owed an answer, however the place is set
            logger.warning("The settings of a place could not be read: %s", describe_error(error))
            return PlaceSettings()

    async def save_settings(self, channel: str, workspace: str, place: str, settings: PlaceSettings) -> None:
        """Set a place; what was set before is replaced.

        Raises:
            DATABASE_FAULTS: it is not saved; see `bot.records.database`.
        """
        await self._book.save_settings(channel, workspace, place, settings.model_dump(exclude_defaults=True))

    def review(self, question: str, *, guides: Collection[str] = ()) -> tuple[Finding, ...]:
        """What each guide has for a question of a questionnaire, neither counted nor recorded.

        Args:
            question: as it stands there; "you" is the provider.
            guides: ids of the guides; empty for every loaded one.
        """
        return self._answerer.review(question, guides)

    def show(self, ref: str, guide: str | None = None, language: Language = "en") -> ClauseView | None:
        """One clause or background item, unrecorded; None where there is none.

        Args:
            ref: as answers write it, such as ``GL8 5.1(c)`` or ``guide 2.1``.
            guide: the id of the guide that answers it; None for the first that does.
            language: ``en`` or ``zh-Hant``, for what is not the guide's own.
        """
        return self._answerer.show(ref, guide, language)

    def source_of(self, guide: str, refs: Sequence[str]) -> SourceView | None:
        """Where passages of one guide stand in its source, sentence by sentence, unrecorded.

        Args:
            guide: the guide's id.
            refs: references of clauses, or ids of background items; the first one's place is shown whole.

        Returns:
            None where the guide has not all of them, or none is named.
        """
        return self._answerer.source(guide, refs)

    def suggest(
        self, text: str, *, regulation: str | None = None, owner: str | None = None, most: int = 100
    ) -> list[Suggestion]:
        """The clauses that what somebody has typed so far may mean, best first, unrecorded."""
        return self._answerer.suggest(text, regulation=regulation, owner=owner, most=most)

    def catalogue(self) -> Catalogue:
        """Everything that can be looked up."""
        return self._answerer.catalogue()

    async def recent(self, origin: Origin) -> list[str]:
        """The references that a person looked up last, the newest first, at most 5.

        Raises:
            DATABASE_FAULTS: the records can't be read; see `bot.records.database`.
        """
        await self._settle()
        return await self._book.recent(origin)

    async def clear_recent(self, origin: Origin) -> None:
        """Forget what a person looked up.

        Raises:
            DATABASE_FAULTS: nothing is forgotten; see `bot.records.database`.
        """
        await self._settle()
        await self._book.clear_recent(origin)

    async def _settle(self) -> None:
        """Return once what was answered before is recorded, or can't be: a reader may have it earlier."""
        if self._recording:
            await asyncio.wait(set(self._recording))
