"""The first sheet of a reviewed questionnaire. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from bot.desk import Desk
from bot.review.model import Fill, Summary
from retrieval.answer import ClauseView
from retrieval.catalogue import GuideView
from retrieval.wording import LABELS, format_date

TITLE = "Vendor review: a draft to approve"
NOTICE = (
    "This is a draft that a person has to look through and approve. Clausebot answers from the guides named here only, "
    "in its own words; what they do not answer is left blank. It is no legal advice and confirms no compliance."
)


def compose_summary(desk: Desk, guides: Sequence[GuideView], fills: Sequence[Fill]) -> Summary:
    """What was answered from, how much was answered, and what to know of the clauses that answer.

    Args:
        desk: what shows a clause.
        guides: the guides that were answered from.
        fills: what was written beside each question.
    """
    answered = sum(fill.status == "answered" for fill in fills)
    # A background item is told by its section, which holds others: nothing is told of those.
    refs = dict.fromkeys(
        ref for fill in fills for ref in fill.clause.split("; ") if ref and not ref.startswith("guide")
    )
    used = [view for ref in refs for guide in guides if (view := desk.show(ref, guide.id))]
    lines = [
        ("Notice", NOTICE),
        *((f"Guide ({guide.provider})", _name(guide)) for guide in guides),
        ("Corpus (SHA-256)", desk.corpus_hash),
        ("Questions", str(len(fills))),
        ("Answered", str(answered)),
        ("Needs a person", str(len(fills) - answered)),
        *dict.fromkeys(_notes(used, several=len(guides) > 1)),
    ]
    return Summary(title=TITLE, lines=tuple(lines))


def _name(guide: GuideView) -> str:
    return f"{guide.title}, edition {guide.edition} ({format_date(guide.date, 'en')}), id {guide.id}"


def _notes(used: Sequence[ClauseView], *, several: bool) -> Iterator[tuple[str, str]]:
    """How old the guides are, what changed since, and what is doubtful in the clauses that answer."""
    labels = LABELS["en"]
    for view in used:
        yield "Currency", f"{view.provider}: {view.currency}" if several else view.currency
    for view in used:
        for update in view.updates:
            told = f"{update.title}. {update.text} [{update.source}]"
            yield f"{labels.update} ({format_date(update.date, 'en')}, {labels.update_status[update.status]})", told
    for view in used:
        for note in view.errata:
            yield f"{labels.note}, {view.ref}{f' ({view.provider})' if several else ''}", note.text
