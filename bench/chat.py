"""Answers a second in Slack or Teams, beside a bare app that echoes: one process on SQLite, two on PostgreSQL.

Slack's echo app is Bolt's (`bench.chat_echo`), that of Teams is Microsoft's SDK's (`bench.chat_teams_echo`).

Each service is flooded in turn, round after round, so that whatever else the machine does slows all of them; the ratios
are those within a round. How long an answer takes is measured apart, at a rate that none of them is busy with.

The gold questions come again and again, as questions do in a burst, and Clausebot keeps an answer for a minute. What it
does where no question was asked before is measured too, on SQLite.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from random import Random
from statistics import median, quantiles
from typing import Any, NamedTuple

from bench.chat_services import Programs, Service, list_slack, run_services
from bench.chat_slack import LATENCY, Asked, Slack
from bench.chat_teams import Teams, list_teams
from bench.questions import load_questions

FLOOR = 0.7
"""The share of the echo app's throughput that Clausebot has to reach in Slack."""

ROUNDS = 5
EVENTS = 1500
IN_FLIGHT = 100
RATE = 60
PACED = 120
WARMING = 400
NEW = 500
_ROUND_WITHIN = 60.0
_SEED = 8

# Seconds in which an answer sent twice would show.
_SETTLE = 1.0

_NEW = "sqlite, new questions"
_LABELS = {
    "sqlite": "Clausebot, SQLite",
    "postgresql": "2 Clausebots, PostgreSQL",
    _NEW: "SQLite, new questions",
}

# Characters of a reply by which it is known; a reply's end may be shortened.
_KNOWN_BY = 100


class Channel(NamedTuple):
    """Where Clausebot is asked: who asks, what serves there, what is wanted of it, and how much is asked of it.

    ``floor`` is None where none is wanted. ``rate`` is in events a second, the rest but for ``rounds`` in events.
    """

    make: Callable[[Sequence[str]], Slack]
    list_programs: Callable[[str], Programs]
    floor: float | None = FLOOR
    rounds: int = ROUNDS
    events: int = EVENTS
    warming: int = WARMING
    new: int = NEW
    paced: int = PACED
    rate: float = RATE


# Less is asked in Teams, where its SDK alone takes several milliseconds of processor for an answer.
_CHANNELS = {
    "slack": Channel(Slack, list_slack),
    "teams": Channel(Teams, list_teams, floor=None, rounds=3, events=200, warming=100, new=100, paced=30, rate=10),
}


@dataclass
class Measured:
    """What one service did: in each flood answers a second, and milliseconds of its own processes' CPU for each."""

    rates: list[float] = field(default_factory=list)
    cpu: list[float] = field(default_factory=list)
    flooded: list[Asked] = field(default_factory=list)
    paced: list[Asked] = field(default_factory=list)
    warming: list[Asked] = field(default_factory=list)


def measure(rounds: int | None = None, events: int | None = None, channel: str = "slack") -> dict[str, Any]:
    """Run the services, flood them and pace them in turns, and count their answers.

    Args:
        rounds: how often each service is measured, after one flood that doesn't count; None for the channel's own.
        events: how many make a flood; None for the channel's own.
        channel: ``slack`` or ``teams``.

    Returns:
        The figures of each service, Clausebot's ratios to the echo app, and what went wrong, a line each.

    Raises:
        RuntimeError: a service did not start.
    """
    # A greeting is no question: it is answered with how to ask.
    questions = sorted({gold.question for gold in load_questions() if gold.band != "vague"})
    Random(_SEED).shuffle(questions)  # noqa: S311 (an order)
    chosen = _CHANNELS[channel]
    chosen = chosen._replace(rounds=rounds or chosen.rounds, events=events or chosen.events)
    return asyncio.run(_measure(questions, chosen))


async def _measure(questions: Sequence[str], channel: Channel) -> dict[str, Any]:
    caller = channel.make(questions)
    async with caller.listen() as address:
        with run_services(address, channel.list_programs) as services:
            measured = {name: Measured() for name in (*services, _NEW)}
            try:
                await _run_rounds(caller, services, measured, channel)
            except (TimeoutError, OSError) as error:
                unanswered = sum(not asked.replies for asked in caller.events.values())
                return {"faults": [f"{unanswered} events were not answered ({type(error).__name__})"]}
    return _report(measured, caller, questions, channel)


async def _run_rounds(
    caller: Slack, services: Mapping[str, Service], measured: Mapping[str, Measured], channel: Channel
) -> None:
    rounds, events = channel.rounds, channel.events
    for turn in range(rounds + 1):
        for name, each in measured.items():
            new = name == _NEW
            service = services["sqlite" if new else name]
            label = _LABELS.get(name, caller.peer)
            print(f"{f'round {turn} of {rounds}' if turn else 'warming up'}, {label} …", file=sys.stderr)
            async with asyncio.timeout(_ROUND_WITHIN):
                if turn == 0:
                    each.warming = await caller.flood(service.ports, channel.warming, IN_FLIGHT, new=new)
                    continue
                before = service.count_cpu()
                flood = await caller.flood(
                    service.ports, min(events, channel.new) if new else events, IN_FLIGHT, new=new
                )
                took = max(asked.replies[0] for asked in flood) - min(asked.due for asked in flood)
                each.rates.append(len(flood) / took)
                # What follows the last reply is work for it too.
                await asyncio.sleep(LATENCY * 4)
                each.cpu.append((service.count_cpu() - before) / len(flood) * 1000)
                each.flooded += flood
                if not new:
                    each.paced += await caller.pace(service.ports, channel.paced, channel.rate)
    await asyncio.sleep(_SETTLE)


