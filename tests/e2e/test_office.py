"""What `clausebot review` returns, opened by LibreOffice: nothing to repair, and nothing lost."""

from __future__ import annotations

import csv
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import docx
import pytest
from docx.document import Document
from e2e.browsing import ARTEFACTS
from e2e.office import Office
from e2e.programs import read_pdf, run_clausebot
from openpyxl import Workbook, load_workbook
from openpyxl.comments import Comment
from openpyxl.formatting.rule import CellIsRule
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from bot.review.model import ADDED

OWNERS = ["Provider", "Customer", "Shared", "N/A"]
HEADINGS = ["No.", "Question", "Response", "Remarks", "Weight"]
# The question, and what the guide answers in the workbook's own words; None where a person must.
ASKED: list[tuple[str, str | None]] = [
    ("Who handles backups under GL8 5.1(c)?", "Customer"),
    ("Who encrypts the customer's data?", "Provider"),
    ("What is the colour of the office walls?", None),
    ("GL14 5.13", "Shared"),
]
HEAD, FIRST = 3, 5
ADDED_HEADINGS = [f"Clausebot: {heading}" for _, heading in ADDED]
MANY = len(HEADINGS) + len(ADDED)


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Office:
    """LibreOffice with a new profile."""
    return Office(tmp_path_factory.mktemp("office"))


@pytest.fixture
def review(tmp_path: Path) -> Callable[[Path], Path]:
    """Review a file by the command line; the file that comes back."""

    def give_back(path: Path) -> Path:
        filled = tmp_path / "filled" / path.name
        filled.parent.mkdir(exist_ok=True)
        run_clausebot(tmp_path, "review", str(path), "-o", str(filled))
        return filled

    return give_back


def write_workbook(path: Path) -> None:
    """A questionnaire as a vendor's customer sends it: a title, a section, dropdowns, weights, totals."""
    book = Workbook()
    sheet = book.active
    assert isinstance(sheet, Worksheet)
    sheet.title = "Questions"
    sheet["A1"] = "Cloud outsourcing review"
    sheet.merge_cells("A1:E1")
    sheet["A1"].font = Font(bold=True, size=16, color="FFFFFF")
    sheet["A1"].fill = PatternFill("solid", fgColor="1F3864")
    sheet.append([])
    sheet.append(HEADINGS)
    for cell in sheet[HEAD]:
        cell.font = Font(bold=True)
        cell.border = Border(bottom=Side(style="medium"))
    sheet.append(["Section A: data"])
    sheet.merge_cells("A4:E4")
    for number, (question, _) in enumerate(ASKED, 1):
        sheet.append([number, question, None, None, number / 4])
        sheet.cell(FIRST + number - 1, 2).alignment = Alignment(wrap_text=True, vertical="top")
        sheet.cell(FIRST + number - 1, 5).number_format = "0.00%"
    last = FIRST + len(ASKED) - 1
    sheet.cell(last + 1, 5, f"=SUM(E{FIRST}:E{last})")
    sheet.cell(last + 1, 1, "Weights in all")
    for column, width in {"A": 8, "B": 52, "C": 18, "D": 40, "E": 11}.items():
        sheet.column_dimensions[column].width = width
    sheet.row_dimensions[1].height = 30
    sheet.freeze_panes = "C4"
    chosen = DataValidation(type="list", formula1="Lists!$A$1:$A$4", allow_blank=True, showErrorMessage=True)
    chosen.add(f"C{FIRST}:C{last}")
    sheet.add_data_validation(chosen)
    weighed = DataValidation(type="decimal", operator="between", formula1="0", formula2="1")
    weighed.add(f"E{FIRST}:E{last}")
    sheet.add_data_validation(weighed)
    red = PatternFill("solid", bgColor="FFC7CE")
    sheet.conditional_formatting.add(f"E{FIRST}:E{last}", CellIsRule(operator="greaterThan", formula=["0.9"], fill=red))
    sheet["B5"].comment = Comment("Asked by internal audit.", "Audit")
    sheet["B8"].hyperlink = "https://example.com/gl14"

    totals = book.create_sheet("Totals")
    totals.append(["Shared", f'=COUNTIF(Questions!C{FIRST}:C{last},"Shared")'])
    totals.append(["Answered", f"=COUNTA(Questions!C{FIRST}:C{last})"])
    totals.append(["Due", date(2026, 12, 31)])
    totals["B3"].number_format = "yyyy-mm-dd"
    totals.append(["Note", "=NOT(FALSE)"])
    lists = book.create_sheet("Lists")
    for owner in OWNERS:
        lists.append([owner])
    lists.sheet_state = "hidden"
    book.save(path)


