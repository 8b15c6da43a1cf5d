"""What is read of a workbook: where its questions are, what may be answered, and which files are refused."""

from __future__ import annotations

import datetime as dt
import random
import re
from typing import Any

import pytest
from fakes.workbooks import ASKED, FILL, edit, fill, load, make, pack, parts, save, share, texts
from openpyxl import Workbook
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.table import Table

from bot.review.model import Columns, ReviewError
from bot.review.xlsx import open_xlsx
from bot.review.xlsx_scan import MOST_ROWS

SHEET = "xl/worksheets/sheet1.xml"


def test_the_questions_come_sheet_by_sheet_and_hidden_sheets_are_left_alone() -> None:
    """Every visible sheet's questions are read, in order, with the row that a person sees; hidden ones stay unread."""
    book, first = make()
    first.insert_rows(1, 2)
    first["A1"] = "Vendor questionnaire 2019"
    for name, state in (("Hidden", "hidden"), ("Very", "veryHidden"), ("Privacy", "visible")):
        sheet = book.create_sheet(name)
        sheet.append(["Question", "Response"])
        sheet.append([f"Who answers for the data in {name}?"])
        sheet.sheet_state = state
    held = save(book)
    asked = open_xlsx(held).questions
    assert [(each.place, each.row, each.text) for each in asked] == [
        *(("Questions", row, text) for row, text in enumerate(ASKED, 4)),
        ("Privacy", 2, "Who answers for the data in Privacy?"),
    ]
    made = fill(held, FILL)
    assert parts(held)["xl/worksheets/sheet2.xml"] == parts(made)["xl/worksheets/sheet2.xml"]
    assert texts(load(made, "Privacy"))[1][1:3] == ["Yes", "Yes"]


def test_tables_one_under_the_other_are_all_filled() -> None:
    """Each table's columns are its own; section headings, merged over the row, are no questions."""
    rows: list[list[Any]] = [["Question", "Answer", "Comment"], [ASKED[0]], ["Backup and recovery"], [ASKED[1]], [], []]
    rows += [["No.", "Question", "Remarks", "Response"], [1, ASKED[2]], [2, "Who deletes the data?"]]
    book, sheet = make(rows)
    sheet.merge_cells("A3:C3")
    held = save(book)
    assert [each.row for each in open_xlsx(held).questions] == [2, 4, 8, 9]
    after = load(fill(held, FILL))
    assert [after[name].value for name in ("B2", "C2", "B4", "D8", "C9")] == [
        "Yes",
        FILL.comment,
        "Yes",
        "Yes",
        FILL.comment,
    ]
    assert [after[f"E{row}"].value for row in range(1, 10)] == [
        "Clausebot: Answer",
        "Yes",
        None,
        "Yes",
        None,
        None,
        "Clausebot: Answer",
        "Yes",
        "Yes",
    ]


def test_a_merged_question_is_one_question_and_a_shared_answer_is_left_to_a_person() -> None:
    """Of a question over two rows the first counts; an answer is written once, in a merged range's first cell."""
    rows = [["Domain", "Question", None, "Answer"], ["Backup", ASKED[0]], [], [None, ASKED[1]], [None, ASKED[2]]]
    book, sheet = make(rows)
    for merged in ("B1:C1", "A2:A3", "B2:C3", "D2:D3", "D4:D5", "B4:C4", "B5:C5"):
        sheet.merge_cells(merged)
    held = save(book)
    assert [(each.row, each.text) for each in open_xlsx(held).questions] == [
        (2, ASKED[0]),
        (4, ASKED[1]),
        (5, ASKED[2]),
    ]
    after = load(fill(held, FILL))
    assert [after[f"D{row}"].value for row in (2, 4)] == ["Yes", None]
    assert [after[f"E{row}"].value for row in (2, 3, 4, 5)] == ["Yes", None, "Yes", "Yes"]


