"""What the loaded guides hold, to choose from: every clause and background item, and the rules' known updates."""

from __future__ import annotations

from collections.abc import Sequence

from corpus.models import Clause, Guide, Item, Model, Ownership
from corpus.regulations import Regulations
from retrieval.answer import UpdateView
from retrieval.resolve import Directory, Passage
from retrieval.views import view_update


class Suggestion(Model):
    """A clause or background item as a choice.

    ``regulation`` is None for background, and ``item`` its id (``iso-27001``), by which `Answerer.show` tells it
    from others of its section; None for a clause.
    """

    ref: str
    title: str
    guide: str
    section: str
    ownership: Ownership
    regulation: str | None
    item: str | None = None


class SectionView(Model):
    """A section of a guide; ``page`` is where the guide's contents list puts it, None for the notices."""

    number: str
    title: str
    page: int | None


class AbsentView(Model):
    """A clause that a reader will look for and the guide does not answer, and how that is known."""

    ref: str
    reason: str


class GuideView(Model):
    """One guide: whose it is, and everything in it that can be shown."""

    id: str
    title: str
    edition: str
    date: str
    provider: str
    regulations: tuple[str, ...]
    clauses: tuple[Suggestion, ...]
    background: tuple[Suggestion, ...]
    sections: tuple[SectionView, ...] = ()
    absent: tuple[AbsentView, ...] = ()


class RegulationView(Model):
    """A rule book; ``in_force`` says since when, ``revisions`` what is known of changes and when that was looked up."""

    id: str
    title: str
    issuer: str
    in_force: str
    revisions: str
    checked: str
    source: str


class Catalogue(Model):
    """Every loaded guide, the rule books that they answer, and the known changes of the rules since."""

    guides: tuple[GuideView, ...]
    updates: tuple[UpdateView, ...]
    regulations: tuple[RegulationView, ...] = ()


def list_catalogue(directory: Directory, guides: Sequence[Guide], regulations: Regulations) -> Catalogue:
    """The catalogue of some guides; clauses come by regulation and number, background as the pack has it."""
    clauses = directory.clauses()
    return Catalogue(
        guides=tuple(
            GuideView(
                id=guide.info.id,
                title=guide.info.title,
                edition=guide.info.edition,
                date=guide.info.date,
                provider=guide.info.provider.name,
                regulations=guide.info.regulations,
                clauses=tuple(view_suggestion(guide, entry.passage) for entry in clauses if entry.guide is guide),
                background=tuple(view_suggestion(guide, item) for item in guide.items),
                sections=tuple(
                    SectionView(number=section.number, title=section.title, page=section.page)
                    for section in guide.info.sections
                ),
                absent=tuple(AbsentView(ref=absent.ref, reason=absent.reason) for absent in guide.info.absent),
            )
            for guide in guides
        ),
        updates=tuple(view_update(update) for update in regulations.updates),
        regulations=tuple(
            RegulationView(
                id=regulation.id,
                title=regulation.title,
                issuer=regulation.issuer,
                in_force=regulation.in_force_note,
                revisions=regulation.known_revisions,
                checked=regulation.checked,
                source=regulation.source,
            )
            for regulation in regulations.regulations
        ),
    )


def view_suggestion(guide: Guide, passage: Passage) -> Suggestion:
    """A passage of a guide as a choice."""
    return Suggestion(
        ref=passage.ref,
        title=passage.title,
        guide=guide.info.id,
        section=passage.section,
        ownership=passage.ownership,
        regulation=passage.regulation if isinstance(passage, Clause) else None,
        item=passage.id if isinstance(passage, Item) else None,
    )
