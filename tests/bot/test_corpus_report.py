"""What `clausebot corpus check` prints and returns."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from bot.corpus_report import check_corpus
from corpus.files import LEDGER_FILE

FIXTURES = Path(__file__).parents[1] / "fixtures"
GUIDES = FIXTURES / "guides"
INVENTED = "quaymoth-cloud-hk-insurance-2021"
SOURCE = FIXTURES / "sources" / f"{INVENTED}.txt"


@pytest.fixture
def guides(tmp_path: Path) -> Path:
    """A folder of guides with a copy of the invented one's pack."""
    shutil.copytree(GUIDES / INVENTED, tmp_path / "guides" / INVENTED)
    return tmp_path / "guides"


def printed(capsys: pytest.CaptureFixture[str]) -> list[str]:
    """The lines on standard output; none on standard error."""
    out, err = capsys.readouterr()
    assert err == ""
    return str(out).splitlines()


def test_a_clean_check(capsys: pytest.CaptureFixture[str]) -> None:
    """Each guide is named with what it holds, and each section has its row: sentences, restated, left out, missing."""
    assert check_corpus(SOURCE, GUIDES, explicit=True) == 0
    lines = printed(capsys)
    start = lines.index(
        "Quaymoth Cloud Answer Book: GL8 and GL14 for Authorized Insurers in Hong Kong "
        "(quaymoth-cloud-hk-insurance-2021), edition 2.1, 2021-09"
    )
    assert lines[start + 1 : start + 4] == [
        "  16 clauses, 21 background items, 127 duties",
        "  221 of 221 anchors verified against quaymoth-cloud-hk-insurance-2021.txt",
        "  section    sentences  restated  unrestated  missing  title",
    ]
    rows = {line.split()[0]: line.split()[1:5] for line in lines[start + 4 : -1]}
    assert len(rows) == 19
    assert rows["2.1"] == ["20", "19", "1", "0"]
    assert rows["all"] == ["156", "152", "4", "0"]
    assert lines[-1] == "0 problems"


def test_without_a_source_nothing_is_verified(capsys: pytest.CaptureFixture[str]) -> None:
    """Without a source the check says that no hash was verified, and passes."""
    assert check_corpus(None, None, explicit=False) == 0
    lines = printed(capsys)
    assert [line for line in lines if "no source attached, so no hash was verified (name it with --source)" in line]
    assert lines[-1] == "0 problems"


def test_problems_and_statements_to_review(guides: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """What is wrong is listed with file and line, each statement to review with its anchor, and the status is 1."""
    text = SOURCE.read_text(encoding="utf-8").replace("kept for 35 days", "kept for 36 days")
    (tmp_path / "new.txt").write_text(text, encoding="utf-8")
    assert check_corpus(tmp_path / "new.txt", guides, explicit=True) == 1
    lines = printed(capsys)
    ledger = (guides / INVENTED / LEDGER_FILE).read_text(encoding="utf-8").split("\n")
    line = next(i for i, entry in enumerate(ledger, 1) if '"5.1/c ¶1 s2"' in entry)
    assert (
        f"  {INVENTED}/sentences.yaml:{line}: 5.1/c ¶1 s2 has other words in the source; review what restates it"
        in lines
    )
    assert "  review GL8 5.1(c) duties[3] [5.1/c ¶1 s2 p9]: 5.1/c ¶1 s2 has changed; review it" in lines
    assert "  217 of 221 anchors verified against new.txt" in lines
    assert lines[-1] == "1 problem"


def test_a_text_of_no_guide(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A text that belongs to no loaded guide is a problem where it was named, and none where it merely lies there."""
    said = f"{SOURCE.name} is the text of no loaded guide (Alibaba Cloud User Guide"
    assert check_corpus(SOURCE, None, explicit=True) == 1
    assert [line for line in printed(capsys) if line.startswith(said)]
    assert check_corpus(SOURCE, None, explicit=False) == 0
    assert not [line for line in printed(capsys) if line.startswith(said)]


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda place: None, "does not exist; name the guide's text, or a folder that holds it"),
        (lambda place: place.mkdir(), "holds no .txt file"),
        (lambda place: place.write_bytes(b"\xff"), "is not UTF-8 text; save it as UTF-8"),
        (lambda place: place.write_bytes(b"words"), "is not in the form of a guide: no contents list"),
    ],
)
def test_a_source_that_cannot_be_read(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], make: object, message: str
) -> None:
    """Status 2, one line on standard error, nothing on standard output."""
    assert callable(make)
    make(tmp_path / "place")
    assert check_corpus(tmp_path / "place", None, explicit=True) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith("clausebot: ")
    assert message in err
    assert err.count("\n") == 1


def test_a_pack_that_does_not_load(guides: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Status 2, and each problem in a line of its own on standard error."""
    (guides / INVENTED / "gl8.yaml").write_text("clauses:\n- 1\n- 2\n", encoding="utf-8")
    assert check_corpus(None, guides, explicit=False) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert [line.split(": ")[1] for line in err.splitlines()] == [f"{INVENTED}/gl8.yaml:2", f"{INVENTED}/gl8.yaml:3"]


def test_ledger_entries_that_do_not_load(guides: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Entries of the ledger that cannot be used are problems among others: the rest is checked all the same."""
    (guides / INVENTED / LEDGER_FILE).write_text("sentences:\n- 1\n- 2\n", encoding="utf-8")
    assert check_corpus(None, guides, explicit=False) == 1
    lines = printed(capsys)
    for number in (0, 1):
        start = f"  {INVENTED}/{LEDGER_FILE}:{number + 2}: sentences.{number}: "
        assert [line for line in lines if line.startswith(start)]


def test_a_ledger_that_is_no_yaml(guides: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A ledger that cannot be read at all ends the check with status 2."""
    (guides / INVENTED / LEDGER_FILE).write_text("sentences: ]\n", encoding="utf-8")
    assert check_corpus(None, guides, explicit=False) == 2
    assert capsys.readouterr().err.startswith(f"clausebot: {INVENTED}/{LEDGER_FILE}:1: is not YAML: ")
