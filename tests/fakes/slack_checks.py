"""Checks of JSON values, to be put together into Slack's forms: each tells the faults of a value, with their places."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

Check = Callable[[Any], Iterator[str]]
Rule = Callable[[dict[str, Any]], Iterator[str]]


def string(most: int, least: int = 1) -> Check:
    """A string of so many characters, not all of them blank."""

    def check(value: Any) -> Iterator[str]:
        if not isinstance(value, str):
            yield ": not a string"
        elif least and not value.strip():
            yield ": must not be empty"
        elif not least <= len(value) <= most:
            yield f": {len(value)} of at most {most} characters"

    return check


def url(value: Any) -> Iterator[str]:
    """An address that a browser opens, of at most 3,000 characters."""
    yield from string(3000)(value)
    if isinstance(value, str) and not value.startswith(("https://", "http://", "mailto:")):
        yield ": not an address"


def boolean(value: Any) -> Iterator[str]:
    """True or false."""
    if not isinstance(value, bool):
        yield ": not a boolean"


def integer(least: int, most: int) -> Check:
    """A whole number."""

    def check(value: Any) -> Iterator[str]:
        if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
            yield f": not a whole number from {least} to {most}"

    return check


def one_of(*allowed: str) -> Check:
    """One of a few words."""

    def check(value: Any) -> Iterator[str]:
        if value not in allowed:
            yield f": {value!r} is none of {sorted(allowed)}"

    return check


def listed(item: Check, most: int, least: int = 1) -> Check:
    """A list of so many items."""

    def check(value: Any) -> Iterator[str]:
        if not isinstance(value, list) or not least <= len(value) <= most:
            yield f": not a list of {least} to {most}"
            return
        for place, each in enumerate(value):
            yield from (f"/{place}{fault}" for fault in item(each))

    return check


def form(required: Mapping[str, Check], optional: Mapping[str, Check], *rules: Rule) -> Check:
    """An object with those keys and no others; the rules look at it as a whole."""
    known = {**required, **optional}

    def check(value: Any) -> Iterator[str]:
        if not isinstance(value, dict):
            yield ": not an object"
            return
        if unknown := value.keys() - known.keys() - {"type"}:
            yield f": unknown {sorted(unknown)}"
        if missing := required.keys() - value.keys():
            yield f": missing {sorted(missing)}"
        for key in sorted(known.keys() & value.keys()):
            yield from (f"/{key}{fault}" for fault in known[key](value[key]))
        for rule in rules:
            yield from rule(value)

    return check


def by_type(kinds: Mapping[str, Check]) -> Check:
    """An object whose ``type`` is one of those."""

    def check(value: Any) -> Iterator[str]:
        kind = value.get("type") if isinstance(value, dict) else None
        if kind in kinds:
            yield from kinds[kind](value)
        else:
            yield f": type {kind!r} is none of {sorted(kinds)}"

    return check


def exactly_one(*keys: str) -> Rule:
    """One of those keys, and only one."""

    def rule(value: dict[str, Any]) -> Iterator[str]:
        if sum(key in value for key in keys) != 1:
            yield f": exactly one of {sorted(keys)}"

    return rule


def some_of(*keys: str) -> Rule:
    """At least one of those keys."""

    def rule(value: dict[str, Any]) -> Iterator[str]:
        if not any(value.get(key) for key in keys):
            yield f": one of {sorted(keys)} required"

    return rule


def plain(most: int) -> Check:
    """A plain_text object."""
    return by_type({"plain_text": form({"text": string(most)}, {"emoji": boolean})})


def text(most: int) -> Check:
    """A text object, plain_text or mrkdwn."""
    mrkdwn = form({"text": string(most)}, {"verbatim": boolean})
    return by_type({"plain_text": form({"text": string(most)}, {"emoji": boolean}), "mrkdwn": mrkdwn})


ID = string(255)

CONFIRM = form(
    {"title": plain(100), "text": plain(300), "confirm": plain(30), "deny": plain(30)},
    {"style": one_of("primary", "danger")},
)

# A select's, an overflow menu's, and a radio button's or checkbox's.
OPTION = form({"text": plain(75), "value": string(150)}, {"description": plain(75)})
OVERFLOW_OPTION = form({"text": plain(75), "value": string(150)}, {"description": plain(75), "url": url})
MARKED_OPTION = form({"text": text(75), "value": string(150)}, {"description": text(75)})
OPTIONS = listed(OPTION, 100)
OPTION_GROUPS = listed(form({"label": plain(75), "options": OPTIONS}, {}), 100)
