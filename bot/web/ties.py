"""Which statement on a page restates which sentences of the source, both ways, with an id for each. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from corpus.models import Owner, parse_anchor, sentence_key
from retrieval.answer import AnchorView, ClauseView, DutyView, Note
from retrieval.sourced import ParagraphView, PlaceView, SentenceView, SourceView

Place = tuple[str, str | None]
"""A section of the guide, and a row of its table or None for its prose."""


@dataclass(frozen=True, slots=True)
class Statement:
    """What a page says in our words; ``id`` is its own on the page, ``ties`` those of the sentences it restates."""

    id: str
    ties: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class TiedDuty(Statement):
    """A duty; ``ways`` are the ids of the first sentence of each of its anchors."""

    view: DutyView
    ways: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class TiedNote(Statement):
    """Something doubtful in the guide, or a word with a meaning of its own."""

    view: Note


@dataclass(frozen=True, slots=True)
class TiedPassage:
    """A clause or background item whose statements are tied."""

    view: ClauseView
    requirement: Statement
    duties: tuple[TiedDuty, ...]
    notes: tuple[TiedNote, ...]

    def of(self, owner: Owner) -> list[TiedDuty]:
        """One party's duties."""
        return [duty for duty in self.duties if duty.view.owner is owner]


@dataclass(frozen=True, slots=True)
class TiedSentence:
    """A sentence of the source: ``ties`` are the ids of what restates it, ``owners`` whose duties are among that."""

    id: str
    view: SentenceView
    ties: tuple[str, ...]
    owners: tuple[Owner, ...]


@dataclass(frozen=True, slots=True)
class TiedParagraph:
    """A paragraph; its ``number`` is None in a row's requirement column."""

    number: int | None
    sentences: tuple[TiedSentence, ...]


@dataclass(frozen=True, slots=True)
class TiedPlace:
    """A section's prose or a row, with its sentences."""

    view: PlaceView
    paragraphs: tuple[TiedParagraph, ...]


@dataclass(frozen=True, slots=True)
class TiedPage:
    """Passages of one place, and the source around them."""

    passages: tuple[TiedPassage, ...]
    places: tuple[TiedPlace, ...]
    attached: bool


def tie(views: Sequence[ClauseView], source: SourceView) -> TiedPage:
    """Tie passages to their sentences.

    Args:
        views: at least one, as `Desk.show` gives them, all of one section and row.
        source: as `Desk.source_of` gives it for them.
    """
    own = (views[0].section, views[0].row)
    passages: list[TiedPassage] = []
    count = {"d": 0, "n": 0}

    def number(letter: str) -> str:
        count[letter] += 1
        return f"{letter}{count[letter]}"

    for index, (view, restated) in enumerate(zip(views, source.restated, strict=True), 1):
        passages.append(
            TiedPassage(
                view=view,
                requirement=Statement(f"r{index}", _ids(restated.requirement, own)),
                duties=tuple(
                    TiedDuty(number("d"), _ids(keys, own), duty, tuple(name_anchor(each, own) for each in duty.anchors))
                    for duty, keys in zip(view.duties, restated.duties, strict=True)
                ),
                notes=tuple(
                    TiedNote(number("n"), _ids(keys, own), note)
                    for note, keys in zip(view.errata, restated.notes, strict=True)
                ),
            )
        )
    return TiedPage(tuple(passages), tuple(_tie_places(source.places, passages, own)), source.attached)


def _tie_places(places: Iterable[PlaceView], passages: Sequence[TiedPassage], own: Place) -> Iterable[TiedPlace]:
    statements: dict[str, list[Statement]] = {}
    for passage in passages:
        for statement in (passage.requirement, *passage.duties, *passage.notes):
            for key in statement.ties:
                statements.setdefault(key, []).append(statement)
    for place in places:
        yield TiedPlace(place, tuple(_tie_paragraph(paragraph, statements, own) for paragraph in place.paragraphs))


def _tie_paragraph(paragraph: ParagraphView, statements: Mapping[str, list[Statement]], own: Place) -> TiedParagraph:
    sentences = []
    for sentence in paragraph.sentences:
        name = name_sentence(sentence.key, own)
        tied = statements.get(name, [])
        owners = dict.fromkeys(statement.view.owner for statement in tied if isinstance(statement, TiedDuty))
        sentences.append(TiedSentence(name, sentence, tuple(each.id for each in tied), tuple(owners)))
    return TiedParagraph(paragraph.number, tuple(sentences))


def _ids(keys: Sequence[str], own: Place) -> tuple[str, ...]:
    return tuple(name_sentence(key, own) for key in keys)


def name_sentence(key: str, own: Place) -> str:
    """The id of a sentence on the page of a place.

    ``s3`` is the third sentence of that place's first paragraph, ``p2-s1`` the first of its second, ``req-s1`` that of
    the requirement; elsewhere section and row come first: ``at-6.1-c-p4-s3``.
    """
    found = parse_anchor(key)
    sentence = f"s{found['sentences'][0]}"
    part = "req-" if found["column"] == "requirement" else f"p{found['paragraph']}-"
    if (found["section"], found["row"]) == own:
        return sentence if part == "p1-" else part + sentence
    place = re.sub(r"[^a-z0-9.]+", "-", "-".join(filter(None, (found["section"], found["row"])))).strip("-")
    return f"at-{place}-{part}{sentence}"


def name_anchor(anchor: AnchorView, own: Place) -> str:
    """The id of the first sentence of an anchor of a duty, on the page of a place."""
    key = sentence_key(anchor.section, anchor.row, "response", anchor.paragraph, anchor.sentences[0])
    return name_sentence(key, own)
