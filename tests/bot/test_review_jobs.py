"""Reviews as jobs: in their turn, for whoever gave the file, told without being held up, and given up when hopeless."""

from __future__ import annotations

import asyncio
import itertools
import logging
import time
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field
from types import SimpleNamespace

import pytest
from aiohttp import web

from bot.desk import Desk
from bot.origin import Origin
from bot.records.approved import keep_approved
from bot.records.inbox import Inbox
from bot.records.records import Records, open_records
from bot.records.reviews import INBOX, Review
from bot.records.worker import TryLaterError
from bot.review import jobs
from bot.review.approving import Approved
from bot.review.jobs import FAULT, LOST, SLOW, Kept, Reviewing
from bot.review.model import Columns, Question, ReviewError
from bot.review.run import Reviewed
from bot.settings import load_settings
from retrieval.answerer import Answerer, load_answerer

ANN = Origin("web", "", "ann", "")
CONTENT = b"Question,Answer\nWho backs up the databases under GL8 5.1(c)?,\nDo you breed horses?,\n"


@dataclass
class Telling:
    """A way that keeps what it was told; ``faults`` are raised, one at each call of that name."""

    content: bytes = CONTENT
    told: list[tuple[str, str]] = field(default_factory=list)
    faults: dict[str, list[BaseException]] = field(default_factory=dict)
    open: asyncio.Event = field(default_factory=asyncio.Event)

    def __post_init__(self) -> None:
        self.open.set()

    async def _note(self, what: str, job: Review, said: str) -> None:
        await self.open.wait()
        if self.faults.get(what):
            raise self.faults[what].pop(0)
        self.told.append((f"{job.name} {what}", said))

    async def fetch(self, job: Review) -> bytes:
        """The file."""
        await self._note("fetched", job, "")
        return self.content

    async def tell(self, job: Review, done: int, total: int) -> None:
        """Keep how far it is."""
        await self._note("told", job, f"{done}/{total}")

    async def deliver(self, job: Review, reviewed: Reviewed, questions: Sequence[Question]) -> None:
        """Keep the counts."""
        await self._note("delivered", job, f"{reviewed.counts.answered} of {len(questions)}")

    async def refuse(self, job: Review, problem: str) -> None:
        """Keep the problem."""
        await self._note("refused", job, problem)

    def ended(self) -> list[tuple[str, str]]:
        """What was delivered and refused."""
        return [(what, said) for what, said in self.told if not what.endswith(("fetched", "told"))]


@pytest.fixture(scope="session")
def answerer() -> Answerer:
    """The pack that comes with the service, without its source."""
    return load_answerer(None, None)[0]


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.records.worker._LOOK_EVERY", 0.02)
    monkeypatch.setattr("bot.records.worker._RETRY_AFTER", 0.02)
    monkeypatch.setattr("bot.records.worker._RELEASE_WITHIN", 60)


@pytest.fixture
async def records() -> AsyncIterator[Records]:
    """Records on SQLite."""
    opened = await open_records(load_settings())
    yield opened
    await opened.close()


async def run(reviewing: Reviewing) -> web.AppRunner:
    """Run it as the service does."""
    app = web.Application()
    reviewing.add_to(app)
    runner = web.AppRunner(app)
    await runner.setup()
    return runner


@pytest.fixture
async def reviewing(records: Records, answerer: Answerer) -> AsyncIterator[Reviewing]:
    """Reviews on the real pack, at work."""
    made = Reviewing(Desk(answerer, records.answers), records)
    runner = await run(made)
    yield made
    await runner.cleanup()


@pytest.fixture
def way(reviewing: Reviewing) -> Telling:
    """The way of the channel `web`."""
    made = Telling()
    reviewing.serve("web", made)
    return made


async def over(reviewing: Reviewing, job: Review) -> Review:
    """A review once it is over."""
    async with asyncio.timeout(60):
        while True:
            found = await reviewing.book.find(job.id)
            assert found
            if found.is_over:
                return found
            await asyncio.sleep(0.01)


