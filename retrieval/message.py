"""An answer as plain text: what a reader of a terminal, a notification or a screen reader gets. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from corpus.models import Owner, Ownership
from retrieval.answer import ClauseView, Closest, DutyView
from retrieval.wording import LABELS, MARKS, Language, bracket, format_date, format_pages, join_names, join_sentences

FULL_CLAUSES = 3
"""Clauses shown whole in one message; of more, each gets its split in a line."""


def compose_answered(
    lead: str, ownership: Ownership, clauses: Sequence[ClauseView], asked: int, notes: Iterable[str], language: Language
) -> str:
    """The message of an answer.

    Args:
        lead: the answer to what was asked, in a few words ("The customer."); may be empty.
        ownership: of the duties that answer the question.
        clauses: best first.
        asked: how many of them, from the first, are the answer; the rest are related.
        notes: sentences to put after the lead, such as which part of the question has no answer.
        language: of labels and fixed sentences.
    """
    labels, marks = LABELS[language], MARKS[language]
    lines = [join_sentences((lead or labels.carries[ownership], *notes), language)]
    shown = clauses[:asked]
    # Of one provider it goes without saying whose each clause is.
    several = len({clause.guide for clause in clauses}) > 1
    names = [f"{clause.title}{bracket(clause.provider, language) if several else ''}" for clause in clauses]
    if len(shown) > FULL_CLAUSES:
        lines += [
            f"- {clause.ref} {name}{marks.colon}{labels.ownership[clause.ownership]}"
            for clause, name in zip(shown, names, strict=False)
        ]
    else:
        for clause, name in zip(shown, names, strict=False):
            lines += ["", *_clause_lines(clause, name, language)]
    related = [f"{clause.ref} {name}" for clause, name in zip(clauses[asked:], names[asked:], strict=True)]
    if related:
        lines += ["", f"{labels.see_also}{marks.colon}{marks.semicolon.join(related)}"]
    return "\n".join(lines)


def _clause_lines(clause: ClauseView, name: str, language: Language) -> Iterator[str]:
    labels, marks = LABELS[language], MARKS[language]
    together = ""
    if clause.together_with:
        together = bracket(f"{labels.together} {join_names(clause.together_with, language)}", language)
    whole = f"{labels.whole_clause}{marks.colon}{labels.ownership[clause.ownership]}"
    yield f"{clause.ref} {name}{together} — {whole}"
    yield clause.requirement
    relevant = [duty for duty in clause.duties if duty.relevant]
    for owner in (Owner.CSC, Owner.CSP, Owner.THIRD_PARTY):
        held = [duty for duty in relevant if duty.owner is owner]
        if held:
            yield _party(clause, owner, language) + marks.colon.rstrip()
            yield from (f"  - {_duty_line(duty, language)}" for duty in held)
        elif owner is not Owner.THIRD_PARTY and not any(duty.owner is owner for duty in clause.duties):
            yield labels.silent[owner]
    others = [duty for duty in clause.duties if not duty.relevant]
    if others:
        yield labels.other_duties + marks.colon.rstrip()
        yield from (
            f"  - {_party(clause, duty.owner, language)}{marks.colon}{_duty_line(duty, language)}" for duty in others
        )
    yield f"{labels.source}{marks.colon}{clause.citation}"
    yield from (f"{labels.note}{marks.colon}{note.text}" for note in clause.errata)
    yield clause.currency
    yield from (
        labels.update
        + bracket(f"{format_date(update.date, language)}{marks.comma}{labels.update_status[update.status]}", language)
        + f"{marks.colon}{update.title}. {update.text} [{update.source}]"
        for update in clause.updates
    )
    if clause.see_also:
        yield f"{labels.see_also}{marks.colon}{marks.between.join(clause.see_also)}"


def _party(clause: ClauseView, owner: Owner, language: Language) -> str:
    name = LABELS[language].owner[owner]
    return name + bracket(clause.provider, language) if owner is Owner.CSP else name


def _duty_line(duty: DutyView, language: Language) -> str:
    labels = LABELS[language]
    dated = bracket(f"{labels.as_of} {format_date(duty.as_of, language)}", language) if duty.as_of else ""
    quoted = f"{labels.quote}{MARKS[language].colon}“{duty.quote}”" if duty.quote else ""
    said = f"[{labels.kind[duty.kind]}] {duty.text}{dated}"
    return join_sentences((said, f"[{place_duty(duty, language)}]", quoted), language)


def place_duty(duty: DutyView, language: Language) -> str:
    """Where a duty stands, to the sentence, for beside its text: "5.1 c ¶1 s3, page 9"."""
    marks, places = MARKS[language], []
    for anchor in duty.anchors:
        row = f" {anchor.row}" if anchor.row else ""
        first, last = anchor.sentences[0], anchor.sentences[-1]
        span = f"s{first}" if first == last else f"s{first}-{last}"
        places.append(
            f"{anchor.section}{row} ¶{anchor.paragraph} {span}{marks.comma}{format_pages(anchor.pages, language)}"
        )
    return marks.semicolon.join(places)


def compose_choices(lead: str, heading: str, closest: Sequence[Closest], language: Language) -> str:
    """The message of an answer without clauses: what is so, and what can be asked instead."""
    lines = [lead]
    if closest:
        lines += [
            "",
            heading + MARKS[language].colon.rstrip(),
            *(f"- {choice.ref} {choice.title}" for choice in closest),
        ]
    return "\n".join(lines)
