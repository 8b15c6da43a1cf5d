"""What was answered and looked up, what people thought of it, and how each place where they talk is set."""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, delete, select
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.origin import Origin
from bot.per_answer import PerAnswer
from bot.records.batches import Batches, Ledger
from bot.records.bulk import insert_rows
from bot.records.database import insert_into, transact
from bot.records.models import AnswerRecord, ChannelSettings, FeedbackRecord, Lookup
from bot.records.sealing import Hasher
from retrieval.answer import Answer

# What the asker knows, and what another passage's change moves though the answer reads the same.
_NOT_READ: Any = {"question": True, "corpus": True, "confidence": True, "clauses": {"__all__": {"score"}}}

# How many clauses a person is shown again, and so how many of an answer's are kept for that.
_RECENT = 5

# Answers of a conversation among which the latest with a clause is looked for.
_LATEST = 5

# Seconds for which a place's settings are taken for what they were, and of how many places. Each question asks for
# them, and they hardly ever change; what another process changes is felt after so long.
_SETTINGS_HOLD = 5.0
_PLACES_KEPT = 10_000

# Seconds between the times of clauses that were looked up together, so that the best comes first.
_APART = 1e-6


_digests: PerAnswer[str] = PerAnswer()


def digest_answer(answer: Answer) -> str:
    """The SHA-256 of what a reader is told: the answer without question, corpus, scores and confidence."""
    known = _digests.get(answer)
    if known is not None:
        return known
    return _digests.keep(answer, hashlib.sha256(answer.model_dump_json(exclude=_NOT_READ).encode()).hexdigest())


def list_clauses(answer: Answer) -> str:
    """The references that an answer answers with, best first, such as ``GL8 5.1(c); GL14 5.13``."""
    return "; ".join(clause.ref for clause in answer.clauses[: answer.asked])


_PLACE = ("channel", "workspace", "asker", "at")
_LOOKUP = (*_PLACE, "ref")
_RECORD = (
    *_PLACE,
    *("id", "question", "question_hash", "outcome", "ownership", "clauses", "corpus", "digest", "latency"),
    *("conversation", "context", "regulation"),
)

_Row = dict[str, Any]