async def test_a_file_that_is_kept_comes_back_with_its_rows(records: Records, reviewing: Reviewing) -> None:
    """A file given with the review is kept until that is over; then the result is, with each question's fill."""
    reviewing.serve("web", Kept(records))
    job = await reviewing.prepare(ANN, "vendor.csv", content=CONTENT, columns=Columns(question="Question"))
    assert len(job.id) == 43
    assert await reviewing.start(job) == 0
    found = await over(reviewing, job)
    assert (found.state, found.output, found.answered, found.person) == ("ready", "vendor-reviewed.csv", 1, 1)
    assert (found.done, found.total) == (2, 2)
    first, second = await reviewing.book.read_rows(job.id, 0)
    assert first["question"]["text"] == "Who backs up the databases under GL8 5.1(c)?"
    assert (first["fill"]["status"], second["fill"]["status"]) == ("answered", "needs a person")
    assert b"Clausebot: Answer" in (await reviewing.book.read_filled(job.id) or b"")
    assert await reviewing.book.read_given(job.id) is None


@pytest.mark.parametrize(("strangers", "answered"), [(False, 2), (True, 1)])
async def test_other_organizations_are_not_offered_what_this_one_approved(
    records: Records, reviewing: Reviewing, strangers: bool, answered: int
) -> None:
    """Where anybody's people ask, an answer that one of the operator's approved is not given to them."""
    corpus = load_answerer()[0].corpus.sha256
    known = Approved(
        question="Do you breed horses?", answer="No", comment="", reviewer="Ann", at=1.0, corpus=corpus, clause=""
    )
    await keep_approved(records.engine, [known])
    reviewing.serve("web", Kept(records), strangers=strangers)
    job = await reviewing.prepare(ANN, "vendor.csv", content=CONTENT)
    await reviewing.start(job)
    assert (await over(reviewing, job)).answered == answered


async def test_what_is_not_kept_any_more_is_told(records: Records, reviewing: Reviewing) -> None:
    """A review whose file is gone ends with what to do."""
    reviewing.serve("web", Kept(records))
    job = await reviewing.prepare(ANN, "vendor.csv")
    await reviewing.start(job)
    found = await over(reviewing, job)
    assert (found.state, found.problem) == ("failed", LOST)


async def test_reviews_wait_for_their_turn(reviewing: Reviewing, way: Telling) -> None:
    """One is worked on at a time, the first given first; each is told how many are ahead of it."""
    way.open.clear()
    given = [await reviewing.prepare(ANN, f"{number}.csv") for number in range(4)]
    assert [await reviewing.start(job) for job in given] == [0, 1, 2, 3]
    await asyncio.sleep(0.1)
    assert [(await reviewing.book.find(job.id)).state for job in given] == ["waiting"] * 4  # type: ignore[union-attr]
    way.open.set()
    await over(reviewing, given[-1])
    assert way.ended() == [(f"{number}.csv delivered", "1 of 2") for number in range(4)]


async def test_a_review_is_done_once_however_often_it_is_started(reviewing: Reviewing, way: Telling) -> None:
    """Preparing and starting again, before and after it is done, changes nothing."""
    for _ in range(2):
        job = await reviewing.prepare(ANN, "vendor.csv", review="r" * 64, context={"place": "C1"})
        await reviewing.start(job)
    found = await over(reviewing, job)
    await reviewing.start(job)
    assert found.task["context"] == {"place": "C1"}
    other = await reviewing.prepare(ANN, "other.csv")
    await reviewing.start(other)
    await over(reviewing, other)
    assert [what for what, _ in way.ended()] == ["vendor.csv delivered", "other.csv delivered"]