def list_values(sheet: Worksheet, columns: int) -> list[list[Any]]:
    """What stands in the first columns of a sheet."""
    return [list(row) for row in sheet.iter_rows(max_col=columns, values_only=True)]


def describe(sheet: Worksheet) -> dict[str, Any]:
    """What a sheet has beside its values."""
    return {
        "merged": sorted(map(str, sheet.merged_cells.ranges)),
        "validations": sorted(
            (each.type, str(each.sqref), (each.formula1 or "").replace("'", ""))
            for each in sheet.data_validations.dataValidation
        ),
        "widths": [round(sheet.column_dimensions[each].width) for each in "ABCDE"],
        "frozen": sheet.freeze_panes,
        "formats": [sheet.cell(row, 5).number_format for row in range(FIRST, FIRST + len(ASKED))],
        "bold": [sheet.cell(row, 1).font.b for row in (1, HEAD, FIRST)],
        "fill": sheet["A1"].fill.fgColor.rgb,
        "conditions": [str(each.sqref) for each in sheet.conditional_formatting],
        "note": getattr(sheet["B5"].comment, "text", "").strip(),
        "link": getattr(sheet["B8"].hyperlink, "target", ""),
    }


@pytest.mark.parametrize("maker", ["openpyxl", "LibreOffice"])
def test_a_workbook_is_opened_as_it_was(
    maker: str, office: Office, review: Callable[[Path], Path], tmp_path: Path
) -> None:
    """LibreOffice opens a filled workbook, has its formulas count our answers, and saves all that its maker made."""
    path = tmp_path / "vendor review.xlsx"
    write_workbook(path)
    (plain,) = office.convert("xlsx", tmp_path / "plain", path)
    filled = review(path if maker == "openpyxl" else plain)
    (saved,) = office.convert("xlsx", tmp_path / "saved", filled)
    written, before, after = load_workbook(filled), load_workbook(plain), load_workbook(saved)
    assert after.sheetnames[1:] == before.sheetnames == ["Questions", "Totals", "Lists"]
    assert [sheet.sheet_state for sheet in after][1:] == [sheet.sheet_state for sheet in before]

    expected = list_values(before["Questions"], len(HEADINGS))
    for row, (_, answer) in enumerate(ASKED, FIRST):
        remark = written["Questions"].cell(row, 4).value
        assert (remark is None) == (answer is None)
        expected[row - 1][2:4] = [answer, remark]
    assert list_values(after["Questions"], len(HEADINGS)) == expected
    assert describe(after["Questions"]) == describe(before["Questions"])
    for name in ("Totals", "Lists"):
        assert list_values(after[name], 3) == list_values(before[name], 3)

    assert [cell.value for cell in after["Questions"][HEAD]][len(HEADINGS) :] == [*ADDED_HEADINGS]
    for name in after.sheetnames[:2]:
        assert list_values(after[name], MANY) == list_values(written[name], MANY)

    if maker == "LibreOffice":
        return  # It takes what it saved itself for what formulas come to; Excel is told to count anew.
    counted = load_workbook(saved, data_only=True)
    assert [counted["Totals"].cell(row, 2).value for row in (1, 2)] == [1, 3]
    assert counted["Questions"].cell(FIRST + len(ASKED), 5).value == sum(range(1, len(ASKED) + 1)) / 4


def test_a_workbook_is_printed(office: Office, review: Callable[[Path], Path], tmp_path: Path) -> None:
    """On paper a filled workbook shows what it is, the customer's questions and our answers."""
    path = tmp_path / "vendor review.xlsx"
    write_workbook(path)
    (printed,) = office.convert("pdf", ARTEFACTS / "office", review(path))
    text = read_pdf(printed)
    for shown in ("Cloud outsourcing review", "Who handles backups under GL8 5.1(c)?", "needs a person", "draft"):
        assert shown in text
    assert "#NAME?" not in text
    assert "Err:5" not in text