def test_values_are_read_as_a_person_sees_them() -> None:
    """Rich text, numbers, percentages, dates, booleans, and what a formula showed last."""
    held: list[Any] = [
        CellRichText("Yes, ", TextBlock(InlineFont(b=True), "always")),
        3,
        0.1 + 0.2,
        0.25,
        dt.date(2019, 3, 31),
        dt.datetime(2019, 3, 31, 12, 30),  # noqa: DTZ001
        True,
        "  Ja\nund _x0041_ein ",
    ]
    book, sheet = make([["Question", "Answer"], *([f"Who answers for number {n}?", v] for n, v in enumerate(held))])
    sheet["B5"].number_format = "0%"
    sheet["A10"], sheet["B10"] = "Who answers for number 8?", '=A1&"!"'
    cached = edit(share(save(book)), SHEET, ("<v></v></c></row></sheetData>", "<v>Partly</v></c></row></sheetData>"))
    cached = edit(cached, SHEET, ('<c r="B10"><f>', '<c r="B10" t="str"><f>'))
    assert [each.given for each in open_xlsx(cached).questions] == [
        "Yes, always",
        "3",
        "0.3",
        "25%",
        "2019-03-31",
        "2019-03-31 12:30:00",
        "TRUE",
        "Ja\nund Aein",
        "Partly",
    ]
    assert [cell.value for cell in load(fill(cached, FILL))["B"]][-1] == '=A1&"!"'


def _add_rule(book: Workbook, formula: str, cells: str = "C2:C4", kind: str = "list", **more: Any) -> bytes:
    rule = DataValidation(kind, formula1=formula, **more)
    for each in cells.split():
        rule.add(each)
    book["Questions"].add_data_validation(rule)
    return save(book)


def _make_lists() -> Workbook:
    book, sheet = make()
    for row, text in enumerate(("Fully", "Partly", None, "Not at all"), 20):
        sheet[f"C{row}"] = text
    lists = book.create_sheet("The lists")
    for row in (["Allowed", "Number"], ["Yes", 1], ["No", 2], ["N/A", 3]):
        lists.append(row)
    lists.add_table(Table(displayName="Words", ref="A1:B4"))
    lists.sheet_state = "hidden"
    book.defined_names["Allowed"] = DefinedName("Allowed", attr_text="'The lists'!$A$2:$A$4")
    book.defined_names["Again"] = DefinedName("Again", attr_text="Allowed")
    book.defined_names["Round"] = DefinedName("Round", attr_text="Round")
    book.defined_names["OfTable"] = DefinedName("OfTable", attr_text="Words[Allowed]")
    sheet.defined_names["Local"] = DefinedName("Local", attr_text="Questions!$C$20:$C$23")
    return book


WORDS = ("Yes", "No", "N/A")


@pytest.mark.parametrize(
    ("formula", "choices"),
    [
        ('"Yes, No,N/A"', WORDS),
        ('"Say ""yes"",No"', ('Say "yes"', "No")),
        ("$C$20:$C$23", ("Fully", "Partly", "Not at all")),
        ("'The lists'!$A$2:$A$4", WORDS),
        ("'The lists'!$B$2:$B$4", ("1", "2", "3")),
        ("Allowed", WORDS),
        ("Again", WORDS),
        ("Local", ("Fully", "Partly", "Not at all")),
        ("OfTable", WORDS),
        ('INDIRECT("Words[Allowed]")', WORDS),
        ("Round", ()),
        ("INDIRECT($A2)", ()),
        ("[1]Other!$A$1:$A$3", ()),
        ("Nowhere!$A$1:$A$3", ()),
    ],
)
def test_a_dropdown_gives_the_choices(formula: str, choices: tuple[str, ...]) -> None:
    """However the list is given; where it can't be told what is allowed, the file's own cell is left to a person."""
    held = _add_rule(_make_lists(), formula)
    assert [each.choices for each in open_xlsx(held).questions] == [choices] * 3
    after = load(fill(held, FILL.model_copy(update={"answer": (choices or ("Yes",))[0]})))
    assert after["C2"].value == (choices[0] if choices else None)
    assert after["E2"].value is not None


