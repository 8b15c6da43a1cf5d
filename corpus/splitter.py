"""A guide's text to sections, table rows, paragraphs and sentences, each with its pages. Pure.

The form: a contents list with page numbers, numbered headings that repeat it, paragraphs between blank
lines, lists, and two-column tables (requirement, tab, response). Page breaks leave traces that are read
back here: a table's head is repeated, a row goes on with an empty or unlabelled first cell, a
paragraph goes on after a blank line in the middle of a sentence.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from corpus.blocks import Block, list_entries, read_blocks, starts_entry
from corpus.models import sentence_key
from corpus.pages import PageFlow
from corpus.sentences import hash_sentence, is_complete, sentence_spans, strip_markup


class SplitError(ValueError):
    """The text is not a guide in the form that the splitter reads; says where and what was expected."""


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence: its address in the guide, its plain words, the pages it may stand on, its hash."""

    key: str
    text: str
    pages: tuple[int, ...]
    sha256: str


@dataclass(frozen=True, slots=True)
class Row:
    """One table row, rejoined over page breaks: a letter or clause number, its two columns."""

    label: str
    requirement: tuple[Sentence, ...]
    paragraphs: tuple[tuple[Sentence, ...], ...]


@dataclass(frozen=True, slots=True)
class SectionText:
    """One section: its prose paragraphs (list items are paragraphs) and the rows of its table."""

    number: str
    title: str
    page: int | None
    paragraphs: tuple[tuple[Sentence, ...], ...]
    rows: tuple[Row, ...]

    def sentences(self) -> Iterator[Sentence]:
        """Every sentence in reading order: prose, then each row's requirement and response."""
        for paragraph in self.paragraphs:
            yield from paragraph
        for row in self.rows:
            yield from row.requirement
            for paragraph in row.paragraphs:
                yield from paragraph


@dataclass(frozen=True, slots=True)
class Document:
    """A whole guide: the lines of its title page and its sections in order."""

    opening: tuple[str, ...]
    sections: tuple[SectionText, ...]

    def sentences(self) -> Iterator[Sentence]:
        """Every sentence of every section in order."""
        for section in self.sections:
            yield from section.sentences()


@dataclass(slots=True)
class _Part:
    """A paragraph while it is put together: words, and where in them a page ends.

    ``pieces`` are (offset in ``text``, index in the page flow): which piece the words from there on are.
    """

    text: str
    pieces: list[tuple[int, int]]

    def join(self, more: str, piece: int) -> None:
        self.pieces.append((len(self.text) + 1, piece))
        self.text = f"{self.text} {more}"


@dataclass(slots=True)
class _RowParts:
    label: str
    line: int
    requirement: _Part
    response: list[_Part]


@dataclass(slots=True)
class _SectionParts:
    number: str
    title: str
    page: int | None
    paragraphs: list[_Part] = field(default_factory=list)
    rows: list[_RowParts] = field(default_factory=list)
    head: str | None = None


_CONTENTS_ENTRY = re.compile(r"([0-9]+(?:\.[0-9]+)*)\.?\s+([^\t]{1,300}?)\s*\.*\s*\t\s*([1-9][0-9]{0,3})(?=\s|$)")
_LABEL = re.compile(r"(?:<p>)?\s*(?:([a-z])[.)]|([0-9]+\.[0-9]+(?:\.[0-9]+)*(?:\([a-z]+\))*))\s+(?=\S)")
_PARAGRAPH_TAG = re.compile(r"</p>\s*<p>|</?p>")


def split_document(text: str) -> Document:
    """Split a guide's whole text.

    Byte-order mark, line ends, special spaces, quotes and wrapped lines make no difference.

    Raises:
        SplitError: there is no contents list, a heading of it is missing, a table row has no label, a section
            or row stands twice, or the contents list's pages contradict the page breaks.
    """
    blocks = read_blocks(text)
    at = next((i for i, block in enumerate(blocks) if block.lines[0].strip().lower() == "contents"), None)
    if at is None:
        raise SplitError('no contents list: expected a line "Contents" followed by "1. Title<tab>page"')
    body = at + 1
    listed = "\n".join(blocks[at].lines[1:])
    while not listed.strip() or (body < len(blocks) and _CONTENTS_ENTRY.match(blocks[body].text.lstrip())):
        if body == len(blocks):
            break
        listed += "\n" + "\n".join(blocks[body].lines)
        body += 1
    contents = [
        (number, " ".join(title.split()).rstrip(". "), int(page))
        for number, title, page in _CONTENTS_ENTRY.findall(listed)
    ]
    if not contents:
        raise SplitError(f'line {blocks[at].line}: the contents list has no entry like "1. Title<tab>page"')
    twice = [number for number, times in Counter(number for number, _, _ in contents).items() if times > 1]
    if twice:
        raise SplitError(f"line {blocks[at].line}: the contents list names section {twice[0]} twice")
    flow = PageFlow()
    opening, sections = _read_front(blocks[:at], flow)
    sections += _read_body(blocks[body:], contents, flow)
    return Document(tuple(opening), tuple(_finish(sections, flow)))


