"""Reviews in the records: whose they are, what is noted, their files sealed, and when all of it is gone."""

from __future__ import annotations

import json
import logging

import pytest
from cryptography.fernet import Fernet
from sqlalchemy import func, select, text, update
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.origin import Origin
from bot.records.inbox import Inbox
from bot.records.models import ReviewFile, ReviewRecord
from bot.records.records import open_records
from bot.records.reviews import INBOX, ROWS_A_PAGE, ReviewBook
from bot.records.sealing import Hasher, Sealer
from bot.records.upkeep import erase, purge
from bot.settings import load_settings

OLD, NEW = Fernet.generate_key().decode(), Fernet.generate_key().decode()
ANN, BOB = Origin("web", "T0", "ann", ""), Origin("web", "T0", "bob", "")
CONTENT = b"Who keeps copies?\n" * 200


@pytest.fixture
def book(engine: AsyncEngine) -> ReviewBook:
    """The reviews of a service without a key."""
    return ReviewBook(engine, Hasher(b"key"), None)


async def count_rows(engine: AsyncEngine) -> tuple[int, int]:
    """How many reviews and parts of files there are."""
    async with engine.connect() as connection:
        reviews = (await connection.execute(select(func.count()).select_from(ReviewRecord))).scalar_one()
        return reviews, (await connection.execute(select(func.count()).select_from(ReviewFile))).scalar_one()


async def make_older(engine: AsyncEngine, review: str, hours: float) -> None:
    """Let a review have come in so many hours earlier."""
    async with engine.begin() as connection:
        earlier = update(ReviewRecord).where(ReviewRecord.id == review).values(at=ReviewRecord.at - hours * 3600)
        await connection.execute(earlier)


async def test_a_review_is_kept_once(book: ReviewBook) -> None:
    """What is delivered again leaves the review as it is; the file and the task come back as they were given."""
    assert await book.create("r1", ANN, "vendor.csv", {"context": {"thread": "1.2"}}, CONTENT)
    await book.note("r1", message="1.5")
    await book.note("r1", file="F1")
    assert not await book.create("r1", BOB, "other.csv", {}, b"")
    found = await book.find("r1")
    assert found
    assert (found.name, found.state, found.task) == ("vendor.csv", "waiting", {"context": {"thread": "1.2"}})
    assert found.notes == {"message": "1.5", "file": "F1"}
    assert await book.read_given("r1") == CONTENT


async def test_a_review_is_its_askers_alone(book: ReviewBook, engine: AsyncEngine) -> None:
    """Nobody else finds it or deletes it, whoever knows its id; its asker does, and nothing of it is left."""
    await book.create("r1", ANN, "vendor.csv", {}, CONTENT)
    await book.create("r2", ANN, "second.csv", {})
    other_channel = Origin("slack", "T0", "ann", "")
    for stranger in (BOB, other_channel):
        assert await book.find("r1", stranger) is None
        assert not await book.forget("r1", stranger)
        assert await book.find_all(stranger) == []
    assert [each.name for each in await book.find_all(ANN)] == ["second.csv", "vendor.csv"]
    assert [await book.forget("r1", ANN), await book.forget("r1", ANN)] == [True, False]
    assert await count_rows(engine) == (1, 0)


async def test_rows_come_back_in_pages(book: ReviewBook) -> None:
    """A result replaces what was given; its rows are read a hundred at a time, and none past the last."""
    await book.create("r1", ANN, "vendor.csv", {}, CONTENT)
    await book.keep("r1", b"filled", (json.dumps({"row": row}) for row in range(ROWS_A_PAGE + 5)))
    await book.finish("r1", "vendor-reviewed.csv", 3, ROWS_A_PAGE + 2)
    found = await book.find("r1")
    assert found
    assert (found.state, found.output, found.answered, found.person) == ("ready", "vendor-reviewed.csv", 3, 102)
    assert (found.done, found.total, found.is_over) == (105, 105, True)
    assert [await book.read_given("r1"), await book.read_filled("r1")] == [None, b"filled"]
    pages = [await book.read_rows("r1", page) for page in range(3)]
    assert [[row["row"] for row in page] for page in pages] == [[*range(100)], [*range(100, 105)], []]


async def test_what_was_deleted_meanwhile_is_not_kept(book: ReviewBook, engine: AsyncEngine) -> None:
    """A result that comes after its review was deleted leaves nothing behind; nor does a note."""
    await book.create("r1", ANN, "vendor.csv", {}, CONTENT)
    await book.forget("r1")
    await book.keep("r1", b"filled", ["{}"])
    await book.note("r1", message="1.5")
    await book.finish("r1", "x", 0, 1)
    assert await book.begin("r1") == 0
    assert await count_rows(engine) == (0, 0)


async def test_a_failure_keeps_its_reason_and_no_file(book: ReviewBook) -> None:
    """A review that failed says why; the file that was given is gone."""
    await book.create("r1", ANN, "vendor.csv", {}, CONTENT)
    await book.fail("r1", "There are no questions in it.")
    found = await book.find("r1")
    assert found
    assert (found.state, found.problem) == ("failed", "There are no questions in it.")
    assert await book.read_given("r1") is None


