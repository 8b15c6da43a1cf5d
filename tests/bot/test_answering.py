"""The answerer of a process: loaded anew while it answers, and kept where what is new does not load."""

from __future__ import annotations

import asyncio
import logging
import shutil
import threading
from pathlib import Path

import pytest

from bot import answering
from bot.answering import ReloadingAnswerer
from corpus.problems import CorpusError
from retrieval.answerer import Answerer, load_answerer

INVENTED = Path(__file__).parents[1] / "fixtures" / "guides" / "quaymoth-cloud-hk-insurance-2021"


@pytest.fixture
def pack(tmp_path: Path) -> Path:
    """A copy of the invented guide's pack, in a folder of its own."""
    return Path(shutil.copytree(INVENTED, tmp_path / "packs" / INVENTED.name))


@pytest.fixture
def answerer(pack: Path) -> ReloadingAnswerer:
    """The answerer of both guides, without sources."""
    return ReloadingAnswerer(lambda: load_answerer(None, pack.parent))


def rewrite(path: Path, old: str, new: str) -> None:
    """Replace a text in a file."""
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


async def test_a_changed_pack_is_answered_from(
    answerer: ReloadingAnswerer, pack: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """After a reload everything comes from the pack as it is now, and the log tells its hash."""
    caplog.set_level(logging.INFO)
    before = answerer.corpus.sha256
    rewrite(pack / "guide.yaml", "Quaymoth Cloud", "Seaborne Cloud")
    assert answerer.answer("GL8 5.1(c)").corpus.sha256 == before
    assert await answerer.reload()
    answer = answerer.answer("GL8 5.1(c)")
    assert answer.corpus.sha256 == answerer.corpus.sha256 != before
    assert "Seaborne Cloud" in {clause.provider for clause in answer.clauses}
    assert "Seaborne Cloud" in {guide.provider for guide in answerer.catalogue().guides}
    shown = answerer.show("GL8 5.1(c)", INVENTED.name)
    assert shown
    assert shown.provider == "Seaborne Cloud"
    assert answerer.suggest("5.1(c)", regulation="GL8")[0].ref == "GL8 5.1(c)"
    assert f"The corpus was reloaded: {answerer.corpus.sha256}" in caplog.messages


async def test_a_broken_pack_takes_no_ones_place(
    answerer: ReloadingAnswerer, pack: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """Where the pack does not load the one before answers on, and an error names file and problem; mended, it loads."""
    before = answerer.answer("GL8 5.1(c)")
    rewrite(pack / "guide.yaml", "provider:", "provder:")
    assert not await answerer.reload()
    assert answerer.answer("GL8 5.1(c)") == before
    [line] = [record for record in caplog.records if record.levelno == logging.ERROR]
    assert f"{INVENTED.name}/guide.yaml:" in line.getMessage()
    rewrite(pack / "guide.yaml", "provder:", "provider:")
    assert await answerer.reload()


async def test_whatever_fails_the_one_before_stays(pack: Path, caplog: pytest.LogCaptureFixture) -> None:
    """Any other fault of loading leaves the one before too, and is told without its message."""
    faults: list[Exception] = []

    def load() -> tuple[Answerer, list[str]]:
        if faults:
            raise faults.pop()
        return load_answerer(None, None)

    answerer = ReloadingAnswerer(load)
    faults += [OSError("xoxb-1"), MemoryError("xoxb-1")]
    assert [await answerer.reload() for _ in range(3)] == [False, False, True]
    assert answerer.answer("GL8 5.1(c)").clauses
    assert caplog.text.count("ERROR") == 2
    assert "MemoryError" in caplog.text
    assert "xoxb-1" not in caplog.text


def test_a_first_corpus_has_to_load(pack: Path) -> None:
    """There is nothing to fall back on at first: a pack that does not load is told as an error."""
    rewrite(pack / "guide.yaml", "provider:", "provder:")
    with pytest.raises(CorpusError, match=r"guide\.yaml"):
        ReloadingAnswerer(lambda: load_answerer(None, pack.parent))


async def test_it_answers_while_it_loads_once_at_a_time() -> None:
    """Loading holds up no question, and two reloads asked for at once come one after the other."""
    loaded = load_answerer(None, None)
    loading, began, may_go_on = threading.Lock(), threading.Event(), threading.Event()
    may_go_on.set()

    def load() -> tuple[Answerer, list[str]]:
        assert loading.acquire(blocking=False)
        began.set()
        assert may_go_on.wait(30)
        loading.release()
        return loaded

    answerer = ReloadingAnswerer(load)
    began.clear()
    may_go_on.clear()
    reloads = [asyncio.create_task(answerer.reload()) for _ in range(3)]
    assert await asyncio.to_thread(began.wait, 30)
    assert answerer.answer("GL8 5.1(c)").clauses
    may_go_on.set()
    assert await asyncio.gather(*reloads) == [True] * 3


async def test_what_is_wrong_with_sources_is_told(pack: Path, caplog: pytest.LogCaptureFixture) -> None:
    """Each line about the sources stands in the log, at the start and at a reload."""
    answerer = load_answerer(None, None)[0]
    reloading = ReloadingAnswerer(lambda: (answerer, ["a sentence differs"]))
    await reloading.reload()
    assert caplog.messages.count("a sentence differs") == 2


def test_what_was_asked_a_moment_ago_has_its_answer(
    answerer: ReloadingAnswerer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The same question has the same answer ready for a minute; another context or regulation is another question."""
    first = answerer.answer("who backs up?")
    assert answerer.answer("who backs up?") is first
    others = [
        answerer.answer("who backs up?", context=["GL14 5.13"]),
        answerer.answer("who backs up?", regulation="GL8"),
    ]
    assert all(other is not first for other in others)
    now = answering.time.monotonic()
    monkeypatch.setattr(answering.time, "monotonic", lambda: now + 61)
    again = answerer.answer("who backs up?")
    assert again is not first
    assert again == first
    assert len(answerer._recent) == 1


def test_what_is_asked_for_again_is_kept_longer(answerer: ReloadingAnswerer, monkeypatch: pytest.MonkeyPatch) -> None:
    """New questions crowd out what nobody asks for, not what is asked for again and again."""
    monkeypatch.setattr(answering, "_KEPT", 2)
    often = answerer.answer("who backs up?")
    for number in range(4):
        answerer.answer(f"GL8 5.1({number})")
        assert answerer.answer("who backs up?") is often


def test_only_so_many_answers_are_kept(answerer: ReloadingAnswerer, monkeypatch: pytest.MonkeyPatch) -> None:
    """However many questions come in a minute, the answers to the latest few are kept."""
    monkeypatch.setattr(answering, "_KEPT", 3)
    for number in range(10):
        answerer.answer(f"GL8 5.1({number})")
    assert len(answerer._recent) == 3
    assert answerer.answer("GL8 5.1(9)") is answerer.answer("GL8 5.1(9)")