def _read_front(blocks: list[Block], flow: PageFlow) -> tuple[list[str], list[_SectionParts]]:
    """The title page's lines, and the notices (on pages without numbers) as a section of their own."""
    opening: list[str] = []
    notices: list[_SectionParts] = []
    for block in blocks:
        if not notices and block.text.lower() == "notices":
            notices.append(_SectionParts("notices", "Notices", None))
        elif notices:
            _read_block(notices[0], block, flow)
        else:
            opening.append(block.text)
    return opening, notices


def _read_body(blocks: list[Block], contents: list[tuple[str, str, int]], flow: PageFlow) -> list[_SectionParts]:
    sections: list[_SectionParts] = []
    for block in blocks:
        heading = contents[len(sections)] if len(sections) < len(contents) else None
        rest: Block | None = block
        if heading:
            number, title, page = heading
            form = _heading_form(f"{number} {title}")
            whole = _heading_form(block.text) == form
            if whole or _heading_form(block.lines[0]) == form:
                sections.append(_SectionParts(number, title, page))
                if block.after_figure:
                    flow.figure_gap()
                flow.heading(page)
                # A heading may stand right above its list or table, without a blank line.
                rest = None if whole else Block(block.lines[1:], block.marks[1:], block.line + 1)
            elif not sections:
                raise SplitError(f'line {block.line}: expected the heading "{number}. {title}" first')
        if rest:
            _read_block(sections[-1], rest, flow)
    if len(sections) < len(contents):
        number, title, _ = contents[len(sections)]
        raise SplitError(f'the contents list names "{number} {title}", but no such heading follows in order')
    return sections


def _heading_form(text: str) -> str:
    return re.sub(r"^([0-9.]*[0-9])\.?\s", r"\1 ", " ".join(text.split())).rstrip(". ").lower()


def _read_block(section: _SectionParts, block: Block, flow: PageFlow) -> None:
    if "\t" in block.lines[0]:
        _read_table(section, block, flow)
        return
    items = [item for item in list_entries(block) if item]
    if not items:
        return
    is_plain = len(items) == 1 and not starts_entry(block.lines[0])
    before = section.paragraphs[-1] if section.paragraphs else None
    if is_plain and before is not None and _goes_on(before.text, items[0]):
        flow.page_break()
        before.join(items[0], flow.piece(len(items[0])))
        return
    if block.after_figure:
        flow.figure_gap()
    section.paragraphs += [_Part(item, [(0, flow.piece(len(item)))]) for item in items]


def _goes_on(before: str, after: str) -> bool:
    """Whether a paragraph was cut by a page break and goes on in the next block.

    A title-like list item ends without a full stop too: it goes on only in lower case. Running prose
    (a sentence ended earlier in it) goes on with any word.
    """
    if is_complete(before):
        return False
    return after[:1].islower() or len(sentence_spans(before)) > 1


def _read_table(section: _SectionParts, block: Block, flow: PageFlow) -> None:
    text = "\n".join(block.lines)
    end = _head_end(text, section.head)
    head = " ".join(text[:end].split())
    repeated = section.head == head
    section.head = head
    if repeated:
        flow.page_break()
    first = block.line + text[: end + 1].count("\n")
    for number, (line, requirement, response) in enumerate(_read_rows(text[end + 1 :], first)):
        label = _LABEL.match(requirement)
        paragraphs = [plain for part in _PARAGRAPH_TAG.split(response) if (plain := strip_markup(part))]
        piece = flow.piece(len(requirement) + len(response))
        asked = strip_markup(requirement[label.end() :] if label else requirement)
        where = f"line {line}: row {number + 1} of the table in section {section.number}"
        if label and not asked:
            raise SplitError(f"{where} has no requirement; write it in the first cell, after the label")
        if label:
            answered = [_Part(paragraph, [(0, piece)]) for paragraph in paragraphs]
            section.rows.append(_RowParts(label[1] or label[2], line, _Part(asked, [(0, piece)]), answered))
        elif number == 0 and repeated and section.rows:
            _continue_row(section.rows[-1], asked, paragraphs, piece)
        else:
            raise SplitError(
                f'{where} has neither a letter nor a clause number; begin its first cell with "a. " or "5.12 "'
            )


