"""A questionnaire reviewed: rows a second from file to file, and memory, beside openpyxl that only loads and saves it.

Each is measured in a process of its own, at a tenth of the rows and at all of them. No question comes twice, so none is
answered from memory; every row has a dropdown.
"""

from __future__ import annotations

import argparse
import asyncio
import io
import itertools
import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

ROWS = 10_000
LEAST = 500
"""Rows a second, from file to file."""
GROWTH = 1.2
"""How many times as much memory a row may take at all the rows as at a tenth of them."""

SUBJECT, PEER = "clausebot review", "openpyxl load and save"
_SHEETS = 4
_HEADINGS = ("No.", "Question", "Response", "Comments")
_CHOICES = ('"Yes,No,Partially,N/A"', '"CSP-owned,CSC-owned,Shared,N/A"', "")

_ASKED = (
    "Do you have {} for {}{}?",
    "Do you maintain {} that covers {}{}?",
    "Please describe {} with regard to {}{}.",
    "Who is responsible for {} concerning {}{}?",
    "Is {} in place for {}{}?",
    "How does your organisation ensure {} for {}{}?",
    "{}：{}{}由誰負責？",
    "Confirm that {} applies to {}{}.",
)
_THINGS = (
    *("penetration testing", "a business continuity plan", "backup of data", "encryption at rest", "key management"),
    *("an information security policy", "incident notification", "deletion of data", "multi-factor authentication"),
    *("access control", "patch management", "an ISO 27001 certificate", "a SOC 2 Type II report", "cyber insurance"),
    *("monitoring of sub-contractors", "exit support", "risk assessment", "staff training", "a privacy policy"),
    *("data centre audits", "segregation of tenants", "electronic signatures", "a service level agreement"),
)
_SETTINGS = (
    *("customer databases", "the claims system", "policyholder records", "web applications", "mobile applications"),
    *("the underwriting platform", "archives", "test environments", "agents' devices", "payment services"),
)
_LIMITS = ("", " at least annually", " every six months", " at all times", " within 24 hours", " in Hong Kong")


def make_questions(rows: int) -> Iterator[str]:
    """Questions in the words of the field, each another."""
    parts = itertools.product(_LIMITS, _SETTINGS, _THINGS, _ASKED)
    for number, (limit, setting, thing, asked) in enumerate(parts):
        if number == rows:
            return
        yield asked.format(thing, setting, limit)
    raise ValueError(f"there are no more than {number + 1:,} questions")


