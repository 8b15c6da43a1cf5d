"""Where the statements of passages stand in the source, sentence by sentence, with its words where they are attached.

Views are constructed without validation, as in `retrieval.views`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple

from corpus.models import Clause, Guide, Model, Statement, parse_anchor
from corpus.quotes import Quotes
from retrieval.resolve import Passage
from retrieval.views import list_notes


class SentenceView(Model):
    """A sentence of the source: its address (``5.1/c ¶1 s3``), its number in the paragraph, and its words.

    ``text`` is None where the source is not attached, or differs there from what was restated.
    """

    key: str
    number: int
    text: str | None


class ParagraphView(Model):
    """Sentences of one paragraph in order; ``number`` is None in a row's requirement column."""

    number: int | None
    sentences: tuple[SentenceView, ...]


class PlaceView(Model):
    """A section's prose, or a row of its table; ``page`` is where the contents list puts the section.

    ``whole`` says that every sentence of the place is there; else those that something shown restates, and what
    stands in their paragraphs.
    """

    section: str
    title: str
    page: int | None
    row: str | None
    whole: bool
    paragraphs: tuple[ParagraphView, ...]


class RestatedView(Model):
    """What one passage restates, as addresses of sentences: its requirement or summary, each duty, and its notes.

    Duties and notes come in the order of `Answerer.show`.
    """

    requirement: tuple[str, ...]
    duties: tuple[tuple[str, ...], ...]
    notes: tuple[tuple[str, ...], ...]


class SourceView(Model):
    """The source around some passages of one guide: their own place first, then others that they restate.

    ``restated`` has an entry for each of the passages. ``attached`` says that the source is there at all.
    """

    attached: bool
    places: tuple[PlaceView, ...]
    restated: tuple[RestatedView, ...]


class _Address(NamedTuple):
    """A sentence's place, its paragraph there (0 for a row's requirement column), and its number in that."""

    section: str
    row: str | None
    paragraph: int
    sentence: int


def view_source(guide: Guide, passages: Sequence[Passage], quotes: Quotes) -> SourceView:
    """The source around some passages of a guide.

    Args:
        guide: theirs.
        passages: at least one; the first one's section and row are shown whole, where the source is attached.
        quotes: the guide's attached source, if any.
    """
    first = passages[0]
    own = (first.section, first.row if isinstance(first, Clause) else None)
    restated = tuple(_list_restated(passage) for passage in passages)
    statements = [keys for one in restated for keys in (one.requirement, *one.duties, *one.notes)]
    named = {key: _read(key) for keys in statements for key in keys}
    held = {key: address for key in (*quotes.verified, *quotes.withheld) if (address := _read(key))}
    paragraphs = {address[:3] for address in named.values() if address}
    around = {key: address for key, address in held.items() if address[:2] == own or address[:3] in paragraphs}
    places: dict[tuple[str, str | None], dict[_Address, str]] = {own: {}}
    for key, address in (named | around).items():
        if address:
            places.setdefault(address[:2], {})[address] = key
    titles = {section.number: section for section in guide.info.sections}
    return SourceView.model_construct(
        attached=bool(held),
        places=tuple(
            PlaceView.model_construct(
                section=section,
                title=titles[section].title,
                page=titles[section].page,
                row=row,
                whole=bool(held) and (section, row) == own,
                paragraphs=tuple(_list_paragraphs(sentences, quotes)),
            )
            for (section, row), sentences in places.items()
            if sentences
        ),
        restated=restated,
    )


def _list_restated(passage: Passage) -> RestatedView:
    statement = passage.requirement if isinstance(passage, Clause) else passage.summary
    return RestatedView.model_construct(
        requirement=_keys(statement),
        duties=tuple(map(_keys, passage.duties)),
        notes=tuple(map(_keys, list_notes(passage))),
    )


def _keys(statement: Statement) -> tuple[str, ...]:
    return tuple(dict.fromkeys(key for anchor in statement.at for key in anchor.keys))


def _list_paragraphs(sentences: Mapping[_Address, str], quotes: Quotes) -> Iterator[ParagraphView]:
    """The requirement column first, then the paragraphs, each with its sentences in order."""
    paragraphs: dict[int, list[SentenceView]] = {}
    for address in sorted(sentences, key=lambda address: address[2:]):
        key = sentences[address]
        view = SentenceView.model_construct(key=key, number=address.sentence, text=quotes.verified.get(key))
        paragraphs.setdefault(address.paragraph, []).append(view)
    for number, views in paragraphs.items():
        yield ParagraphView.model_construct(number=number or None, sentences=tuple(views))


@lru_cache(maxsize=10_000)
def _read(key: str) -> _Address | None:
    """Where a sentence stands; None for a ledger's entry that is no address."""
    try:
        found = parse_anchor(key)
    except ValueError:
        return None
    paragraph = 0 if found["column"] == "requirement" else found["paragraph"]
    return _Address(found["section"], found["row"], paragraph, found["sentences"][0])
