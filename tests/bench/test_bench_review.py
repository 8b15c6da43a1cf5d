"""What the review benchmark makes and counts; never how fast it is."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from openpyxl import load_workbook

from bench.review import GROWTH, LEAST, PEER, SUBJECT, holds, make_questions, make_workbook, measure_alone, render


def test_no_question_comes_twice() -> None:
    """Ten thousand questions all differ, so that none is answered from memory; more than there are is an error."""
    assert len(set(make_questions(10_000))) == 10_000
    with pytest.raises(ValueError, match="there are no more than"):
        list(make_questions(1_000_000))


def test_the_workbook_has_every_row_and_dropdowns() -> None:
    """The questions stand in four sheets, three of which have a dropdown over every row that asks."""
    book = load_workbook(io.BytesIO(make_workbook(10)))
    assert [sheet.max_row - 1 for sheet in book] == [3, 3, 3, 1]
    allowed = [str(each.sqref) for sheet in book for each in sheet.data_validations.dataValidation]
    assert allowed == ["C2:C4", "C2:C4", "C2"]


@pytest.mark.parametrize("name", [SUBJECT, PEER])
def test_each_is_measured_over_all_rows(name: str, tmp_path: Path) -> None:
    """Both go through every row of the file, and tell rows, time and memory."""
    file = tmp_path / "some.xlsx"
    file.write_bytes(make_workbook(40))
    figures = measure_alone(name, file)
    assert figures["rows"] == 40
    assert figures["rows_a_second"] > 0
    assert figures["peak_mib"] >= figures["before_mib"] > 0
    if name == SUBJECT:
        assert 0 < figures["answered"] < 40


@pytest.mark.parametrize(
    ("speed", "growth", "expected"),
    [(LEAST, GROWTH, True), (LEAST - 1, GROWTH, False), (LEAST, GROWTH + 0.01, False), (LEAST, None, True)],
)
def test_too_slow_or_growing_fails(speed: float, growth: float | None, expected: bool) -> None:
    """Fewer rows a second than wanted, or more memory a row the more there are, is a failure, and is shown."""
    measured = {"name": SUBJECT, "rows": 1, "seconds": 1.0, "rows_a_second": speed, "peak_mib": 1.0, "kib_a_row": 1.0}
    report = {"measured": [measured], "rows_a_second": speed, "of_peer": 0.1, "memory_growth": growth}
    assert holds(report) is expected
    assert f"at least {LEAST} rows a second" in render(report)
