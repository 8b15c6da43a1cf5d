"""Questionnaires as plain text with a question a line: back it comes with what was found below each. Pure."""

from __future__ import annotations

import re

from bot.review.dialect import splice
from bot.review.encoding import Encoded, decode
from bot.review.headers import HEADING, SUMMARY
from bot.review.headings import is_asking, is_none, strip_numbering
from bot.review.model import ADDED, Columns, Fill, Kind, Question, ReviewedRow, ReviewError, Summary

_LINE = re.compile(r"(?P<text>[^\r\n]*)(?P<end>\r\n|\n|\r|$)")
_OURS = re.compile(r"\s*" + HEADING + r"(?P<heading>[A-Z][a-z]+):[ ]?(?P<held>.*)$")
SUMMED = "# " + SUMMARY
"""What a line of the summary begins with."""

_COMMENT = ("#", "//", "---", "===", "***", "___", "<!--")
_INDENT = "    "
_FIELDS = {heading: field for field, heading in ADDED}


class Lines:
    """A text file that was read."""

    def __init__(self, content: bytes, columns: Columns | None = None) -> None:
        """Read it.

        Args:
            content: the file.
            columns: must name none: lines have no columns.

        Raises:
            ReviewError: it can't be read, or holds no questions.
        """
        if columns and (columns.question or columns.answer or columns.comment):
            raise ReviewError("A text file with a question a line has no columns to name.")
        self._encoded: Encoded = decode(content)
        text = self._encoded.text
        self._ending = next((end for end in ("\r\n", "\n", "\r") if end in text), "\n")
        self._ends: list[int] = []
        self._taken: list[tuple[int, int, str]] = []
        self._held: list[dict[str, str]] = []
        questions: list[Question] = []
        before = 0
        for number, line in enumerate(_LINE.finditer(text), 1):
            held = line["text"].strip()
            ours = _OURS.match(held)
            if held.startswith(SUMMED) or ours:
                # What Clausebot wrote before is taken out, to be written anew.
                broken = len(line["end"])
                at = (line.start(), line.end()) if not ours else (line.start() - before, line.end() - broken)
                self._taken.append((*at, ""))
                if ours and self._held:
                    self._held[-1][_FIELDS.get(ours["heading"], "")] = ours["held"].strip()
            elif _is_question(held):
                questions.append(Question(place="", row=number, text=strip_numbering(held)))
                self._ends.append(line.end("text"))
                self._held.append({})
            before = len(line["end"])
        self.questions: tuple[Question, ...] = tuple(questions)
        if not questions:
            raise ReviewError("No questions were found in the file: write one on each line.")

    @property
    def kind(self) -> Kind:
        """``txt``."""
        return "txt"

    def read_reviewed(self) -> list[ReviewedRow]:
        """Its questions with what stands in the lines that Clausebot added."""
        kept = ("answer", "comment", "reviewer", "status")
        return [
            ReviewedRow(
                place="", row=question.row, question=question.text, **{name: held.get(name, "") for name in kept}
            )
            for question, held in zip(self.questions, self._held, strict=True)
            if held
        ]

    def fill(self, fills: tuple[Fill, ...], summary: Summary) -> bytes:
        """The text, what was found on the lines below each question, and the summary as comments at the top."""
        changes = list(self._taken)
        told = [summary.title, *(f"{heading}: {held}" for heading, held in summary.lines)]
        top = "".join(f"{SUMMED}: {self._flat(line)}{self._ending}" for line in told)
        changes.append((0, 0, top))
        for end, fill, before in zip(self._ends, fills, self._held, strict=True):
            changes.append((end, end, "".join(self._ending + line for line in self._compose(fill, before))))
        return self._encoded.encode(splice(self._encoded.text, changes))

    def _compose(self, fill: Fill, before: dict[str, str]) -> list[str]:
        """The lines below a question: those that say something, and always the answer, reviewer and status."""
        held = before if before.get("reviewer") else {field: getattr(fill, field, "") for field, _ in ADDED}
        return [
            f"{_INDENT}{HEADING}{heading}: {self._flat(held.get(field, ''))}".rstrip()
            for field, heading in ADDED
            if held.get(field) or field in ("answer", "reviewer", "status")
        ]

    def _flat(self, text: str) -> str:
        return self._encoded.fit(" ".join(text.split()))


def _is_question(held: str) -> bool:
    if is_none(held) or held.startswith(_COMMENT):
        return False
    # "Access control:" stands above questions.
    return is_asking(held) or not held.endswith((":", "："))
