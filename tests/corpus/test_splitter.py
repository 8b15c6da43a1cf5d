"""The splitter against a guide whose parts were written down by hand, and against the same text saved in other ways."""

from __future__ import annotations

import random
import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.sentences import fold_typography
from corpus.splitter import Document, Row, SectionText, Sentence, SplitError, split_document

HERE = Path(__file__).parent
SOURCE = HERE.parent / "fixtures" / "sources" / "quaymoth-cloud-hk-insurance-2021.txt"
TEXT = SOURCE.read_text(encoding="utf-8")
TRUTH: list[dict[str, Any]] = yaml.safe_load(SOURCE.with_suffix(".expected.yaml").read_text(encoding="utf-8"))[
    "sections"
]
SECTIONS = pytest.mark.parametrize("truth", TRUTH, ids=lambda truth: truth["number"])

Split = list[tuple[str, tuple[int, ...]]]


def find_section(document: Document, number: str) -> SectionText:
    """The section of that number."""
    return next(section for section in document.sections if section.number == number)


def expected(part: dict[str, Any]) -> Split:
    """A paragraph of the hand-made truth as the splitter gives it: typography folded, a title's number kept."""
    texts = [fold_typography(text) for text in part["sentences"]]
    if re.fullmatch(r"[0-9]+\.", part.get("marker", "")):
        texts[0] = f"{part['marker']} {texts[0]}"
    pages = part.get("sentence_pages") or [part["pages"] or []] * len(texts)
    return list(zip(texts, map(tuple, pages), strict=True))


def found(sentences: tuple[Sentence, ...]) -> Split:
    """A paragraph's sentences with their pages."""
    return [(sentence.text, sentence.pages) for sentence in sentences]


def row_pages(row: Row) -> list[int]:
    """Every page that a row touches."""
    sentences = [*row.requirement, *(sentence for paragraph in row.paragraphs for sentence in paragraph)]
    return sorted({page for sentence in sentences for page in sentence.pages})


def test_sections_are_those_of_the_contents_list(document: Document) -> None:
    """Notices and every heading come in order, with title and the contents list's page."""
    assert [(section.number, section.title, section.page) for section in document.sections] == [
        (truth["number"], fold_typography(truth["title"]), truth["page"]) for truth in TRUTH
    ]


def test_opening_is_the_title_page(document: Document) -> None:
    """The lines before the notices are the title page's."""
    assert document.opening == (
        "Quaymoth Cloud Answer Book",
        "GL8 and GL14 for Authorized Insurers in Hong Kong",
        "September 2021",
    )


@SECTIONS
def test_paragraphs_sentences_and_pages(document: Document, truth: dict[str, Any]) -> None:
    """Every paragraph and list item of every section has the sentences and pages that were written down by hand."""
    section = find_section(document, truth["number"])
    assert [found(paragraph) for paragraph in section.paragraphs] == list(map(expected, truth.get("paragraphs", [])))


@SECTIONS
def test_rows(document: Document, truth: dict[str, Any]) -> None:
    """Every table row is rejoined over page breaks: label, requirement, paragraphs, pages."""
    section = find_section(document, truth["number"])
    rows = truth.get("rows", [])
    assert [row.label for row in section.rows] == [row["label"] for row in rows]
    for row, expect in zip(section.rows, rows, strict=True):
        pages = tuple(expect["requirement_pages"])
        assert found(row.requirement) == [(fold_typography(expect["requirement"]), pages)]
        assert [found(paragraph) for paragraph in row.paragraphs] == list(map(expected, expect["paragraphs"]))
        assert row_pages(row) == expect["pages"]


def test_addresses_are_unique(document: Document) -> None:
    """No two sentences share an address."""
    keys = [sentence.key for sentence in document.sentences()]
    assert len(keys) == len(set(keys)) == 156


def wrap(line: str, width: int) -> str:
    """A line broken at spaces into lines of `width` characters or fewer, where words allow; tabs stay."""
    lines = [""]
    for word in re.findall(r"[ ]*[^ ]+[ ]*?(?= |$)", line):
        if lines[-1].strip() and len(lines[-1]) + len(word) > width:
            lines.append(word.lstrip(" "))
        else:
            lines[-1] += word
    return "\n".join(lines)


def rewrap(text: str, width: int) -> str:
    """The whole text with long lines broken."""
    return "\n".join(wrap(line, width) for line in text.split("\n"))


def curl(text: str) -> str:
    """The text with every straight quote made a curly one."""
    return re.sub(r'"(?=\w)', "“", text).replace('"', "”").replace("'", "’")