async def test_two_processes_share_the_line(records: Records, answerer: Answerer, reviewing: Reviewing) -> None:
    """What one process has no room for another works on; each review is delivered once."""
    first, second = Telling(), Telling()
    reviewing.serve("web", first)
    first.open.clear()
    given = [await reviewing.prepare(ANN, f"{number}.csv") for number in range(3)]
    for job in given:
        await reviewing.start(job)
    replica = Reviewing(Desk(answerer, records.answers), records)
    replica.serve("web", second)
    runner = await run(replica)
    await over(reviewing, given[1])
    await over(reviewing, given[2])
    first.open.set()
    await over(reviewing, given[0])
    await runner.cleanup()
    assert [what for what, _ in first.ended()] == ["0.csv delivered"]
    assert [what for what, _ in second.ended()] == ["1.csv delivered", "2.csv delivered"]


async def test_what_fails_for_now_is_tried_again(reviewing: Reviewing, way: Telling) -> None:
    """A file that can't be had now, and a result that can't be delivered now, only take longer."""
    way.faults = {name: [TryLaterError("no")] for name in ("fetched", "delivered")}
    job = await reviewing.prepare(ANN, "vendor.csv")
    await reviewing.start(job)
    assert (await over(reviewing, job)).state == "ready"
    assert way.ended() == [("vendor.csv delivered", "1 of 2")]


@pytest.mark.parametrize(
    ("fault", "problem"), [(ReviewError("It is no table."), "It is no table."), (ValueError("secret"), FAULT)]
)
async def test_what_never_works_is_told(
    reviewing: Reviewing, way: Telling, fault: Exception, problem: str, caplog: pytest.LogCaptureFixture
) -> None:
    """A file that is no questionnaire, and a fault of ours, end the review with a line; the log quotes neither."""
    way.faults = {"delivered": [fault]}
    job = await reviewing.prepare(ANN, "vendor.csv")
    await reviewing.start(job)
    found = await over(reviewing, job)
    assert (found.state, found.problem) == ("failed", problem)
    assert way.ended() == [("vendor.csv refused", problem)]
    assert "secret" not in caplog.text


@pytest.mark.parametrize(
    ("name", "content", "problem"),
    [
        ("vendor.csv", b"", "檔案是空的。"),
        ("vendor.pdf", b"%PDF-1.7", "檔案是 PDF。請把問卷另存為 .xlsx、.docx 或 .csv。"),
        ("vendor.json", b'{"a": ', "檔案不是有效的 JSON：第 1 行第 7 字有誤。"),
    ],
)
async def test_a_chinese_reader_is_told_in_chinese(
    records: Records, reviewing: Reviewing, name: str, content: bytes, problem: str
) -> None:
    """Where the channel knows that its reader reads Chinese, what is wrong with the file is said in Chinese."""
    reviewing.serve("web", Kept(records))
    job = await reviewing.prepare(ANN, name, content=content, context={"language": "zh-Hant"})
    await reviewing.start(job)
    found = await over(reviewing, job)
    assert (found.state, found.problem) == ("failed", problem)


