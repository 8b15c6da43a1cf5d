"""Trigger ids: what lets an app open a view for a person, once and within three seconds of what they did."""

from __future__ import annotations

import itertools
from dataclasses import dataclass

GOOD_FOR = 3.0

_numbers = itertools.count(1)


@dataclass
class Trigger:
    """Who did what a trigger stands for, how many seconds ago, and in which view, if in one.

    How long a busy machine then takes to come back with it does not count.
    """

    user: str
    team: str
    age: float
    view: str | None = None
    used: bool = False


TRIGGERS: dict[str, Trigger] = {}


def issue_trigger(user: str = "U0ANN", team: str = "T0TEAM", view: str | None = None, age: float = 0.0) -> str:
    """A trigger id for what a person did so many seconds ago."""
    trigger = f"{next(_numbers)}.{len(team)}.abcdef"
    TRIGGERS[trigger] = Trigger(user, team, age, view)
    return trigger