VARIANTS = {
    "byte-order mark": "\ufeff" + TEXT,
    "CRLF": TEXT.replace("\n", "\r\n"),
    "CR": TEXT.replace("\n", "\r"),
    "no-break spaces": TEXT.replace(" ", "\u00a0"),
    "thin spaces": TEXT.replace(" and ", "\u2009and\u202f"),
    "curly quotes": curl(TEXT),
    "straight quotes": TEXT.translate(str.maketrans("“”‘’", "\"\"''")),
    "short dashes": TEXT.replace("–", "-"),
    "soft hyphens": TEXT.replace("customer", "cus\u00adtomer"),
    "trailing spaces": TEXT.replace("\n", "   \n"),
    "no final line feed": TEXT.rstrip("\n"),
    "leading blank lines": "\n\n\n\n" + TEXT,
    "every blank line twice": re.sub(r"\n(\s*)\n", r"\n\1\n\n", TEXT).replace("\n\n", "\n\n\n"),
    "every line feed of a blank line twice": re.sub(r"\n\n+", lambda blank: "\n" * (2 * len(blank[0]) - 1), TEXT),
    "one more blank line between paragraphs": TEXT.replace("\n\nA managed", "\n\n\nA managed"),
    "contents without leaders": re.sub(r"\.{5}\t", "\t", TEXT),
    "contents with more leaders": TEXT.replace(".....\t", " . . . . . . .\t".replace(" .", ".")),
}


@pytest.mark.parametrize("text", VARIANTS.values(), ids=VARIANTS)
def test_how_the_text_was_saved_makes_no_difference(document: Document, text: str) -> None:
    """Addresses, words, pages and hashes are the same whatever program saved the text."""
    assert text != TEXT
    assert split_document(text) == document


@given(width=st.integers(40, 120))
@settings(deadline=None, max_examples=30)
def test_wrapped_lines_make_no_difference(width: int) -> None:
    """Lines broken at any width from 40 to 120 give the same addresses, words, pages and hashes."""
    assert split_document(rewrap(TEXT, width)) == split_document(TEXT)


@given(seed=st.integers(0, 2**32))
@settings(deadline=None, max_examples=30)
def test_unevenly_wrapped_lines_make_no_difference(seed: int) -> None:
    """So do lines that are each broken at a width of their own."""
    chance = random.Random(seed)
    text = "\n".join(wrap(line, chance.randint(40, 120)) for line in TEXT.split("\n"))
    assert split_document(text) == split_document(TEXT)


LOOKALIKES = [
    match.start()
    for match in re.finditer(r"(?<=[a-z,.–:] )(?:[0-9]+\.[0-9]+|[0-9]+\. [A-Z]|[–-] |[a-z] |[0-9]+ )", TEXT)
    if TEXT.rfind("\n", 0, match.start()) > TEXT.index("1. Introduction\n\n")
    and "\t" not in TEXT[match.start() : TEXT.find("\n", match.start())]
]


@pytest.mark.parametrize("at", LOOKALIKES, ids=lambda at: f"{at}:{TEXT[at : at + 12].strip()}")
def test_a_wrapped_line_that_begins_like_a_row_or_an_item_is_neither(document: Document, at: int) -> None:
    """A line feed before a clause number, a dash, a letter or a number inside a paragraph begins nothing new."""
    assert split_document(TEXT[: at - 1] + "\n" + TEXT[at:]) == document


def compose(body: str, contents: str = "1. First\t1\n2. Second (GL1)\t1") -> str:
    """A small guide of that body."""
    return f"A Book\n\nNotices\n\nNo promise.\n\nContents\n\n{contents}\n\n{body}\n"


HEADINGS = "1. First\n\nFirst text.\n\n2. Second (GL1)\n\n"
HEAD = "Asked\tAnswered\n"


def split_rows(table: str) -> list[tuple[str, str, list[str]]]:
    """Each row of a table in a small guide: label, requirement, paragraphs."""
    document = split_document(compose(HEADINGS + table))
    return [
        (
            row.label,
            " ".join(sentence.text for sentence in row.requirement),
            [" ".join(sentence.text for sentence in paragraph) for paragraph in row.paragraphs],
        )
        for row in find_section(document, "2").rows
    ]


A_AND_B = [("a", "to do this", ["We do it, as 5.14 says. We do."]), ("b", "to do that", ["We do that."])]


