"""A made-up benchmark in ObliQA's form."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

SUBJECTS = ("anchors", "bonds", "custody", "drills", "exits", "fees", "grants", "hedges")


@pytest.fixture
def write_json() -> Callable[[Path, Any], None]:
    """Write a value as JSON, with the folders above it."""

    def write(path: Path, value: Any) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(value), encoding="utf-8")

    return write


@pytest.fixture
def folder(tmp_path: Path, write_json: Callable[[Path, Any], None]) -> Path:
    """Two documents of eight passages each under a heading, and 32 questions about them."""
    questions = []
    for document in (1, 2):
        passages = [{"ID": f"h{document}", "DocumentID": document, "PassageID": "1.", "Passage": f"Part {document}"}]
        for number, subject in enumerate(SUBJECTS, 1):
            passage = {
                "ID": f"p{document}-{number}",
                "DocumentID": document,
                "PassageID": f"1.{number}",
                "Passage": f"A firm must report {subject} of kind {document} to its regulator within {number} days.",
            }
            passages.append(passage)
            for asking in ("When must a firm report", "Could you clarify who hears of"):
                question = f"{asking} {subject} of kind {document}?"
                questions.append({"QuestionID": question, "Question": question, "Passages": [passage]})
        passages.append({"ID": "", "DocumentID": document, "PassageID": "2", "Passage": " \n"})
        write_json(tmp_path / "StructuredRegulatoryDocuments" / f"{document}.json", passages)
    write_json(tmp_path / "ObliQA_dev.json", questions)
    write_json(tmp_path / "ObliQA_test.json", questions[:5])
    return tmp_path
