"""Attaching a guide's source: verified words as quotes, one clear line for whatever is wrong with the file."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from corpus.corpus import Corpus
from corpus.models import Anchor, Guide
from corpus.quotes import Quotes
from corpus.source import LARGEST_SOURCE, SourceError, attach_sources, is_source_of, read_source
from corpus.splitter import Document, split_document

Owned = dict[str, tuple[Guide, Path]]
INVENTED = "quaymoth-cloud-hk-insurance-2021"


@pytest.fixture
def owned(corpus: Corpus, pack_path: Path, real_pack_path: Path) -> Owned:
    """Both guides with their packs' folders."""
    folders = {INVENTED: pack_path}
    return {guide.info.id: (guide, folders.get(guide.info.id, real_pack_path)) for guide in corpus.guides}


def anchors(*written: str) -> tuple[Anchor, ...]:
    """Anchors from their written form."""
    return tuple(Anchor.model_validate(text) for text in written)


def attach(owned: Owned, place: Path) -> tuple[Quotes, str]:
    """The invented guide's quotes and the one problem (empty where there is none)."""
    quotes, problems = attach_sources(owned, place)
    assert len(problems) < 2, problems
    assert all("\n" not in problem for problem in problems)
    return quotes.get(INVENTED, Quotes()), "".join(problems)


@pytest.mark.parametrize("is_folder", [True, False])
def test_every_duty_is_quoted(owned: Owned, source_path: Path, *, is_folder: bool) -> None:
    """With its source attached, as a file or in a folder, every statement of the guide has the source's words."""
    quotes, problem = attach(owned, source_path.parent if is_folder else source_path)
    assert problem == ""
    assert (len(quotes.verified), quotes.withheld) == (156, ())
    guide, _ = owned[INVENTED]
    for passage in guide.passages:
        for statement in (*passage.duties, *passage.errata, *passage.terms):
            assert quotes.quote(statement.at)


def test_every_duty_of_the_real_guide_is_quoted(owned: Owned, real_source_path: Path) -> None:
    """The same holds for the guide that Clausebot brings."""
    quotes, problems = attach_sources(owned, real_source_path.parent)
    assert problems == []
    (found,) = quotes.values()
    guide, _ = owned["alibaba-cloud-hk-insurance-2019"]
    assert found.withheld == ()
    assert all(found.quote(duty.at) for passage in guide.passages for duty in passage.duties)


def test_what_a_quote_says(owned: Owned, source_path: Path) -> None:
    """Sentences of one place follow each other; between places stands an ellipsis."""
    quotes, _ = attach(owned, source_path)
    assert quotes.quote(anchors("5.1/c ¶1 s2 p9")) == "Copies are kept for 35 days."
    assert quotes.quote(anchors("5.1/c ¶1 s2-3 p9")) == "Copies are kept for 35 days. The customer need do nothing."
    assert quotes.quote(anchors("5.1/c ¶1 s2 p9", "5.1/e ¶1 s1 p10")) == (
        "Copies are kept for 35 days. […] Quaymoth Cloud checks no signature."
    )
    assert quotes.quote(anchors("5.1/c ¶1 s2 p9", "5.1/c ¶1 s99 p9")) is None
    assert quotes.quote(()) is None
    assert Quotes().quote(anchors("5.1/c ¶1 s2 p9")) is None


def test_an_altered_sentence_withholds_exactly_its_quotes(owned: Owned, guide_text: str, tmp_path: Path) -> None:
    """Where the source has other words, the quotes there are withheld and named; all others stay."""
    path = tmp_path / "altered.txt"
    path.write_text(guide_text.replace("kept for 35 days", "kept for 36 days"), encoding="utf-8")
    quotes, problem = attach(owned, path)
    assert quotes.withheld == ("5.1/c ¶1 s2",)
    assert problem == (
        "altered.txt differs from the text that was restated in 1 sentence (5.1/c ¶1 s2); "
        f"quotes there are withheld: run clausebot corpus check --source {path}"
    )
    guide, _ = owned[INVENTED]
    withheld = {duty.text for passage in guide.passages for duty in passage.duties if quotes.quote(duty.at) is None}
    assert withheld == {"Keeps the copies for 35 days."}


def test_many_altered_sentences_are_named_in_part(
    owned: Owned, guide_text: str, document: Document, tmp_path: Path
) -> None:
    """The line stays short: five addresses, and that there are more."""
    path = tmp_path / "altered.txt"
    path.write_text(guide_text.replace(" must ", " may "), encoding="utf-8")
    quotes, problem = attach(owned, path)
    assert list(quotes.withheld) == [sentence.key for sentence in document.sentences() if " must " in sentence.text]
    assert "differs from the text that was restated in 38 sentences (" in problem
    assert f"({', '.join(quotes.withheld[:5])} …)" in problem


@pytest.mark.parametrize(
    ("name", "data", "message"),
    [
        ("binary.txt", b"\x00\x01\x02", "binary.txt is not in the form of a guide: no contents list"),
        ("latin.txt", "Café Contents".encode("latin-1"), "latin.txt is not UTF-8 text; save it as UTF-8"),
        ("empty.txt", b"", "empty.txt is not in the form of a guide: no contents list"),
        (
            "other.txt",
            b"A Book\n\nContents\n\n1. A\t1\n\n1. A\n\nText.\n",
            "other.txt is the text of no loaded guide (Ali",
        ),
    ],
)
def test_a_file_that_is_no_source(owned: Owned, tmp_path: Path, name: str, data: bytes, message: str) -> None:
    """A text that is no loaded guide's gives one line and no quotes."""
    (tmp_path / name).write_bytes(data)
    for place in (tmp_path, tmp_path / name):
        quotes, problem = attach(owned, place)
        assert quotes == Quotes()
        assert problem.startswith(message)
        assert problem.endswith("; answering without its quotes")


