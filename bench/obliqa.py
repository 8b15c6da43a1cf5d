"""ObliQA's documents and questions, read from a folder in its form.

``StructuredRegulatoryDocuments/1.json`` … hold lists of ``ID, DocumentID, PassageID, Passage``;
``ObliQA_<split>.json`` a list of ``QuestionID, Question, Passages``, these with ``DocumentID, PassageID, Passage``
and sometimes ``ID``. No licence is stated: evaluate locally, commit none of it.
"""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from retrieval.evidence import Unit


class Question(NamedTuple):
    """A question and the positions of the passages that answer it."""

    text: str
    relevant: frozenset[int]


class Benchmark(NamedTuple):
    """The corpus, and the questions of one split that have a gold passage in it."""

    units: list[Unit]
    questions: list[Question]
    documents: int
    missing: int
    """Gold passages that the corpus does not hold."""


class Corpus:
    """The passages that are not empty, and where a gold passage stands among them."""

    def __init__(self, folder: Path) -> None:
        paths = sorted((folder / "StructuredRegulatoryDocuments").glob("*.json"), key=lambda path: int(path.stem))
        if not paths:
            raise FileNotFoundError(f"no documents in {folder / 'StructuredRegulatoryDocuments'}")
        held = [entry for path in paths for entry in json.loads(path.read_text("utf-8")) if entry["Passage"].strip()]
        self._texts = [entry["Passage"] for entry in held]
        self._by_id = {entry["ID"]: position for position, entry in enumerate(held) if entry.get("ID")}
        self._by_number: dict[tuple[Any, str], list[int]] = defaultdict(list)
        for position, entry in enumerate(held):
            self._by_number[entry["DocumentID"], entry["PassageID"]].append(position)
        documents: dict[Any, int] = {}
        keys = [(entry["DocumentID"], entry["PassageID"]) for entry in held]
        first: dict[tuple[Any, str], int] = {}
        for position, (document, number) in enumerate(keys):
            first.setdefault((document, number.rstrip(".)")), position)
        self.units = [
            Unit(
                text,
                documents.setdefault(document, len(documents)),
                tuple(dict.fromkeys(_find_outer(document, number, first))),
            )
            for text, (document, number) in zip(self._texts, keys, strict=True)
        ]
        self.documents = len(documents)

    def find(self, gold: dict[str, Any]) -> int | None:
        """Where a gold passage stands: by its id, else by its numbers and text, else by its numbers alone."""
        if gold.get("ID") in self._by_id:
            return self._by_id[gold["ID"]]
        positions = self._by_number.get((gold["DocumentID"], gold["PassageID"]), [])
        same = [position for position in positions if self._texts[position] == gold["Passage"]]
        return next(iter(same or positions), None)


def _find_outer(document: Any, number: str, first: dict[tuple[Any, str], int]) -> Iterator[int]:
    """Positions of the passages whose number is a prefix of this one, the longest first."""
    number = number.rstrip(".)")
    for cut in reversed([match.start() for match in re.finditer(r"[.(]", number)]):
        outer = first.get((document, number[:cut].rstrip(".)")))
        if cut and outer is not None:
            yield outer


def load_benchmark(folder: Path, split: str) -> Benchmark:
    """Read the corpus and one split's questions.

    Raises:
        FileNotFoundError: the folder lacks the documents or the split.
    """
    corpus = Corpus(folder)
    questions = []
    missing = 0
    for entry in json.loads((folder / f"ObliQA_{split}.json").read_text("utf-8")):
        found = [corpus.find(gold) for gold in entry["Passages"]]
        missing += found.count(None)
        relevant = frozenset(position for position in found if position is not None)
        if relevant:
            questions.append(Question(entry["Question"], relevant))
    return Benchmark(corpus.units, questions, corpus.documents, missing)
