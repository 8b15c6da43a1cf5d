"""Reading ObliQA: which passage a gold passage is, and what encloses it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from bench.obliqa import Corpus, load_benchmark

Write = Callable[[Path, Any], None]


@pytest.fixture
def corpus(tmp_path: Path, write_json: Write) -> Corpus:
    """Documents 2 and 10, with one number used twice and one passage empty."""
    write_json(
        tmp_path / "StructuredRegulatoryDocuments" / "10.json",
        [
            {"ID": "a", "DocumentID": 10, "PassageID": "Part 1.", "Passage": "Reports"},
            {"ID": "b", "DocumentID": 10, "PassageID": "Part 1.1.", "Passage": "Timing"},
            {"ID": "c", "DocumentID": 10, "PassageID": "Part 1.1.(2)", "Passage": "Report at once."},
            {"ID": "d", "DocumentID": 10, "PassageID": "Part 1.1.(2)", "Passage": "Report in writing."},
            {"ID": "e", "DocumentID": 10, "PassageID": "Part 1.2", "Passage": "\n"},
        ],
    )
    write_json(
        tmp_path / "StructuredRegulatoryDocuments" / "2.json",
        [{"ID": "f", "DocumentID": 2, "PassageID": "Part 1.", "Passage": "Definitions"}],
    )
    write_json(tmp_path / "ObliQA_dev.json", [])
    return Corpus(tmp_path)


def test_documents_come_by_number_and_empty_passages_not_at_all(corpus: Corpus) -> None:
    """Document 2 stands before document 10, and four of its five passages are held."""
    assert [unit.text for unit in corpus.units] == [
        "Definitions",
        "Reports",
        "Timing",
        "Report at once.",
        "Report in writing.",
    ]
    assert [unit.document for unit in corpus.units] == [0, 1, 1, 1, 1]


def test_a_prefix_of_the_number_encloses_once_and_inner_first(corpus: Corpus) -> None:
    """Part 1.1.(2) stands in Part 1.1. and that in Part 1., of the same document only."""
    assert [tuple(unit.within) for unit in corpus.units] == [(), (), (1,), (2, 1), (2, 1)]


@pytest.mark.parametrize(
    ("gold", "position"),
    [
        # The id decides, whatever else is said.
        ({"ID": "d", "DocumentID": 2, "PassageID": "Part 1.", "Passage": "x"}, 4),
        # Without one, or with one that is unknown: numbers and text, then numbers alone.
        ({"DocumentID": 10, "PassageID": "Part 1.1.(2)", "Passage": "Report in writing."}, 4),
        ({"ID": "z", "DocumentID": 10, "PassageID": "Part 1.1.(2)", "Passage": "Report at once."}, 3),
        ({"DocumentID": 10, "PassageID": "Part 1.1.(2)", "Passage": "Reworded."}, 3),
        # Empty passages and unknown numbers are not there.
        ({"DocumentID": 10, "PassageID": "Part 1.2", "Passage": "\n"}, None),
        ({"DocumentID": 3, "PassageID": "Part 1.", "Passage": "Reports"}, None),
    ],
)
def test_gold_is_found_by_id_then_numbers_and_text(
    corpus: Corpus, gold: dict[str, str | int], position: int | None
) -> None:
    """Where each way of naming a gold passage leads."""
    assert corpus.find(gold) == position


def test_questions_without_a_gold_passage_are_left_out(folder: Path, write_json: Write) -> None:
    """What the corpus does not hold is counted, and a question with nothing else is not judged."""
    absent = {"DocumentID": 9, "PassageID": "1", "Passage": "x"}
    held = {"DocumentID": 1, "PassageID": "1.1", "Passage": "reworded"}
    write_json(
        folder / "ObliQA_odd.json",
        [
            {"QuestionID": "1", "Question": "one", "Passages": [absent]},
            {"QuestionID": "2", "Question": "two", "Passages": [absent, held]},
        ],
    )
    benchmark = load_benchmark(folder, "odd")
    assert [(question.text, question.relevant) for question in benchmark.questions] == [("two", {1})]
    assert benchmark.missing == 2
    assert (len(benchmark.units), benchmark.documents) == (18, 2)


def test_a_folder_without_documents_says_so(tmp_path: Path) -> None:
    """The error names what is missing."""
    with pytest.raises(FileNotFoundError, match="StructuredRegulatoryDocuments"):
        Corpus(tmp_path)
