"""From a question of a questionnaire to what is written beside it. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

from bot.desk import Desk
from bot.review.approving import Approved, normalize_question, strip_number
from bot.review.model import Fill, Question, ReviewError, Summary
from bot.review.phrases import Phrases, phrases
from bot.review.summarizing import compose_summary
from bot.review.telling import Told, tell
from bot.review.vocabulary import PARTIES, Meaning, pick, read_meaning
from retrieval.question import detect_language
from retrieval.wording import MARKS, format_date, join_sentences


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
            raise ReviewError("no guide of that id is loaded; there are: {known}", known=", ".join(known))
        self._desk = desk
        self._guides = [known[each] for each in dict.fromkeys(guides)] or list(known.values())
        self._approved = approved or {}
        self._told: dict[str, list[Told]] = {}
        self._fills: dict[tuple[str, tuple[str, ...], bool, tuple[str, ...] | None], Fill] = {}

    def fill(self, question: Question) -> Fill:
        """What to write beside a question: an answer only where the guide gives it, or a person did.

        Where the file has another answer already, that one stays, and a person has to compare the two.
        """
        key = question.text, question.choices, question.party, question.parties
        if key not in self._fills:
            self._fills[key] = self._compose(question)
        fill = self._fills[key]
        if not question.given or not fill.answer or _is_same(question.given, fill.answer):
            return fill
        say = phrases(detect_language(question.text))
        told = join_sentences((say.kept, fill.comment), say.language)
        return fill.model_copy(update={"comment": told, "status": "needs a person"})

    def summarize(self, fills: Sequence[Fill]) -> Summary:
        """The first sheet: what was answered from, how much of it, and that a person must look through it."""
        return compose_summary(self._desk, self._guides, fills)

    def _compose(self, question: Question) -> Fill:
        text = strip_number(question.text)
        say = phrases(detect_language(text))
        fill = _combine(self._tell(text), question, say)
        if question.parties is not None:
            who = question.model_copy(update={"party": True, "choices": question.parties})
            fill = fill.model_copy(update={"responsible": _combine(self._tell(text), who, say).answer})
        known = self._approved.get(normalize_question(question.text)) if self._approved else None
        return self._adopt(known, fill, question.choices, say) if known else fill

    def _tell(self, text: str) -> list[Told]:
        if text not in self._told:
            found = self._desk.review(text, guides=[guide.id for guide in self._guides])
            self._told[text] = [tell(self._desk, text, finding, alone=len(found) == 1) for finding in found]
        return self._told[text]

    def _adopt(self, known: Approved, fill: Fill, choices: Sequence[str], say: Phrases) -> Fill:
        """A person's answer in the guide's stead: said to be one, with nothing of the guide's in its columns."""
        day = format_date(datetime.fromtimestamp(known.at, UTC).date().isoformat(), say.language)
        allowed = not choices or known.answer in choices
        stale = known.corpus != self._desk.corpus_hash
        told = (
            say.approved(known.reviewer, day),
            say.stale if stale else "",
            "" if allowed else say.not_allowed(known.answer),
            known.comment,
            say.guide_says(fill.comment),
        )
        return Fill(
            answer=known.answer if allowed else "",
            comment=join_sentences(told, say.language),
            status="answered" if allowed and not stale else "needs a person",
        )


def _is_same(given: str, answer: str) -> bool:
    """Whether an answer that the file has says the same as one of ours: in other words for yes or no perhaps."""
    if " ".join(given.split()).casefold() == " ".join(answer.split()).casefold():
        return True
    meaning = read_meaning(given)
    return meaning is not None and meaning is read_meaning(re.split("[.。]", answer, maxsplit=1)[0])


def _combine(told: Sequence[Told], question: Question, say: Phrases) -> Fill:
    """One row from what each guide has: with several, each provider's part in a line of its own."""
    if not told:
        return Fill(comment=say.other_provider)
    choices = question.choices
    picks = [_pick(each, choices, party=question.party) for each in told] if choices else []
    picked = picks[0] if len(set(picks)) == 1 else ""
    sure = all(each.sure for each in told)
    answer = picked or ("" if choices or not sure else _answer(told, say, party=question.party))
    why = (say.differ if all(picks) else say.choose) if choices and sure and not picked else ""
    if question.party and sure and not choices and not answer:
        why = say.unowned
    owners = list(dict.fromkeys(each.ownership for each in told if each.ownership))
    lines = [why, _join([(each.provider, each.comment) for each in told], say)]
    comment = join_sentences(lines, say.language) if len(told) == 1 else "\n".join(filter(None, lines))
    return Fill(
        answer=answer,
        comment=comment,
        ownership=owners[0]
        if len(owners) == 1
        else "; ".join(f"{each.provider}: {each.ownership}" for each in told if each.ownership),
        clause="; ".join(dict.fromkeys(ref for each in told for ref in each.clauses)),
        citation="; ".join(dict.fromkeys(place for each in told for place in each.citations)),
        confidence=min((each.confidence for each in told if each.confidence), default=""),
        quote=" ".join(quote for each in told for quote in each.quotes),
        status="answered" if answer else "needs a person",
    )


def _answer(told: Sequence[Told], say: Phrases, *, party: bool) -> str:
    """The answer where any text will do; who is responsible only where each guide obliges somebody."""
    if not party:
        return _join([(each.provider, each.answer) for each in told], say)
    carried = [each.carried.write(each.provider if len(told) > 1 else "") for each in told if each.carried]
    return "\n".join(carried) if len(carried) == len(told) else ""


def _pick(told: Told, choices: Sequence[str], *, party: bool) -> str:
    """The allowed answer that a guide bears out; empty where none is.

    Where yes and no are allowed beside the parties, "the provider" is no answer to whether something is done; in a
    column of who is responsible, nothing else is one.
    """
    meant = told.meanings
    if party:
        meant = tuple(meaning for meaning in meant if meaning in PARTIES)
    elif not told.asks_who and any(read_meaning(choice) in (Meaning.YES, Meaning.NO) for choice in choices):
        meant = tuple(meaning for meaning in meant if meaning is not Meaning.PROVIDER)
    return next(filter(None, (pick(choices, meaning) for meaning in meant)), "")


def _join(parts: Sequence[tuple[str, str]], say: Phrases) -> str:
    """What one provider's guide says, or a line for each provider."""
    if len(parts) == 1:
        return parts[0][1]
    return "\n".join(f"{provider}{MARKS[say.language].colon}{text}" for provider, text in parts)
