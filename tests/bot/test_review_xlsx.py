"""A workbook comes back with its answers, and with everything else as it was."""

from __future__ import annotations

import io
import re
import zipfile

import pytest
from fakes.workbooks import (
    ASKED,
    BLANK,
    FILL,
    SUMMARY,
    around,
    cells,
    edit,
    fill,
    load,
    make,
    pack,
    parts,
    save,
    share,
    texts,
)
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree
from openpyxl import load_workbook
from openpyxl.chart import BarChart, Reference
from openpyxl.comments import Comment
from openpyxl.formatting.rule import CellIsRule
from openpyxl.styles import Alignment, Border, Font, PatternFill, Protection, Side
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.formula import ArrayFormula
from openpyxl.worksheet.table import Table

from bot.review.model import ADDED
from bot.review.xlsx import open_xlsx, read_reviewed_xlsx
from bot.review.xlsx_cells import LONGEST_CELL

SHEET = "xl/worksheets/sheet1.xml"
HEADINGS = [f"Clausebot: {heading}" for _, heading in ADDED]
ROW = [
    FILL.answer,
    FILL.comment,
    FILL.ownership,
    FILL.clause,
    FILL.citation,
    FILL.confidence,
    FILL.quote,
    None,
    "answered",
]
# What a pivot table, a slicer's cache and a link to another file are made of; nothing here reads them.
FOREIGN = {
    "xl/pivotCache/pivotCacheDefinition1.xml": b'<?xml version="1.0"?>\n<pivotCacheDefinition  xmlns="urn:p" a=\'1\'/>',
    "xl/externalLinks/externalLink1.xml": b"<externalLink xmlns='urn:e'><!-- kept --></externalLink>\r\n",
    "xl/media/image1.png": b"\x89PNG\r\n\x1a\n\x00not a picture",
    "customXml/item1.xml": b"\xef\xbb\xbf<any/>",
    "xl/calcChain.xml": b'<calcChain xmlns="urn:c"><c r="C9" i="1"/></calcChain>',
}
EXTENSION = (
    '<extLst><ext uri="{CCE6A557-97BC-4b89-ADB6-D9C93CAAB3DF}" xmlns:x14="http://schemas.microsoft.com/office/'
    'spreadsheetml/2009/9/main"><x14:dataValidations count="1" xmlns:xm="http://schemas.microsoft.com/office/excel/'
    '2006/main"><x14:dataValidation type="list" allowBlank="1"><x14:formula1><xm:f>Lists!$A$1:$A$3</xm:f>'
    "</x14:formula1>"
    "<xm:sqref>C2:C3</xm:sqref></x14:dataValidation></x14:dataValidations></ext>"
    '<ext uri="{unknown}"><any xmlns="urn:any"><row r="1"/><c r="A1"/></any></ext></extLst>'
)
TITLES = (
    '<HeadingPairs xmlns:vt="http://schemas.openxmlformats.org/officeDocument/2006/docPropsVTypes"><vt:vector size="4" '
    'baseType="variant"><vt:variant><vt:lpstr>Worksheets</vt:lpstr></vt:variant><vt:variant><vt:i4>3</vt:i4></vt:variant>'
    "<vt:variant><vt:lpstr>Named Ranges</vt:lpstr></vt:variant><vt:variant><vt:i4>1</vt:i4></vt:variant></vt:vector>"
    '</HeadingPairs><TitlesOfParts xmlns:vt="http://schemas.openxmlformats.org/officeDocument/2006/docPropsVTypes">'
    '<vt:vector size="4" baseType="lpstr"><vt:lpstr>Questions</vt:lpstr><vt:lpstr>Lists</vt:lpstr><vt:lpstr>Figures'
    "</vt:lpstr><vt:lpstr>Everywhere</vt:lpstr></vt:vector></TitlesOfParts>"
)
# It has none of them, and says so; what we write has them still.
pytestmark = pytest.mark.filterwarnings("ignore:.* extension is not supported:UserWarning")


