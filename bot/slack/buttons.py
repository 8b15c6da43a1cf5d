"""What a reader can do with an answer: open its source, a related clause, share it, ask a person. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from bot.slack import ids
from bot.slack.elements import (
    MOST_CHOICES,
    Element,
    Option,
    actions,
    button,
    clause_option,
    confirmation,
    select,
)
from bot.slack.mrkdwn import Block, context, plain
from bot.slack.phrases import PHRASES
from bot.slack.values import Asked, Pointer, pack
from retrieval.answer import Answer, ClauseView, Closest
from retrieval.wording import Language

if TYPE_CHECKING:
    from retrieval.catalogue import Catalogue

Titles = Mapping[tuple[str, str], str]
"""Titles of clauses by guide and reference."""

MOST_BUTTONS = 5
"""Choices that are buttons; more drop down."""

# Clauses named in a value, so that it stays short whatever the answer holds.
_MOST_REFS = 20
_LONGEST_POINTED = 100
# Above this the options of one select would take a third of the message's characters.
_MANY_OPTIONS = 30
_SHORT_OPTION = 36
_WHOLE_OPTION = 75


def point(clause: ClauseView | Closest, language: Language) -> Pointer:
    """What a button carries of a clause."""
    ref = clause.item or clause.ref if isinstance(clause, ClauseView) else clause.ref
    return Pointer(ref[:_LONGEST_POINTED], clause.guide[:_LONGEST_POINTED], language)


def describe_asked(answer: Answer, answer_id: str) -> Asked:
    """The question of an answer, for buttons that ask it again or pass it on."""
    refs = tuple(dict.fromkeys(view.ref for view in answer.clauses[: answer.asked]))[:_MOST_REFS]
    return Asked(answer_id, answer.question, refs, answer.language)


def ask_person_button(asked: Asked) -> Element:
    """*Ask a person*: told first that the question is passed on."""
    phrases = PHRASES[asked.language]
    confirm = confirmation(
        phrases.ask_person_title, phrases.ask_person_text, phrases.ask_person_yes, phrases.ask_person_no
    )
    return button(phrases.ask_person, ids.ASK_PERSON, pack(asked), confirm=confirm)


def share_button(asked: Asked) -> Element:
    """*Share to channel*."""
    return button(PHRASES[asked.language].share, ids.SHARE, pack(asked))


def source_button(view: ClauseView, language: Language) -> Element:
    """*Source*: what opens everything that is known of the clause."""
    return button(PHRASES[language].source, ids.SOURCE, pack(point(view, language)), style="primary")


def list_titles(catalogue: Catalogue) -> Titles:
    """The title of each clause, by guide and reference; sections of a guide with several items have none."""
    titles: dict[tuple[str, str], str] = {}
    for guide in catalogue.guides:
        named = Counter(each.ref for each in guide.background)
        for each in (*guide.clauses, *guide.background):
            if named[each.ref] <= 1:
                titles[guide.id, each.ref] = each.title
    return titles


def related_select(
    views: Sequence[ClauseView], found: Sequence[ClauseView], titles: Titles, language: Language
) -> Element | None:
    """The clauses beside those shown, to read: those found too, then those that a single one names."""
    known = {(view.guide, view.ref) for view in views}
    named = [(view.guide, ref) for view in views for ref in (*view.together_with, *view.see_also)]
    titles = {**titles, **{(view.guide, view.ref): view.title for view in found}}
    others = [*((view.guide, view.ref) for view in found), *(named if len(views) == 1 else ())]
    offered = (
        clause_option(f"{ref} {titles.get((guide, ref), '')}".strip(), Pointer(ref, guide, language))
        for guide, ref in dict.fromkeys(others)
        if ref.strip() and (guide, ref) not in known
    )
    options = [option for option in offered if option][:_MANY_OPTIONS]
    return select(ids.RELATED, PHRASES[language].related, options) if options else None


def clause_select(views: Sequence[ClauseView], language: Language) -> Element | None:
    """The clauses of a table, to read one of them."""
    options = _options(_tell_apart(views), language)
    return select(ids.OPEN_CLAUSE, PHRASES[language].open_clause, options) if options else None


def draw_choices(choices: Sequence[ClauseView | Closest], language: Language) -> Iterator[Block]:
    """Clauses to choose from: a few as buttons, more in a list; what no list holds is counted."""
    phrases = PHRASES[language]
    if len(choices) <= MOST_BUTTONS:
        yield actions(
            [
                button(f"{choice.ref} {choice.title}", f"choice:{index}", pack(point(choice, language)))
                for index, choice in enumerate(choices)
            ]
        )
        return
    distinct = _tell_apart(choices)
    options = _options(distinct, language)
    if options:
        yield actions([select(ids.CHOICE_SELECT, phrases.choose, options)])
    if len(options) < len(distinct):
        yield context(plain(phrases.left_out_choices.format(count=len(distinct) - len(options))))


def _tell_apart(clauses: Sequence[ClauseView | Closest]) -> list[ClauseView | Closest]:
    """Each clause once: choices of one section of the guide lead to the same."""
    once: dict[Pointer, ClauseView | Closest] = {}
    for clause in clauses:
        once.setdefault(point(clause, "en"), clause)
    return list(once.values())


def _options(clauses: Sequence[ClauseView | Closest], language: Language) -> list[Option]:
    limit = _SHORT_OPTION if len(clauses) > _MANY_OPTIONS else _WHOLE_OPTION
    offered = (clause_option(f"{clause.ref} {clause.title}", point(clause, language), limit) for clause in clauses)
    return [option for option in offered if option][:MOST_CHOICES]