async def test_progress_that_cannot_be_told_holds_up_nothing(
    reviewing: Reviewing, way: Telling, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """A channel that takes no progress gets its result all the same; what is told in time comes before the result."""
    monkeypatch.setattr(jobs, "_TELL_EVERY", 0.0)
    way.content = "".join(f"Who backs up the databases of application {number}?\n" for number in range(1000)).encode()
    way.faults = {"told": [RuntimeError("secret")]}
    job = await reviewing.prepare(ANN, "vendor.txt")
    await reviewing.start(job)
    await over(reviewing, job)
    assert [what for what, _ in way.told][-1] == "vendor.txt delivered"
    assert len([what for what, _ in way.told if what == "vendor.txt told"]) > 1
    assert "A review's progress could not be told: RuntimeError" in caplog.text
    assert "secret" not in caplog.text


async def test_progress_is_told_no_more_often_than_people_read(
    reviewing: Reviewing, way: Telling, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However many slices a review has, its progress is told at the beginning and then every two seconds at most."""
    clock = itertools.count(1000.0, 0.01)
    monkeypatch.setattr(jobs, "time", SimpleNamespace(time=time.time, monotonic=lambda: next(clock)))
    way.content = b"Who backs up the databases?\n" * 300
    job = await reviewing.prepare(ANN, "vendor.txt")
    await reviewing.start(job)
    await over(reviewing, job)
    assert 1000.1 < next(clock) < 1002
    assert [said for what, said in way.told if what == "vendor.txt told"] == ["0/300"]


async def test_a_file_at_which_processes_die_is_given_up(records: Records, reviewing: Reviewing, way: Telling) -> None:
    """A review that was begun five times without coming to an end is not begun again."""
    job = await reviewing.prepare(ANN, "vendor.csv")
    for _ in range(5):
        await records.reviews.begin(job.id)
    await reviewing.start(job)
    found = await over(reviewing, job)
    assert (found.state, found.problem) == ("failed", FAULT)


async def test_a_file_that_takes_too_long_is_given_up(
    reviewing: Reviewing, way: Telling, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A review that takes longer than others should wait ends with what to do, and the next one has its turn."""
    monkeypatch.setattr(jobs, "_WITHIN", 0.05)
    way.content = "".join(f"Who backs up the databases of application {number}?\n" for number in range(9000)).encode()
    job = await reviewing.prepare(ANN, "vendor.txt")
    await reviewing.start(job)
    found = await over(reviewing, job)
    assert (found.state, found.problem) == ("failed", SLOW)
    monkeypatch.undo()
    way.content = CONTENT
    other = await reviewing.prepare(ANN, "other.csv")
    await reviewing.start(other)
    assert (await over(reviewing, other)).state == "ready"


async def test_a_stop_does_not_wait_for_progress_to_be_told(
    records: Records, answerer: Answerer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where a chat takes long to show how far a review is, a stop in the middle ends at once all the same."""
    monkeypatch.setattr(jobs, "_FINISH_WITHIN", 0.05)
    monkeypatch.setattr(jobs, "_TOLD_WITHIN", 600)

    class Slow(Telling):
        async def tell(self, job: Review, done: int, total: int) -> None:
            began.set()
            await asyncio.Event().wait()

    began = asyncio.Event()
    stopped = Reviewing(Desk(answerer, records.answers), records)
    questions = "".join(f"Who backs up the databases of application {number}?\n" for number in range(9000))
    stopped.serve("web", Slow(questions.encode()))
    runner = await run(stopped)
    await stopped.start(await stopped.prepare(ANN, "vendor.txt"))
    async with asyncio.timeout(60):
        await began.wait()
    async with asyncio.timeout(60):
        await runner.cleanup()


async def test_what_its_owner_deletes_is_not_worked_on(records: Records, reviewing: Reviewing, way: Telling) -> None:
    """A review deleted while it waits is left out; nobody is told anything of it."""
    way.open.clear()
    first, second = [await reviewing.prepare(ANN, name) for name in ("first.csv", "second.csv")]
    for job in (first, second):
        await reviewing.start(job)
    assert await records.reviews.forget(second.id, ANN)
    way.open.set()
    await over(reviewing, first)
    async with asyncio.timeout(60):
        while (await records.count_waiting())[INBOX]:  # noqa: ASYNC110 - the records tell nobody
            await asyncio.sleep(0.01)
    assert way.ended() == [("first.csv delivered", "1 of 2")]


async def test_a_stop_gives_a_review_back_at_once(
    records: Records, answerer: Answerer, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """A review that a stop cuts off is there for the next process to take, before its lease ends."""
    monkeypatch.setattr(jobs, "_FINISH_WITHIN", 0.05)
    caplog.set_level(logging.WARNING)
    way = Telling()
    way.open.clear()
    stopped = Reviewing(Desk(answerer, records.answers), records)
    stopped.serve("web", way)
    runner = await run(stopped)
    job = await stopped.prepare(ANN, "vendor.csv")
    await stopped.start(job)
    await runner.cleanup()
    assert [event.key for event in await Inbox(records.engine, INBOX).take(10)] == [job.id]