@pytest.fixture(scope="module")
def rich() -> bytes:
    """A workbook with something of everything: three sheets, a chart, comments, rules, formulas and parts of others."""
    book, sheet = make()
    sheet["A6"], sheet["B6"] = "Total", "=COUNTA(C2:C4)"
    sheet["B1"].font, sheet["B1"].fill = Font(bold=True, color="FFFFFFFF"), PatternFill("solid", fgColor="FF336699")
    sheet["B2"].border = Border(bottom=Side("thin"))
    sheet["C3"].fill = PatternFill("solid", fgColor="FFFFFF00")
    sheet["D2"].comment = Comment("Say more.", "A reviewer")
    sheet.merge_cells("A8:D9")
    sheet["A8"] = "The end"
    sheet.freeze_panes = "C2"
    sheet.auto_filter.ref = "A1:D4"
    sheet.row_dimensions[3].hidden = True
    sheet.row_dimensions[4].height = 44
    sheet.column_dimensions["B"].width = 61
    sheet.conditional_formatting.add("C2:C4", CellIsRule(operator="equal", formula=['"No"'], font=Font(bold=True)))
    rule = DataValidation("list", formula1='"Yes,No,N/A"')
    rule.add("C4")
    sheet.add_data_validation(rule)
    sheet.print_title_rows = "1:1"
    chart = BarChart()
    chart.add_data(Reference(sheet, 1, 2, 1, 4))
    sheet.add_chart(chart, "F12")
    lists = book.create_sheet("Lists")
    for row in (["Yes"], ["No"], ["Not applicable"]):
        lists.append(row)
    lists.sheet_state = "veryHidden"
    table = book.create_sheet("Figures")
    for cells_ in (["Year", "Sum"], [2018, 1.5], [2019, "=B2*2"]):
        table.append(cells_)
    table.add_table(Table(displayName="Figures", ref="A1:B3"))
    table.print_area = "A1:B3"
    book.defined_names["Everywhere"] = DefinedName("Everywhere", attr_text="Lists!$A$1:$A$3")
    book.active = 2
    made = edit(share(save(book)), SHEET, ("</worksheet>", EXTENSION + "</worksheet>"))
    made = edit(made, "docProps/app.xml", ("</Properties>", TITLES + "</Properties>"))
    return pack({**parts(made), **FOREIGN})


@pytest.fixture(scope="module")
def filled(rich: bytes) -> bytes:
    """That workbook, filled."""
    return fill(rich, FILL)


def test_every_part_that_nothing_is_written_in_stays_byte_for_byte(rich: bytes, filled: bytes) -> None:
    """Charts, drawings, comments, tables, links, pictures and other sheets are the very same bytes."""
    before, after = parts(rich), parts(filled)
    changed = {name for name in before if before[name] != after[name]}
    assert changed == {
        "[Content_Types].xml",
        "docProps/app.xml",
        "xl/workbook.xml",
        "xl/_rels/workbook.xml.rels",
        "xl/styles.xml",
        SHEET,
    }
    assert set(after) - set(before) == {"xl/worksheets/sheet4.xml"}
    assert {"xl/charts/chart1.xml", "xl/tables/table1.xml", "xl/comments/comment1.xml", *FOREIGN} < set(before)


def test_a_sheet_keeps_all_that_it_had(rich: bytes, filled: bytes) -> None:
    """Its rows, merges, filters, rules, panes, unknown extensions and all cells but those filled are the same."""
    before, after = parts(rich)[SHEET], parts(filled)[SHEET]
    assert around(before) == around(after)
    old, new = cells(before), cells(after)
    differing = {name for name in old if old[name] != new[name]}
    assert differing == {"C3", "D2"}
    assert {re.sub("[0-9]", "", name) for name in new.keys() - old.keys()} == set("CDEFGHIJKLM")
    assert before[before.index(b"</sheetData>") :] == after[after.index(b"</sheetData>") :]
    assert b'<dimension ref="A1:M9"' in after


def test_answers_stand_in_the_sheets_own_columns_and_beside(filled: bytes) -> None:
    """The file's answer and comment are filled, and nine columns follow the last one, headed in the header's row."""
    sheet = texts(load(filled))
    assert sheet[0] == ["No.", "Question", "Answer", "Comment", *HEADINGS]
    assert sheet[1][2:] == ["Yes", FILL.comment, *ROW]
    assert sheet[5][:5] == ["Total", "=COUNTA(C2:C4)", None, None, None]
    assert sheet[7][0] == "The end"