@pytest.mark.parametrize(
    "table",
    [
        "a. to do this\tWe do it, as 5.14 says. We do.\nb. to do that\tWe do that.",
        # wrapped before what looks like a clause number, in the middle of a sentence
        "a. to do this\tWe do it, as\n5.14 says. We do.\nb. to do that\tWe do that.",
        # wrapped in the next requirement
        "a. to do this\tWe do it, as 5.14 says. We do.\nb. to do\nthat\tWe do that.",
        "a. to do this\tWe do it, as 5.14 says.\nWe do.\nb. to\ndo that\tWe do\nthat.",
        # tagged cells
        "<p>a. to do this</p>\t<p>We do it, as\n5.14 says. We do.</p>\n<p>b. to do that</p>\t<p>We do that.</p>",
        # a row label with a bracket
        "a) to do this\tWe do it, as 5.14 says. We do.\nb) to do that\tWe do that.",
        # cut by a page break, in both columns
        f"a. to do\tWe do it, as\n\n{HEAD}this\t5.14 says. We do.\nb. to do that\tWe do that.",
        # cut by a page break, in the response only
        f"a. to do this\tWe do it, as\n\n{HEAD}\t5.14 says. We do.\nb. to do that\tWe do that.",
        # the repeated head wrapped or written with other spaces
        "a. to do this\tWe do it, as\n\nAsked \t Answered\n\t5.14 says. We do.\nb. to do that\tWe do that.",
    ],
)
def test_the_same_table_written_in_other_ways(table: str) -> None:
    """Wrapped cells, tags and page breaks make no difference to a table's rows."""
    assert split_rows(HEAD + table) == A_AND_B


def test_a_response_line_that_begins_like_a_clause_after_a_full_stop() -> None:
    """Of two lines that could begin the next row, the one nearer to its tab does."""
    rows = split_rows(HEAD + "5.13 To tell\tWe tell.\n5.14 of GL1 adds more.\n5.14 To report\tWe report.")
    assert rows == [("5.13", "To tell", ["We tell. 5.14 of GL1 adds more."]), ("5.14", "To report", ["We report."])]


def test_a_wrapped_table_head() -> None:
    """A head that is wrapped in its second column ends above the first row, and is known again where it is repeated."""
    rows = split_rows("Asked\tAnswered by\nus\na. this\tYes, we\n\nAsked\tAnswered by us\n\tdo.\nb. that\tNo.")
    assert rows == [("a", "this", ["Yes, we do."]), ("b", "that", ["No."])]


def paragraphs(body: str) -> list[str]:
    """The paragraphs of the second section in a small guide."""
    section = find_section(split_document(compose(HEADINGS + body)), "2")
    return [" ".join(sentence.text for sentence in paragraph) for paragraph in section.paragraphs]


@pytest.mark.parametrize(
    ("body", "expected_paragraphs"),
    [
        # a list, and a list right under what introduces it
        ("Said:\n\n- One\n- Two", ["Said:", "One", "Two"]),
        ("Said:\n- One\n- Two", ["Said:", "One", "Two"]),
        ("1) One\n2) Two", ["One", "Two"]),
        ("1) One\n - Nested", ["One", "Nested"]),
        ("– One\n– Two", ["One", "Two"]),
        # a dash that a line was wrapped at
        ("- One\n– A thing\n- Two", ["One - A thing", "Two"]),
        ("First Edition\n- Version 1.0", ["First Edition - Version 1.0"]),
        # numbered titles keep their number, and only in order
        ("1. One\n2. Two", ["1. One", "2. Two"]),
        ("1. One of\n3. Three\n2. Two", ["1. One of 3. Three", "2. Two"]),
        # dated entries
        ("April 2019: First\nMay 2021: Second", ["April 2019: First", "May 2021: Second"]),
        ("It began in\nApril 2019: then.", ["It began in April 2019: then."]),
        # a paragraph that a page break cut
        ("It goes\n\non here.", ["It goes on here."]),
        ("Done. It is of level\n\nII now.", ["Done. It is of level II now."]),
        ("A title\n\nAnother title", ["A title", "Another title"]),
        # markup without words
        ("One.\n\n***\n\nTwo.", ["One.", "Two."]),
    ],
)
def test_lists_and_paragraphs(body: str, expected_paragraphs: list[str]) -> None:
    """What is one paragraph and what are several."""
    assert paragraphs(body) == expected_paragraphs


