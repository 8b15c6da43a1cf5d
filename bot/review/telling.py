"""What one guide has for a question, as the cells of a row tell it. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from bot.desk import Desk
from bot.review.matrix import CSA_NAMES
from bot.review.phrases import list_lines, phrases
from bot.review.verdict import Verdict, find_unsaid, judge_deed, rank
from bot.review.vocabulary import OWNED, Meaning
from corpus.models import Kind, Owner, Ownership
from retrieval.answer import ClauseView, DutyView, Outcome
from retrieval.findings import Finding
from retrieval.shape import Asks
from retrieval.wording import LABELS, MARKS, Language, bracket, format_date, join_sentences

MOST_TOLD = 4
"""Duties of one party that a comment tells."""
MOST_CLAUSES = 3
"""Clauses that answer a question together; more are a list to choose from."""

_CARRIERS: Mapping[Ownership, tuple[Owner, ...]] = {
    Ownership.CSP_OWNED: (Owner.CSP,),
    Ownership.CSC_OWNED: (Owner.CSC,),
    Ownership.SHARED: (Owner.CSP, Owner.CSC),
    Ownership.THIRD_PARTY: (Owner.THIRD_PARTY,),
}


class Carried(NamedTuple):
    """The answer in a column of who is responsible: who carries it, and what each has to do, with the mark before."""

    who: str
    duties: str
    language: Language

    def write(self, provider: str = "") -> str:
        """The cell's text, which begins with who carries it; then by whose guide, where that has to be told."""
        said = bracket(phrases(self.language).by_guide(provider), self.language) if provider else ""
        return f"{self.who}{said}{self.duties}"


class Told(NamedTuple):
    """One guide's part of a row.

    Attributes:
        provider: whose guide it is.
        sure: whether the guide answers the question.
        asks_who: whether the question asks who does something, and not whether it is done.
        answer: the answer in one or two sentences, where it does.
        carried: the answer where only who is responsible is asked for; None where the guide obliges nobody.
        meanings: what an allowed answer may say, the best first; empty where none follows.
        comment: who does what, or why nothing is answered.
        ownership: the CSA's name for who carries what answers; empty where nothing does.
        clauses: references.
        citations: their places.
        confidence: such as ``0.83 (high)``.
        quotes: the source's words, where attached.
    """

    provider: str
    sure: bool
    asks_who: bool
    answer: str
    meanings: tuple[Meaning, ...]
    comment: str
    carried: Carried | None = None
    ownership: str = ""
    clauses: tuple[str, ...] = ()
    citations: tuple[str, ...] = ()
    confidence: str = ""
    quotes: tuple[str, ...] = ()


class _Place(NamedTuple):
    clause: ClauseView
    duty: DutyView


def tell(desk: Desk, question: str, finding: Finding, *, alone: bool = True) -> Told:
    """What a guide has for a question.

    Args:
        desk: what shows a clause.
        question: without its number.
        finding: what the desk's `review` found.
        alone: whether no other provider stands beside this one, so that its name is told with its duties.
    """
    answer, who = finding.answer, finding.shape.asks is Asks.WHO
    if answer.outcome is not Outcome.ANSWERED or answer.ownership is Ownership.NONE:
        return Told(finding.provider, False, who, "", (), _tell_nothing(finding))
    judged = _judge(desk, question, finding)
    verdict, shown = judged or (None, None)
    confidence = f"{answer.confidence.value:.2f} ({answer.confidence.band})"
    doubt = "" if verdict else _doubt(question, finding)
    if not verdict and (answer.confidence.band != "high" or answer.asked > MOST_CLAUSES):
        told = join_sentences((doubt, _tell_closest(finding)), answer.language)
        return Told(finding.provider, False, who, "", (), told, confidence=confidence)
    places = [_Place(clause, duty) for clause in answer.clauses[: answer.asked] for duty in clause.duties]
    relevant = [place for place in places if place.duty.relevant]
    if shown:
        relevant = [shown, *(each for each in relevant if each.duty.text != shown.duty.text)]
    obliged = any(place.duty.kind is Kind.OBLIGATION for place in relevant)
    clauses = list({(place.clause.ref, place.clause.item): place.clause for place in relevant}.values())
    meanings = _mean(verdict, answer.ownership, obliged and not doubt, of_provider=finding.shape.actor is Owner.CSP)
    return Told(
        provider=finding.provider,
        sure=not doubt,
        asks_who=who,
        answer="" if doubt else _answer(question, verdict, relevant, finding),
        meanings=meanings,
        comment=join_sentences((doubt, *_tell_duties(relevant, places, finding, alone=alone)), answer.language),
        carried=_carry(question, relevant, finding) if OWNED.get(answer.ownership) in meanings else None,
        ownership=CSA_NAMES[answer.ownership],
        clauses=tuple(dict.fromkeys(clause.ref for clause in clauses)),
        citations=tuple(dict.fromkeys(clause.citation for clause in clauses)),
        confidence=confidence,
        quotes=tuple(dict.fromkeys(f"“{place.duty.quote}”" for place in _most(relevant) if place.duty.quote)),
    )