def _head_end(text: str, known: str | None) -> int:
    """Offset at which a table's head ends: after the head known from before the page break, or above the first row."""
    if known:
        again = re.match(r"\s+".join(map(re.escape, known.split())) + r"[ ]*(?=\n|$)", text)
        if again:
            return again.end()
    first, _, _ = text.replace("\t", " ", 1).partition("\t")
    ends = [match.start() for match in re.finditer("\n", first)]
    return next((at for at in ends if _LABEL.match(text[at + 1 :])), ends[0] if ends else len(text))


def _continue_row(row: _RowParts, requirement: str, paragraphs: list[str], piece: int) -> None:
    if requirement:
        row.requirement.join(requirement, piece)
    if paragraphs and row.response and not is_complete(row.response[-1].text):
        row.response[-1].join(paragraphs.pop(0), piece)
    row.response += [_Part(paragraph, [(0, piece)]) for paragraph in paragraphs]


def _read_rows(text: str, line: int) -> Iterator[tuple[int, str, str]]:
    """Each row's line and its requirement and response, for a table without its head that begins at `line`.

    Each row has one tab. What stands between two tabs is a response and the next requirement: they part
    at the line that begins the next row.
    """
    cells = text.split("\t")
    if len(cells) < 2:
        raise SplitError(f"line {line}: a table's head without a row (each row needs one tab between its columns)")
    requirement = cells[0]
    for between in cells[1:-1]:
        at = _row_start(between)
        if at is None:
            at_line = line + requirement.count("\n")
            raise SplitError(f"line {at_line}: two tabs on one line; a table here has two columns")
        yield line, requirement, between[:at]
        line += requirement.count("\n") + between[: at + 1].count("\n")
        requirement = between[at + 1 :]
    yield line, requirement, cells[-1]


def _row_start(between: str) -> int | None:
    """Offset of the line feed at which a response ends and the next row's first cell begins.

    A wrapped line of the response may begin like a row too, so of several the last is taken, above all where a
    sentence has just ended.
    """
    ends = [match.start() for match in re.finditer("\n", between)]
    labelled = [at for at in ends if _LABEL.match(between[at + 1 :])]
    whole = [
        at
        for at in labelled
        if between[:at].count("<p>") == between[:at].count("</p>") and is_complete(strip_markup(between[:at]))
    ]
    found = whole or labelled or ends
    return found[-1] if found else None


def _finish(sections: list[_SectionParts], flow: PageFlow) -> Iterator[SectionText]:
    try:
        pages = flow.number()
    except ValueError as error:
        raise SplitError(str(error)) from None
    for section in sections:
        number = section.number
        seen: set[str] = set()
        for row in section.rows:
            if row.label in seen:
                raise SplitError(
                    f"line {row.line}: a second row {row.label} in section {number}; each row has its own label"
                )
            seen.add(row.label)
        paragraphs = tuple(
            _sentences(part, pages, number, None, "response", i) for i, part in enumerate(section.paragraphs, 1)
        )
        rows = tuple(
            Row(
                row.label,
                _sentences(row.requirement, pages, number, row.label, "requirement", 1),
                tuple(
                    _sentences(part, pages, number, row.label, "response", i) for i, part in enumerate(row.response, 1)
                ),
            )
            for row in section.rows
        )
        yield SectionText(number, section.title, section.page, paragraphs, rows)


def _sentences(
    part: _Part, pages: list[tuple[int, ...]], section: str, row: str | None, column: str, paragraph: int
) -> tuple[Sentence, ...]:
    found = []
    for number, (start, end) in enumerate(sentence_spans(part.text), 1):
        touched: set[int] = set()
        for i, (offset, piece) in enumerate(part.pieces):
            until = part.pieces[i + 1][0] if i + 1 < len(part.pieces) else len(part.text)
            if offset < end and start < until:
                touched.update(pages[piece])
        text = part.text[start:end]
        key = sentence_key(section, row, column, paragraph, number)
        found.append(Sentence(key, text, tuple(sorted(touched)), hash_sentence(text)))
    return tuple(found)
