"""A review as a whole: every question in order, the event loop given way to, the same bytes for the same file."""

from __future__ import annotations

import asyncio
import csv
import io
from pathlib import Path

import pytest

from bot.desk import Desk
from bot.review.model import ReviewError
from bot.review.reading import open_questionnaire
from bot.review.run import Counts, output_name, review
from bot.unrecorded import Unrecorded
from retrieval.answerer import load_answerer

ASKED = ("Who is responsible for backups?", "What colour is your logo?")
CONTENT = "Question,Answer\n" + "".join(f"{ASKED[row % 2]},\n" for row in range(101))


@pytest.fixture(scope="module")
def desk() -> Desk:
    """A desk with the real guide, without its source."""
    return Desk(load_answerer()[0], Unrecorded())


async def test_every_question_is_filled_in_order(desk: Desk) -> None:
    """Answered and blank rows alternate as their questions do, and the counts say how many there are of each."""
    reviewed = await review(open_questionnaire(CONTENT.encode(), "v.csv"), desk, name="v.csv")
    assert reviewed.counts == Counts(101, 51, 50)
    assert reviewed.name == "v-reviewed.csv"
    assert [fill.status for fill in reviewed.fills[:2]] == ["answered", "needs a person"]
    rows = list(csv.reader(io.StringIO(reviewed.content.decode("utf-8-sig"))))
    assert [row[1] for row in rows[1:3]] == [reviewed.fills[0].answer, ""]


async def test_the_same_file_gives_the_same_bytes(desk: Desk) -> None:
    """Nothing of a review depends on when or how often it is made."""
    made = [await review(open_questionnaire(CONTENT.encode(), "v.csv"), desk) for _ in range(2)]
    assert made[0].content == made[1].content
    assert made[0].name == "questionnaire-reviewed.csv"


async def test_others_are_served_between_slices(desk: Desk) -> None:
    """While a hundred questions are answered, another task gets its turn and progress grows to the end."""
    turns = 0
    told: list[tuple[int, int]] = []

    async def other() -> None:
        nonlocal turns
        while True:
            turns += 1
            await asyncio.sleep(0)

    async def tell(done: int, total: int) -> None:
        told.append((done, total))

    task = asyncio.create_task(other())
    await review(open_questionnaire(CONTENT.encode(), "v.csv"), desk, progress=tell)
    task.cancel()
    assert turns >= 5
    assert told == sorted(told)
    assert told[-1] == (101, 101)
    assert len(told) >= 5


async def test_a_plain_function_may_be_told(desk: Desk) -> None:
    """Progress is told to what is no coroutine too."""
    told: list[tuple[int, int]] = []
    await review(
        open_questionnaire(b"Do you pentest?\nDo you breed horses?\n", "v.txt"),
        desk,
        progress=lambda done, total: told.append((done, total)),
    )
    assert told[-1] == (2, 2)


async def test_an_unknown_guide_ends_it(desk: Desk) -> None:
    """Nothing is filled from a guide that is not loaded."""
    with pytest.raises(ReviewError, match="no guide of that id"):
        await review(open_questionnaire(CONTENT.encode(), "v.csv"), desk, guides=["another"])


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("vendor.xlsx", "vendor-reviewed.xlsx"),
        ("a.b.docx", "a.b-reviewed.docx"),
        ("供應商.csv", "供應商-reviewed.csv"),
        ("folder/v.txt", "v-reviewed.txt"),
        ("..\\..\\v.txt", "v-reviewed.txt"),
        ("noending", "noending-reviewed"),
    ],
)
def test_what_the_filled_file_is_called(name: str, expected: str) -> None:
    """The name says that it was reviewed, and names no folder."""
    assert output_name(name) == expected
    assert Path(output_name(name)).name == output_name(name)