def test_lines_are_opened_as_they_were(office: Office, review: Callable[[Path], Path], tmp_path: Path) -> None:
    """A filled CSV file is a sheet that holds what each of its cells says, and no formula of ours."""
    path = tmp_path / "review.csv"
    rows = [["編號", "問題", "答案"], *([f"A-{number}", text, ""] for number, (text, _) in enumerate(ASKED, 1))]
    rows.append(["A-5", "誰負責備份？\n（GL8 5.1(c)）", ""])
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(rows)
    filled = review(path)
    with filled.open(encoding="utf-8", newline="") as file:
        read = list(csv.reader(file))
    assert [row[:2] for row in read[: len(rows)]] == [row[:2] for row in rows]
    assert [bool(row[2]) for row in read[1 : len(ASKED) + 1]] == [bool(answer) for _, answer in ASKED]
    (saved,) = office.convert("xlsx", tmp_path / "saved", filled)
    sheet = load_workbook(saved)["review"]
    assert [[str(cell or "") for cell in row] for row in list_values(sheet, len(read[0]))] == read
    assert not [cell for row in sheet for cell in row if cell.data_type == "f"]


def test_a_document_is_opened_as_it_was(office: Office, review: Callable[[Path], Path], tmp_path: Path) -> None:
    """LibreOffice opens a filled document, keeps all that it holds, and prints it."""
    path = tmp_path / "review.docx"
    document = docx.Document()
    document.add_heading("Vendor review", 0)
    document.add_paragraph("Please answer by ").add_run("Friday").bold = True
    table = document.add_table(rows=1, cols=3, style="Table Grid")
    for cell, heading in zip(table.rows[0].cells, ("No.", "Question", "Answer"), strict=True):
        cell.text = heading
    for number, (question, _) in enumerate(ASKED, 1):
        for cell, text in zip(table.add_row().cells, (str(number), question, ""), strict=True):
            cell.text = text
    document.add_paragraph("Signed:", style="List Bullet")
    document.sections[0].footer.paragraphs[0].text = "Confidential"
    document.save(str(path))
    filled = review(path)
    written = docx.Document(str(filled))
    assert {"Vendor review", "Please answer by Friday", "Signed:"} <= {each.text for each in written.paragraphs}
    texts = list_texts(written)
    for question, answer in ASKED:
        row = next(row for row in texts if question in row)
        assert bool(row[row.index(question) + 1]) == bool(answer)
    (saved,) = office.convert("docx", tmp_path / "saved", filled)
    after = docx.Document(str(saved))
    # Our pages stand in content controls, of which LibreOffice saves what they hold.
    assert list_texts(after)[: len(texts)] == texts
    added = [row[-1] for row in list_texts(after)[len(texts) + 1 :]]
    assert [each.splitlines()[-1] for each in added] == [
        f"Status: {'answered' if answer else 'needs a person'}" for _, answer in ASKED
    ]
    assert {each.text for each in written.paragraphs} <= {each.text for each in after.paragraphs}
    assert after.sections[0].footer.paragraphs[0].text == "Confidential"
    (printed,) = office.convert("pdf", ARTEFACTS / "office", filled)
    assert "Please answer by Friday" in read_pdf(printed)


def list_texts(document: Document) -> list[list[str]]:
    """The texts of a document's tables, row by row."""
    return [[cell.text for cell in row.cells] for table in document.tables for row in table.rows]


def test_a_matrix_is_opened(office: Office, tmp_path: Path) -> None:
    """The responsibility matrix as a workbook is opened, with what `clausebot matrix` tells in other forms."""
    made = tmp_path / "matrix.xlsx"
    run_clausebot(tmp_path, "matrix", "--regulation", "GL8", "-o", str(made))
    lines = run_clausebot(tmp_path, "matrix", "--regulation", "GL8", "--format", "csv")
    (saved,) = office.convert("xlsx", tmp_path / "saved", made)
    written, after = load_workbook(made), load_workbook(saved)
    assert after.sheetnames == written.sheetnames
    for sheet in written:
        assert list_values(after[sheet.title], sheet.max_column) == list_values(sheet, sheet.max_column)
        # LibreOffice makes no row higher by itself, so that wrapped lines would lie over each other.
        assert max(each.height for each in after[sheet.title].row_dimensions.values()) > 30
    told = {cell for row in csv.reader(lines.splitlines()) for cell in row}
    assert {"GL8 5.1(a)", "GL8 5.1(f)"} <= told
    office.convert("pdf", ARTEFACTS / "office", made)
