"""Answers a second in Slack, beside a bare Bolt app that echoes: one process on SQLite, two on PostgreSQL.

Each service is flooded in turn, round after round, so that whatever else the machine does slows all of them; the ratios
are those within a round. How long an answer takes is measured apart, at a rate that none of them is busy with.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from random import Random
from statistics import median, quantiles
from typing import Any

from bench.chat_services import Service, run_services
from bench.chat_slack import LATENCY, Asked, Slack
from bench.questions import load_questions

FLOOR = 0.7
"""The share of the echo app's throughput that Clausebot has to reach."""

ROUNDS = 5
EVENTS = 1500
IN_FLIGHT = 100
RATE = 60
PACED = 180
WARMING = 400
_ROUND_WITHIN = 60.0
_SEED = 8

# Seconds in which an answer sent twice would show.
_SETTLE = 1.0

# Characters of a reply by which it is known; a reply's end may be shortened.
_KNOWN_BY = 100


@dataclass
class Measured:
    """What one service did: in each flood, answers a second and its processes' seconds of processor; all its events."""

    rates: list[float] = field(default_factory=list)
    cpu: list[float] = field(default_factory=list)
    flooded: list[Asked] = field(default_factory=list)
    paced: list[Asked] = field(default_factory=list)
    warming: list[Asked] = field(default_factory=list)


async def measure(rounds: int = ROUNDS, events: int = EVENTS) -> dict[str, Any]:
    """Run the services, flood them and pace them in turns, and count their answers.

    Args:
        rounds: how often each service is measured, after one flood that doesn't count.
        events: how many make a flood.

    Returns:
        The figures of each service, Clausebot's ratios to the echo app, and what went wrong, a line each.

    Raises:
        RuntimeError: a service did not start.
    """
    questions = sorted({gold.question for gold in load_questions()})
    Random(_SEED).shuffle(questions)  # noqa: S311 (an order)
    slack = Slack(questions)
    with run_services(await slack.listen()) as services:
        measured = {name: Measured() for name in services}
        try:
            await _run_rounds(slack, services, measured, rounds, events)
        except (TimeoutError, OSError) as error:
            unanswered = sum(not asked.replies for asked in slack.events.values())
            return {"faults": [f"{unanswered} events were not answered ({type(error).__name__})"]}
    return _report(measured, slack.unknown, questions)


async def _run_rounds(
    slack: Slack, services: Mapping[str, Service], measured: Mapping[str, Measured], rounds: int, events: int
) -> None:
    for turn in range(rounds + 1):
        for name, service in services.items():
            print(f"round {turn} of {rounds}, {name} …" if turn else f"warming up, {name} …", file=sys.stderr)
            async with asyncio.timeout(_ROUND_WITHIN):
                if turn == 0:
                    measured[name].warming = await slack.flood(service.ports, WARMING, IN_FLIGHT)
                    continue
                before = service.count_cpu()
                flood = await slack.flood(service.ports, events, IN_FLIGHT)
                took = max(asked.replies[0] for asked in flood) - min(asked.due for asked in flood)
                measured[name].rates.append(events / took)
                # What follows the last reply is work for it too.
                await asyncio.sleep(LATENCY * 4)
                measured[name].cpu.append(service.count_cpu() - before)
                measured[name].flooded += flood
                measured[name].paced += await slack.pace(service.ports, PACED, RATE)
    await asyncio.sleep(_SETTLE)


def _report(measured: Mapping[str, Measured], unknown: int, questions: Sequence[str]) -> dict[str, Any]:
    echo = measured["echo"]
    expected = {"echo": {each: f"<@U0CLAUSE> {each}" for each in questions}}
    expected["sqlite"] = expected["postgresql"] = _answer(questions)
    faults = [f"{unknown} replies to no event"] if unknown else []
    services: dict[str, Any] = {}
    for name, each in measured.items():
        faults += [f"{name}: {fault}" for fault in check([*each.warming, *each.flooded, *each.paced], expected[name])]
        ratios = [ours / theirs for ours, theirs in zip(each.rates, echo.rates, strict=True)]
        services[name] = {
            "per_second": _summarize(each.rates),
            "ratio": _summarize(ratios, 3),
            "cpu_ms": round(median(each.cpu) / len(each.flooded) * len(each.cpu) * 1000, 3),
            "flood_ms": _percentiles(asked.replies[0] - asked.due for asked in each.flooded),
            "paced_ms": _percentiles(asked.replies[0] - asked.due for asked in each.paced),
            "acknowledged_ms": _percentiles(asked.acknowledged - asked.due for asked in each.flooded),
            "answered": len(each.flooded) + len(each.paced),
        }
    return {
        "services": services,
        "faults": faults,
        "floor": FLOOR,
        "in_flight": IN_FLIGHT,
        "paced_per_second": RATE,
        "slack_answers_after_ms": LATENCY * 1000,
    }


