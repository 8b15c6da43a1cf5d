"""The benchmarks of size and start: what they compare, and what they say when something is not there."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from bench import __main__ as bench_main
from bench import chat, retrieval, review, scale, start
from bench.corpora import make_corpus, make_queries
from bench.engines import ENGINES, PeerMissingError


def test_a_corpus_is_the_same_each_time() -> None:
    """Passages and queries depend on the size alone, and each query is drawn from one passage."""
    corpus = make_corpus(200)
    assert corpus == make_corpus(200)
    assert len(corpus) == 200
    assert all(5 <= len(passage) <= 400 for passage in corpus)
    queries = make_queries(corpus, 20)
    assert queries == make_queries(corpus, 20)
    assert all(any(set(query) <= set(passage) for passage in corpus) for query in queries)
    assert all(4 <= len(query) <= 12 for query in queries)


def test_scores_are_rank_bm25s() -> None:
    """On a made-up corpus no passage's score differs by 1e-9."""
    corpus = make_corpus(400)
    assert scale.compare_scores(corpus, make_queries(corpus, 10)) < 1e-9


def test_engines_of_the_house_find_what_rank_bm25_finds() -> None:
    """The plain index gives rank-bm25's ten best; the ranking puts the passage asked about among its ten."""
    corpus = make_corpus(300)
    (query,) = make_queries(corpus, 1)
    ours, defined = ENGINES["clausebot bm25"](corpus)(query), ENGINES["rank-bm25"](corpus)(query)
    assert [position for position, _ in ours] == [position for position, _ in defined]
    assert [score for _, score in ours] == pytest.approx([score for _, score in defined])
    asked = next(number for number, passage in enumerate(corpus) if set(query) <= set(passage))
    assert asked in [position for position, _ in ENGINES["clausebot ranking"](corpus)(query)]


def test_engines_are_measured_in_processes_of_their_own() -> None:
    """Each size and engine gives a row, the definition of scores its difference, and ours a comparison."""
    report = scale.measure([120], ["clausebot bm25", "rank-bm25"])
    assert [(row["engine"], row["passages"]) for row in report["rows"]] == [("clausebot bm25", 120), ("rank-bm25", 120)]
    assert all(0 < row["p50_ms"] <= row["p99_ms"] for row in report["rows"])
    (compared,) = report["comparison"]
    assert compared["greatest_difference"] == 0.0
    assert compared["times as fast as rank-bm25"] > 0
    assert report["missing"] == {}
    assert scale.holds(report)
    assert "rank-bm25" in scale.render(report)


@pytest.mark.parametrize(("engine", "module"), [("bm25s", "bm25s"), ("tantivy", "tantivy")])
def test_a_peer_that_is_not_installed_says_what_to_do(
    engine: str, module: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The message names the peer and the make target, and the status is not 0."""
    monkeypatch.setitem(sys.modules, module, None)
    with pytest.raises(PeerMissingError, match=f"{module} is not installed: make .venv/bench"):
        ENGINES[engine](make_corpus(50))
    assert scale.run(["--alone", engine, "--sizes", "50"]) == 3
    assert "make .venv/bench" in capsys.readouterr().out


def test_a_missing_peer_leaves_the_others() -> None:
    """What could not be measured is listed with the reason."""
    report = scale.measure([60], ["no such engine", "clausebot bm25"])
    assert [row["engine"] for row in report["rows"]] == ["clausebot bm25"]
    assert set(report["missing"]) == {"no such engine"}
    assert "no such engine not measured" in scale.render(report)


def test_a_difference_fails_the_benchmark() -> None:
    """Scores that differ by 1e-9 don't hold."""
    assert not scale.holds({"comparison": [{"greatest_difference": 1e-9}]})
    assert scale.holds({"comparison": [{"greatest_difference": 0.0}, {}]})


def test_start_needs_the_command_beside_the_interpreter(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Where the package is not installed, status 2 and what to do."""
    monkeypatch.setattr(sys, "executable", str(tmp_path / "python"))
    assert start.run([]) == 2
    assert "make .venv/run" in capsys.readouterr().err


def test_start_compares_medians() -> None:
    """Twice the bare imports' time is still allowed, more is not, and the text shows both."""
    report = {"question": "q", "beside": "b", "median_ms": {"ask": 180.0, "imports": 90.0}, "runs_ms": {"ask": [180.0]}}
    report |= {"ratio": 2.0, "limit": 2.0}
    assert start.holds(report)
    assert not start.holds({**report, "ratio": 2.01})
    assert "180 ms" in start.render(report)


def test_start_times_both_in_turns(monkeypatch: pytest.MonkeyPatch) -> None:
    """The first round doesn't count, and the ratio is that of the medians."""
    spent = iter([9.0, 9.0, 0.2, 0.1, 0.3, 0.1, 0.4, 0.2])
    monkeypatch.setattr(start, "_time", lambda arguments: next(spent))
    report = start.measure(rounds=3)
    assert report["runs_ms"] == {"ask": [200.0, 300.0, 400.0], "imports": [100.0, 100.0, 200.0]}
    assert report["ratio"] == 3.0


def test_a_benchmark_is_called_by_name(monkeypatch: pytest.MonkeyPatch) -> None:
    """The arguments after the name reach it, options included."""
    monkeypatch.setitem(bench_main.BENCHMARKS, "scale", len)
    assert bench_main.main(["scale", "--json", "--sizes", "10"]) == 3


def test_everything_at_once_is_one_object(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """`all --json` prints the reports under their names and fails with the first that doesn't hold."""
    monkeypatch.setattr(start, "measure", lambda: {"ratio": 2.5})
    monkeypatch.setattr(start, "render", lambda report: "start")
    monkeypatch.setattr(retrieval, "DATA", Path("nowhere"))
    monkeypatch.setattr(scale, "measure", lambda sizes, engines: {"comparison": [], "rows": [], "missing": {}})
    monkeypatch.setattr(review, "measure", lambda rows: {"rows": rows})
    monkeypatch.setattr(review, "render", lambda report: "review")
    monkeypatch.setattr(chat, "measure", lambda: {"faults": ["1 event was not answered"]})
    assert bench_main.run_all(["--json"]) == 1
    written = capsys.readouterr()
    assert set(json.loads(written.out)) == {"start", "scale", "review", "chat"}
    assert "nowhere is not there" in written.err
