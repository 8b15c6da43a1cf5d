"""What each guide has for a question of a questionnaire, and what of the question it leaves open. Pure once built."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Sequence
from dataclasses import replace
from typing import NamedTuple

from corpus.models import Clause, Duty, Guide, Owner
from retrieval.analyzer import stem_words
from retrieval.answer import Answer, Outcome
from retrieval.asked import Asked
from retrieval.query import Term
from retrieval.relevance import TIME
from retrieval.resolve import Directory, Entry
from retrieval.search import PassageSearch
from retrieval.shape import Asks, Shape, read_shape


class Support(NamedTuple):
    """A provider's duty that may bear out a plain yes or no.

    Attributes:
        ref: its clause's reference, or its background item's id.
        position: its place among the duties there.
        duty: what it says.
        whole: whether it names every concept of the question, and not only has its words.
    """

    ref: str
    position: int
    duty: Duty
    whole: bool


class Finding(NamedTuple):
    """What one guide has for a question.

    Attributes:
        guide: the guide's id.
        provider: whose guide it is.
        answer: as `Answerer.answer` gives it, from this guide alone.
        shape: what kind of answer is asked for, and of whom.
        missed: what the question names and the duties that answer do not, as a reader is told of it.
        unread: Chinese text of the question in which nothing was recognised.
        untimed: whether a time is asked for and no duty that answers gives one.
        doubts: what the pack says that the guide leaves out or contradicts of the very subject.
        named: the words of the question that name a concept.
        supports: the provider's duties that name every concept of the question or have all of its words, then the
            others of the passages that answer.
    """

    guide: str
    provider: str
    answer: Answer
    shape: Shape
    missed: tuple[str, ...]
    unread: str
    untimed: bool
    doubts: tuple[str, ...]
    named: frozenset[str]
    supports: tuple[Support, ...]


TALK = frozenset(
    stem_words(
        "perform conduct undertake execute maintain implement establish organization entity platform formal formally "
        "adequate appropriate arrangement undergo performed currently ensure support".split()
    )
)
"""Stems of words with which questionnaires ask of any subject: no reason to find a passage, nor to doubt it."""

PERSONAL_DATA = "personal-data"
"""The thesaurus's concept for what the names of "customer data" mean in a chat."""

_CHINESE_TALK = r"一次|[貴閣已取得持獲設備制定訂立會否將曾是有並進行實施次]"

_CUSTOMERS = (
    r"\b(?:customers?|clients?|insurers?)(?:'s?|s')? "
    r"((?:personal |sensitive |confidential )?(?:data|content|info\w*|records?))\b"
)
_OTHERS = r"\bother (?:customers?|clients?|tenants?)\b"
_YOU = (
    r"\b(?:you|your (?:company|organi[sz]ation|firm|business|group|entity)|the (?:organi[sz]ation|entity|bidder|"
    r"respondent|tenderer))\b(?!')|貴公司|貴司|貴機構|你們|你哋|你们|閣下"
)
_YOUR = r"\byours?\b"


def address(text: str) -> str:
    """A question of a questionnaire as `read_shape` knows the parties: "you" is the provider; data act in nothing."""
    for pattern, meant in ((_CUSTOMERS, r"\1"), (_OTHERS, "others"), (_YOU, "the provider"), (_YOUR, "their")):
        text = re.sub(pattern, meant, text, flags=re.IGNORECASE)
    return text


