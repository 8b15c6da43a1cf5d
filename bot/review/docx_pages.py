"""The pages that Clausebot adds to a Word document: a summary before it, and what it found behind it. Pure.

A column added to a table of a printed page breaks the page's layout, so no table gets any. The answer goes into the
table's own blank cells; all the rest stands in one table at the end, a row for each question. Both parts are content
controls with a tag of ours, by which they are found again.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from bot.review.docx_tables import Words, list_rows, read_paragraph
from bot.review.headers import SUMMARY
from bot.review.model import ADDED, Question, Summary

SUMMARY_TAG = "clausebot-summary"
ANSWERS_TAG = "clausebot-answers"
_ANSWERS = "Clausebot: answers"
_ALWAYS = ("answer", "comment", "reviewer", "status")
_FIELDS = {heading: field for field, heading in ADDED}
_LABEL = re.compile(rf"({'|'.join(_FIELDS)}):\s*(.*)", re.DOTALL)
_SMALL, _LARGE = "18", "32"
# Twips: a table as wide as A4's text with usual margins, a third for the question.
_WIDTHS = ("3000", "6000")
_BORDERS = ("top", "left", "bottom", "right", "insideH", "insideV")


def draw_summary(summary: Summary, words: Words) -> Any:
    """The first page: a line for each of the summary's."""
    page = [_paragraph(words, words.run(f"{SUMMARY}: {summary.title}", _style(words, _LARGE, bold=True)))]
    for heading, text in summary.lines:
        page.append(_label(words, heading, text))
    page.append(_paragraph(words, words.make("r", words.make("br", type="page"))))
    return _control(words, SUMMARY, SUMMARY_TAG, page)


def draw_answers(questions: Sequence[Question], held: Sequence[Mapping[str, str]], words: Words) -> Any:
    """The last pages: a table with each question and what was found.

    Args:
        questions: in order.
        held: for each, the texts by field of `ADDED`.
        words: the document's names.
    """
    borders = words.make(
        "tblBorders", *(words.make(side, val="single", sz="4", space="0", color="999999") for side in _BORDERS)
    )
    properties = words.make(
        "tblPr", words.make("tblW", w="5000", type="pct"), borders, words.make("tblLayout", type="fixed")
    )
    table = words.make("tbl", properties, words.make("tblGrid", *(words.make("gridCol", w=width) for width in _WIDTHS)))
    head = [
        [_paragraph(words, words.run(text, _style(words, _SMALL, bold=True)))] for text in ("Question", "Clausebot")
    ]
    table.append(_row(words, head, heads=True))
    for question, fields in zip(questions, held, strict=True):
        asked = [
            _paragraph(words, words.run(f"{question.place}, row {question.row}", _style(words, _SMALL))),
            _paragraph(words, words.run(question.text, _style(words, _SMALL))),
        ]
        told = [
            _label(words, heading, " ".join(fields.get(field, "").split()))
            for field, heading in ADDED
            if fields.get(field) or field in _ALWAYS
        ]
        table.append(_row(words, [asked, told]))
    broken = words.make(
        "p", words.make("pPr", words.make("pageBreakBefore")), words.run(_ANSWERS, _style(words, _LARGE, bold=True))
    )
    # Word wants a paragraph behind a table that ends a document.
    return _control(words, _ANSWERS, ANSWERS_TAG, [broken, table, words.make("p")])


def find_ours(body: Any, words: Words) -> dict[str, Any]:
    """The parts that Clausebot added before, by tag."""
    found: dict[str, Any] = {}
    for control in body.iterchildren(words("sdt")):
        tag = words.value(control.find(f"{words('sdtPr')}/{words('tag')}"))
        if tag in (SUMMARY_TAG, ANSWERS_TAG):
            found[tag] = control
    return found


def read_answers(control: Any, words: Words) -> dict[tuple[str, str], dict[str, str]]:
    """What stands in the table of answers: the texts by field, for each place ("Table 1, row 3") and question."""
    found: dict[tuple[str, str], dict[str, str]] = {}
    for table in control.iter(words("tbl")):
        for row in list_rows(table, words)[1:]:
            cells = [[read_paragraph(each, words) for each in cell.iter(words("p"))] for cell in row.iter(words("tc"))]
            if len(cells) != 2 or len(cells[0]) < 2:
                continue
            held: dict[str, str] = {}
            last = ""
            for line in cells[1]:
                label = _LABEL.match(line)
                if label:
                    last = _FIELDS[label[1]]
                    held[last] = label[2].strip()
                elif last and line:
                    # A person may answer in several paragraphs.
                    held[last] = f"{held[last]}\n{line}".strip()
            found[cells[0][0], squeeze("\n".join(cells[0][1:]))] = held
    return found


def squeeze(text: str) -> str:
    """A text with single blanks, as questions are compared."""
    return " ".join(text.split())


def _paragraph(words: Words, *runs: Any) -> Any:
    spacing = words.make("pPr", words.make("spacing", before="0", after="60"))
    return words.make("p", spacing, *runs)


def _label(words: Words, heading: str, text: str) -> Any:
    return _paragraph(
        words,
        words.run(f"{heading}: ", _style(words, _SMALL, bold=True)),
        *([words.run(text, _style(words, _SMALL))] if text else []),
    )


def _style(words: Words, size: str, *, bold: bool = False) -> Any:
    held = [words.make("b")] if bold else []
    return words.make("rPr", *held, words.make("sz", val=size), words.make("szCs", val=size))


def _row(words: Words, cells: Sequence[Sequence[Any]], *, heads: bool = False) -> Any:
    row = words.make("tr", words.make("trPr", words.make("cantSplit"), *([words.make("tblHeader")] if heads else [])))
    for width, held in zip(_WIDTHS, cells, strict=True):
        row.append(words.make("tc", words.make("tcPr", words.make("tcW", w=width, type="dxa")), *held))
    return row


def _control(words: Words, title: str, tag: str, held: Sequence[Any]) -> Any:
    properties = words.make("sdtPr", words.make("alias", val=title), words.make("tag", val=tag))
    return words.make("sdt", properties, words.make("sdtContent", *held))
