"""What a reader can do with a card: open its source, a related clause, choose, ask a person, go back. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from bot.links import Linked, Links
from bot.parts import point, tell_apart
from bot.phrases import PHRASES
from bot.teams import verbs
from bot.teams.elements import Element, actions, choices, execute, fold, open_url, say, submit, toggle, weigh
from bot.teams.phrases import TEAMS_PHRASES
from bot.values import Asked, Pointer, pack
from retrieval.answer import ClauseView, Closest
from retrieval.wording import Language

MOST_BUTTONS = 6
"""Choices that are buttons; more drop down."""

# Bytes of a card that an Asked takes each of the three times that it stands there, and that a list of clauses takes.
_LARGEST_ASKED = 2400
_LARGEST_LIST = 8000
_LONGEST_POINTED = 150

Named = tuple[str, Pointer]
"""A clause's name, and what leads to it."""


def pack_asked(asked: Asked) -> str:
    """The question as text, without what makes it too large for a card: the question first, then the last clauses."""
    text = pack(asked)
    while weigh(text) > _LARGEST_ASKED and (asked.question or asked.refs):
        asked = replace(asked, question="") if asked.question else replace(asked, refs=asked.refs[:-1])
        text = pack(asked)
    return text


def source_button(view: ClauseView, asked: Asked) -> Element:
    """*Source*: everything that is known of the clause, in the place of the answer."""
    data = {"value": pack(point(view, asked.language)), verbs.ASKED: pack_asked(asked)}
    return execute(PHRASES[asked.language].source, verbs.SOURCE, data)


def link_button(clause: Linked, links: Links, language: Language) -> Element:
    """What opens the clause in the source viewer."""
    return open_url(TEAMS_PHRASES[language].open, links.clause(clause))


def back_button(asked: Asked) -> Element:
    """*Back to the answer*."""
    return execute(TEAMS_PHRASES[asked.language].back, verbs.BACK, {"value": pack_asked(asked)})


def draw_list(verb: str, label: str, named: Sequence[Named], asked: Asked) -> list[Element]:
    """Clauses in a list that drops down, of which one is read; what it has no room for is counted."""
    options = _fit(named)
    if not options:
        return []
    data = {verbs.ASKED: pack_asked(asked)}
    read = execute(TEAMS_PHRASES[asked.language].read, verb, data, with_inputs=True)
    return [choices(verb, label, options, options[0][1]), actions([read]), *_count(named, options, asked.language)]


def name_clauses(views: Sequence[ClauseView | Closest], language: Language) -> list[Named]:
    """Each clause once, by reference and title."""
    return [(f"{view.ref} {view.title}", point(view, language)) for view in tell_apart(views)]


def draw_choices(closest: Sequence[Closest], language: Language) -> Iterator[Element]:
    """Clauses to choose from: a few as buttons, one below the other, more in a list; what none holds is counted."""
    named = name_clauses(closest, language)
    if len(named) <= MOST_BUTTONS:
        for name, pointer in named:
            yield actions([submit(name, verbs.CHOICE, {"value": pack(pointer)})], spacing="Small")
        return
    options = _fit(named)
    if options:
        yield choices(verbs.CHOICE, PHRASES[language].choose, options, options[0][1])
        yield actions([submit(TEAMS_PHRASES[language].read, verbs.CHOICE, {}, with_inputs=True)])
    yield from _count(named, options, language)


def ask_person_button(language: Language) -> Element:
    """*Ask a person*, which shows what that means before it is done."""
    return toggle(PHRASES[language].ask_person, verbs.ASK_PERSON)


def ask_person_fold(asked: Asked) -> Element:
    """That the question is passed on, and the button that does so."""
    phrases = PHRASES[asked.language]
    yes = execute(phrases.ask_person_yes, verbs.ASK_PERSON, {"value": pack_asked(asked)})
    no = toggle(phrases.ask_person_no, verbs.ASK_PERSON)
    return fold(verbs.ASK_PERSON, [say(phrases.ask_person_text), actions([yes, no])])


def _fit(named: Sequence[Named]) -> list[tuple[str, str]]:
    room, options = _LARGEST_LIST, []
    for name, pointer in named:
        if max(len(pointer.ref), len(pointer.guide)) > _LONGEST_POINTED:
            continue
        option = (name, pack(pointer))
        room -= weigh(option) + 40
        if room < 0:
            break
        options.append(option)
    return options


def _count(named: Sequence[Named], options: Sequence[tuple[str, str]], language: Language) -> Iterator[Element]:
    if len(options) < len(named):
        more = PHRASES[language].left_out_choices.format(count=len(named) - len(options))
        yield say(more, isSubtle=True)