def test_the_workbook_opens_where_it_was_left(filled: bytes) -> None:
    """The summary comes first; the open sheet, the names and the titles count from it."""
    book = load_workbook(io.BytesIO(filled))
    assert book.sheetnames == ["Clausebot summary", "Questions", "Lists", "Figures"]
    assert (book.active.title, book["Lists"].sheet_state) == ("Figures", "veryHidden")
    assert book["Figures"].print_area == "'Figures'!$A$1:$B$3"
    assert book["Questions"].print_title_rows == "$1:$1"
    assert book.defined_names["Everywhere"].attr_text == "Lists!$A$1:$A$3"
    summary = texts(book["Clausebot summary"])
    assert summary == [[SUMMARY.title, None], [None, None], *map(list, SUMMARY.lines)]
    app = etree.fromstring(parts(filled)["docProps/app.xml"])
    assert [each.text for each in app.iter("{*}i4")] == ["4", "1"]
    titles = app.find("{*}TitlesOfParts/{*}vector")
    assert ([each.text for each in titles], titles.get("size")) == ([*book.sheetnames, "Everywhere"], "5")


def test_the_added_columns_look_like_the_sheet(rich: bytes, filled: bytes) -> None:
    """Headings and cells take the style of the question's column, wrapped and unlocked; styles keep their numbers."""
    sheet = load(filled)
    head, cell = sheet["E1"], sheet["E2"]
    assert (head.font.bold, head.font.color.rgb, head.fill.fgColor.rgb) == (True, "FFFFFFFF", "FF336699")
    assert cell.border.bottom.style == "thin"
    assert all(each.alignment.wrap_text and not each.protection.locked for each in (head, cell))
    assert (sheet["C3"].fill.fgColor.rgb, sheet["C3"].value) == ("FFFFFF00", "Yes")
    assert (sheet.column_dimensions["B"].width, sheet.column_dimensions["F"].width) == (61, 60)
    old, new = (etree.fromstring(parts(each)["xl/styles.xml"]) for each in (rich, filled))
    for path in ("{*}cellXfs", "{*}fonts", "{*}fills", "{*}dxfs"):
        was, now = (list(map(etree.tostring, root.find(path))) for root in (old, new))
        assert now[: len(was)] == was
        assert new.find(path).get("count") == str(len(now))


def test_the_same_workbook_gives_the_same_bytes(rich: bytes, filled: bytes) -> None:
    """Filling it twice makes the same file, whose entries are of no day."""
    assert fill(rich, FILL) == filled
    with zipfile.ZipFile(io.BytesIO(filled)) as archive:
        assert {entry.date_time[0] for entry in archive.infolist()} == {1980}


def test_what_somebody_wrote_is_never_overwritten() -> None:
    """A text, a number, a formula without a result and an array's results stay; only a blank cell is filled."""
    rows = [["Question", "Answer", "Comment"]]
    rows += [
        [f"Who answers for backup number {row}?", held, None] for row, held in enumerate(["No", 0, "=A1&A2", "  "])
    ]
    book, sheet = make(rows)
    sheet["C2"] = "Ask the owner."
    sheet["B6"], sheet["A6"] = ArrayFormula("B6:B7", "=A6:A7"), "Who answers for backup number 4?"
    sheet["A7"] = "Who answers for backup number 5?"
    after = load(fill(save(book), FILL))
    assert [after[f"B{row}"].value for row in (2, 3, 4, 5)] == ["No", 0, "=A1&A2", "Yes"]
    assert after["C2"].value == "Ask the owner."
    assert after["B6"].value.ref == "B6:B7"
    assert after["B7"].value is None
    assert [after[f"D{row}"].value for row in range(2, 8)] == ["Yes"] * 6


def test_what_the_guide_does_not_answer_stays_blank() -> None:
    """The file's own cells stay empty, and the reason stands beside."""
    book, _ = make()
    sheet = texts(load(fill(save(book), BLANK, FILL, BLANK)))
    assert [row[2:6] for row in sheet[1:]] == [
        [None, None, None, BLANK.comment],
        ["Yes", FILL.comment, "Yes", FILL.comment],
        [None, None, None, BLANK.comment],
    ]
    assert [row[-1] for row in sheet[1:]] == ["needs a person", "answered", "needs a person"]


