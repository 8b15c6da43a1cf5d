"""The answers as rows, for a spreadsheet or another program, and the same questions asked again."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Literal

from sqlalchemy import Row, and_, or_, select
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.desk import Answers
from bot.records.answers import digest_answer, list_clauses
from bot.records.models import AnswerRecord, FeedbackRecord

# Rows read at once: SQLite holds off the service's writes while a page is read, not while it is written out.
_PAGE = 500

_ANSWER_FIELDS = [each.name for each in AnswerRecord.__table__.columns]
FIELDS = (*_ANSWER_FIELDS, "helpful", "unhelpful", "reasons")

# What a spreadsheet would take for a formula.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


async def export_answers(engine: AsyncEngine, since: float, form: Literal["jsonl", "csv"]) -> AsyncIterator[str]:
    """The answers since a time, the oldest first, with what people thought of each: a line each, with its line end.

    Args:
        engine: the database.
        since: seconds since 1970.
        form: JSON lines; or CSV with a head.
    """
    if form == "csv":
        yield _to_csv(FIELDS)
    async for page in _read_pages(engine, since):
        opinions = await _read_feedback(engine, [row.id for row in page])
        for row in page:
            values = _to_values(row, opinions.get(row.id, []))
            yield json.dumps(values, ensure_ascii=False) + "\n" if form == "jsonl" else _to_csv(values.values())


def _to_values(row: Row[Any], opinions: Sequence[Row[Any]]) -> dict[str, Any]:
    values = dict(zip(_ANSWER_FIELDS, row, strict=True))
    values["at"] = datetime.fromtimestamp(row.at, UTC).isoformat(timespec="milliseconds")
    values["helpful"] = sum(each.helpful for each in opinions)
    values["unhelpful"] = len(opinions) - values["helpful"]
    values["reasons"] = "; ".join(each.reason for each in opinions if each.reason)
    return values


def _to_csv(values: Any) -> str:
    line = io.StringIO()
    csv.writer(line).writerow(
        [f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA) else value for value in values]
    )
    return line.getvalue()


async def _read_pages(engine: AsyncEngine, since: float) -> AsyncIterator[Sequence[Row[Any]]]:
    columns = AnswerRecord.__table__.columns
    after = AnswerRecord.at >= since
    while True:
        statement = select(*columns).where(after).order_by(AnswerRecord.at, AnswerRecord.id).limit(_PAGE)
        async with engine.connect() as connection:
            page = (await connection.execute(statement)).all()
        if not page:
            return
        yield page
        last = page[-1]
        after = or_(AnswerRecord.at > last.at, and_(AnswerRecord.at == last.at, AnswerRecord.id > last.id))


async def _read_feedback(engine: AsyncEngine, answers: Sequence[str]) -> dict[str, list[Any]]:
    statement = (
        select(FeedbackRecord.answer, FeedbackRecord.helpful, FeedbackRecord.reason)
        .where(FeedbackRecord.answer.in_(answers))
        .order_by(FeedbackRecord.at)
    )
    found: dict[str, list[Any]] = {}
    async with engine.connect() as connection:
        for row in (await connection.execute(statement)).all():
            found.setdefault(row.answer, []).append(row)
    return found


@dataclass
class Replay:
    """What asking again showed: how many questions were asked, how many of the stored answers have no text."""

    asked: int = 0
    changed: int = 0
    without_text: int = 0


async def replay_answers(engine: AsyncEngine, answerer: Answers, replay: Replay) -> AsyncIterator[str]:
    """Ask every stored question again, once each, and say which answers changed and why: a line each.

    A question that was asked with several contexts is asked again with each.

    Args:
        engine: the database.
        answerer: answers from today's corpus.
        replay: counts.
    """
    latest: dict[tuple[str, str | None, str | None], Row[Any]] = {}
    async for page in _read_pages(engine, 0):
        latest.update(((row.question_hash, row.context, row.regulation), row) for row in page)
    for row in latest.values():
        if row.question is None:
            replay.without_text += 1
            continue
        replay.asked += 1
        context = json.loads(row.context) if row.context else []
        answer = answerer.answer(row.question, context=context, regulation=row.regulation)
        if digest_answer(answer) == row.digest:
            continue
        replay.changed += 1
        today = {"outcome": answer.outcome.value, "ownership": answer.ownership.value, "clauses": list_clauses(answer)}
        reasons = [
            f"{name}: {getattr(row, name) or 'none'} → {value or 'none'}"
            for name, value in today.items()
            if value != getattr(row, name)
        ]
        reasons = reasons or ["the same clauses, told differently"]
        if row.corpus != answer.corpus.sha256:
            reasons.append(f"the corpus changed: {row.corpus[:12]} → {answer.corpus.sha256[:12]}")
        elif row.context is not None:
            reasons.append("the same corpus, so the program answers differently")
        if row.context is None:
            reasons.append("stored by an earlier version, without what was said before it, which may be why")
        asked = "; ".join([*context, *filter(None, [row.regulation])])
        told = f" (asked about {asked})" if asked else ""
        yield f"{json.dumps(row.question, ensure_ascii=False)}{told}: {'; '.join(reasons)}"