class Findings:
    """Finds, guide by guide, what there is for a question.

    Args:
        directory: the passages.
        search: the search among them.
        answer: the answer to a question that was read.
    """

    def __init__(self, directory: Directory, search: PassageSearch, answer: Callable[[Asked], Answer]) -> None:
        self._directory = directory
        self._search = search
        self._answer = answer
        self._guides = {entry.guide.info.id: entry.guide for entry in directory.entries}
        self._within = {name: directory.positions([guide]) for name, guide in self._guides.items()}

    def read(self, text: str) -> Shape:
        """The shape of a cleaned question of a questionnaire."""
        return read_shape(address(text))

    def find(self, asked: Asked, guides: Collection[str]) -> tuple[Finding, ...]:
        """What some guides have, in the order in which they were loaded; of the named provider's, where one is named.

        Args:
            asked: the question, read for all guides with `read`.
            guides: their ids; empty for all.
        """
        # Whose data they are is no subject: "customer data" is all that is on the cloud.
        owned = re.search(_CUSTOMERS, asked.rest, re.IGNORECASE) and "personal" not in asked.rest.lower()
        kept = [term for term in asked.query.terms if not (_is_talk(term) or (owned and _names(term, PERSONAL_DATA)))]
        query = replace(asked.query, terms=tuple(kept))
        shape = asked.shape
        # What the other side does about it is told too.
        neutral = replace(shape, actor=None) if shape.actor is Owner.CSP else shape
        asked = replace(asked, shape=neutral, query=query)
        named = self._directory.named(asked.text)
        chosen = [guide for name, guide in self._guides.items() if not guides or name in guides]
        return tuple(self._find(asked, shape, guide) for guide in chosen if not named or guide in named)

    def _find(self, asked: Asked, shape: Shape, guide: Guide) -> Finding:
        within = self._within[guide.info.id]
        resolutions = asked.resolutions
        if len(self._guides) > 1:
            resolutions = tuple(resolution.of_guides([guide]) for resolution in resolutions)
        asked = replace(asked, within=within, resolutions=resolutions)
        answer = self._answer(asked)
        entries = [
            entry
            for clause in answer.clauses[: answer.asked]
            if (entry := self._directory.entry(clause.item or clause.ref, clause.guide))
        ]
        answered = answer.outcome is Outcome.ANSWERED
        duties = [duty for clause in answer.clauses[: answer.asked] for duty in clause.duties if duty.relevant]
        timed = asked.shape.asks is not Asks.WHEN or any(re.search(TIME, duty.text, re.IGNORECASE) for duty in duties)
        return Finding(
            guide=guide.info.id,
            provider=guide.info.provider.name,
            answer=answer,
            shape=shape,
            missed=tuple(self._missed(asked, {duty.text for duty in duties}, entries)) if answered else (),
            unread=re.sub(_CHINESE_TALK, "", asked.query.unread),
            untimed=answered and not timed,
            doubts=tuple(self._search.doubts(asked.query, entries[0])) if entries else (),
            named=frozenset(term.label for term in asked.query.terms if not term.weight and not term.concepts),
            supports=tuple(self._supports(asked, entries)) if answered else (),
        )

    def _missed(self, asked: Asked, duties: Collection[str], entries: Sequence[Entry]) -> list[str]:
        lost = [resolution.label for resolution in asked.resolutions if resolution.partial or not resolution.found]
        return [*lost, *(term.name(asked.language) for term in self._search.unsaid(asked.query, entries, duties))]

    def _supports(self, asked: Asked, answering: Sequence[Entry]) -> list[Support]:
        naming = {
            (entry.position, i): (entry, whole)
            for entry, i, whole in self._search.naming(asked.query)
            if entry.position in asked.within
        }
        # What answers may say it in other words.
        for entry in answering:
            for i in range(len(entry.passage.duties)):
                naming.setdefault((entry.position, i), (entry, False))
        return [
            Support(
                entry.passage.ref if isinstance(entry.passage, Clause) else entry.passage.id,
                i,
                entry.passage.duties[i],
                whole,
            )
            for (_, i), (entry, whole) in naming.items()
            if entry.passage.duties[i].owner is Owner.CSP
        ]


def _names(term: Term, concept: str) -> bool:
    return [each.id for each in term.concepts] == [concept]


def _is_talk(term: Term) -> bool:
    return not term.concepts and term.terms[0][0] in TALK