@pytest.mark.filterwarnings("ignore:Data Validation extension is not supported:UserWarning")
def test_a_dropdown_of_the_newer_form_counts_for_its_cells() -> None:
    """Rules in the sheet's extensions are read, each cell has its own rule, and several areas are told apart."""
    held = _add_rule(_make_lists(), '"Ja,Nein"', "C4 C9")
    extension = (
        '<extLst><ext uri="{CCE6A557-97BC-4b89-ADB6-D9C93CAAB3DF}" xmlns:x14="urn:x14"><x14:dataValidations count="1">'
        '<x14:dataValidation type="list"><x14:formula1><xm:f xmlns:xm="urn:xm">\'The lists\'!$A$2:$A$4</xm:f>'
        '</x14:formula1><xm:sqref xmlns:xm="urn:xm">C9 C3 C100:C200</xm:sqref></x14:dataValidation>'
        "</x14:dataValidations></ext></extLst></worksheet>"
    )
    asked = open_xlsx(edit(held, SHEET, ("</worksheet>", extension))).questions
    assert [each.choices for each in asked] == [(), WORDS, ("Ja", "Nein")]


def test_a_rule_that_is_no_list_is_kept_to() -> None:
    """A text is written where it fits the length allowed, never where a number must stand or a dropdown lacks it."""
    comment = FILL.model_copy(update={"comment": "x" * 50})
    for limit, written in ((50, "x" * 50), (49, None)):
        book, _ = make()
        held = _add_rule(book, str(limit), "D2:D4", "textLength", operator="lessThanOrEqual")
        assert load(fill(held, comment))["D2"].value == written
    book, _ = make()
    _add_rule(book, "1", "C2", "whole", operator="greaterThan")
    after = load(fill(_add_rule(book, '"No,Perhaps"', "C3 D3"), FILL))
    assert [after[name].value for name in ("C2", "D2", "C3", "D3", "C4")] == [None, FILL.comment, None, None, "Yes"]


def test_a_sheet_that_lists_the_allowed_answers_counts_where_there_is_no_dropdown() -> None:
    """A legend on a sheet of its own gives the choices."""
    book, _ = make()
    legend = book.create_sheet("Legend")
    for row in (["Allowed answers"], ["Compliant"], ["Not compliant"], ["Not applicable"]):
        legend.append(row)
    assert open_xlsx(save(book)).questions[0].choices == ("Compliant", "Not compliant", "Not applicable")


def test_columns_that_somebody_names_are_taken() -> None:
    """By heading or letter; one that is in no sheet is told with those that there are."""
    book, _ = make([["Ref", "Ask", "Say"], *([n, text] for n, text in enumerate(ASKED))])
    held = save(book)
    for columns in (Columns(question="Ask", answer="Say"), Columns(question="B", answer="C")):
        questionnaire = open_xlsx(held, columns)
        assert [each.text for each in questionnaire.questions] == list(ASKED)
    with pytest.raises(ReviewError, match=r"“Nowhere”.*“Ask”"):
        open_xlsx(held, Columns(question="Nowhere"))


def _break(name: str, *changes: tuple[str, str]) -> bytes:
    return edit(share(save(make()[0])), name, *changes)


def _bomb() -> bytes:
    cells = "".join('<mergeCell ref="A1:XFD1048576"/>' for _ in range(1_000))
    merged = f"</sheetData><mergeCells>{cells}</mergeCells>"
    return _break(SHEET, ('<row r="4"', '<row r="5000"'), ("</sheetData>", merged))


def _many() -> bytes:
    rows = "".join(f"<row><c><v>{row}</v></c></row>" for row in range(MOST_ROWS))
    return _break(SHEET, ("</sheetData>", f"{rows}</sheetData>"))


