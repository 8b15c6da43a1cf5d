"""From references to the clauses that the loaded guides answer, and to what stands near where they don't. Pure."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from corpus.models import Clause, Guide, Item, Provider
from corpus.regulations import Regulations
from retrieval.reference import Reference

Passage = Clause | Item


@dataclass(frozen=True, slots=True)
class Entry:
    """A passage with the guide it belongs to; ``position`` is its place in the index."""

    guide: Guide
    passage: Passage
    position: int


@dataclass(frozen=True, slots=True)
class Resolution:
    """What a reference leads to.

    ``found`` are the passages it names. Where nothing is: ``reason`` is what the pack says of the clause,
    ``elsewhere`` are clauses of that number under another regulation, ``nearby`` the closest that are answered.
    ``partial`` says that only a part of what was named is answered. ``is_section`` says that a section of the guide
    was meant.
    """

    reference: Reference
    found: tuple[Entry, ...] = ()
    reason: str | None = None
    elsewhere: tuple[Entry, ...] = ()
    nearby: tuple[Entry, ...] = ()
    partial: bool = False
    is_section: bool = False
    is_known_regulation: bool = True

    @property
    def label(self) -> str:
        """What the reference names, as a message says it: with the regulation that a bare number belongs to."""
        if self.is_section:
            return f"guide {self.reference.number}"
        if self.found and self.reference.regulation is None:
            regulation = self.found[0].passage.ref.split(" ", 1)[0]
            return f"{regulation} {self.reference}"
        return str(self.reference)

    def of_guides(self, guides: Sequence[Guide]) -> Resolution:
        """The resolution within the guides of the provider that a question names."""
        found = tuple(entry for entry in self.found if entry.guide in guides)
        near = self.nearby if found else (*self.found, *self.nearby)
        return replace(self, found=found, nearby=tuple(entry for entry in near if entry.guide in guides))


class Directory:
    """Every passage of the loaded guides by clause reference and by guide section."""

    def __init__(self, guides: Sequence[Guide], regulations: Regulations):
        self.entries: list[Entry] = []
        for guide in guides:
            for passage in guide.passages:
                self.entries.append(Entry(guide, passage, len(self.entries)))
        self._clauses: dict[str, list[Entry]] = {}
        self._sections: dict[str, list[Entry]] = {}
        for entry in self.entries:
            if isinstance(entry.passage, Clause):
                self._clauses.setdefault(entry.passage.ref, []).append(entry)
            self._sections.setdefault(entry.passage.section, []).append(entry)
        self.regulations = tuple(dict.fromkeys(name for guide in guides for name in guide.info.regulations))
        self._formerly = {old: regulation.id for regulation in regulations.regulations for old in regulation.formerly}
        self._absent = {absent.ref: absent.reason for guide in guides for absent in guide.info.absent}

    def providers(self) -> list[str]:
        """Every name of the guides' providers, the longest first."""
        known = {entry.guide.info.id: entry.guide.info.provider for entry in self.entries}.values()
        return sorted(
            {name for each in known for name in (each.name, *each.names)}, key=lambda name: (-len(name), name)
        )

    def named(self, text: str) -> list[Guide]:
        """The guides whose provider a question names; empty where it names none, or all."""
        found = [guide for guide, names in self._providers if names.search(text)]
        return found if len(found) < len(self._providers) else []

    @cached_property
    def _providers(self) -> list[tuple[Guide, re.Pattern[str]]]:
        """Each guide with what matches a name of its provider."""
        guides = {entry.guide.info.id: entry.guide for entry in self.entries}.values()
        names = [(guide, map(re.escape, (guide.info.provider.name, *guide.info.provider.names))) for guide in guides]
        return [
            (guide, re.compile(rf"(?<![a-z])(?:{'|'.join(each)})(?![a-z])", re.IGNORECASE)) for guide, each in names
        ]

    def positions(self, guides: Sequence[Guide]) -> Collection[int]:
        """The positions of these guides' passages; of all passages for none."""
        everywhere = range(len(self.entries))
        return {each for each in everywhere if self.entries[each].guide in guides} if guides else everywhere

    def same_clause(self, entry: Entry) -> list[Entry]:
        """The entry, and those of other guides on the same clause."""
        if not isinstance(entry.passage, Clause):
            return [entry]
        others = self._clauses[entry.passage.ref]
        return [entry, *(other for other in others if other.guide is not entry.guide)]

    def silent(self, resolution: Resolution, within: Collection[int]) -> list[Guide]:
        """The guides with passages at those positions that have none of what a clause's reference leads to."""
        if resolution.reference.number is None or resolution.is_section:
            return []
        answering = {entry.guide.info.id for entry in resolution.found}
        guides = {self.entries[position].guide.info.id: self.entries[position].guide for position in within}
        return [guide for name, guide in guides.items() if name not in answering]

    def regulation(self, name: str) -> list[Entry]:
        """Every clause of a regulation in the guides' order."""
        return [entry for ref, entries in self._clauses.items() if ref.startswith(f"{name} ") for entry in entries]

    def about(self, name: str) -> list[Entry]:
        """The background items that speak of a regulation: those of the sections whose title names it in brackets."""
        return [
            entry
            for entry in self.entries
            if isinstance(entry.passage, Item) and f"({name})" in entry.guide.section(entry.passage.section).title
        ]

    def section(self, number: str) -> list[Entry]:
        """Every passage of a guide's section, background first."""
        entries = self._sections.get(number, [])
        return sorted(entries, key=lambda entry: isinstance(entry.passage, Clause))

    def clauses(self) -> list[Entry]:
        """Every clause by regulation and number; those of one number in the guides' order."""
        order = {name: i for i, name in enumerate(self.regulations)}
        found = [entry for entry in self.entries if isinstance(entry.passage, Clause)]
        return sorted(found, key=lambda entry: (order[entry.passage.ref.split(" ", 1)[0]], _levels(_place(entry))))

    def entry(self, ref: str, guide: str | None = None) -> Entry | None:
        """The first passage of that reference, or background item of that id, in any guide or one."""
        named = self._clauses.get(ref) or [
            entry
            for entry in self.entries
            if isinstance(entry.passage, Item) and ref in (entry.passage.ref, entry.passage.id)
        ]
        return next((entry for entry in named if guide in (None, entry.guide.info.id)), None)

    def resolve(self, reference: Reference, preferred: str | None = None) -> Resolution | None:
        """What the reference leads to; None where a bare number names nothing and so is no reference.

        Args:
            reference: as parsed.
            preferred: the regulation whose clause a bare number means, where it has one of that number.
        """
        if reference.guide:
            return self._resolve_section(reference)
        if reference.regulation:
            return self._resolve_clause(reference, self._formerly.get(reference.regulation, reference.regulation))
        if preferred and self._find(preferred, reference)[0]:
            return self._resolve_clause(reference, preferred)
        return self._resolve_number(reference)

    def _resolve_clause(self, reference: Reference, regulation: str) -> Resolution:
        known = regulation in self.regulations
        if reference.number is None:
            entries = (*self.about(regulation), *self.regulation(regulation))
            return Resolution(reference, entries, is_known_regulation=known)
        found, partial = self._find(regulation, reference)
        if found:
            return Resolution(reference, found, partial=partial)
        elsewhere = tuple(
            entry for other in self.regulations if other != regulation for entry in self._find(other, reference)[0]
        )
        ref = f"{regulation} {str(reference).split(' ', 1)[-1]}"
        nearby = () if elsewhere else tuple(self._nearby(regulation, reference))
        return Resolution(
            reference, reason=self._absent.get(ref), elsewhere=elsewhere, nearby=nearby, is_known_regulation=known
        )

    def _resolve_number(self, reference: Reference) -> Resolution | None:
        found: list[Entry] = []
        partial = False
        for regulation in self.regulations:
            entries, only_part = self._find(regulation, reference)
            found += entries
            partial = partial or only_part
        if found:
            return Resolution(reference, tuple(found), partial=partial)
        number = reference.number or ""
        for regulation in self.regulations:
            place = number + "".join(f"({letter})" for letter in reference.letters)
            if f"{regulation} {place}" in self._absent:
                return self._resolve_clause(_with_regulation(reference, regulation), regulation)
        if not reference.letters and number in self._sections and (reference.unit or "." in number):
            return self._resolve_section(reference)
        if reference.letters and any(
            ref.startswith(f"{regulation} {number}") for regulation in self.regulations for ref in self._clauses
        ):
            # Other letters of the clause are answered: "5.8(h)" is asked for, not talked of.
            near = [entry for regulation in self.regulations for entry in self._nearby(regulation, reference)]
            near = [entry for entry in near if _place(entry).startswith(number)]
            return Resolution(reference, nearby=tuple(near[:MOST_NEARBY]))
        if not reference.unit or "." not in number:
            # "section 33 of the ordinance", "SEC 17a": clauses here have a point in their number.
            return None
        nearby = tuple(entry for regulation in self.regulations for entry in self._nearby(regulation, reference))
        return Resolution(reference, nearby=nearby[:MOST_NEARBY])

    def _resolve_section(self, reference: Reference) -> Resolution:
        found = tuple(self.section(reference.number or ""))
        nearby: Iterable[Entry] = ()
        if not found:
            numbers = [number for number in self._sections if number != "notices"]
            close = sorted(numbers, key=lambda number: _distance(number, reference.number or ""))[:MOST_NEARBY]
            nearby = [self.section(number)[0] for number in close]
        return Resolution(reference, found, nearby=tuple(nearby), is_section=True)

    def _find(self, regulation: str, reference: Reference) -> tuple[tuple[Entry, ...], bool]:
        """The clause itself, else all under it, else the one above it; and whether that is only a part of it."""
        letters = reference.letters
        while True:
            ref = f"{regulation} {reference.number}" + "".join(f"({letter})" for letter in letters)
            if ref in self._clauses:
                return tuple(self._clauses[ref]), False
            inside = tuple(
                entry for name, held in self._clauses.items() if name.startswith(f"{ref}(") for entry in held
            )
            if inside and letters == reference.letters:
                # Only some letters of the clause are answered where the pack lists others as absent.
                return inside, any(absent.startswith(f"{ref}(") for absent in self._absent)
            if len(letters) < 2:
                return (), False
            letters = letters[:-1]

    def _nearby(self, regulation: str, reference: Reference) -> list[Entry]:
        """The clauses answered under the regulation that stand closest to the one named."""
        wanted = (reference.number or "") + "".join(f"({letter})" for letter in reference.letters)
        entries = self.regulation(regulation)
        entries.sort(key=lambda entry: _distance(_place(entry), wanted))
        return entries[:MOST_NEARBY]


MOST_NEARBY = 4
"""Clauses offered beside one that is not answered: more are no help on a phone."""


def _match_names(provider: Provider) -> re.Pattern[str]:
    names = "|".join(map(re.escape, (provider.name, *provider.names)))
    return re.compile(rf"(?<![a-z])(?:{names})(?![a-z])", re.IGNORECASE)


def _with_regulation(reference: Reference, regulation: str) -> Reference:
    return Reference(
        regulation, reference.number, reference.letters, False, reference.unit, reference.start, reference.end
    )


def _place(entry: Entry) -> str:
    return entry.passage.ref.split(" ", 1)[1]


def _distance(one: str, other: str) -> tuple[int, ...]:
    """How far two clause numbers stand apart, level by level."""
    return tuple(abs(a - b) for a, b in zip(_levels(one), _levels(other), strict=True))


def _levels(place: str) -> tuple[int, int, int]:
    number, _, letters = place.partition("(")
    parts = [int(part) for part in number.split(".") if part.isdigit()] + [0, 0]
    return parts[0], parts[1], ord(letters[0]) - 96 if letters else 0