def _answer(questions: Sequence[str]) -> dict[str, str]:
    """What Clausebot answers, as Slack reads it aloud."""
    from bot.slack.blocks import render_answer
    from retrieval.answerer import load_answerer
    from retrieval.question import clean_question

    answerer, _ = load_answerer()
    return {each: render_answer(answerer.answer(clean_question(each))).text for each in questions}


def check(events: Sequence[Asked], expected: Mapping[str, str]) -> list[str]:
    """What went wrong with events: refused, not answered once, or answered with something else."""
    counts = {
        "not acknowledged": sum(asked.status != 200 for asked in events),
        "not answered": sum(not asked.replies for asked in events),
        "answered more than once": sum(len(asked.replies) > 1 for asked in events),
        "answered with something else": sum(
            bool(asked.replies) and asked.text[:_KNOWN_BY] != expected[asked.question][:_KNOWN_BY] for asked in events
        ),
    }
    return [f"{count} of {len(events)} events {what}" for what, count in counts.items() if count]


def _summarize(values: Sequence[float], digits: int = 1) -> dict[str, float]:
    return {
        "median": round(median(values), digits),
        "min": round(min(values), digits),
        "max": round(max(values), digits),
    }


def _percentiles(seconds: Any) -> dict[str, float]:
    cuts = quantiles((each * 1000 for each in seconds), n=100, method="inclusive")
    return {"p50": round(cuts[49], 1), "p99": round(cuts[98], 1)}


def run(arguments: Sequence[str]) -> int:
    """Measure and print.

    Returns:
        0; 1 where Clausebot is under the floor or an event was not answered once, 2 where a service did not start.
    """
    parser = argparse.ArgumentParser(prog="python -m bench chat", description=__doc__)
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.add_argument("--rounds", type=int, default=ROUNDS, help="how often each service is measured")
    chosen = parser.parse_args(arguments)
    try:
        report = asyncio.run(measure(chosen.rounds))
    except RuntimeError as error:
        print(f"chat: {error}", file=sys.stderr)
        return 2
    print(json.dumps(report) if chosen.json else render(report))
    return int(not holds(report))


def holds(report: Mapping[str, Any]) -> bool:
    """Whether Clausebot is at the floor or over it both ways, and every event was answered once."""
    if report["faults"]:
        return False
    return all(report["services"][name]["ratio"]["median"] >= FLOOR for name in ("sqlite", "postgresql"))


def render(report: Mapping[str, Any]) -> str:
    """The figures as a table to read."""
    lines = [f"FAULT {fault}" for fault in report["faults"]]
    if "services" not in report:
        return "\n".join(lines)
    labels = {"echo": "Bolt echo", "sqlite": "Clausebot, SQLite", "postgresql": "2 Clausebots, PostgreSQL"}
    columns = ("answers/s", "to the echo app", "CPU ms each", "p50 ms", "p99 ms")
    lines.append(f"{'':<26}{columns[0]:>18}{columns[1]:>22}{columns[2]:>13}{columns[3]:>9}{columns[4]:>9}")
    for name, each in report["services"].items():
        rate, ratio = each["per_second"], each["ratio"]
        spread = f"({rate['min']:.0f}–{rate['max']:.0f})"
        ratios = f"({ratio['min']:.2f}–{ratio['max']:.2f})"
        lines.append(
            f"{labels[name]:<26}{rate['median']:>6.0f} {spread:>11}{ratio['median']:>9.2f} {ratios:>12}"
            f"{each['cpu_ms']:>13.2f}{each['paced_ms']['p50']:>9.1f}{each['paced_ms']['p99']:>9.1f}"
        )
    lines.append(
        f"Answers a second with {report['in_flight']} events in flight, medians (and extremes) of the rounds; ratios to"
        f" the echo app's of the same round, at least {report['floor']}.\nMilliseconds from event to posted reply, at"
        f" {report['paced_per_second']} events a second. Slack's API answers after"
        f" {report['slack_answers_after_ms']:.0f} ms."
    )
    return "\n".join(lines)