@pytest.mark.parametrize(
    "text", ["=1+1", "+1", "-1", "@SUM(A1)", '=HYPERLINK("http://x")', "'=1", "<b>&amp;</b>", " x "]
)
def test_a_text_never_becomes_a_formula_or_markup(text: str) -> None:
    """What begins like a formula is a text, in the file's own cells too, and stays one when it is edited."""
    book, _ = make()
    hostile = FILL.model_copy(update={"answer": text, "comment": text, "quote": text})
    sheet = load(fill(save(book), hostile))
    for name in ("C2", "D2", "E2", "F2", "K2"):
        assert (sheet[name].value, sheet[name].data_type) == (text, "s")
        assert bool(sheet[name].quotePrefix) == text.startswith(("=", "+", "-", "@"))


def test_a_text_is_cut_to_what_a_cell_takes() -> None:
    """Characters that XML has none of are left out, escapes are no escapes, and a long text ends with an ellipsis."""
    book, _ = make()
    held = save(book)
    strange = FILL.model_copy(update={"comment": "a\x00b\x1f\ud800c\r\nd_x000D_e\U0001f600"})
    assert b">ab" + "c\nd_x005F_x000D_e\U0001f600<".encode() in parts(fill(held, strange))[SHEET]
    for text in ("x" * 40_000, "\U0001f600" * 20_000):
        comment = load(fill(held, FILL.model_copy(update={"comment": text})))["D2"].value
        assert len(comment.encode("utf-16-le")) // 2 in (LONGEST_CELL, LONGEST_CELL - 1)
        assert comment.endswith(text[0] + "…")


def test_rows_are_high_enough_for_what_is_added() -> None:
    """A row grows with our text, in Chinese too; short ones, hidden rows and heights that somebody set stay."""
    book, sheet = make([["Question", "Answer"], *([f"Who answers for backup number {row}?"] for row in range(2, 8))])
    sheet.row_dimensions[4].height, sheet.row_dimensions[5].hidden = 20, True
    held = edit(save(book), SHEET, ('<row r="6">', '<row r="6" ht="12" spans="1:2">'))
    comments = ("short", "word " * 60, "word " * 60, "word " * 60, "資料備份" * 40, "word " * 9_000)
    after = load(fill(held, *(FILL.model_copy(update={"comment": text}) for text in comments)))
    assert [after.row_dimensions[row].height for row in range(2, 8)] == [None, 90, 20, None, 90, 409]


def test_columns_hidden_to_the_sheets_end_do_not_hide_ours() -> None:
    """A width or a hiding that goes on to the last column stays for the others, and is cut out for ours."""
    book, _ = make()
    wide = (
        '<cols><col min="2" max="2" width="70" customWidth="1"/><col min="4" max="16384" width="9" hidden="1"/></cols>'
    )
    held = edit(save(book), SHEET, ("<sheetData>", wide + "<sheetData>"))
    columns = etree.fromstring(parts(fill(held, FILL))[SHEET]).find("{*}cols")
    assert [(each.get("min"), each.get("max"), each.get("hidden")) for each in columns] == [
        ("2", "2", None),
        ("4", "4", "1"),
        *((str(column), str(column), None) for column in range(5, 14)),
        ("14", "16384", "1"),
    ]


def test_ours_come_after_everything_in_the_sheet() -> None:
    """A note far to the right, a merged row and blank cells with borders are left where they are."""
    book, sheet = make()
    sheet["H9"] = "A note"
    sheet.merge_cells("D3:J3")
    sheet["K2"].border = Border(left=Side("thin"))
    after = load(fill(save(book), FILL))
    assert [after.cell(1, column).value for column in range(11, 20)] == HEADINGS
    assert (after["H9"].value, after["K2"].value) == ("A note", "Yes")


