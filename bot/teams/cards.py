"""An Answer as an Adaptive Card: pure, short, the split of duties first, the rest one click away."""

from __future__ import annotations

from bot.links import Links
from bot.parts import Titles
from bot.teams.reply import Card, Reply
from bot.values import Asked
from retrieval.answer import Answer, ClauseView
from retrieval.wording import Language


def render_answer(
    answer: Answer,
    *,
    links: Links | None = None,
    feedback: bool = True,
    answer_id: str = "",
    ask_person: bool = True,
    titles: Titles | None = None,
) -> Reply:
    """The reply for an answer; what is left out is counted and said.

    Args:
        answer: what was found.
        links: the source viewer's addresses, if it can be reached.
        feedback: whether to ask if the answer helped; only an answer with an ``answer_id`` can be judged.
        answer_id: the id under which the answer is recorded.
        ask_person: whether to offer a person's help; False where nobody is set for it.
        titles: of the clauses that the answer only names: `bot.parts.list_titles`.
    """
    raise NotImplementedError


def render_clause_card(
    view: ClauseView,
    *,
    language: Language,
    links: Links | None = None,
    titles: Titles | None = None,
    asked: Asked | None = None,
) -> Card:
    """Everything that is known of a clause.

    Args:
        view: the clause.
        language: of labels and fixed sentences.
        links: the source viewer's addresses, if it can be reached.
        titles: of related clauses: `bot.parts.list_titles`.
        asked: the answer in whose place the card is shown, to go back to; None where a person sends the card, and
            then nothing in it asks the bot for anything.
    """
    raise NotImplementedError