DOCTYPE = '<!DOCTYPE a [<!ENTITY x "yyyyyyyyyy">]>'


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (lambda: save(Workbook()), "No questions"),
        (lambda: _break(SHEET, ("</sheetData>", "</sheetDat>")), "damaged"),
        (lambda: _break(SHEET, ("<worksheet", DOCTYPE + "<worksheet")), "entities"),
        (lambda: _break("xl/sharedStrings.xml", ("<sst", DOCTYPE + "<sst")), "entities"),
        (lambda: _break("xl/workbook.xml", ("<workbook", DOCTYPE + "<workbook")), "entities"),
        (lambda: _break("xl/styles.xml", ("</styleSheet>", "")), "damaged"),
        (lambda: _break("xl/sharedStrings.xml", ("<si>", "<sj>"), ("</si>", "</sj>")), "damaged"),
        (lambda: _break(SHEET, ("<v>", "<v>9")), "a text that isn't there"),
        (lambda: _break(SHEET, ("<worksheet", '<?xml version="1.0" encoding="iso-8859-1"?><worksheet')), "UTF-8"),
        (_many, "more than 100,000 rows"),
        (lambda: _break(SHEET, ('<row r="4"', '<row r="1000000"')), "more than 100,000 rows"),
        (_bomb, "damaged"),
        (lambda: _break("xl/_rels/workbook.xml.rels", ("worksheets/sheet1.xml", "worksheets/gone.xml")), "missing"),
        (lambda: _break("_rels/.rels", ("xl/workbook.xml", "xl/gone.xml")), "damaged"),
        (lambda: _break("xl/_rels/workbook.xml.rels", ("relationships/theme", "relationships/xlMacrosheet")), "macros"),
        (lambda: pack({**parts(save(make()[0])), "xl/vbaProject.bin": b"\xd0\xcf"}), "macros"),
        (lambda: _break("[Content_Types].xml", ("sheet.main+xml", "sheet.macroEnabled.main+xml")), "macros"),
        (lambda: save(make()[0])[:-100], "damaged"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_bad_file_is_refused_with_a_line(content: Any, told: str) -> None:
    """What is wrong with a file is told in one line, and nothing of it is taken."""
    with pytest.raises(ReviewError, match=re.escape(told)) as error:
        open_xlsx(content())
    assert "\n" not in str(error.value)


def test_a_damaged_workbook_is_filled_or_refused() -> None:
    """Whatever is wrong in a part's XML, it is read past, or told in a line."""
    book, sheet = make()
    sheet.merge_cells("A8:D9")
    held = parts(share(_add_rule(book, '"Yes,No"')))
    chance = random.Random(8)
    told: list[str] = []
    for _ in range(150):
        name = chance.choice([name for name in held if "theme" not in name])
        text = held[name].decode()
        value = chance.choice(list(re.finditer(r'"[^"]*"|<[^>]*>', text)))
        wrong = chance.choice(['"-1"', '"99999999999"', '"²"', '""', '"A1:XFD1048576"', "", value[0] * 2])
        try:
            fill(pack({**held, name: (text[: value.start()] + wrong + text[value.end() :]).encode()}), FILL)
        except ReviewError as error:
            told.append(str(error))
    assert 0 < len(told) < 150
    assert not [line for line in told if "\n" in line]


def test_a_sheet_in_utf_16_is_refused() -> None:
    """What is written in is UTF-8: another encoding is told, and never mixed."""
    held = parts(save(make()[0]))
    for encoding in ("utf-16", "utf-16-le"):
        with pytest.raises(ReviewError, match="UTF-8"):
            open_xlsx(pack({**held, SHEET: held[SHEET].decode().encode(encoding)}))


def test_a_sheet_filled_to_its_last_column_is_refused() -> None:
    """There is no room for our columns: that is said, and nothing is overwritten."""
    book, sheet = make()
    sheet["XFD2"] = "x"
    with pytest.raises(ReviewError, match="no free columns"):
        open_xlsx(save(book))
