"""The cold start of one question in the terminal, beside importing the libraries that any such program needs.

Both are whole processes, run in turns, so that whatever else the machine does slows both.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from statistics import median
from typing import Any

QUESTION = "who handles backups under GL8 5.1(c)?"
BARE = "import pydantic, yaml, typer, rich"
RATIO = 2.0
"""How many times the bare imports' time an answer may take."""

ROUNDS = 15


def measure(rounds: int = ROUNDS) -> dict[str, Any]:
    """Time both, in turns, after one round that doesn't count (it compiles and keeps what is kept).

    Returns:
        Milliseconds of the medians and of each run, and the ratio of the medians.

    Raises:
        FileNotFoundError: the command is not installed beside the interpreter.
    """
    command = Path(sys.executable).parent / "clausebot"
    if not command.exists():
        raise FileNotFoundError(f"{command.name} is not installed beside {sys.executable}: make .venv/run")
    compared = {"ask": [str(command), "ask", QUESTION], "imports": [sys.executable, "-c", BARE]}
    runs: dict[str, list[float]] = {name: [] for name in compared}
    for turn in range(rounds + 1):
        for name, arguments in compared.items():
            spent = _time(arguments)
            if turn:
                runs[name].append(round(spent * 1000, 1))
    medians = {name: round(median(times), 1) for name, times in runs.items()}
    ratio = round(medians["ask"] / medians["imports"], 3)
    return {"question": QUESTION, "beside": BARE, "median_ms": medians, "ratio": ratio, "limit": RATIO, "runs_ms": runs}


def _time(arguments: Sequence[str]) -> float:
    begun = time.perf_counter()
    subprocess.run(arguments, stdout=subprocess.DEVNULL, check=True)  # noqa: S603 (the two commands above)
    return time.perf_counter() - begun


def run(arguments: Sequence[str]) -> int:
    """Measure and print.

    Returns:
        0; 1 where an answer takes more than the limit, 2 where the command is not installed.
    """
    parser = argparse.ArgumentParser(prog="python -m bench start", description=__doc__)
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    chosen = parser.parse_args(arguments)
    try:
        report = measure()
    except FileNotFoundError as error:
        print(f"start: {error}", file=sys.stderr)
        return 2
    print(json.dumps(report) if chosen.json else render(report))
    return int(not holds(report))


def holds(report: dict[str, Any]) -> bool:
    """Whether an answer takes no more than the limit."""
    return bool(report["ratio"] <= RATIO)


def render(report: dict[str, Any]) -> str:
    """The figures as lines to read."""
    medians = report["median_ms"]
    return (
        f"Cold start, medians of {len(report['runs_ms']['ask'])} whole processes\n"
        f'  clausebot ask "{report["question"]}"  {medians["ask"]:.0f} ms\n'
        f'  python -c "{report["beside"]}"  {medians["imports"]:.0f} ms\n'
        f"  ratio {report['ratio']:.2f} (at most {report['limit']})"
    )
