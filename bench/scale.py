"""How search time, build time and memory grow with the corpus, beside rank-bm25, bm25s and tantivy.

Each engine is measured in a process of its own, one after the other, so that none inherits another's memory.
"""

from __future__ import annotations

import argparse
import gc
import json
import os
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from statistics import median, quantiles
from typing import Any

from bench.corpora import make_corpus, make_queries
from bench.engines import ENGINES, Corpus, PeerMissingError, Query

SIZES = (1_000, 10_000, 100_000)
QUERIES = 200
_PASSAGES_READ = 4_000_000
"""Passages that rank-bm25, which reads every one for every query, may read in all: about half a minute."""

DIFFERENCE = 1e-9
"""Below this, scores are the same."""

DEFINITION = "rank-bm25"
_SUBJECT = "clausebot bm25"


def measure_engine(name: str, passages: int) -> dict[str, Any]:
    """Build one engine over a made-up corpus and time its searches, in this process.

    Returns:
        Seconds to build, MiB by which the process grew, milliseconds of the median and of the 99th percentile;
        for the definition of the scores also how far ours differ from it.

    Raises:
        PeerMissingError: the engine is not installed.
    """
    corpus = make_corpus(passages)
    count = min(QUERIES, max(3, _PASSAGES_READ // passages)) if name == DEFINITION else QUERIES
    queries = make_queries(corpus, count)
    gc.collect()
    before = _read_memory()
    begun = time.perf_counter()
    search = ENGINES[name](corpus)
    built = time.perf_counter() - begun
    gc.collect()
    grown = _read_memory() - before
    # The first searches compile (numba) or weigh terms (lists): a service's cost once, not a query's.
    for query in queries[:3]:
        search(query)
    times = []
    for query in queries:
        begun = time.perf_counter()
        search(query)
        times.append((time.perf_counter() - begun) * 1000)
    figures = {
        "engine": name,
        "passages": passages,
        "build_seconds": round(built, 3),
        "index_mib": round(grown / 2**20, 1),
        "p50_ms": round(median(times), 4),
        "p99_ms": round(quantiles(times, n=100, method="inclusive")[98], 4),
        "queries": len(times),
    }
    if name == DEFINITION:
        figures["greatest_difference"] = compare_scores(corpus, queries[:3])
    return figures


def compare_scores(corpus: Corpus, queries: Sequence[Query]) -> float:
    """The greatest difference between our score and BM25Okapi's, over all passages and these queries."""
    from rank_bm25 import BM25Okapi

    from retrieval.index import Index

    okapi, index = BM25Okapi(corpus), Index(corpus)
    differences = (abs(okapi.get_scores(query) - index.scores(query)).max() for query in queries)
    return float(max(differences))


def measure(sizes: Sequence[int], engines: Sequence[str]) -> dict[str, Any]:
    """Measure engines at sizes, each in a process of its own.

    Returns:
        The figures by size and engine, what could not be measured and why, and how ours compares.
    """
    rows: list[dict[str, Any]] = []
    missing: dict[str, str] = {}
    for passages in sizes:
        for name in engines:
            if name in missing:
                continue
            print(f"{passages} passages, {name} …", file=sys.stderr)
            done = subprocess.run(  # noqa: S603 (this program itself)
                [sys.executable, "-m", "bench", "scale", "--alone", name, "--sizes", str(passages)],
                stdout=subprocess.PIPE,
                text=True,
                check=False,
                cwd=Path(__file__).parent.parent,
                env={**os.environ, "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "NUMBA_NUM_THREADS": "1"},
            )
            if done.returncode == 0:
                rows.append(json.loads(done.stdout))
            else:
                missing[name] = done.stdout.strip() or f"ended with status {done.returncode}"
    return {"rows": rows, "missing": missing, "comparison": [_compare(rows, passages) for passages in sizes]}


def _compare(rows: Sequence[dict[str, Any]], passages: int) -> dict[str, Any]:
    at = {row["engine"]: row for row in rows if row["passages"] == passages}
    ours = at.get(_SUBJECT)
    compared: dict[str, Any] = {"passages": passages}
    for name, row in at.items():
        if ours and name not in (_SUBJECT, "clausebot ranking"):
            compared[f"times as fast as {name}"] = round(row["p50_ms"] / ours["p50_ms"], 2)
    if DEFINITION in at:
        compared["greatest_difference"] = at[DEFINITION]["greatest_difference"]
    return compared


def _read_memory() -> int:
    """Bytes of memory that this process holds (Linux; 0 elsewhere)."""
    try:
        return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    except OSError:
        return 0


def run(arguments: Sequence[str]) -> int:
    """Measure and print.

    Returns:
        0; 1 where scores differ from rank-bm25's by 1e-9 or more.
    """
    parser = argparse.ArgumentParser(prog="python -m bench scale", description=__doc__)
    parser.add_argument("--sizes", default=",".join(map(str, SIZES)), help="passages, separated by commas")
    parser.add_argument("--alone", choices=ENGINES, help="only this engine, in this process, at the first size")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    chosen = parser.parse_args(arguments)
    sizes = [int(size) for size in chosen.sizes.split(",")]
    if chosen.alone:
        try:
            print(json.dumps(measure_engine(chosen.alone, sizes[0])))
        except PeerMissingError as missing:
            print(missing)
            return 3
        return 0
    report = measure(sizes, list(ENGINES))
    print(json.dumps(report) if chosen.json else render(report))
    return int(not holds(report))


def holds(report: dict[str, Any]) -> bool:
    """Whether no score differs from rank-bm25's."""
    return all(compared.get("greatest_difference", 0.0) < DIFFERENCE for compared in report["comparison"])


def render(report: dict[str, Any]) -> str:
    """The figures as a table to read."""
    lines = [f"{'passages':>10}  {'engine':<18}{'build s':>10}{'MiB':>9}{'p50 ms':>11}{'p99 ms':>11}{'queries':>9}"]
    lines += [
        f"{row['passages']:>10}  {row['engine']:<18}{row['build_seconds']:>10.2f}{row['index_mib']:>9.1f}"
        f"{row['p50_ms']:>11.3f}{row['p99_ms']:>11.3f}{row['queries']:>9}"
        for row in report["rows"]
    ]
    for compared in report["comparison"]:
        facts = [f"{name} {value}" for name, value in compared.items() if name != "passages"]
        lines.append(f"{compared['passages']:>10}  " + "; ".join(facts))
    lines += [f"{name} not measured: {why}" for name, why in report["missing"].items()]
    return "\n".join(lines)