def make_workbook(rows: int) -> bytes:
    """A questionnaire of some sheets, with dropdowns."""
    from openpyxl import Workbook
    from openpyxl.worksheet.datavalidation import DataValidation

    book = Workbook()
    book.remove(book.worksheets[0])
    questions = list(make_questions(rows))
    each = -(-rows // _SHEETS)
    for number in range(_SHEETS):
        sheet = book.create_sheet(f"Part {number + 1}")
        sheet.append(_HEADINGS)
        for row, question in enumerate(questions[number * each : (number + 1) * each], 1):
            sheet.append((row, question))
        choices = _CHOICES[number % len(_CHOICES)]
        if choices and sheet.max_row > 1:
            allowed = DataValidation(type="list", formula1=choices)
            allowed.add(f"C2:C{sheet.max_row}")
            sheet.add_data_validation(allowed)
    written = io.BytesIO()
    book.save(written)
    return written.getvalue()


def measure_alone(name: str, file: Path) -> dict[str, Any]:
    """Review a workbook, or have openpyxl load and save it, in this process.

    Returns:
        Rows, seconds from the file's bytes to the returned one's, and MiB: before, at most, and at most beyond before.
    """
    return _measure_review(file) if name == SUBJECT else _measure_peer(file)


def _measure_review(file: Path) -> dict[str, Any]:
    from bot.desk import Desk
    from bot.review.reading import open_questionnaire
    from bot.review.run import review
    from bot.unrecorded import Unrecorded
    from retrieval.answerer import load_answerer

    desk = Desk(load_answerer()[0], Unrecorded())
    # What is imported and made once belongs to the program, not to its rows.
    small = open_questionnaire(make_workbook(10), file.name)
    asyncio.run(review(small, desk))
    before, begun = _read_peak(), time.perf_counter()
    questionnaire = open_questionnaire(file.read_bytes(), file.name)
    read = time.perf_counter()
    reviewed = asyncio.run(review(questionnaire, desk))
    spent = time.perf_counter() - begun
    counts = reviewed.counts
    figures = {"read_seconds": round(read - begun, 2), "answered": counts.answered, "size": len(reviewed.content)}
    return _report(SUBJECT, counts.questions, spent, before) | figures


def _measure_peer(file: Path) -> dict[str, Any]:
    from openpyxl import load_workbook

    load_workbook(io.BytesIO(make_workbook(10))).save(io.BytesIO())
    before, begun = _read_peak(), time.perf_counter()
    book = load_workbook(io.BytesIO(file.read_bytes()))
    book.save(io.BytesIO())
    spent = time.perf_counter() - begun
    return _report(PEER, sum(sheet.max_row - 1 for sheet in book.worksheets), spent, before)


def _report(name: str, rows: int, spent: float, before: float) -> dict[str, Any]:
    peak = _read_peak()
    return {
        "name": name,
        "rows": rows,
        "seconds": round(spent, 2),
        "rows_a_second": round(rows / spent, 1),
        "before_mib": round(before, 1),
        "peak_mib": round(peak, 1),
        "kib_a_row": round((peak - before) * 1024 / rows, 2),
    }


def _read_peak() -> float:
    """MiB of memory that this process has held at most."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1024 if sys.platform != "darwin" else 2**20)


def measure(rows: int) -> dict[str, Any]:
    """Measure both at a tenth of the rows and at all, in turns.

    Returns:
        Each measurement, the rows a second beside the peer's, and how memory a row grows.
    """
    measured = []
    with tempfile.TemporaryDirectory() as folder:
        for size in (max(1, rows // 10), rows):
            file = Path(folder) / f"{size}.xlsx"
            file.write_bytes(make_workbook(size))
            measured += [_measure_in_process(name, file) for name in (PEER, SUBJECT)]
    at = {(each["name"], each["rows"]): each for each in measured}
    few, many = at[SUBJECT, max(1, rows // 10)], at[SUBJECT, rows]
    return {
        "measured": measured,
        "rows_a_second": many["rows_a_second"],
        "least_rows_a_second": LEAST,
        "of_peer": round(many["rows_a_second"] / at[PEER, rows]["rows_a_second"], 3),
        "memory_growth": round(many["kib_a_row"] / few["kib_a_row"], 2) if few["kib_a_row"] else None,
        "most_memory_growth": GROWTH,
    }


def _measure_in_process(name: str, file: Path) -> dict[str, Any]:
    print(f"{file.stem} rows, {name} …", file=sys.stderr)
    done = subprocess.run(  # noqa: S603 (this program itself)
        [sys.executable, "-m", "bench", "review", "--alone", name, "--file", str(file)],
        stdout=subprocess.PIPE,
        text=True,
        check=True,
        cwd=Path(__file__).parent.parent,
    )
    figures: dict[str, Any] = json.loads(done.stdout)
    return figures


def run(arguments: Sequence[str]) -> int:
    """Measure and print.

    Returns:
        0; 1 where there are too few rows a second, or a row takes more memory the more there are.
    """
    parser = argparse.ArgumentParser(prog="python -m bench review", description=__doc__)
    parser.add_argument("--rows", type=int, default=ROWS, help=f"questions in the workbook (default: {ROWS:,})")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.add_argument("--alone", choices=(SUBJECT, PEER), help="only this, in this process, with --file")
    parser.add_argument("--file", type=Path, help="the workbook that --alone reads")
    chosen = parser.parse_args(arguments)
    if chosen.rows < 1 or (chosen.alone and not chosen.file):
        parser.error("--rows wants a number from 1 on, and --alone a --file")
    if chosen.alone:
        print(json.dumps(measure_alone(chosen.alone, chosen.file)))
        return 0
    report = measure(chosen.rows)
    print(json.dumps(report) if chosen.json else render(report))
    return int(not holds(report))


def holds(report: dict[str, Any]) -> bool:
    """Whether it is quick enough, and memory a row does not grow."""
    growth = report["memory_growth"]
    return bool(report["rows_a_second"] >= LEAST and (growth is None or growth <= GROWTH))


def render(report: dict[str, Any]) -> str:
    """The figures as lines to read."""
    lines = [f"{'rows':>8}  {'':<24}{'seconds':>9}{'rows/s':>10}{'peak MiB':>10}{'KiB/row':>9}"]
    lines += [
        f"{each['rows']:>8,}  {each['name']:<24}{each['seconds']:>9.2f}{each['rows_a_second']:>10,.0f}"
        f"{each['peak_mib']:>10.0f}{each['kib_a_row']:>9.2f}"
        for each in report["measured"]
    ]
    growth = "not measured" if report["memory_growth"] is None else f"{report['memory_growth']:.2f} (at most {GROWTH})"
    return "\n".join(
        [
            *lines,
            f"at least {LEAST} rows a second are wanted; {report['of_peer']:.2f} of openpyxl's, which answers nothing",
            f"memory a row, at all the rows beside a tenth of them: {growth}",
        ]
    )
