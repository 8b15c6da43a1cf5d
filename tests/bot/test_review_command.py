"""`clausebot review` as people use it: real processes, real files, exit status, and nothing written over."""

from __future__ import annotations

import os
import pty
import re
import subprocess
import sys
from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.worksheet.datavalidation import DataValidation

from bot.review.reading import LARGEST_FILE

CLAUSEBOT = Path(sys.executable).parent / "clausebot"
GUIDES = Path(__file__).parents[1] / "fixtures" / "guides"
ASKED = ("Do you have a business continuity plan?", "Who is responsible for backups?", "Do you breed horses?")


def run(folder: Path, *arguments: str | Path, **settings: str) -> subprocess.CompletedProcess[str]:
    """Run `clausebot review` in a folder with these arguments."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("CLAUSEBOT_")}
    return subprocess.run(
        [CLAUSEBOT, "review", *arguments], capture_output=True, text=True, cwd=folder, env=kept | settings, check=False
    )


@pytest.fixture
def workbook(tmp_path: Path) -> Path:
    """A questionnaire with a dropdown."""
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.append(["No.", "Question", "Response", "Comments"])
    for row, question in enumerate(ASKED, 1):
        sheet.append([row, question])
    allowed = DataValidation(type="list", formula1='"Yes,No,N/A"')
    allowed.add("C2:C4")
    sheet.add_data_validation(allowed)
    book.save(tmp_path / "vendor.xlsx")
    return tmp_path / "vendor.xlsx"


def test_a_workbook_comes_back_filled_beside_it(workbook: Path) -> None:
    """The file is written beside the questionnaire, the counts are said, and what the guide answers is answered."""
    done = run(workbook.parent, workbook.name)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == "3 questions: 1 answered, 2 for a person; written to vendor-reviewed.xlsx\n"
    book = load_workbook(workbook.with_name("vendor-reviewed.xlsx"))
    sheet = book.worksheets[1]
    heads = {str(cell.value): cell.column - 1 for cell in sheet[1]}
    rows = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=2)]
    assert [row[heads["Response"]] for row in rows] == ["Yes", None, None]
    assert [row[heads["Clausebot: Status"]] for row in rows] == ["answered", "needs a person", "needs a person"]
    assert rows[1][heads["Clausebot: Ownership"]] == "CSC-owned"


def test_nothing_that_is_there_is_written_over_unasked(workbook: Path) -> None:
    """A file that is there stays unless -o names it; the questionnaire itself stays whatever is named."""
    there = workbook.with_name("vendor-reviewed.xlsx")
    there.write_text("mine")
    original = workbook.read_bytes()
    done = run(workbook.parent, workbook.name)
    assert (done.returncode, there.read_text()) == (2, "mine")
    assert done.stderr == "clausebot: vendor-reviewed.xlsx is there already; name where to write with -o\n"
    assert run(workbook.parent, workbook.name, "-o", workbook.name).returncode == 2
    assert workbook.read_bytes() == original
    assert run(workbook.parent, workbook.name, "--output", there.name).returncode == 0
    assert there.read_bytes().startswith(b"PK")


def test_the_same_questionnaire_gives_the_same_bytes(workbook: Path) -> None:
    """Two runs write the same file."""
    for name in ("one.xlsx", "two.xlsx"):
        assert run(workbook.parent, workbook.name, "-o", name).returncode == 0
    assert (workbook.parent / "one.xlsx").read_bytes() == (workbook.parent / "two.xlsx").read_bytes()


def test_columns_and_guides_are_taken_as_named(tmp_path: Path) -> None:
    """Named columns are used, a heading with a comma too; with both guides each provider has its line."""
    (tmp_path / "v.csv").write_text(f'Ref,"Wanted, in words",Outcome\nA1,{ASKED[1]},\n', encoding="utf-8")
    done = run(tmp_path, "v.csv", "--columns", "question=Wanted, in words,answer=C", CLAUSEBOT_GUIDES=str(GUIDES))
    assert (done.returncode, done.stderr) == (0, "")
    filled = (tmp_path / "v-reviewed.csv").read_text(encoding="utf-8-sig")
    assert "Alibaba Cloud: The customer." in filled
    assert "Quaymoth Cloud: The provider." in filled
    one = run(
        *(tmp_path, "v.csv", "-o", "one.csv", "--columns", "question=2", "--columns", "answer=Outcome"),
        *("--guide", "quaymoth-cloud-hk-insurance-2021"),
        CLAUSEBOT_GUIDES=str(GUIDES),
    )
    assert one.returncode == 0
    assert "The customer." not in (tmp_path / "one.csv").read_text(encoding="utf-8-sig")


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["missing.xlsx"], "missing.xlsx is not there"),
        (["."], ". is no file"),
        (["empty.csv"], "The file is empty"),
        (["macros.xlsm"], "which are not opened"),
        (["large.csv"], "20 MB are read at most"),
        (["v.txt", "-o", "v.xlsx"], "comes back as .txt, not as .xlsx"),
        (["v.txt", "-o", "nowhere/v.txt"], "there is no folder nowhere"),
        (["v.txt", "--columns", "reviewer=B"], "“reviewer=B” is none; write question=B,answer=C,comment=D"),
        (["v.txt", "--columns", "question=A,question=B"], "“question=B” is none"),
        (["v.txt", "--guide", "another"], "no guide of that id is loaded; there are: alibaba-cloud-hk-insurance-2019"),
        (["v.txt", "--approve", "-o", "x.txt"], "--approve writes no file"),
        (["v.txt", "--approve"], "Clausebot wrote nothing in this file"),
    ],
)
def test_what_cannot_be_reviewed_is_refused_in_a_line(tmp_path: Path, arguments: list[str], told: str) -> None:
    """Exit status 2, one line on standard error, and no file but those that were there."""
    (tmp_path / "v.txt").write_text("Do you pentest?\nWho backs up our data?\n", encoding="utf-8")
    (tmp_path / "empty.csv").write_bytes(b"")
    (tmp_path / "macros.xlsm").write_bytes(b"PK\x03\x04")
    with (tmp_path / "large.csv").open("wb") as large:
        large.truncate(LARGEST_FILE * 10)
    before = sorted(path.name for path in tmp_path.iterdir())
    done = run(tmp_path, *arguments, DATABASE_URL=f"sqlite:///{tmp_path}/none.db")
    assert (done.returncode, done.stdout) == (2, "")
    assert re.fullmatch(r"clausebot: [^\n]+\n", done.stderr)
    assert told in done.stderr
    assert sorted(path.name for path in tmp_path.iterdir()) == before


def test_a_lone_dash_is_standard_output(workbook: Path) -> None:
    """``-o -`` writes the file to standard output and the counts to standard error; no file comes to be called "-"."""
    folder = workbook.parent
    (folder / "v.csv").write_text("Question,Response\nWho backs up our data?,\n", encoding="utf-8")
    for name in (workbook.name, "v.csv"):
        assert run(folder, name, "-o", f"filled-{name}").returncode == 0
        with (folder / "piped").open("wb") as piped:
            done = subprocess.run(
                [CLAUSEBOT, "review", name, "-o", "-"], stdout=piped, stderr=subprocess.PIPE, cwd=folder, check=True
            )
        assert (folder / "piped").read_bytes() == (folder / f"filled-{name}").read_bytes()
        assert done.stderr.endswith(b" for a person; written to standard output\n")
    assert not (folder / "-").exists()
    master, slave = pty.openpty()
    shown = subprocess.run(
        [CLAUSEBOT, "review", workbook.name, "-o", "-"], stdout=slave, stderr=subprocess.PIPE, cwd=folder, check=False
    )
    os.close(slave)
    os.close(master)
    assert (shown.returncode, shown.stderr) == (
        2,
        b"clausebot: --output: a .xlsx is nothing for a terminal; name a file, or send it on with > or |\n",
    )


def test_progress_is_for_a_terminal_alone(workbook: Path) -> None:
    """A bar is drawn on standard error where that is a terminal; standard output has the counts and nothing else."""
    master, slave = pty.openpty()
    done = subprocess.run(
        [CLAUSEBOT, "review", workbook.name], stdout=subprocess.PIPE, stderr=slave, cwd=workbook.parent, check=True
    )
    os.close(slave)
    drawn = os.read(master, 100_000).decode()
    os.close(master)
    assert "Reviewing" in drawn
    assert done.stdout.decode().startswith("3 questions: ")
