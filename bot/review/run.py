"""A questionnaire reviewed: every question answered, the same file filled."""

from __future__ import annotations

import asyncio
import inspect
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from pathlib import PurePosixPath
from typing import NamedTuple

from bot.desk import Desk
from bot.review.approving import Approved
from bot.review.composing import Reviewer
from bot.review.model import Fill, Questionnaire

Progress = Callable[[int, int], Awaitable[None] | None]
"""Told how many of how many questions are done; after each slice, and at the end."""

# A slice ends after so many questions or seconds: whoever else the event loop serves waits no longer.
_MOST = 20
_LONGEST = 0.01


class Counts(NamedTuple):
    """How many questions there are; how many of them are answered, and how many need a person."""

    questions: int
    answered: int
    person: int


class Reviewed(NamedTuple):
    """A filled questionnaire: the file, what to call it, the counts, and each question's fill in order."""

    content: bytes
    name: str
    counts: Counts
    fills: tuple[Fill, ...]


async def review(
    questionnaire: Questionnaire,
    desk: Desk,
    *,
    name: str = "",
    guides: Sequence[str] = (),
    approved: Mapping[str, Approved] | None = None,
    progress: Progress | None = None,
) -> Reviewed:
    """Answer every question of a questionnaire, and fill it.

    The event loop is given way to between slices of questions, and the file is written in a thread.

    Args:
        questionnaire: what was read.
        desk: what answers; nothing is recorded.
        name: what the file was called, without its folder; empty for ``questionnaire`` with its kind's ending.
        guides: ids of the guides to answer from; empty for every loaded one.
        approved: what people answered, by `normalize_question`.
        progress: told how far it is.

    Raises:
        ReviewError: no guide of such an id is loaded, or the file can't be filled.
    """
    reviewer = Reviewer(desk, guides, approved)
    questions = questionnaire.questions
    fills: list[Fill] = []
    begun, first = time.perf_counter(), 0
    for question in questions:
        fills.append(reviewer.fill(question))
        if len(fills) - first >= _MOST or time.perf_counter() - begun >= _LONGEST:
            await _tell(progress, len(fills), len(questions))
            await asyncio.sleep(0)
            begun, first = time.perf_counter(), len(fills)
    filled = tuple(fills)
    content = await asyncio.to_thread(questionnaire.fill, filled, reviewer.summarize(filled))
    await _tell(progress, len(filled), len(questions))
    return Reviewed(content, output_name(name or f"questionnaire.{questionnaire.kind}"), count(filled), filled)


async def _tell(progress: Progress | None, done: int, total: int) -> None:
    told = progress(done, total) if progress else None
    if inspect.isawaitable(told):
        await told


def count(fills: Sequence[Fill]) -> Counts:
    """How many of the questions are answered, and how many are left to a person."""
    answered = sum(fill.status == "answered" for fill in fills)
    return Counts(len(fills), answered, len(fills) - answered)


def output_name(name: str) -> str:
    """What the filled file is called: ``vendor.xlsx`` is ``vendor-reviewed.xlsx``; folders are left out."""
    path = PurePosixPath(name.replace("\\", "/"))
    return f"{path.stem}-reviewed{path.suffix}"
