"""Replies that are no answer: refusals, faults, advice, and what passes between an asker and a person. Pure."""

from __future__ import annotations

import re

from bot.form_phrases import FORM_PHRASES
from bot.links import Links
from bot.place_settings import PlaceSettings
from bot.teams.cards import draw_answer
from bot.teams.elements import (
    Element,
    actions,
    compose,
    container,
    cut,
    escape_markdown,
    measure_room,
    open_url,
    paragraph,
    run,
    say,
    weigh,
)
from bot.teams.phrases import FAULT, TEAMS_PHRASES
from bot.teams.reply import Reply
from bot.values import Asked
from retrieval.answer import Answer
from retrieval.wording import MARKS, Language

_LONGEST_QUESTION = 1500
_LONGEST_NAME = 100
_LONGEST_SUMMARY = 200

_MESSAGE = re.compile(r"https://teams\.microsoft\.com/l/message/[\w%:@.;=&?/-]{1,1000}", re.ASCII)


def render_refusal(limit: int, wait: int, language: Language) -> Reply:
    """That ``limit`` questions in a minute are answered, and in how many seconds (``wait``) the next is."""
    return _say(TEAMS_PHRASES[language].refused.format(limit=limit, wait=wait))


def render_fault() -> Reply:
    """An apology for a failure on our side, in both languages."""
    return _say(FAULT)


def render_gone(language: Language) -> Reply:
    """That a clause or an answer is no longer to be found: the guides have changed since."""
    return _say(FORM_PHRASES[language].gone)


def render_change(name: str, settings: PlaceSettings, language: Language, *, here: str) -> Reply:
    """Who set a place, and how it is set now; ``here`` is the channel's id in which that is told."""
    words, forms, colon = TEAMS_PHRASES[language], FORM_PHRASES[language], MARKS[language].colon
    helpers = words.here if settings.helpers == here else words.elsewhere if settings.helpers else words.nobody_asked
    lines = [
        words.changed.format(name=escape_markdown(cut(name, _LONGEST_NAME)) or words.somebody),
        f"- {forms.regulation}{colon}{escape_markdown(settings.regulation or forms.none)}",
        f"- {words.feedback_on}{colon}{words.yes if settings.feedback else words.no}",
        f"- {words.quiet_on}{colon}{words.yes if settings.quiet else words.no}",
        f"- {words.helpers}{colon}{helpers}",
    ]
    plain = cut(words.changed.format(name=cut(name, _LONGEST_NAME) or words.somebody), _LONGEST_SUMMARY)
    return Reply("\n".join(lines), plain, plain)


def render_request(
    asked: Asked, name: str, *, answer: Answer | None = None, links: Links | None = None, permalink: str = ""
) -> Reply:
    """The question for people to answer, and what Clausebot answered.

    Args:
        asked: the question.
        name: of who asks.
        answer: what Clausebot found, shown below; None where it can't be told again.
        links: the source viewer's addresses, if it can be reached.
        permalink: Teams' address of the answer, where there is one.
    """
    words = TEAMS_PHRASES[asked.language]
    question = cut(asked.question, _LONGEST_QUESTION) or words.unknown_question
    summary = cut(words.asks_aloud.format(question=question), _LONGEST_SUMMARY)
    who = cut(name, _LONGEST_NAME)
    body: list[Element] = [
        paragraph(*([run(f"{who} ", weight="Bolder")] if who else []), run(words.asks)),
        paragraph(run(question)),
    ]
    if _MESSAGE.fullmatch(permalink):
        body.append(actions([open_url(words.open_answer, permalink)]))
    if answer:
        body.append(container([say(words.answered, isSubtle=True)], separator=True))
        room = measure_room(asked.language, reading=summary) - weigh(body)
        body += draw_answer(answer, room, links=links, answer_id=asked.answer_id)
    return Reply("", summary, summary, compose(body, asked.language, reading=summary))


def render_requested(language: Language) -> Reply:
    """That the question was passed on."""
    return _say(TEAMS_PHRASES[language].requested)


def render_nobody_to_ask(language: Language) -> Reply:
    """That no person is set for questions here, and how to set one."""
    return _say(TEAMS_PHRASES[language].nobody)


def _say(text: str) -> Reply:
    plain = cut(text, 1000)
    return Reply(text, plain, cut(plain, _LONGEST_SUMMARY))