async def test_beginnings_without_an_end_are_counted(book: ReviewBook) -> None:
    """Each beginning counts until reviewing comes to an end."""
    await book.create("r1", ANN, "vendor.csv", {})
    assert [await book.begin("r1"), await book.begin("r1")] == [1, 2]
    await book.settle("r1")
    assert await book.begin("r1") == 1


async def test_a_place_in_the_line_is_told(book: ReviewBook, engine: AsyncEngine) -> None:
    """Ahead of a review are those that came before it and are not done; events of chats don't count."""
    inbox = Inbox(engine, INBOX)
    await Inbox(engine, "slack").store("q", "T0", {}, take=False)
    for review in ("r1", "r2", "r3"):
        await inbox.store(review, "T0", {}, take=False)
    assert [await book.count_ahead(review) for review in ("r1", "r2", "r3", "not in it")] == [0, 1, 2, 3]
    first, *_ = await inbox.take(1)
    await inbox.finish(first.id)
    assert [await book.count_ahead(review) for review in ("r2", "r3")] == [0, 1]


async def test_a_purge_forgets_reviews_within_a_day(book: ReviewBook, engine: AsyncEngine) -> None:
    """After 23 hours a review is neither shown nor, once purged, kept, for however long answers are."""
    for review in ("old", "new"):
        await book.create(review, ANN, "vendor.csv", {}, CONTENT)
    await make_older(engine, "old", 23)
    await make_older(engine, "new", 22.9)
    assert await book.find("old") is None
    assert await book.read_given("old") is None
    assert [each.id for each in await book.find_all(ANN)] == ["new"]
    await purge(engine, None)
    assert await count_rows(engine) == (1, 1)
    assert await book.read_given("new") == CONTENT


async def test_erasing_a_workspace_erases_its_reviews(book: ReviewBook, engine: AsyncEngine) -> None:
    """A workspace's reviews go with it, files included; others' stay."""
    await book.create("r1", ANN, "vendor.csv", {}, CONTENT)
    await book.create("r2", Origin("slack", "T1", "ann", ""), "vendor.csv", {}, CONTENT)
    await erase(engine, "T0")
    assert await count_rows(engine) == (1, 1)
    assert await book.find("r2")


async def test_with_a_key_nothing_of_a_review_can_be_read(engine: AsyncEngine) -> None:
    """The file, its name, the rows, notes, problem and task stand sealed in the database, and open with the key."""
    book = ReviewBook(engine, Hasher(b"key"), Sealer([OLD]))
    await book.create("r1", ANN, "secret-vendor.csv", {"context": {"secret": "thread"}}, b"secret content")
    await book.note("r1", secret="note")
    given = await book.read_given("r1")
    await book.keep("r1", b"secret result", ['{"secret": "row"}'])
    await book.create("r2", ANN, "secret.csv", {})
    await book.fail("r2", "secret problem")
    async with engine.connect() as connection:
        raw = [
            bytes(value) if isinstance(value, bytes) else str(value).encode()
            for table in ("reviews", "review_files")
            for row in (await connection.execute(text(f"SELECT * FROM {table}"))).all()
            for value in row
        ]
    assert len(raw) == 2 * 12 + 2 * 3
    assert not [value for value in raw if b"secret" in value]
    assert given == b"secret content"
    reopened = ReviewBook(engine, Hasher(b"key"), Sealer([NEW, OLD]))
    found = await reopened.find("r1")
    assert found
    assert (found.name, found.notes) == ("secret-vendor.csv", {"secret": "note"})
    assert [await reopened.read_filled("r1"), await reopened.read_rows("r1", 0)] == [
        b"secret result",
        [{"secret": "row"}],
    ]


@pytest.mark.parametrize("keys", [[NEW], []])
async def test_what_no_key_opens_is_gone(engine: AsyncEngine, keys: list[str]) -> None:
    """A review whose key was dropped within its day is not there any more; it is not an error."""
    await ReviewBook(engine, Hasher(b"key"), Sealer([OLD])).create("r1", ANN, "vendor.csv", {}, CONTENT)
    later = ReviewBook(engine, Hasher(b"key"), Sealer(keys) if keys else None)
    assert [await later.find("r1"), await later.read_given("r1"), await later.find_all(ANN)] == [None, None, []]


async def test_no_line_of_the_log_names_a_file(address: str, caplog: pytest.LogCaptureFixture) -> None:
    """Opened as the service opens them, the records log neither a file's name nor its content."""
    caplog.set_level(logging.DEBUG)
    records = await open_records(load_settings())
    await records.reviews.create("r1", ANN, "secret-vendor.csv", {}, b"secret content")
    await records.reviews.find("r1", ANN)
    await records.reviews.read_given("r1")
    await records.close()
    assert "secret" not in caplog.text