def test_a_heading_right_above_its_list_or_table() -> None:
    """No blank line is needed under a heading."""
    document = split_document(compose("1. First\n- One\n- Two\n\n2. Second (GL1)\nAsked\tAnswered\na. this\tYes."))
    assert [len(section.paragraphs) for section in document.sections] == [1, 2, 0]
    assert [row.label for row in document.sections[2].rows] == ["a"]


MALFORMED = {
    "empty": ("", 'no contents list: expected a line "Contents"'),
    "blank": (" \n\t\n \n", "no contents list"),
    "binary": ("\x00\x01\x7fELF\x00\x00", "no contents list"),
    "no contents list": (TEXT.replace("\nContents\n", "\n"), "no contents list"),
    "contents without entries": ("Contents\n\nSomething else.", r"line 1: the contents list has no entry"),
    "contents at the end": ("Contents", r"line 1: the contents list has no entry"),
    "a heading is missing": (
        TEXT.replace("\n2.2 Privacy\n\nPersonal", "\nPersonal"),
        'names "2.2 Privacy", but no such heading follows in order',
    ),
    "no heading first": (
        TEXT.replace("\n1. Introduction\n\nAn", "\nAn"),
        'line 35: expected the heading "1. Introduction" first',
    ),
    "a section twice": (compose("", contents="1. First\t1\n1. First\t2"), "names section 1 twice"),
    "a head without rows": (compose(HEADINGS + HEAD), "line 18: a table's head without a row"),
    "a row without a label": (
        compose(HEADINGS + HEAD + "to do this\tWe do."),
        r"line 19: row 1 of the table in section 2 has neither a letter nor a clause number; begin its first cell",
    ),
    "a row without a requirement": (
        compose(HEADINGS + HEAD + "a. **\tWe do."),
        r"line 19: row 1 of the table in section 2 has no requirement",
    ),
    "a row twice": (
        compose(HEADINGS + HEAD + "a. this\tYes.\na. that\tNo."),
        "line 20: a second row a in section 2; each row has its own label",
    ),
    "three columns": (compose(HEADINGS + HEAD + "a. this\tYes.\tNo."), "line 19: two tabs on one line"),
    "pages that run backwards": (TEXT.replace("3. Who Does What\t5", "3. Who Does What\t3"), "on pages 4 and 3"),
    "more page breaks than pages": (
        TEXT.replace("(GL14).....\t11", "(GL14).....\t9"),
        "on pages 8 and 9, but 2 page breaks show between them",
    ),
}


@pytest.mark.parametrize(("text", "message"), MALFORMED.values(), ids=MALFORMED)
def test_malformed_texts_are_refused_in_one_clear_line(text: str, message: str) -> None:
    """A text that is no guide is refused with where it fails and what was expected."""
    with pytest.raises(SplitError, match=message) as refused:
        split_document(text)
    assert "\n" not in str(refused.value)


PIECES = [
    "\n",
    "\n\n",
    "\t",
    " ",
    "- ",
    "a. ",
    "5.13 ",
    "<p>",
    "</p>",
    "Contents\n",
    "Notices\n",
    "1. Introduction\n",
    "**",
]


@given(data=st.data())
@settings(deadline=None, max_examples=150)
def test_any_damage_is_split_or_refused(data: st.DataObject) -> None:
    """Pieces deleted, moved, repeated or thrown in: the text still splits, or is refused as no guide."""
    text = TEXT
    for _ in range(data.draw(st.integers(1, 4))):
        start = data.draw(st.integers(0, len(text)))
        end = min(len(text), start + data.draw(st.integers(0, 400)))
        piece = data.draw(st.one_of(st.sampled_from(PIECES), st.text(max_size=5), st.just(text[start:end])))
        text = text[:start] + piece + text[data.draw(st.sampled_from([start, end])) :]
    check_splits_or_refuses(text)


@given(text=st.text(alphabet=st.sampled_from("Contents123.\t\n -ab.<p>/5"), max_size=300))
@settings(deadline=None, max_examples=150)
def test_any_text_is_split_or_refused(text: str) -> None:
    """So does any text that begins like a contents list."""
    check_splits_or_refuses(f"Contents\n\n1. A\t1\n2. B\t3\n\n1. A\n\n{text}\n\n2. B\n\n{text}")


def check_splits_or_refuses(text: str) -> None:
    """Split, or refused in one line; what is split has unique addresses and no empty sentence."""
    try:
        document = split_document(text)
    except SplitError:
        return
    keys = [sentence.key for sentence in document.sentences()]
    assert len(keys) == len(set(keys))
    assert all(sentence.text.strip() for sentence in document.sentences())
