"""A questionnaire read: what kind of file it is by what it holds, and every bad file refused with a line. Pure."""

from __future__ import annotations

from bot.review.delimited import open_delimited
from bot.review.lines import open_lines
from bot.review.model import Columns, Questionnaire, ReviewedRow, ReviewError

LARGEST_FILE = 20_000_000
"""Bytes of a file that is read: the questionnaires in the field are below 5 MB."""

MOST_QUESTIONS = 20_000
"""Questions of a file that are answered: the longest in the field have some 2,000."""

_PDF = b"%PDF-"
_ZIP = b"PK\x03\x04"


def open_questionnaire(content: bytes, name: str, columns: Columns | None = None) -> Questionnaire:
    """Read a questionnaire.

    Args:
        content: the file.
        name: its name, of which the ending counts.
        columns: which columns hold what, where somebody named them.

    Raises:
        ReviewError: it can't be reviewed; the text says why and what to do.
    """
    questionnaire = _open(content, name, columns)
    if len(questionnaire.questions) > MOST_QUESTIONS:
        count = len(questionnaire.questions)
        raise ReviewError(f"The file has {count:,} questions; {MOST_QUESTIONS:,} are answered at a time. Split it.")
    return questionnaire


def read_reviewed(content: bytes, name: str) -> list[ReviewedRow]:
    """What people left in a file that Clausebot returned, question by question.

    Raises:
        ReviewError: it can't be read, or is none that Clausebot returned.
    """
    rows = _read(content, name)
    if not rows:
        raise ReviewError("The file has no columns of Clausebot's: approve one that `clausebot review` returned.")
    return rows


def _open(content: bytes, name: str, columns: Columns | None) -> Questionnaire:
    ending = _check(content, name)
    if ending in ("csv", "tsv", "tab"):
        return open_delimited(content, ending, columns)
    return open_lines(content, columns)


def _read(content: bytes, name: str) -> list[ReviewedRow]:
    ending = _check(content, name)
    if ending in ("csv", "tsv", "tab"):
        return open_delimited(content, ending, None).read_reviewed()
    return open_lines(content, None).read_reviewed()


def _check(content: bytes, name: str) -> str:
    """The ending of a file's name, in lower case; what can't be read is refused."""
    if len(content) > LARGEST_FILE:
        raise ReviewError(f"The file has {len(content) / 1e6:.0f} MB; {LARGEST_FILE // 1_000_000} MB are read at most.")
    if not content.strip():
        raise ReviewError("The file is empty.")
    if content.startswith(_PDF):
        raise ReviewError("The file is a PDF. Save the questionnaire as .xlsx, .docx or .csv and send that.")
    if content.startswith(_ZIP):
        raise ReviewError("The file is a workbook or a document of Office, which can't be read yet.")
    return name.rsplit(".", 1)[-1].lower() if "." in name else ""
