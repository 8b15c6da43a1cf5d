"""The pages that Clausebot adds to a Word document: a summary before it, and what it found behind it. Pure.

A column added to a table of a printed page breaks the page's layout, so no table gets any. The answer goes into the
table's own blank cells; all the rest stands in one table at the end, a row for each question. Both parts are content
controls with a tag of ours, by which they are found again.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any
from xml.sax.saxutils import escape

from bot.review.docx_tables import Words, clean, list_rows, read_paragraph
from bot.review.headers import SUMMARY
from bot.review.model import ADDED, Question, Summary

SUMMARY_TAG = "clausebot-summary"
ANSWERS_TAG = "clausebot-answers"
_ANSWERS = "Clausebot: answers"
_ALWAYS = ("answer", "comment", "reviewer", "status")
_FIELDS = {heading: field for field, heading in ADDED}
_LABEL = re.compile(rf"({'|'.join(_FIELDS)}):\s*(.*)", re.DOTALL)
TEXT = "Text"
"""The place of questions outside of tables; their row is the paragraph's number."""

_PLACE = re.compile(rf"(?:Table \d+|{TEXT}), row \d+")
# Of a summary, with the notes on a guide.
_MOST_LINES = 300
_SMALL, _LARGE = "18", "32"
# Twips: a table as wide as A4's text with usual margins, a third for the question.
_WIDTHS = ("3000", "6000")
_SIDES = ("top", "left", "bottom", "right", "insideH", "insideV")
_TABLE = (
    '<w:tblPr><w:tblW w:w="5000" w:type="pct"/><w:tblBorders>'
    + "".join(f'<w:{side} w:val="single" w:sz="4" w:space="0" w:color="999999"/>' for side in _SIDES)
    + '</w:tblBorders><w:tblLayout w:type="fixed"/></w:tblPr><w:tblGrid>'
    + "".join(f'<w:gridCol w:w="{width}"/>' for width in _WIDTHS)
    + "</w:tblGrid>"
)


def draw_summary(summary: Summary) -> str:
    """The first page, in XML with the prefix ``w``: a line for each of the summary's."""
    lines = [_paragraph(_run(f"{SUMMARY}: {summary.title}", _LARGE, bold=True))]
    lines += [_label(heading, text) for heading, text in summary.lines]
    return _control(SUMMARY, SUMMARY_TAG, "".join(lines) + _paragraph('<w:r><w:br w:type="page"/></w:r>'))


def draw_answers(questions: Sequence[Question], held: Sequence[Mapping[str, str]]) -> str:
    """The last pages, in XML with the prefix ``w``: a table with each question and what was found.

    Args:
        questions: in order.
        held: for each, the texts by field of `ADDED`.
    """
    rows = [_row([_paragraph(_run(text, _SMALL, bold=True)) for text in ("Question", "Clausebot")], heads=True)]
    for question, fields in zip(questions, held, strict=True):
        place = _paragraph(_run(f"{question.place}, row {question.row}", _SMALL))
        told = [
            _label(heading, " ".join(fields.get(field, "").split()))
            for field, heading in ADDED
            if fields.get(field) or field in _ALWAYS
        ]
        rows.append(_row([place + _paragraph(_run(question.text, _SMALL)), "".join(told)]))
    title = f"<w:p><w:pPr><w:pageBreakBefore/></w:pPr>{_run(_ANSWERS, _LARGE, bold=True)}</w:p>"
    # Word wants a paragraph behind a table that ends a document.
    return _control(_ANSWERS, ANSWERS_TAG, f"{title}<w:tbl>{_TABLE}{''.join(rows)}</w:tbl><w:p/>")


def find_ours(body: Any, words: Words) -> dict[str, list[Any]]:
    """What Clausebot added before, by tag: the content controls, or what stood in them.

    LibreOffice takes the controls away when it saves, and leaves their paragraphs and the table.
    """
    found: dict[str, list[Any]] = {}
    for control in body.iterchildren(words("sdt")):
        tag = words.value(control.find(f"{words('sdtPr')}/{words('tag')}"))
        if tag in (SUMMARY_TAG, ANSWERS_TAG):
            found[tag] = [control]
    if SUMMARY_TAG not in found and (summary := _find_summary(body, words)):
        found[SUMMARY_TAG] = summary
    if ANSWERS_TAG not in found and (answers := _find_answers(body, words)):
        found[ANSWERS_TAG] = answers
    return found