def _judge(desk: Desk, question: str, finding: Finding) -> tuple[Verdict, _Place] | None:
    """The plain yes or no, and the duty that says it; None where the guide contradicts itself about a number of it."""
    judged = judge_deed(question, finding)
    if not judged:
        return None
    verdict, support = judged
    clause = desk.show(support.ref, finding.guide, finding.answer.language)
    if clause is None:
        return None
    numbers = set(re.findall(r"[0-9]+", question)) - finding.named
    for note in clause.errata:
        if note.kind == "contradiction" and numbers.intersection(re.findall(r"[0-9]+", note.text)):
            return None
    return verdict, _Place(clause, clause.duties[support.position])


# "Has our board approved …", "Do we test …": whether it is so, not whether it has to be or may.
_STATE = re.compile(r"^(?:has|have|had|is|are|was|were|do|does|did)\b|是否|有沒有|有冇|有否|係咪")
_MAY = re.compile(
    r"\b(?:need|have to|has to|required|allowed|entitled|able|right|supposed|responsible)\b|需要|必須|須|可以|應"
)
# Who asks: "customers" are the provider's, of whom it may well speak.
_OWN = re.compile(
    r"\b(?:we|our (?:own )?(?:\w+ )?(?:company|firm|board|management|organi[sz]ation|staff|team|directors)|"
    r"(?:the|our) (?:authori[sz]ed )?insurer)\b|我哋|我們|我们|本公司|我司"
)


def _is_own(text: str) -> bool:
    return bool(_STATE.search(text) and _OWN.search(text) and not _MAY.search(text))


def _doubt(question: str, finding: Finding) -> str:
    """Why what was found is not the whole answer; empty where it is."""
    say = phrases(finding.answer.language)
    if finding.shape.actor is Owner.CSC and _is_own(question.lower()):
        return say.own_affairs
    if finding.answer.asked > MOST_CLAUSES:
        return say.many(finding.answer.asked)
    if finding.answer.confidence.band != "high":
        return say.unsure(finding.answer.confidence.value)
    clauses = finding.answer.clauses[: finding.answer.asked]
    texts = [duty.text for clause in clauses for duty in clause.duties if duty.relevant]
    missed = [*finding.missed, *([f"「{finding.unread}」"] if finding.unread else [])]
    missed += [] if missed else find_unsaid(question, finding, texts)
    if missed:
        return say.partly(missed)
    return say.untimed if finding.untimed else ""


def _mean(verdict: Verdict | None, ownership: Ownership, owned: bool, *, of_provider: bool) -> tuple[Meaning, ...]:
    """What an allowed answer may say: a verdict first, then who carries it, where somebody is obliged.

    What the customer has to do besides makes no provider's deed a partial one: asked of the provider, it is "Yes".
    """
    carried = OWNED.get(ownership) if owned else None
    if verdict is Verdict.NO:
        return (Meaning.NO,)
    if verdict is Verdict.YES and carried is Meaning.SHARED:
        return Meaning.SHARED, *(() if of_provider else (Meaning.PARTLY,)), Meaning.YES
    if verdict is Verdict.YES:
        return Meaning.YES, *((carried,) if carried else ())
    return (carried,) if carried else ()


def _answer(question: str, verdict: Verdict | None, relevant: Sequence[_Place], finding: Finding) -> str:
    """The answer to whom any text will do: who does what, by one duty of each party."""
    language = finding.answer.language
    labels, say = LABELS[language], phrases(language)
    who = finding.shape.asks is Asks.WHO and any(place.duty.kind is Kind.OBLIGATION for place in relevant)
    firsts = _choose_firsts(question, relevant, finding, obliging=who)
    if verdict:
        firsts[relevant[0].duty.owner] = relevant[0].duty
    lead = {Verdict.YES: say.yes, Verdict.NO: say.no, None: ""}[verdict]
    if who:
        lead = labels.carries[finding.answer.ownership]
    # Who carries it comes first, but where a plain yes or no is told of the provider.
    order = [Owner.CSP, Owner.CSC, Owner.THIRD_PARTY]
    if finding.answer.ownership is Ownership.CSC_OWNED and not verdict:
        order = [Owner.CSC, Owner.CSP, Owner.THIRD_PARTY]
    told = [
        _name_duty(firsts[owner], finding)
        for owner in order
        if owner in firsts and (owner is not Owner.THIRD_PARTY or len(firsts) == 1)
    ]
    return join_sentences((lead, *told), language)


