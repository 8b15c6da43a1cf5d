"""Rate limits: exact over any minute, for each person and each workspace, in bounded memory."""

from __future__ import annotations

import tracemalloc

import pytest

from bot.limits import ADMITTED, RateLimits
from bot.origin import Origin


class Clock:
    """Seconds that pass when the test says so."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        """The time."""
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """The clock that limits go by."""
    made = Clock()
    monkeypatch.setattr("bot.limits.monotonic", made)
    return made


def ask_as(asker: str, workspace: str = "T0", channel: str = "slack") -> Origin:
    """A question of that person."""
    return Origin(channel, workspace, asker, "event")


async def test_a_person_is_refused_after_so_many_a_minute(clock: Clock) -> None:
    """The question over the limit is refused with the wait until the first is a minute old, and then admitted."""
    limits = RateLimits(person=3, workspace=100)
    for _ in range(3):
        assert await limits.admit(ask_as("U0")) == ADMITTED
        clock.now += 10
    refused = await limits.admit(ask_as("U0"))
    assert (refused.admitted, refused.wait) == (False, 30)
    clock.now += refused.wait - 0.5
    assert (await limits.admit(ask_as("U0"))).wait == 1
    clock.now += 0.5
    assert await limits.admit(ask_as("U0")) == ADMITTED
    assert (await limits.admit(ask_as("U0"))).wait == 10


async def test_no_minute_holds_more_than_the_limit(clock: Clock) -> None:
    """Whatever the rhythm, and however often somebody is refused, any minute has exactly so many admitted questions."""
    limits = RateLimits(person=7, workspace=100)
    admitted = []
    for step in range(2000):
        clock.now += (0.3, 1.1, 0.01)[step % 3]
        if (await limits.admit(ask_as("U0"))).admitted:
            admitted.append(clock.now)
    fullest = max(sum(start <= time < start + 60 for time in admitted) for start in admitted)
    assert fullest == 7
    assert len(admitted) >= 7 * int((clock.now - 1000) / 60)


async def test_only_the_first_refusal_in_a_minute_is_told(clock: Clock) -> None:
    """A flood is answered once a minute for each person, not once a question."""
    limits = RateLimits(person=1, workspace=2)
    await limits.admit(ask_as("U0"))
    assert [(await limits.admit(ask_as("U0"))).tell for _ in range(3)] == [True, False, False]
    await limits.admit(ask_as("U1"))
    assert [(await limits.admit(ask_as("U2"))).tell for _ in range(2)] == [True, False]
    clock.now += 60
    assert not (await limits.admit(ask_as("U0"))).tell
    assert (await limits.admit(ask_as("U0"))).tell


async def test_people_and_workspaces_are_counted_apart(clock: Clock) -> None:
    """The same id elsewhere is another person, a refused question does not use up its workspace's."""
    limits = RateLimits(person=1, workspace=2)
    for who in (ask_as("U0"), ask_as("U0", "T1"), ask_as("U0", "T0", "teams")):
        assert (await limits.admit(who)).admitted
        assert not (await limits.admit(who)).admitted
    assert (await limits.admit(ask_as("U1"))).admitted
    assert not (await limits.admit(ask_as("U2"))).admitted
    assert (await limits.admit(ask_as("U2", "T1"))).admitted


async def test_nobody_in_particular_is_not_limited(clock: Clock) -> None:
    """Without an asker only the workspace is limited; without a workspace only the person; without both nothing."""
    limits = RateLimits(person=1, workspace=2)
    assert [(await limits.admit(ask_as(""))).admitted for _ in range(3)] == [True, True, False]
    assert [(await limits.admit(ask_as("U0", ""))).admitted for _ in range(2)] == [True, False]
    assert all([(await limits.admit(ask_as("", ""))).admitted for _ in range(9)])


async def test_memory_is_bounded_however_many_ask(clock: Clock) -> None:
    """Once 20,000 people have asked within a minute further ones take no more memory, and their minute over, none."""
    limits = RateLimits(person=30, workspace=600)
    held = []
    tracemalloc.start()
    for number in range(60_000):
        await limits.admit(ask_as(f"U{number}", f"T{number}"))
        if number % 20_000 == 19_999:
            held.append(tracemalloc.get_traced_memory()[0])
    clock.now += 60
    await limits.admit(ask_as("U0"))
    left = tracemalloc.get_traced_memory()[0]
    tracemalloc.stop()
    assert max(held) < 64e6
    assert held[2] < 1.1 * held[0]
    assert left < held[0] / 5