class AnswerBook:
    """Records answers, feedback and the settings of places."""

    def __init__(
        self, engine: AsyncEngine, hasher: Hasher, *, keep_questions: bool, ledger: Ledger | None = None
    ) -> None:
        self._engine = engine
        self._hasher = hasher
        self._keep_questions = keep_questions
        self._recording = Batches(ledger or Ledger(engine), self._record)
        self._settings: dict[tuple[str, str, str], tuple[dict[str, Any], float]] = {}
        self._saved = 0
        self._insert = insert_rows(engine, AnswerRecord, _RECORD).on_conflict_do_nothing(index_elements=["id"])
        upsert = insert_rows(engine, Lookup, _LOOKUP)
        self._upsert = upsert.on_conflict_do_update(index_elements=["asker", "ref"], set_={"at": upsert.excluded.at})

    async def record_answer(
        self,
        answer: Answer,
        origin: Origin,
        latency: float,
        *,
        context: Sequence[str] = (),
        regulation: str | None = None,
    ) -> None:
        """Record an answer once.

        Args:
            answer: as it was given.
            origin: who asked, where.
            latency: seconds from question to answer.
            context: the references that it was asked with; stored only where the question is.
            regulation: whose clause a bare number meant; stored only where the question is.
        """
        # PostgreSQL holds no NUL, and neither database half a surrogate pair.
        question = answer.question.replace("\0", "").encode("utf-8", "replace").decode()
        at = time.time()
        asker = self._hash_asker(origin)
        place = {"channel": origin.channel, "workspace": origin.workspace}
        lookups = [
            {"asker": asker, "ref": clause.ref, "at": at - rank * _APART, **place}
            for rank, clause in enumerate(answer.clauses[: min(answer.asked, _RECENT)])
            if origin.asker
        ]
        record = {
            "id": origin.event,
            "at": at,
            "asker": asker,
            "question": question if self._keep_questions else None,
            "question_hash": self._hasher.hash("question", answer.question),
            "outcome": answer.outcome.value,
            "ownership": answer.ownership.value,
            "clauses": list_clauses(answer),
            "corpus": answer.corpus.sha256,
            "digest": digest_answer(answer),
            "latency": latency,
            "conversation": self._hash_conversation(origin),
            "context": json.dumps(list(context)) if self._keep_questions else None,
            "regulation": regulation if self._keep_questions else None,
            **place,
        }
        await self._recording.write((record, lookups))

    def _record(self, connection: Connection, given: Sequence[tuple[_Row, Sequence[_Row]]]) -> Sequence[None]:
        # Always in the same order, or two processes that record the same person's lookups could wait for each other.
        rows = sorted(
            (each for _, rows in given for each in rows), key=lambda row: (row["asker"], row["ref"], row["at"])
        )
        lookups = {(row["asker"], row["ref"]): row for row in rows}  # the latest of each: a statement takes one
        connection.execute(self._insert, {"rows": [record for record, _ in given]})
        if lookups:
            connection.execute(self._upsert, {"rows": list(lookups.values())})
        return [None] * len(given)

    async def follow(self, origin: Origin, within: float) -> list[str] | None:
        """What a conversation is about.

        Args:
            origin: a question in it, which counts itself for nothing.
            within: how many seconds ago it may have been spoken of at most.

        Returns:
            The references of the latest answer that had any; empty where none had; None where nothing was answered.
        """
        statement = (
            select(AnswerRecord.clauses)
            .where(
                AnswerRecord.conversation == self._hash_conversation(origin),
                AnswerRecord.at > time.time() - within,
                AnswerRecord.id != origin.event,
            )
            .order_by(AnswerRecord.at.desc())
            .limit(_LATEST)
        )
        await self._recording.settle()  # an answer may be read before it is recorded
        found = await transact(self._engine, lambda connection: connection.execute(statement).scalars().all())
        return [next(filter(None, found), "")] if any(found) else [] if found else None

    async def recent(self, origin: Origin) -> list[str]:
        """The references that a person looked up last, the newest first, at most 5."""
        statement = (
            select(Lookup.ref).where(Lookup.asker == self._hash_asker(origin)).order_by(Lookup.at.desc()).limit(_RECENT)
        )
        async with self._engine.connect() as connection:
            return list((await connection.execute(statement)).scalars())

    async def clear_recent(self, origin: Origin) -> None:
        """Forget what a person looked up."""
        async with self._engine.begin() as connection:
            await connection.execute(delete(Lookup).where(Lookup.asker == self._hash_asker(origin)))

    async def record_feedback(self, origin: Origin, *, helpful: bool, reason: str = "") -> None:
        """Record what somebody thinks of the answer to ``origin.event``; it replaces what they thought before."""
        values = {
            "workspace": origin.workspace,
            "at": time.time(),
            "helpful": helpful,
            "reason": reason.replace("\0", "").encode("utf-8", "replace").decode(),
        }
        statement = (
            insert_into(self._engine, FeedbackRecord)
            .values(answer=origin.event, asker=self._hash_asker(origin), **values)
            .on_conflict_do_update(index_elements=["answer", "asker"], set_=values)
        )
        async with self._engine.begin() as connection:
            await connection.execute(statement)

    async def load_settings(self, channel: str, workspace: str, place: str) -> dict[str, Any]:
        """How a place is set, or was five seconds ago; empty where nobody set anything."""
        key = channel, workspace, place
        kept, until = self._settings.get(key, ({}, 0.0))
        if time.monotonic() < until:
            return kept
        saved = self._saved
        statement = select(ChannelSettings.settings).where(
            ChannelSettings.channel == channel, ChannelSettings.workspace == workspace, ChannelSettings.place == place
        )
        stored = await transact(self._engine, lambda connection: connection.execute(statement).scalar_one_or_none())
        found: dict[str, Any] = json.loads(stored) if stored else {}
        if saved == self._saved:  # else it may have been read before it was saved
            if len(self._settings) >= _PLACES_KEPT:
                self._settings.clear()
            self._settings[key] = found, time.monotonic() + _SETTINGS_HOLD
        return found

    async def save_settings(self, channel: str, workspace: str, place: str, settings: dict[str, Any]) -> None:
        """Set a place; what was set before is replaced."""
        values = {"settings": json.dumps(settings)}
        statement = (
            insert_into(self._engine, ChannelSettings)
            .values(channel=channel, workspace=workspace, place=place, **values)
            .on_conflict_do_update(index_elements=["channel", "workspace", "place"], set_=values)
        )
        async with self._engine.begin() as connection:
            await connection.execute(statement)
        self._saved += 1
        self._settings.pop((channel, workspace, place), None)

    def _hash_conversation(self, origin: Origin) -> str | None:
        if not origin.thread:
            return None
        return self._hasher.hash("conversation", origin.channel, origin.workspace, origin.place, origin.thread)

    def _hash_asker(self, origin: Origin) -> str:
        return self._hasher.hash("asker", origin.channel, origin.workspace, origin.asker)