def _choose_firsts(
    question: str, relevant: Sequence[_Place], finding: Finding, *, obliging: bool
) -> dict[Owner, DutyView]:
    """Each party's duty that says best what was asked; of its obligations alone where only those count."""
    kept = [place.duty for place in relevant if not obliging or place.duty.kind is Kind.OBLIGATION]
    # What has most of the question's words comes first; an obligation before an offer.
    kept.sort(key=lambda duty: (-rank(question, finding, duty.text), duty.kind is not Kind.OBLIGATION))
    return {duty.owner: duty for duty in reversed(kept)}


def _carry(question: str, relevant: Sequence[_Place], finding: Finding) -> Carried | None:
    """Who is responsible, by an obligation of each; None where one of them has none. Offers make nobody responsible."""
    language = finding.answer.language
    owners = _CARRIERS[finding.answer.ownership]
    firsts = _choose_firsts(question, relevant, finding, obliging=True)
    if any(owner not in firsts for owner in owners):
        return None
    if len(owners) == 1:
        name = LABELS[language].owner[owners[0]]
        return Carried(name, f"{MARKS[language].colon}{_duty(firsts[owners[0]], finding)}", language)
    stop = MARKS[language].stop.rstrip()
    told = join_sentences((stop, *(_name_duty(firsts[owner], finding) for owner in owners)), language)
    return Carried(phrases(language).shared, told, language)


def _name_duty(duty: DutyView, finding: Finding) -> str:
    """A duty's sentence behind the name of its party."""
    language = finding.answer.language
    return f"{LABELS[language].owner[duty.owner]}{MARKS[language].colon}{_duty(duty, finding)}"


def _duty(duty: DutyView, finding: Finding) -> str:
    """A duty's sentence, with the date of a fact that ages."""
    language = finding.answer.language
    if not duty.as_of:
        return duty.text
    dated = bracket(f"{LABELS[language].as_of} {format_date(duty.as_of, language)}", language)
    return f"{duty.text.removesuffix('.')}{dated}."


def _most(places: Sequence[_Place]) -> list[_Place]:
    """The places that a comment tells: the first few of each party."""
    return [place for owner in Owner for place in [each for each in places if each.duty.owner is owner][:MOST_TOLD]]


def _tell_duties(
    relevant: Sequence[_Place], places: Sequence[_Place], finding: Finding, *, alone: bool
) -> Iterator[str]:
    """What the provider does, what remains with the customer, whom the guide is silent about, and what is doubtful."""
    language = finding.answer.language
    labels, colon, say = LABELS[language], MARKS[language].colon, phrases(language)
    headings = {
        Owner.CSP: f"{labels.owner[Owner.CSP]}{bracket(finding.provider, language) if alone else ''}",
        Owner.CSC: say.remains,
        Owner.THIRD_PARTY: labels.owner[Owner.THIRD_PARTY],
    }
    for owner, heading in headings.items():
        held = list(dict.fromkeys(_duty(place.duty, finding) for place in relevant if place.duty.owner is owner))
        if held:
            more = say.more(len(held) - MOST_TOLD) if len(held) > MOST_TOLD else ""
            yield join_sentences((f"{heading}{colon}{' '.join(held[:MOST_TOLD])}", more), language)
        elif owner is not Owner.THIRD_PARTY and not any(place.duty.owner is owner for place in places):
            yield labels.silent[owner]
    yield from (f"{labels.note}{colon}{text}" for text in finding.doubts)


def _tell_nothing(finding: Finding) -> str:
    """Why a guide has no answer, and what stands nearby."""
    answer = finding.answer
    reason = answer.message.split("\n", 1)[0]
    if answer.outcome is Outcome.CLARIFY:
        reason = phrases(answer.language).vague
    return join_sentences((reason, _tell_closest(finding)), answer.language)


def _tell_closest(finding: Finding) -> str:
    answer = finding.answer
    near = [(each.ref, each.title) for each in answer.closest] or [(each.ref, each.title) for each in answer.clauses]
    if answer.outcome is Outcome.ANSWERED and answer.ownership is Ownership.NONE:
        return ""
    say = phrases(answer.language)
    return list_lines(say.closest, [f"{ref} {title}" for ref, title in near[:MOST_CLAUSES]], answer.language)