def test_a_protected_workbook_is_filled_and_stays_protected() -> None:
    """Protection of the sheet and of the structure is kept, and the reviewer can write in our columns."""
    book, sheet = make()
    sheet.protection.sheet, sheet.protection.password = True, "secret"
    book.security.lockStructure = True
    sheet["C2"].protection = Protection(locked=False)
    after = load_workbook(io.BytesIO(fill(save(book), FILL)))
    assert (after["Questions"].protection.sheet, after.security.lockStructure) == (True, True)
    assert (after["Questions"]["C2"].value, after["Questions"]["L2"].protection.locked) == ("Yes", False)


def test_a_file_given_again_is_renewed_and_not_filled_twice(filled: bytes) -> None:
    """Our columns and our sheet are found again: the same answers make the same bytes."""
    assert fill(filled, FILL) == filled
    renewed = load(fill(filled, BLANK))
    assert texts(renewed)[0][4:] == HEADINGS
    assert [renewed[f"{column}2"].value for column in "CEFM"] == [None, None, BLANK.comment, "needs a person"]


def test_a_row_that_a_reviewer_signed_stays_as_it_is(filled: bytes) -> None:
    """A person's corrections are read back with their name, and renewing leaves the row alone."""
    book = load_workbook(io.BytesIO(filled))
    sheet = book["Questions"]
    sheet["E2"], sheet["F2"], sheet["L2"], sheet["C2"] = "No", "Not on Sundays.", "An auditor", "No"
    sheet["E2"].fill = PatternFill("solid", fgColor="FF00FF00")
    saved = save(book)
    rows = read_reviewed_xlsx(saved)
    assert [(row.row, row.given, row.answer, row.comment, row.reviewer, row.status) for row in rows[:2]] == [
        (2, "No", "No", "Not on Sundays.", "An auditor", "answered"),
        (3, "Yes", "Yes", FILL.comment, "", "answered"),
    ]
    assert [row.place for row in rows] == ["Questions"] * 3
    renewed = fill(saved, BLANK)
    after = load(renewed)
    assert [after[f"{column}2"].value for column in "CEFLM"] == [
        "No",
        "No",
        "Not on Sundays.",
        "An auditor",
        "answered",
    ]
    assert (after["E2"].fill.fgColor.rgb, after["E3"].value) == ("FF00FF00", None)
    assert load_workbook(io.BytesIO(renewed)).sheetnames.count("Clausebot summary") == 1
    assert read_reviewed_xlsx(save(make()[0])) == []


@pytest.mark.parametrize("rows", [[], [[]], [["Please answer these"]]], ids=["none", "blank", "title"])
def test_questions_without_headings_are_found_again(rows: list[list[str]]) -> None:
    """Our headings go on the row above; where there is none, the summary says which columns are ours."""
    book, _ = make([*rows, *([text] for text in ASKED)])
    made = fill(save(book), FILL)
    assert [row[1:] for row in texts(load(made))] == [*([HEADINGS] if rows else []), *([ROW] * 3)]
    assert [(row.row, row.answer) for row in read_reviewed_xlsx(made)] == [(len(rows) + n, "Yes") for n in (1, 2, 3)]
    assert fill(made, FILL) == made
    told = texts(load(made, "Clausebot summary"))[-1]
    assert told[0] == ("Corpus" if rows else "Columns without headings")


