"""Feedback and approved answers as rows in the form of `tests/questions.yaml`: what they tell, and what is to do."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Any

import yaml
from sqlalchemy import Row, Select, select
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.records.approved import load_approved
from bot.records.models import AnswerRecord, FeedbackRecord
from bot.review.approving import Approved, normalize_question
from retrieval.answer import Outcome
from retrieval.question import detect_language
from retrieval.reference import parse_references

FIELDS = ("id", "split", "lang", "band", "question", "outcome", "clauses", "ownership")

_HEAD = """\
# Questions from feedback, then those of questionnaires to which somebody approved an answer. In each row fill in what
# is named as to do: what the guide says, not what was answered.
# Read every question before keeping it: people may have named themselves or others.
"""

# Of an expected field: that the reason says that it was wrong, and not what is right.
_UNKNOWN = object()


class _Quoted(str):
    """A text that YAML is to quote, so that a question of several lines takes one."""


class _Dumper(yaml.SafeDumper):
    pass


_Dumper.add_representer(_Quoted, lambda dumper, text: dumper.represent_scalar("tag:yaml.org,2002:str", text, style='"'))


async def compose_questions(engine: AsyncEngine, since: float) -> tuple[str, int]:
    """The questions that people found wrongly answered, or approved an answer to, each once, with what they tell.

    Args:
        engine: the database.
        since: seconds since 1970, for the feedback and the approval.

    Returns:
        A YAML document, and how many answers with such feedback can't be in it, for want of their question's text.
    """
    statement: Select[Any] = (
        select(*AnswerRecord.__table__.columns, FeedbackRecord.answer.label("rated"), FeedbackRecord.reason)
        .join_from(FeedbackRecord, AnswerRecord, FeedbackRecord.answer == AnswerRecord.id, isouter=True)
        .where(FeedbackRecord.helpful.is_(False), FeedbackRecord.reason != "", FeedbackRecord.at >= since)
        .order_by(FeedbackRecord.at, FeedbackRecord.answer, FeedbackRecord.asker)
    )
    async with engine.connect() as connection:
        rated = (await connection.execute(statement)).all()
    asked: dict[str, list[Row[Any]]] = {}
    for row in rated:
        if row.question is not None:
            asked.setdefault(" ".join(row.question.lower().split()), []).append(row)
    approved = [answer for answer in (await load_approved(engine)).values() if answer.at >= since]
    lines = [_compose_row(rows) for rows in asked.values()] + [_compose_approved(answer) for answer in approved]
    without_text = len({row.rated for row in rated if row.question is None})
    return _HEAD + ("questions:\n" + "".join(lines) if lines else "questions: []\n"), without_text


def _compose_row(rows: Sequence[Row[Any]]) -> str:
    """One question's line, with what was said of its answers behind it."""
    question = rows[0].question
    told = _merge([_read_reason(row) for row in rows])
    if told.get("outcome") == Outcome.ANSWERED.value:
        named = any(reference.number for reference in parse_references(question))
        told["band"] = "direct" if named else "paraphrase"
    said = "; ".join(dict.fromkeys(_describe(row) for row in rows))
    return _write_row(f"f-{rows[0].id[:12]}", question, told, said)


def _compose_approved(approved: Approved) -> str:
    """An approved answer's line. What a person answered is no clause of the guide: what is beside it, is only shown."""
    digest = hashlib.sha256(normalize_question(approved.question).encode()).hexdigest()
    said = _plain(f"approved: {approved.answer}; beside it: {approved.clause or 'no clause'}")
    return _write_row(f"a-{digest[:12]}", approved.question, {}, said)


def _write_row(name: str, question: str, told: dict[str, Any], said: str) -> str:
    told |= {"id": name, "lang": detect_language(question), "question": _Quoted(question)}
    row = {name: told[name] for name in FIELDS if name in told}
    missing = ", ".join(name for name in FIELDS if name not in told)
    written = yaml.dump(
        row, Dumper=_Dumper, default_flow_style=True, sort_keys=False, allow_unicode=True, width=float("inf")
    )
    return f"- {written.strip()}  # to do: {missing}; {said}\n"


def _read_reason(row: Row[Any]) -> dict[str, object]:
    """What one reason tells of the expected fields."""
    expected = {"outcome": Outcome.ANSWERED.value, "clauses": _UNKNOWN, "ownership": _UNKNOWN}
    match row.reason.partition(":")[0].strip():
        case "wrong_clause" | "should_have_answered":
            return expected
        case "wrong_split" if row.clauses:
            return expected | {"clauses": row.clauses.split("; ")}
        case "should_have_declined":
            # Whether there is no such clause, nothing covers it, or it is too vague, is for a person to say.
            return {"outcome": _UNKNOWN, "clauses": [], "ownership": None}
    return {}


def _merge(reasons: Sequence[dict[str, object]]) -> dict[str, Any]:
    """What reasons tell together: nothing of a field about which they differ."""
    told: dict[str, Any] = {}
    for name in ("outcome", "clauses", "ownership"):
        values = [reason[name] for reason in reasons if name in reason]
        if values and values[0] is not _UNKNOWN and all(value == values[0] for value in values):
            told[name] = values[0]
    return told


def _describe(row: Row[Any]) -> str:
    """What was said of an answer, and what it was, as a YAML comment can hold it."""
    return _plain(f"said: {row.reason}; was: {', '.join(filter(None, (row.outcome, row.ownership, row.clauses)))}")


def _plain(text: str) -> str:
    """A text in one line of what can be printed."""
    return " ".join("".join(char if char.isprintable() else " " for char in text).split())