def test_a_file_that_is_too_large(owned: Owned, tmp_path: Path) -> None:
    """A file far larger than any guide is not read."""
    with (tmp_path / "huge.txt").open("wb") as file:
        file.truncate(LARGEST_SOURCE + 1)
    quotes, problem = attach(owned, tmp_path)
    assert quotes == Quotes()
    assert problem.startswith("huge.txt is larger than 20,000,000 bytes; a guide's text is far smaller")


def test_a_file_that_cannot_be_read(owned: Owned, tmp_path: Path) -> None:
    """A folder in a text's place gives one line and no quotes."""
    (tmp_path / "guide.txt").mkdir()
    quotes, problem = attach(owned, tmp_path)
    assert quotes == Quotes()
    assert problem == "guide.txt cannot be read: Is a directory; answering without its quotes"


def test_a_place_that_is_none(owned: Owned, tmp_path: Path) -> None:
    """A missing folder and an empty one give one line and no quotes."""
    assert attach(owned, tmp_path / "missing") == (
        Quotes(),
        f"source {tmp_path / 'missing'} does not exist; answering without quotes",
    )
    (tmp_path / "notes.md").write_text("no source", encoding="utf-8")
    assert attach(owned, tmp_path) == (
        Quotes(),
        f"source folder {tmp_path} holds no .txt file; answering without quotes",
    )


def test_two_sources_in_a_folder(owned: Owned, source_path: Path, real_source_path: Path, tmp_path: Path) -> None:
    """Each text is attached to its own guide."""
    shutil.copy(source_path, tmp_path / "one.txt")
    shutil.copy(real_source_path, tmp_path / "two.txt")
    quotes, problems = attach_sources(owned, tmp_path)
    assert problems == []
    assert {name: len(found.verified) for name, found in quotes.items()} == {
        INVENTED: 156,
        "alibaba-cloud-hk-insurance-2019": 251,
    }


def test_a_good_source_beside_a_bad_one(owned: Owned, source_path: Path, tmp_path: Path) -> None:
    """A file that cannot be used takes no quotes from the one that can."""
    shutil.copy(source_path, tmp_path / "one.txt")
    (tmp_path / "two.txt").write_bytes(b"\xff")
    quotes, problem = attach(owned, tmp_path)
    assert len(quotes.verified) == 156
    assert problem == "two.txt is not UTF-8 text; save it as UTF-8; answering without its quotes"


def test_a_second_text_of_one_guide(owned: Owned, source_path: Path, guide_text: str, tmp_path: Path) -> None:
    """Of two texts of one guide the first by name is used, and the second named."""
    shutil.copy(source_path, tmp_path / "one.txt")
    (tmp_path / "two.txt").write_text(guide_text.replace("35 days", "36 days"), encoding="utf-8")
    quotes, problem = attach(owned, tmp_path)
    assert quotes.withheld == ()
    guide, _ = owned[INVENTED]
    assert problem == f"two.txt is a second text of {guide.info.title}; its quotes come from the first"


def test_a_ledger_that_does_not_load(owned: Owned, source_path: Path, tmp_path: Path) -> None:
    """Without its ledger a pack verifies nothing, so it gives no quotes, and says why."""
    guide, folder = owned[INVENTED]
    shutil.copytree(folder, tmp_path / "pack")
    (tmp_path / "pack" / "sentences.yaml").write_text("sentences:\n- {at: 1}\n", encoding="utf-8")
    quotes, problem = attach({INVENTED: (guide, tmp_path / "pack")}, source_path)
    assert quotes == Quotes()
    assert problem.startswith("pack/sentences.yaml:2: sentences.0.at: Input should be a valid string; quote it")
    assert problem.endswith("; answering without quotes")


def test_a_source_is_known_by_its_title_page(corpus: Corpus, document: Document, guide_text: str) -> None:
    """All lines of the title page that the head names must be there, whatever quotes, spaces and capitals they have."""
    real, invented = corpus.guides
    assert is_source_of(document, invented)
    assert not is_source_of(document, real)
    shouted = guide_text.replace("Quaymoth Cloud Answer Book", "QUAYMOTH  CLOUD\u00a0ANSWER BOOK", 1)
    assert is_source_of(split_document(shouted), invented)
    later = guide_text.replace("September 2021\n", "September 2022\n", 1)
    assert not is_source_of(split_document(later), invented)


def test_how_the_source_was_saved_makes_no_difference(owned: Owned, guide_text: str, tmp_path: Path) -> None:
    """A byte-order mark, Windows line ends and straight quotes leave every sentence verified."""
    straight = guide_text.translate(str.maketrans("“”’", '""\''))
    (tmp_path / "saved.txt").write_bytes(straight.replace("\n", "\r\n").encode("utf-8-sig"))
    quotes, problem = attach(owned, tmp_path)
    assert (problem, quotes.withheld) == ("", ())


def test_read_source_says_what_to_do(tmp_path: Path) -> None:
    """A missing file is told by its name and the system's words."""
    with pytest.raises(SourceError, match=r"^none.txt cannot be read: No such file or directory$"):
        read_source(tmp_path / "none.txt")