def _report(
    measured: Mapping[str, Measured], caller: Slack, questions: Sequence[str], channel: Channel
) -> dict[str, Any]:
    answers = caller.answer({*questions, *(asked.question for asked in _list_events(measured[_NEW]))})
    echoes = {each: caller.echo(each) for each in questions}
    faults = [f"{caller.unknown} replies to no event"] if caller.unknown else []
    services: dict[str, Any] = {}
    for name, each in measured.items():
        faults += [f"{name}: {told}" for told in check(_list_events(each), echoes if name == "echo" else answers)]
        ratios = [ours / theirs for ours, theirs in zip(each.rates, measured["echo"].rates, strict=True)]
        services[name] = {
            "per_second": _summarize(each.rates),
            "ratio": _summarize(ratios, 3),
            "cpu_ms": round(median(each.cpu), 2),
            "flood_ms": _find_percentiles([asked.replies[0] - asked.due for asked in each.flooded]),
            "acknowledged_ms": _find_percentiles([asked.acknowledged - asked.due for asked in each.flooded]),
            "paced_ms": _find_percentiles([asked.replies[0] - asked.due for asked in each.paced]),
            "answered": len(each.flooded) + len(each.paced),
        }
    return {
        "services": services,
        "faults": faults,
        "channel": caller.title,
        "peer": caller.peer,
        "floor": channel.floor,
        "in_flight": IN_FLIGHT,
        "different_questions": len(questions),
        "paced_per_second": channel.rate,
        "api_answers_after_ms": LATENCY * 1000,
    }


def _list_events(measured: Measured) -> list[Asked]:
    return [*measured.warming, *measured.flooded, *measured.paced]


def check(events: Sequence[Asked], expected: Mapping[str, str]) -> list[str]:
    """What went wrong with events: refused, not answered once, or answered with something else."""
    counts = {
        "not acknowledged": sum(not asked.taken for asked in events),
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


def _find_percentiles(seconds: Sequence[float]) -> dict[str, float] | None:
    """In milliseconds; None where nothing was measured."""
    if not seconds:
        return None
    cuts = quantiles((each * 1000 for each in seconds), n=100, method="inclusive")
    return {"p50": round(cuts[49], 1), "p99": round(cuts[98], 1)}


def run(arguments: Sequence[str]) -> int:
    """Measure and print.

    Returns:
        0; 1 where Clausebot is under the floor, if there is one, or an event was not answered once; 2 where a service
        did not start.
    """
    parser = argparse.ArgumentParser(prog="python -m bench chat", description=__doc__)
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.add_argument("--channel", choices=_CHANNELS, default="slack", help="where it is asked; Slack unless told")
    parser.add_argument("--rounds", type=int, help="how often each service is measured")
    chosen = parser.parse_args(arguments)
    try:
        report = measure(chosen.rounds, channel=chosen.channel)
    except RuntimeError as error:
        print(f"chat: {error}", file=sys.stderr)
        return 2
    print(json.dumps(report) if chosen.json else render(report))
    return int(not holds(report))


def holds(report: Mapping[str, Any]) -> bool:
    """Whether Clausebot is at the floor or over it both ways, if there is one, and every event was answered once."""
    if report["faults"]:
        return False
    floor = report["floor"] or 0.0
    return all(report["services"][name]["ratio"]["median"] >= floor for name in ("sqlite", "postgresql"))


def render(report: Mapping[str, Any]) -> str:
    """The figures as a table to read."""
    lines = [f"FAULT {fault}" for fault in report["faults"]]
    if "services" not in report:
        return "\n".join(lines)
    columns = ("answers/s", "to the echo app", "CPU ms each", "p50 ms", "p99 ms")
    lines.append(f"{'':<26}{columns[0]:>18}{columns[1]:>22}{columns[2]:>13}{columns[3]:>9}{columns[4]:>9}")
    for name, each in report["services"].items():
        rate, ratio, paced = each["per_second"], each["ratio"], each["paced_ms"]
        spread = f"({rate['min']:.0f}–{rate['max']:.0f})"
        ratios = f"({ratio['min']:.2f}–{ratio['max']:.2f})"
        label = _LABELS.get(name, report["peer"])
        lines.append(
            f"{label:<26}{rate['median']:>6.0f} {spread:>11}{ratio['median']:>9.2f} {ratios:>12}"
            f"{each['cpu_ms']:>13.2f}" + (f"{paced['p50']:>9.1f}{paced['p99']:>9.1f}" if paced else "")
        )
    floor = f", at least {report['floor']} but for new questions" if report["floor"] else ""
    lines.append(
        f"Answers a second with {report['in_flight']} events in flight, medians (and extremes) of the rounds; ratios to"
        f" the echo app's of the same round{floor}.\n"
        f"Milliseconds from event to posted reply, at {report['paced_per_second']} events a second."
        f" The API of {report['channel']} answers after {report['api_answers_after_ms']:.0f} ms."
        f" {report['different_questions']} different questions come again and again; new ones never."
    )
    return "\n".join(lines)
