"""From a question of a questionnaire to what is written beside it. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from bot.desk import Desk
from bot.review.approving import Approved
from bot.review.matrix import CSA_NAMES
from bot.review.model import Fill, Question, ReviewError, Summary
from corpus.models import Ownership
from retrieval.answer import Answer, Outcome
from retrieval.wording import LABELS


class Reviewer:
    """Fills one questionnaire; the same question is answered once.

    Args:
        desk: what answers.
        guides: ids of the guides to answer from; empty for every loaded one.
        approved: what people answered, by `normalize_question`.

    Raises:
        ReviewError: no guide of such an id is loaded.
    """

    def __init__(self, desk: Desk, guides: Sequence[str] = (), approved: Mapping[str, Approved] | None = None) -> None:
        known = {guide.id: guide for guide in desk.catalogue().guides}
        if any(each not in known for each in guides):
            raise ReviewError(f"no guide of that id is loaded; there are: {', '.join(known)}")
        self._desk = desk
        self._guides = [known[each] for each in dict.fromkeys(guides)] or list(known.values())
        self._approved = approved or {}
        self._fills: dict[tuple[str, tuple[str, ...]], Fill] = {}

    def fill(self, question: Question) -> Fill:
        """What to write beside a question: an answer only where the guide gives it with enough confidence."""
        key = question.text, question.choices
        if key not in self._fills:
            self._fills[key] = _compose(self._desk.review(question.text), question.choices)
        return self._fills[key]

    def summarize(self, fills: Sequence[Fill]) -> Summary:
        """The first sheet: what was answered from, how much of it, and that a person must look through it."""
        answered = sum(fill.status == "answered" for fill in fills)
        lines = [
            ("Notice", "A draft for a person to approve. It is no legal advice and confirms no compliance."),
            *(("Guide", f"{guide.title}, edition {guide.edition}, {guide.date}") for guide in self._guides),
            ("Corpus (SHA-256)", self._desk.corpus_hash),
            ("Questions", str(len(fills))),
            ("Answered", str(answered)),
            ("Needs a person", str(len(fills) - answered)),
        ]
        return Summary(title="Vendor review: draft answers", lines=tuple(lines))


def _compose(answer: Answer, choices: Sequence[str]) -> Fill:
    reason = answer.message.split("\n", 1)[0]
    if answer.outcome is not Outcome.ANSWERED or answer.confidence.band != "high":
        return Fill(comment=reason)
    clauses = answer.clauses[: answer.asked]
    labels = LABELS[answer.language]
    told = [f"{labels.owner[duty.owner]}: {duty.text}" for clause in clauses for duty in clause.duties if duty.relevant]
    needs = bool(choices) or answer.ownership is Ownership.NONE
    return Fill(
        answer="" if needs else reason,
        comment=" ".join(told) or reason,
        ownership=CSA_NAMES[answer.ownership],
        clause="; ".join(clause.ref for clause in clauses),
        citation="; ".join(clause.citation for clause in clauses),
        confidence=f"{answer.confidence.value:.2f} ({answer.confidence.band})",
        quote=" ".join(
            f"“{duty.quote}”" for clause in clauses for duty in clause.duties if duty.relevant and duty.quote
        ),
        status="needs a person" if needs else "answered",
    )
