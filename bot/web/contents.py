"""A guide's table of contents, what stands before and after a page of it, and who carries how much. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from bot.links import Linked, locate, quote_part
from bot.web.reading_phrases import READING_PHRASES
from corpus.models import Owner, Ownership
from retrieval.catalogue import Catalogue, GuideView, RegulationView, Suggestion
from retrieval.wording import MARKS, Language, format_date

SPECTRUM = (Ownership.CSP_OWNED, Ownership.SHARED, Ownership.CSC_OWNED, Ownership.THIRD_PARTY, Ownership.NONE)
"""The order in which ownerships are drawn beside each other: from the provider's side to the customer's."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A page to go to; ``path`` is its way from the start page. ``page`` is that of the guide, ``depth`` from 1."""

    name: str
    title: str
    path: str
    ownership: Ownership | None = None
    page: int | None = None
    depth: int = 1


@dataclass(frozen=True, slots=True)
class Part:
    """A regulation in a guide: its page, and those of its clauses."""

    name: str
    title: str
    path: str
    entries: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class Contents:
    """A guide's pages. ``short`` is its title as far as it fits a line, ``told`` its edition, date and provider."""

    title: str
    short: str
    told: str
    path: str
    parts: tuple[Part, ...]
    sections: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class Card:
    """A regulation in a guide at a glance: how many of its clauses each side carries, as numbers and in words."""

    name: str
    title: str
    path: str
    counts: Mapping[Ownership, int]
    told: str
    guide: str


def path_of(view: Linked) -> str:
    """The way from the start page to a clause's page, or to that of a background item's section."""
    return "/".join(["guides", *map(quote_part, (view.guide, *locate(view)))])


def path_to(guide: str, ref: str) -> str:
    """The way from the start page to a clause or section of a guide by its reference, as answers write it."""
    regulation, _, number = ref.partition(" ")
    place = (number,) if regulation == "guide" else (regulation, number)
    return "/".join(["guides", *map(quote_part, (guide, *place))])


def path_in(guide: GuideView, *place: str) -> str:
    """The way from the start page to a page of a guide."""
    return "/".join(["guides", *map(quote_part, (guide.id, *place))])


def list_contents(guide: GuideView, regulations: Iterable[RegulationView], language: Language) -> Contents:
    """The table of contents of a guide."""
    titles = {regulation.id: regulation.title for regulation in regulations}
    reading = READING_PHRASES[language]
    return Contents(
        title=guide.title,
        short=guide.title.partition(":")[0],
        told=reading.edition.format(
            edition=guide.edition, date=format_date(guide.date, language), provider=guide.provider
        ),
        path=path_in(guide),
        parts=tuple(
            Part(name, titles.get(name, ""), path_in(guide, name), tuple(_list_clauses(guide, name)))
            for name in guide.regulations
        ),
        sections=tuple(
            Entry(
                name=reading.notices if section.number == "notices" else section.number,
                title="" if section.number == "notices" else section.title,
                path=path_in(guide, section.number),
                page=section.page,
                depth=section.number.count(".") + 1,
            )
            for section in guide.sections
        ),
    )


def _list_clauses(guide: GuideView, regulation: str) -> Iterable[Entry]:
    for clause in guide.clauses:
        if clause.regulation == regulation:
            yield list_entry(clause, name=clause.ref.partition(" ")[2])


def list_entry(suggestion: Suggestion, name: str = "") -> Entry:
    """A clause or background item as a page to go to."""
    path = path_of(suggestion) + (f"#{suggestion.item}" if suggestion.item else "")
    return Entry(name or suggestion.ref, suggestion.title, path, suggestion.ownership)


def find_beside(entries: Sequence[Entry], path: str) -> tuple[Entry | None, Entry | None]:
    """What stands before and after a page among others."""
    paths = [entry.path for entry in entries]
    at = paths.index(path)
    return entries[at - 1] if at else None, entries[at + 1] if at + 1 < len(entries) else None


def count_ownerships(ownerships: Iterable[Ownership]) -> dict[Ownership, int]:
    """How many of some clauses each side carries, in the order in which that is drawn."""
    counted = Counter(ownerships)
    return {ownership: counted[ownership] for ownership in SPECTRUM if counted[ownership]}


def tell_counts(counts: Mapping[Ownership, int] | Mapping[Owner, int], language: Language) -> str:
    """How many clauses each side carries, or how many duties each party has, in words."""
    reading = READING_PHRASES[language]
    told = [
        (reading.duties if isinstance(who, Owner) else reading.clauses_of)[who.value].format(count=count)
        for who, count in counts.items()
    ]
    return MARKS[language].between.join(told)


def list_cards(catalogue: Catalogue, language: Language, guides: Sequence[GuideView] | None = None) -> list[Card]:
    """Every regulation of every guide, or of some."""
    cards = []
    for guide in catalogue.guides if guides is None else guides:
        contents = list_contents(guide, catalogue.regulations, language)
        for part in contents.parts:
            counts = count_ownerships(entry.ownership for entry in part.entries if entry.ownership)
            cards.append(Card(part.name, part.title, part.path, counts, tell_counts(counts, language), contents.short))
    return cards