def test_a_workbook_of_another_programs_making_is_filled() -> None:
    """Prefixed elements, no cell references, no styles, no titles, empty row tags and spans are all taken."""
    book, _ = make()
    held = parts(save(book))
    rows = [["Question", "Answer"], ["Who backs up the data?", ""], ["Who encrypts the data?", ""]]
    body = "".join(
        f'<x:row spans="1:2"{" " if row else ""}>'
        + "".join(f'<x:c t="inlineStr"><x:is><x:t>{cell}</x:t></x:is></x:c>' for cell in cells_ if cell)
        + "</x:row>"
        for row, cells_ in enumerate(rows)
    )
    sheet = (
        '<x:worksheet xmlns:x="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><x:dimension ref="A1"/>'
        f'<x:sheetData>{body}<x:row r="9" hidden="1"/></x:sheetData></x:worksheet>'
    )
    relations = re.sub(
        rb'<Relationship [^>]*"[^"]*(?:styles|theme)[^"]*"[^>]*/>', b"", held["xl/_rels/workbook.xml.rels"]
    )
    workbook = re.sub(rb"<bookViews>.*</bookViews>", b"", held["xl/workbook.xml"])
    bare = {name: part for name, part in held.items() if not name.startswith(("docProps", "xl/styles", "xl/theme"))}
    given_ = pack({**bare, SHEET: sheet.encode(), "xl/_rels/workbook.xml.rels": relations, "xl/workbook.xml": workbook})
    made = fill(given_, FILL)
    after = parts(made)[SHEET]
    assert after.count(b'spans="1:11"') == 3
    assert b'<x:dimension ref="A1:K3"/><x:cols>' in after
    assert after.endswith(b'<x:row r="9" hidden="1"/></x:sheetData></x:worksheet>')
    assert texts(load(made))[1] == ["Who backs up the data?", "Yes", *ROW]
    assert b'<bookViews><workbookView activeTab="1"/></bookViews><sheets>' in parts(made)["xl/workbook.xml"]


def test_formulas_count_the_answers() -> None:
    """A workbook that Excel saved with what its formulas came to has them count again when it is opened, each time."""
    book, sheet = make()
    sheet["A9"] = '=COUNTIF(C2:C4,"Yes")'
    workbook = parts(save(book))["xl/workbook.xml"].decode()
    (saved,) = re.findall("<calcPr [^>]*>", workbook)
    made = save(book)
    for _ in range(2):
        made = fill(edit(made, "xl/workbook.xml", (saved, '<calcPr calcId="191029"/>')), FILL)
        (saved,) = re.findall("<calcPr [^>]*>", parts(made)["xl/workbook.xml"].decode())
        assert saved == '<calcPr calcId="191029" fullCalcOnLoad="1"/>'


def test_a_strict_workbook_stays_strict() -> None:
    """The other variant of the format is read and written in its own namespaces."""
    book, _ = make()
    words = {
        b"http://schemas.openxmlformats.org/spreadsheetml/2006/main": b"http://purl.oclc.org/ooxml/spreadsheetml/main",
        b"http://schemas.openxmlformats.org/officeDocument/2006/": b"http://purl.oclc.org/ooxml/officeDocument/",
    }
    strict = parts(save(book))
    for name in strict:
        for old, new in words.items():
            strict[name] = strict[name].replace(old, new)
    made = parts(fill(pack(strict), FILL))
    assert not [name for name, part in made.items() if b"/spreadsheetml/2006/main" in part]
    assert made["xl/worksheets/sheet2.xml"].count(b"purl.oclc.org") == 1
    assert (
        b'Type="http://purl.oclc.org/ooxml/officeDocument/relationships/worksheet" Target="worksheets/sheet2.xml"'
        in (made["xl/_rels/workbook.xml.rels"])
    )
    assert cells(made[SHEET])["E2"].count("Yes") == 1


_VALUES = st.one_of(
    st.none(),
    st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), max_size=12),
    st.integers(-1000, 1000),
    st.booleans(),
    st.just("=1+1"),
)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.lists(_VALUES, min_size=3, max_size=3), min_size=1, max_size=8), st.booleans())
def test_any_cells_stay(held: list[list[object]], aligned: bool) -> None:
    """Whatever stands in a questionnaire's cells stands there afterwards, and every question has its row."""
    rows = [["Question", "Answer", "Note", "Total"]]
    rows += [[f"Who answers for backup number {row}?", *values] for row, values in enumerate(held)]
    book, sheet = make(rows)
    if aligned:
        sheet["B2"].alignment = Alignment(horizontal="center")
    saved = save(book)
    made = fill(saved, FILL)
    old, new = cells(parts(saved)[SHEET]), cells(parts(made)[SHEET])
    blank = {name for name, cell in old.items() if name.startswith(("B", "C")) and "<v>" not in cell}
    assert {name: cell for name, cell in old.items() if name not in blank} == {
        name: new[name] for name in old.keys() - blank
    }
    after = texts(load(made))
    asked = [question.row for question in open_xlsx(saved).questions]
    assert [after[row - 1][-1] for row in asked] == ["answered"] * len(asked)
