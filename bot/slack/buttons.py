"""What a reader can do with an answer: open its source, a related clause, share it, ask a person. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from bot.parts import Titles, list_related, point, tell_apart
from bot.phrases import PHRASES
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
from bot.values import Asked, pack
from retrieval.answer import ClauseView, Closest
from retrieval.wording import Language

MOST_BUTTONS = 5
"""Choices that are buttons; more drop down."""

# Above this the options of one select would take a third of the message's characters.
_MANY_OPTIONS = 30
_SHORT_OPTION = 36
_WHOLE_OPTION = 75


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


def related_select(
    views: Sequence[ClauseView], found: Sequence[ClauseView], titles: Titles, language: Language
) -> Element | None:
    """The clauses beside those shown, to read: those found too, then those that a single one names."""
    offered = (clause_option(name, pointer) for name, pointer in list_related(views, found, titles, language))
    options = [option for option in offered if option][:_MANY_OPTIONS]
    return select(ids.RELATED, PHRASES[language].related, options) if options else None


def clause_select(views: Sequence[ClauseView], language: Language) -> Element | None:
    """The clauses of a table, to read one of them."""
    options = _options(tell_apart(views), language)
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
    distinct = tell_apart(choices)
    options = _options(distinct, language)
    if options:
        yield actions([select(ids.CHOICE_SELECT, phrases.choose, options)])
    if len(options) < len(distinct):
        yield context(plain(phrases.left_out_choices.format(count=len(distinct) - len(options))))


def _options(clauses: Sequence[ClauseView | Closest], language: Language) -> list[Option]:
    limit = _SHORT_OPTION if len(clauses) > _MANY_OPTIONS else _WHOLE_OPTION
    offered = (clause_option(f"{clause.ref} {clause.title}", point(clause, language), limit) for clause in clauses)
    return [option for option in offered if option][:MOST_CHOICES]
