"""Retrieval on ObliQA: the ranking with weights learnt elsewhere, beside BM25 as rank-bm25 defines it."""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
import time
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from bench.learn import Learner, Lesson
from bench.metrics import Quality, average, judge
from bench.obliqa import Question, load_benchmark
from retrieval.evidence import COLUMNS, Evidence
from retrieval.forward import stem_text
from retrieval.index import Index
from retrieval.matching import K1, B
from retrieval.ranking import CANDIDATES, PLAIN, Ranker, Weights

DATA = Path(__file__).parent.parent.parent / "shared" / "bench" / "obliqa"
FOLDS = 5


class Part(NamedTuple):
    """Questions that are ranked with the same weights, and how many questions these were learnt from."""

    questions: list[Question]
    weights: Weights
    learnt_from: int


def assign_fold(question: str, folds: int = FOLDS) -> int:
    """The fold of a question, by its wording: questions worded alike never stand on both sides."""
    worded = " ".join(question.lower().split())
    return int.from_bytes(hashlib.sha256(worded.encode()).digest()[:8], "big") % folds


def cross_fit(evidence: Evidence, questions: Sequence[Question], folds: int = FOLDS) -> list[Part]:
    """Split questions into folds, each with weights learnt from the other folds only."""
    learner = Learner(evidence, _take_lessons(evidence, questions))
    assigned = np.array([assign_fold(question.text, folds) for question in questions])
    parts = []
    for fold in range(folds):
        others = (assigned != fold).nonzero()[0]
        own = [questions[number] for number in (assigned == fold).nonzero()[0]]
        if own:
            parts.append(Part(own, learner.learn(others), len(others)))
    return parts


def learn_apart(evidence: Evidence, lessons: Sequence[Question], questions: Sequence[Question]) -> list[Part]:
    """All questions, with weights learnt from other ones; from those only that aren't worded like one of them."""
    reported = {question.text for question in questions}
    apart = [lesson for lesson in lessons if lesson.text not in reported]
    weights = Learner(evidence, _take_lessons(evidence, apart)).learn(np.arange(len(apart)))
    return [Part(list(questions), weights, len(apart))]


def _take_lessons(evidence: Evidence, questions: Iterable[Question]) -> list[Lesson]:
    found = ((evidence.collect(question.text, PLAIN.muted, CANDIDATES), question.relevant) for question in questions)
    return [Lesson(candidates, relevant) for candidates, relevant in found if candidates is not None]


def measure(folder: Path, split: str) -> dict[str, Any]:
    """Rank every question of a split and judge the rankings.

    The development split learns from itself by cross-fitting, any other from the development split where the
    folder has it; where it has not, nothing is learnt.

    Raises:
        FileNotFoundError: the folder lacks the documents or the split.
    """
    started = time.perf_counter()
    benchmark = load_benchmark(folder, split)
    loaded = time.perf_counter()
    print(f"{len(benchmark.units)} passages, {len(benchmark.questions)} questions: indexing …", file=sys.stderr)
    evidence = Evidence(benchmark.units)
    built = time.perf_counter()
    print("learning …", file=sys.stderr)
    if split == "dev":
        learning = f"cross-fitted in {FOLDS} folds, by the wording of the question"
        parts = cross_fit(evidence, benchmark.questions)
    elif (folder / "ObliQA_dev.json").exists():
        learning = "from the development questions"
        parts = learn_apart(evidence, load_benchmark(folder, "dev").questions, benchmark.questions)
    else:
        learning = "nothing learnt"
        parts = [Part(benchmark.questions, PLAIN, 0)]
    learnt = time.perf_counter()
    print("ranking …", file=sys.stderr)
    judged = []
    seconds = 0.0
    folds = []
    for part in parts:
        ranker = Ranker(evidence, part.weights)
        begun = time.perf_counter()
        ranked = [[hit.position for hit in ranker.search(question.text)] for question in part.questions]
        seconds += time.perf_counter() - begun
        qualities = [judge(hits, question.relevant) for hits, question in zip(ranked, part.questions, strict=True)]
        folds.append({"questions": len(qualities), "learnt_from": part.learnt_from, **average(qualities).named()})
        judged += qualities
    return {
        "data": folder.name,
        "split": split,
        "passages": len(benchmark.units),
        "documents": benchmark.documents,
        "questions": len(benchmark.questions),
        "gold_not_found": benchmark.missing,
        "metrics": average(judged).named(),
        "baseline": {"bm25 (rank-bm25's definition, stems)": _measure_bm25(evidence, benchmark.questions).named()},
        "learning": learning,
        "folds": folds,
        "seconds": {
            "load": round(loaded - started, 2),
            "index": round(built - loaded, 2),
            "learn": round(learnt - built, 2),
            "rank": round(seconds, 2),
        },
        "queries_per_second": round(len(judged) / seconds, 1) if seconds else None,
        "config": {"k1": K1, "b": B, "candidates": CANDIDATES, "columns": list(COLUMNS)},
    }


def _measure_bm25(evidence: Evidence, questions: Sequence[Question]) -> Quality:
    index = Index(evidence.stems())
    ranked = ((index.search(stem_text(question.text)), question.relevant) for question in questions)
    return average(judge([hit.position for hit in hits], relevant) for hits, relevant in ranked)


def run(arguments: Sequence[str]) -> int:
    """Measure retrieval and print the figures.

    Returns:
        0; 2 where the data is not there.
    """
    parser = argparse.ArgumentParser(prog="python -m bench retrieval", description=__doc__)
    parser.add_argument("--data", type=Path, default=DATA, help="folder in ObliQA's form")
    parser.add_argument("--split", default="dev", help="the questions in ObliQA_<split>.json")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    chosen = parser.parse_args(arguments)
    try:
        report = measure(chosen.data, chosen.split)
    except FileNotFoundError as error:
        print(f"retrieval: {error}", file=sys.stderr)
        return 2
    print(json.dumps(report) if chosen.json else render(report))
    return 0


def render(report: dict[str, Any]) -> str:
    """The figures as a table to read."""
    lines = [
        f"Retrieval on {report['data']}, {report['split']}: {report['questions']} questions, "
        f"{report['passages']} passages of {report['documents']} documents",
        f"  {'':<42}{'recall@10':>10}{'map@10':>10}{'mrr@10':>10}",
    ]
    for name, metrics in ((f"ranking, {report['learning']}", report["metrics"]), *report["baseline"].items()):
        lines.append(f"  {name:<42}" + "".join(f"{value:>10.4f}" for value in metrics.values()))
    spent = ", ".join(f"{name} {seconds:.1f} s" for name, seconds in report["seconds"].items())
    return "\n".join([*lines, f"  {report['queries_per_second']} queries/s; {spent}"])
