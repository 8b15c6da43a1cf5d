"""The structure of the guide that Clausebot answers from. Its text is not in the repository: these tests need it."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from corpus.loader import load_ledger
from corpus.splitter import Document, Row, split_document


@pytest.fixture(scope="module")
def text(real_source_path: Path) -> str:
    """The guide's text."""
    return real_source_path.read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def guide(text: str) -> Document:
    """The guide, split."""
    return split_document(text)


def pages_of(row: Row) -> list[int]:
    """Every page that a row touches."""
    sentences = [*row.requirement, *(sentence for paragraph in row.paragraphs for sentence in paragraph)]
    return sorted({page for sentence in sentences for page in sentence.pages})


def test_sections(guide: Document) -> None:
    """Notices and the eighteen headings of the contents list come in order."""
    numbers = "notices 1 2 2.1 2.2 3 4 5 5.1 6 6.1 6.2 6.3 6.4 6.5 6.6 7 8 9".split()
    assert [section.number for section in guide.sections] == numbers


def test_rows_and_their_pages(guide: Document) -> None:
    """Every table row is found, GL8's letter e being absent, with the pages that it touches."""
    assert {section.number: {row.label: pages_of(row) for row in section.rows} for section in guide.sections} == {
        **{section.number: {} for section in guide.sections},
        "5.1": {"a": [8, 9], "b": [9], "c": [9, 10], "d": [10], "f": [10]},
        "6.1": {
            "a": [11],
            "b": [12],
            "c": [12, 13],
            "d": [13],
            "e": [13, 14],
            "f": [14],
            "g": [14, 15],
        },
        "6.3": {"5.12": [15], "5.13": [15, 16], "5.14": [16]},
        "6.4": {"5.15(c)": [17], "5.16": [17]},
        "6.6": {"5.19(d)": [19]},
    }


def test_a_row_cut_in_both_columns_is_joined(guide: Document) -> None:
    """Row a of GL8 5.1 stands on pages 8 and 9; requirement and first paragraph run over the break."""
    section = next(section for section in guide.sections if section.number == "5.1")
    row = section.rows[0]
    (requirement,) = row.requirement
    assert requirement.pages == (8, 9)
    assert len(requirement.text.split()) == 22
    assert [[sentence.pages for sentence in paragraph] for paragraph in row.paragraphs] == [
        [(8,), (8, 9)],
        [(9,), (9,), (9,)],
        [(9,)],
    ]


def test_sentence_counts(guide: Document) -> None:
    """Each section has the number of sentences that was counted when the guide was restated."""
    counts = {section.number: len(list(section.sentences())) for section in guide.sections}
    assert list(counts.values()) == [7, 7, 5, 36, 15, 13, 9, 6, 35, 5, 40, 7, 20, 12, 8, 7, 8, 10, 1]


def test_sentences_on_two_pages(guide: Document) -> None:
    """Sentences that a page break cuts have both pages; after the figure of section 3 the break may stand anywhere."""
    assert {sentence.key: sentence.pages for sentence in guide.sentences() if len(sentence.pages) > 1} == {
        "2 ¶1 s3": (1, 2),
        "2.1 ¶14 s3": (2, 3),
        "2.1 ¶23 s1": (3, 4),
        "2.2 ¶7 s1": (4, 5),
        "3 ¶2 s1": (5, 6),
        "3 ¶3 s1": (5, 6),
        "3 ¶3 s2": (5, 6),
        "3 ¶3 s3": (5, 6),
        "3 ¶4 s1": (5, 6, 7),
        "3 ¶4 s2": (6, 7),
        "3 ¶5 s1": (6, 7),
        "3 ¶5 s2": (6, 7),
        "5.1/a req s1": (8, 9),
        "5.1/a ¶1 s2": (8, 9),
        "5.1/c ¶2 s2": (9, 10),
        "6.1/c ¶3 s5": (12, 13),
        "6.1/e ¶1 s2": (13, 14),
        "6.1/g ¶2 s1": (14, 15),
        "6.3/5.13 ¶4 s1": (15, 16),
    }


def test_the_ledger_is_the_guide(guide: Document, real_pack_path: Path) -> None:
    """Every sentence's address, pages and hash is the one that the pack was written against."""
    ledger = load_ledger(real_pack_path)
    assert {sentence.key: (sentence.pages, sentence.sha256) for sentence in guide.sentences()} == {
        key: (entry.pages, entry.sha256) for key, entry in ledger.items()
    }


@pytest.mark.parametrize("width", [40, 57, 80, 120])
def test_wrapping_makes_no_difference(text: str, guide: Document, width: int) -> None:
    """The guide wrapped at spaces splits to the same."""
    chance = random.Random(width)
    wrapped = []
    for line in text.split("\n"):
        parts = [""]
        for i, word in enumerate(line.split(" ")):
            if i and len(parts[-1]) + len(word) > chance.randint(40, width) and parts[-1].strip():
                parts.append(word)
            else:
                parts[-1] += (" " if i else "") + word
        wrapped.append("\n".join(parts))
    assert split_document("\n".join(wrapped)) == guide
