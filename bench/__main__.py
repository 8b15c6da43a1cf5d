"""`python -m bench NAME`: what is measured, against whom."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Sequence
from typing import Any

from bench import chat, questions, retrieval, review, scale, start
from bench.engines import ENGINES


def run_all(arguments: Sequence[str]) -> int:
    """Measure what `make bench` wants: cold start, retrieval where its data is there, modest scale, a review, chat.

    Returns:
        0; 1 where a start takes too long, a score differs from rank-bm25's, too few rows or questions are answered a
        second, or a review's memory grows faster than its rows.
    """
    parser = argparse.ArgumentParser(prog="python -m bench all", description=run_all.__doc__)
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    as_json = parser.parse_args(arguments).json
    reports: dict[str, dict[str, Any]] = {}

    def add(name: str, report: dict[str, Any], text: str) -> None:
        reports[name] = report
        if not as_json:
            print(text + "\n", flush=True)

    started = start.measure()
    add("start", started, start.render(started))
    if retrieval.DATA.is_dir():
        found = retrieval.measure(retrieval.DATA, "dev")
        add("retrieval", found, retrieval.render(found))
    else:
        print(f"retrieval: not measured, {retrieval.DATA} is not there", file=sys.stderr)
    grown = scale.measure(scale.SIZES, list(ENGINES))
    add("scale", grown, scale.render(grown))
    reviewed = review.measure(review.ROWS)
    add("review", reviewed, review.render(reviewed))
    talked = chat.measure()
    add("chat", talked, chat.render(talked))
    if as_json:
        print(json.dumps(reports))
    return int(not (start.holds(started) and scale.holds(grown) and review.holds(reviewed) and chat.holds(talked)))


BENCHMARKS: dict[str, Callable[[Sequence[str]], int]] = {
    "all": run_all,
    "start": start.run,
    "questions": questions.run,
    "retrieval": retrieval.run,
    "scale": scale.run,
    "review": review.run,
    "chat": chat.run,
}


def main(arguments: Sequence[str]) -> int:
    """Run the benchmark that the first argument names with the arguments after it; its exit status."""
    parser = argparse.ArgumentParser(prog="python -m bench", description="Measure Clausebot.")
    parser.add_argument("name", choices=BENCHMARKS, help="what to measure")
    parser.add_argument("rest", nargs=argparse.REMAINDER, help="its options: --json, and what --help after it tells")
    chosen = parser.parse_args(arguments)
    return BENCHMARKS[chosen.name](chosen.rest)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
