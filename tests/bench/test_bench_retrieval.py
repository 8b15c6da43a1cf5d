"""Learning weights: nothing reported was learnt from itself, and what is learnt helps."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from bench.learn import Learner, Lesson, minimize
from bench.metrics import average, judge
from bench.obliqa import Question, load_benchmark
from bench.retrieval import assign_fold, cross_fit, learn_apart, run
from retrieval.evidence import Evidence
from retrieval.ranking import PLAIN, Ranker, Weights


def test_the_minimizer_finds_the_least_of_a_bowl() -> None:
    """A quadratic bowl, a thousand times as steep one way as the other, is descended to its bottom."""
    steepness, bottom = np.array([1.0, 1000.0]), np.array([3.0, -2.0])

    def bowl(at: np.ndarray) -> tuple[float, np.ndarray]:
        return float((steepness * (at - bottom) ** 2).sum()), 2 * steepness * (at - bottom)

    assert minimize(bowl, np.zeros(2), tolerance=1e-12) == pytest.approx(bottom, abs=1e-4)


def test_the_loss_has_the_slope_it_claims(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each weight's slope equals the loss's change over a small step: columns, words, documents and passages."""
    monkeypatch.setattr("bench.learn.STEM_HELD_BY", 2)
    benchmark = load_benchmark(folder, "dev")
    evidence = Evidence(benchmark.units)
    learner = Learner(evidence, take_lessons(evidence, benchmark.questions))
    sizes = learner.sizes
    loss = learner.loss(np.arange(len(benchmark.questions)), np.ones(sizes[0]))
    random = np.random.default_rng(1)
    at = random.normal(0, 0.1, sum(sizes))
    _, slope = loss(at)
    assert all(sizes)
    for number in (0, 5, sizes[0], sizes[0] + 3, sum(sizes[:2]), sum(sizes[:3]), sum(sizes) - 1):
        step = np.zeros(sum(sizes))
        step[number] = 1e-2
        change = (loss(at + step)[0] - loss(at - step)[0]) / 2e-2
        assert slope[number] == pytest.approx(change, abs=2e-3)


def take_lessons(evidence: Evidence, questions: list[Question]) -> list[Lesson]:
    """The questions' candidates, as learning takes them."""
    found = [(evidence.collect(question.text, PLAIN.muted, 10), question.relevant) for question in questions]
    return [Lesson(candidates, relevant) for candidates, relevant in found if candidates is not None]


def test_questions_worded_alike_share_a_fold() -> None:
    """Case and spaces don't tell questions apart; different questions spread over all folds."""
    assert assign_fold("Who  reports?") == assign_fold("who reports? ")
    assert {assign_fold(f"question {number}") for number in range(100)} == set(range(5))


def test_no_fold_learns_from_itself(folder: Path) -> None:
    """Whatever is said to answer a fold's questions, the weights that rank them stay the same to the last bit."""
    benchmark = load_benchmark(folder, "dev")
    evidence = Evidence(benchmark.units)
    honest = cross_fit(evidence, benchmark.questions)
    lied = 2
    turned = [
        question._replace(relevant=frozenset({0})) if assign_fold(question.text) == lied else question
        for question in benchmark.questions
    ]
    misled = cross_fit(evidence, turned)
    assert sum(len(part.questions) for part in honest) == len(benchmark.questions)
    for one, other in zip(honest, misled, strict=True):
        own = assign_fold(one.questions[0].text) == lied
        assert {assign_fold(question.text) for question in one.questions} == {assign_fold(one.questions[0].text)}
        assert one.learnt_from == len(benchmark.questions) - len(one.questions)
        assert (one.weights == other.weights) is own


def test_learning_apart_leaves_out_questions_that_are_reported(folder: Path) -> None:
    """A reported question among the lessons is not learnt from."""
    benchmark = load_benchmark(folder, "dev")
    evidence = Evidence(benchmark.units)
    reported = benchmark.questions[:5]
    (part,) = learn_apart(evidence, benchmark.questions, reported)
    assert part.learnt_from == len(benchmark.questions) - 5
    assert part.questions == reported
    (clean,) = learn_apart(evidence, benchmark.questions[5:], reported)
    assert clean.weights == part.weights


def test_learning_ranks_better_than_the_first_column_alone(folder: Path) -> None:
    """On the questions learnt from, the learnt weights find at least as much and rank it higher."""
    benchmark = load_benchmark(folder, "dev")
    evidence = Evidence(benchmark.units)
    lessons = take_lessons(evidence, benchmark.questions)
    learnt = Learner(evidence, lessons).learn(np.arange(len(lessons)))

    def precision(weights: Weights) -> float:
        ranker = Ranker(evidence, weights)
        return average(
            judge([hit.position for hit in ranker.search(question.text)], question.relevant)
            for question in benchmark.questions
        ).average_precision

    assert precision(learnt) > precision(Weights({"length": 1.0}))
    assert precision(learnt) > 0.95


def test_the_report_says_what_was_measured(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """One JSON object on stdout: figures, counts, times, configuration and folds."""
    assert run(["--data", str(folder), "--split", "dev", "--json"]) == 0
    report = json.loads(capsys.readouterr().out)
    assert set(report["metrics"]) == {"recall@10", "map@10", "mrr@10"}
    assert (report["questions"], report["passages"], report["documents"]) == (32, 18, 2)
    assert sum(fold["questions"] for fold in report["folds"]) == 32
    assert all(fold["questions"] + fold["learnt_from"] == 32 for fold in report["folds"])
    assert report["queries_per_second"] > 0
    assert set(report["seconds"]) == {"load", "index", "learn", "rank"}


def test_another_split_learns_from_dev_or_not_at_all(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The test split takes its weights from dev where that is there, else the plain ones."""
    assert run(["--data", str(folder), "--split", "test", "--json"]) == 0
    with_dev = json.loads(capsys.readouterr().out)
    assert [fold["learnt_from"] for fold in with_dev["folds"]] == [27]
    (folder / "ObliQA_dev.json").unlink()
    assert run(["--data", str(folder), "--split", "test"]) == 0
    assert "nothing learnt" in capsys.readouterr().out


def test_absent_data_is_said_on_stderr(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Status 2 and one line that names what is missing."""
    assert run(["--data", str(tmp_path)]) == 2
    assert "StructuredRegulatoryDocuments" in capsys.readouterr().err