def _find_summary(body: Any, words: Words) -> list[Any]:
    found: list[Any] = []
    for paragraph in body[:_MOST_LINES]:
        if paragraph.tag != words("p") or not (found or read_paragraph(paragraph, words).startswith(f"{SUMMARY}: ")):
            return []
        found.append(paragraph)
        if any(words.value(each, "type") == "page" for each in paragraph.iter(words("br"))):
            return found
    return []


def _find_answers(body: Any, words: Words) -> list[Any]:
    for table in body.iterchildren(words("tbl")):
        rows = list_rows(table, words)
        head = [read_paragraph(each, words) for each in rows[0].iter(words("p"))] if rows else []
        if head != ["Question", "Clausebot"] or not read_answers([table], words):
            continue
        before, behind = table.getprevious(), table.getnext()
        found = [table]
        if before is not None and before.tag == words("p") and read_paragraph(before, words) == _ANSWERS:
            found.append(before)
        if behind is not None and behind.tag == words("p") and not read_paragraph(behind, words):
            found.append(behind)
        return found
    return []


def read_answers(held: Sequence[Any], words: Words) -> dict[tuple[str, str], dict[str, str]]:
    """What stands in the table of answers: the texts by field, for each place ("Table 1, row 3") and question.

    A question that stands once is there without a place too: its table may have been moved or joined to another.
    """
    found: dict[tuple[str, str], dict[str, str]] = {}
    twice: set[str] = set()
    for table in [table for element in held for table in element.iter(words("tbl"))]:
        for row in list_rows(table, words)[1:]:
            cells = [[read_paragraph(each, words) for each in cell.iter(words("p"))] for cell in row.iter(words("tc"))]
            if len(cells) != 2 or len(cells[0]) < 2 or not _PLACE.fullmatch(cells[0][0]):
                continue
            fields: dict[str, str] = {}
            last = ""
            for line in cells[1]:
                label = _LABEL.match(line)
                if label:
                    last = _FIELDS[label[1]]
                    fields[last] = label[2].strip()
                elif last and line:
                    # A person may answer in several paragraphs.
                    fields[last] = f"{fields[last]}\n{line}".strip()
            text = squeeze("\n".join(cells[0][1:]))
            if ("", text) in found:
                twice.add(text)
            found[cells[0][0], text] = found["", text] = fields
    for text in twice:
        del found["", text]
    return found


def squeeze(text: str) -> str:
    """A text with single blanks, as questions are compared."""
    return " ".join(text.split())


def _run(text: str, size: str, *, bold: bool = False) -> str:
    style = f'<w:rPr>{"<w:b/>" if bold else ""}<w:sz w:val="{size}"/><w:szCs w:val="{size}"/></w:rPr>'
    lines = (f'<w:t xml:space="preserve">{escape(line)}</w:t>' for line in clean(text).splitlines())
    return f"<w:r>{style}{'<w:br/>'.join(lines)}</w:r>" if text else ""


def _paragraph(runs: str) -> str:
    return f'<w:p><w:pPr><w:spacing w:before="0" w:after="60"/></w:pPr>{runs}</w:p>'


def _label(heading: str, text: str) -> str:
    return _paragraph(_run(f"{heading}: ", _SMALL, bold=True) + _run(text, _SMALL))


def _row(cells: Sequence[str], *, heads: bool = False) -> str:
    held = (
        f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/></w:tcPr>{cell}</w:tc>'
        for width, cell in zip(_WIDTHS, cells, strict=True)
    )
    return f"<w:tr><w:trPr><w:cantSplit/>{'<w:tblHeader/>' if heads else ''}</w:trPr>{''.join(held)}</w:tr>"


def _control(title: str, tag: str, held: str) -> str:
    named = f'<w:sdtPr><w:alias w:val="{title}"/><w:tag w:val="{tag}"/></w:sdtPr>'
    return f"<w:sdt>{named}<w:sdtContent>{held}</w:sdtContent></w:sdt>"
