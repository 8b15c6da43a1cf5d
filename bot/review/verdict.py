"""Whether a guide answers a question with a plain yes or no: only where a duty says the very deed in terms. Pure.

What is read: the deed that the question asks of the provider and the thing that it is done to, and the verb with which
the duty's sentence begins. Every word of the question has to be in the duty, its numbers and limits included; a duty
that hedges, denies or sets conditions bears out no yes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from enum import StrEnum
from functools import lru_cache
from itertools import islice
from typing import NamedTuple

from bot.review.credentials import has_credential, read_credential
from bot.review.intervals import Interval, is_as_often, read_interval
from bot.review.verdict_chinese import find_chinese
from corpus.models import Kind
from retrieval.analyzer import fold_words, stem_words
from retrieval.findings import TALK, Finding, Support, address
from retrieval.question import clean_question
from retrieval.reference import blank_references, parse_references
from retrieval.words import STOP_WORDS


class Verdict(StrEnum):
    """What the guide says to a question of yes or no."""

    YES = "yes"
    NO = "no"


class Deed(NamedTuple):
    """A deed asked about: its verb, what it is done to, and whether the question says that it will be done."""

    verb: str
    thing: str
    future: bool


_PROVIDER = r"(?:the |their )?(?:cloud )?(?:service )?(?:provider|vendor|supplier|csp)|they"
_ADVERBS = (
    r"(?:(?:ever|still|also|just|currently|already|regularly|periodically|routinely|formally|actively|have to|need to|"
    r"been|be) )*"
)
_ASKING = r"(?:please )?(?:confirm|state|indicate|specify)?(?: (?:whether|if|that))? ?"
_ACTIVE = re.compile(
    rf"{_ASKING}(?P<aux>do|does|will|has|have|is|are|must|shall) (?:{_PROVIDER}) {_ADVERBS}"
    r"(?P<verb>[a-z]+)(?P<thing>.*)"
)
_STATED = re.compile(
    rf"{_ASKING}(?:{_PROVIDER}) (?:(?P<aux>will|shall|must|should|has to|is required to) )?"
    rf"{_ADVERBS}(?P<verb>[a-z]+)(?P<thing>.*)"
)
_THERE = re.compile(rf"{_ASKING}(?:is|are) there (?P<thing>.*)")
_PASSIVE = re.compile(
    r"(?:(?:is|are|was|were|has|have|will) (?P<asked>.+)|(?P<stated>.+?) (?:is|are|(?:must|shall|will) be) .+)"
)
# Not asked for a yes or no.
_OPEN = re.compile(
    r"(?:(?:please|kindly) )?(?:what|which|who|whom|whose|how|when|where|why|describe|explain|list|give|name|detail|"
    r"outline|provide|specify|state (?!whether|if|that))\b"
)
# Words of a question in the passive that may be its verb; no sentence of the field has more.
_MOST_READINGS = 8
_IRREGULAR = "held|kept|made|built|set|put|sent|given|run|taken|written|bound|done"
_PARTICIPLE = re.compile(rf"\b(?:[a-z]{{2,}}ed|{_IRREGULAR})\b")

_CLASSES = [
    frozenset(stem_words(words.split()))
    for words in (
        "have has hold maintain maintained establish implement operate run possess adopt obtain keep",
        "perform conduct undertake carry carried execute do run invite engage hold",
        "use employ apply adopt utilize enable",
        "offer provide supply",
        "allow permit let",
        "notify inform tell alert",
        "limit restrict",
        "delete erase wipe scrub",
    )
]
_POSSESSING, _DOING, _USING, _OFFERING, _LETTING, _TELLING, _, _ERASING = _CLASSES

# Ways to say one thing: the end of a contract, and what befalls data, of which whoever is told of every issue is told.
_ENDED = "on termination"
_ENDING = re.compile(
    r"\b(?:(?:when|once) (?:the |our |a )?(?:contract|agreement) (?:ends|is ended|terminates|is terminated)|"
    r"(?:on|upon|at) (?:the )?(?:end|termination) of (?:the |our |a )?(?:contract|agreement)|"
    r"(?:on|upon|at) (?:(?:the |our )?(?:contract|agreement) )?termination)\b"
)
_BREACH = re.compile(
    r"\b(?:(?:in (?:the )?event of|in case of|about|of) )(?:(?:an?|any) )?(?:data|security) breach(?:es)?\b"
)
# "Have you notified …": whether it came to that.
_HAPPENED = re.compile(r"(?:has|have|had|did|was|were)\b")
_PEOPLE = frozenset("team committee department".split())
_DATA = re.compile(rf"(?:the |our )?data(?: securely)?(?: {_ENDED})?")
# Policies "by which it governs" something are policies on it.
_GOVERNING = re.compile(
    r"(?:has|maintains|has maintained|has established) (?:comprehensive )?(?P<heads>[a-z]+(?: and [a-z]+)?) "
    r"(?:by which it governs and manages|by which it governs|that govern|which govern) (?P<things>.*)"
)

_HEDGED = re.compile(
    r"^(?:can|could|may|should|is willing|claims|says|states|refers|describes|counts|covers|commits|lists|advises)\b|"
    r"\b(?:unless|except|only|if|by its own|where possible)\b",
    re.IGNORECASE,
)
_DENIAL = re.compile(r"\b(?:no|not|nor|never|neither|nobody|none|nothing|without)\b", re.IGNORECASE)
# "Does not sell …", "Never sells …", "Sells no …"; what is denied is the sentence's own verb.
_DENIED = re.compile(
    r"^(?:(?:does|do|will) (?:not|never)|never) (?P<not>[a-z]+)|^(?P<no>[a-z]+) (?:no|nobody|nothing)\b"
)

# Words that narrow a deed down or make it hold more widely: what has them is not said by what has not.
_NUMBERS = frozenset("two three four five six seven eight nine ten".split())
_LIMITS = _NUMBERS | frozenset(
    "all every each always only both outside before after during until within immediately more less other than if when "
    "where prior least".split()
)
# Verbs that say little of their own: what is asked is whether there is such a thing.
_LIGHT = frozenset(stem_words("be support ensure handle manage address follow take make comply meet cover".split()))
_BOUNDARY = frozenset(
    "of for by with to in on at from that which who and or every each per as under against over when where including "
    "such between during within into upon via using after before once twice together right".split()
)
# What is had stands before these: what follows is by whom, of what, or what it is for.
_BEYOND = frozenset("of for by with to in on at from that which who as under against based".split())
_PARTIES = frozenset("provider vendor supplier csp customer customers client clients insurer insurers cloud".split())


class _Sentence(NamedTuple):
    """A duty's sentence, read once: its words and stems, how often, its words and marks in order with their stems."""

    words: tuple[str, ...]
    stems: frozenset[str]
    often: Interval
    spelled: tuple[str, ...]
    rooted: tuple[str, ...]


@lru_cache(maxsize=4096)
def _read_sentence(text: str) -> _Sentence:
    words, spelled = fold_words(text), _SPELLED.findall(text.lower())
    return _Sentence(
        tuple(words), frozenset(stem_words(words)), read_interval(text.lower()), tuple(spelled), tuple(_stems(spelled))
    )


def judge_deed(question: str, finding: Finding) -> tuple[Verdict, Support] | None:
    """The plain yes or no that a duty bears out, and the duty; None where none does.

    Args:
        question: as it stands in the questionnaire, without its number.
        finding: what a guide has for it.
    """
    if finding.answer.language == "zh-Hant":
        found = find_chinese(question, finding, _is_plain)
        return (Verdict.YES, found) if found else None
    folded = _ENDING.sub(_ENDED, _fold(question, finding.provider))
    if _TELLING & set(stem_words(folded.split())):
        if _HAPPENED.match(folded):
            return None
        folded = _BREACH.sub("of a security incident", folded)
    asked = read_interval(folded)
    if finding.shape.negated or _OPEN.match(folded):
        return None
    if re.search(r"\bby (?:the |our )?(?:us|customers?|clients?|insurers?|third)\b", folded):
        return None
    credential = None if asked.given else read_credential(folded)
    for support in sorted(finding.supports, key=lambda each: not each.whole) if credential else ():
        if credential and _is_plain(support.duty.text) and has_credential(credential, support.duty.text):
            return Verdict.YES, support
    capitals = frozenset(word.lower() for word in re.findall(r"\b[A-Z]{2,}\b", question)) & finding.named
    for deed in _read_deeds(" ".join(asked.rest.split())):
        needed = _needed(asked.rest, deed)
        # A deed alone ("do you comply?") says of nothing that it is done.
        for support in finding.supports if needed else ():
            lacking = needed - _read_sentence(support.duty.text).stems - (capitals if support.whole else frozenset())
            if any(not _is_like(each, support.duty.text) for each in lacking):
                continue
            verdict = _weigh(deed, asked, support)
            if verdict:
                return verdict, support
    return None


def _is_plain(text: str) -> bool:
    return not _HEDGED.search(text) and not _DENIAL.search(text)


def find_unsaid(question: str, finding: Finding, texts: Sequence[str]) -> list[str]:
    """What a question asks beside its subjects and the duties that answer do not say: its deed, its numbers.

    Args:
        question: as it stands in the questionnaire, without its number.
        finding: what a guide has for it.
        texts: the duties that answer.
    """
    cleaned = clean_question(question)
    plain = blank_references(cleaned, parse_references(cleaned))
    folded = _fold(plain, finding.provider)
    asked = " ".join(read_interval(folded).rest.split())
    sentences = [_read_sentence(text) for text in texts]
    spelled = {word for sentence in sentences for word in sentence.words}
    numbers = [word for word in fold_words(asked) if word.isdigit() or word in _NUMBERS]
    unsaid = [word for word in dict.fromkeys(numbers) if word not in spelled and word not in finding.named]
    interval = read_interval(folded)
    if interval.given and not any(is_as_often(each.often, interval) for each in sentences):
        unsaid.append(interval.told)
    if _OPEN.match(folded) or finding.shape.negated:
        return unsaid
    verbs = [(deed.verb, stem_words([deed.verb])[0]) for deed in _read_deeds(asked)]
    if verbs and not any(_is_light(stem) or _is_told(stem, sentences) for _, stem in verbs):
        unsaid.append(verbs[0][0])
    return unsaid


def rank(question: str, finding: Finding, text: str) -> int:
    """How many of a question's words a duty has: of several, the one with the most says best what was asked."""
    stems = _read_sentence(text).stems
    return sum(stem in stems or _is_like(stem, text) for stem in _read_words(question, finding.provider))


@lru_cache(maxsize=64)
def _read_words(question: str, provider: str) -> frozenset[str]:
    stems = stem_words(fold_words(_fold(question, provider)))
    return frozenset(stem for stem in stems if len(stem) > 2 and stem not in STOP_WORDS)


def _is_light(stem: str) -> bool:
    return stem in _LIGHT or stem in TALK or any(stem in each for each in (_POSSESSING, _DOING, _USING, _OFFERING))


def _is_told(stem: str, sentences: Sequence[_Sentence]) -> bool:
    """Whether some sentence has a verb, one that says the same, or a noun of its root."""
    stems = frozenset[str]().union(*(sentence.stems for sentence in sentences))
    alike = [each for each in _CLASSES if stem in each]
    return stem in stems or any(each & stems for each in alike) or any(_is_same(stem, each) for each in stems)


@lru_cache(maxsize=64)
def _fold(question: str, provider: str) -> str:
    text = re.sub(re.escape(provider), "the provider", clean_question(question), flags=re.IGNORECASE)
    return " ".join(address(text).lower().replace("'s ", " ").replace("'", "").split()).rstrip("?. ")


def _read_deeds(folded: str) -> Iterator[Deed]:
    """What a question asks whether it is done, in every way in which it can be read."""
    if found := _ACTIVE.fullmatch(folded):
        if found["aux"] not in ("is", "are") or _PARTICIPLE.fullmatch(found["verb"]) or found["verb"] == "compliant":
            yield Deed(found["verb"], found["thing"], found["aux"] in ("will", "shall"))
        return
    if found := _THERE.fullmatch(folded):
        yield Deed("have", found["thing"], future=False)
        return
    if found := _STATED.fullmatch(folded):
        yield Deed(found["verb"], found["thing"], found["aux"] in ("will", "shall"))
        return
    if found := _PASSIVE.fullmatch(folded):
        done = found["asked"] or folded
        for participle in islice(_PARTICIPLE.finditer(done), _MOST_READINGS):
            thing = re.sub(r"\b(?:is|are|be|been|must|shall|will|being)\b", " ", done[: participle.start()])
            yield Deed(participle.group(), thing, future=False)


def _needed(text: str, deed: Deed) -> frozenset[str]:
    """Stems of the words that a duty has to have, beside the deed itself."""
    words = [word for word in fold_words(text) if word not in _PARTIES]
    kept = [word for word in words if word in _LIMITS or (word not in STOP_WORDS and len(word) > 1) or word.isdigit()]
    stems = stem_words([word for word in kept if word not in ("confirm", "please", "place", "available")])
    return frozenset(stems) - TALK - frozenset(stem_words([deed.verb]))


def _is_like(stem: str, text: str) -> bool:
    """Whether a text has a word of the same root: "assessment" and "assesses"."""
    return len(stem) >= 6 and any(word.startswith(stem[:6]) for word in _read_sentence(text).words)


def _weigh(deed: Deed, asked: Interval, support: Support) -> Verdict | None:
    text, verb = support.duty.text, stem_words([deed.verb])[0]
    if _HEDGED.search(text):
        return None
    if _DENIAL.search(text):
        denied = _DENIED.match(text.lower())
        told = stem_words([denied["not"] or denied["no"]])[0] if denied else ""
        return Verdict.NO if told and _is_same(verb, told) and not asked.given else None
    told = _read_verb(text, future=deed.future)
    if asked.given and not is_as_often(_read_sentence(text).often, asked):
        return None
    if support.duty.kind is Kind.SERVICE and not any(verb in each for each in (_OFFERING, _LETTING)):
        return None
    if verb in _POSSESSING and support.duty.kind is Kind.OBLIGATION and _is_own(deed.thing, text):
        return Verdict.YES
    if not told or not _does(verb, told, text):
        return None
    if told in _ERASING and verb in _ERASING and _is_erased(deed, asked.rest, text):
        return Verdict.YES
    return Verdict.YES if _has_thing(deed.thing, told, text) else None


def _read_verb(text: str, *, future: bool) -> str:
    """The stem of the verb with which a duty's sentence begins; empty where it will be done and now is asked of."""
    words = [word for word in _read_sentence(text).words if not word.endswith("ly") or word == "apply"]
    first, *rest = words
    if first == "must" or (first == "will" and future):
        return stem_words(rest[:1])[0]
    if first == "will":
        return ""
    if first in ("has", "is", "was") and rest and rest[0] in ("been", "had"):
        rest = rest[1:]
    if first in ("has", "is", "was") and rest and (_PARTICIPLE.fullmatch(rest[0]) or rest[0] == "compliant"):
        return stem_words(rest[:1])[0]
    return "" if first in ("is", "was") else stem_words([first])[0]


def _is_same(asked: str, told: str) -> bool:
    return asked == told or (len(asked) >= 5 and asked[:5] == told[:5])


def _does(asked: str, told: str, text: str) -> bool:
    """Whether the duty's verb says the deed: the same, one of its class, or one of doing with a noun of its root."""
    if _is_same(asked, told) or any(asked in each and told in each for each in _CLASSES):
        return True
    by_noun = told in _USING or told in _DOING
    return by_noun and len(asked) >= 5 and any(word.startswith(asked[:6]) for word in _read_sentence(text).words)


def _has_thing(thing: str, told: str, text: str) -> bool:
    """Whether what the deed is done to is a thing of its own in the duty, and no part of another: "incident team"."""
    named: list[str] = []
    words = _SPELLED.findall(thing.lower())
    for word in words:
        if word in _BOUNDARY or not word.isalnum() or (word.endswith("ly") and named):
            break
        if word not in STOP_WORDS:
            named.append(word)
    if not named or named[-1] in _PARTIES:
        return bool(words) and not any(told in each for each in (_POSSESSING, _DOING, _USING))
    wanted, sentence = _stems(named), _read_sentence(text)
    if wanted[-1][:6] == told[:6] or (told in _POSSESSING and _has_governing(wanted, text)):
        return True
    spelled, stems = sentence.spelled, sentence.rooted
    if told in _POSSESSING:
        stems = stems[: next((i for i, word in enumerate(spelled) if word in _BEYOND), len(stems))]
    ends = [i + len(wanted) for i in range(len(stems)) if all(map(_is_same, wanted, stems[i : i + len(wanted)]))]
    return any(
        _ends_thing([*spelled, "."][end]) and (end - len(wanted) <= 2 or _ends_thing(spelled[end - len(wanted) - 1]))
        for end in ends
        if end <= len(stems)
    )


def _has_governing(wanted: Sequence[str], text: str) -> bool:
    """Whether policies or procedures are had that govern what a policy asked about is named after."""
    found = _GOVERNING.match(text.lower())
    if not found or wanted[-1] not in stem_words(found["heads"].split()):
        return False
    return any(_stems(part.split()) == list(wanted[:-1]) for part in re.split(r", | and |\.", found["things"]))


def _is_erased(deed: Deed, asked: str, text: str) -> bool:
    """Whether data are erased where the space that held them is, for their sake: at the end of the contract alone."""
    space = "disk space" in text and re.search(r"\bto keep (?:customer )?data\b", text)
    return bool(space) and _ENDED in asked and bool(_DATA.fullmatch(" ".join(deed.thing.split())))


def _is_own(thing: str, text: str) -> bool:
    """Whether a duty names a thing as the provider's own: "its incident response team"."""
    words = _stems([word for word in _SPELLED.findall(thing.lower()) if word not in STOP_WORDS])
    sentence = _read_sentence(text)
    for i, word in enumerate(sentence.spelled if len(words) > 1 else ()):
        if word == "its" and not _PARTIES & set(sentence.spelled[:i]):
            start = i + 1 + (sentence.spelled[i + 1 : i + 2] == ("security",) and words[0] != "secur")
            end = start + len(words)
            following = [*sentence.spelled, "."][end : end + 1]
            if list(sentence.rooted[start:end]) == words and following:
                # People may do something next: "has its team resolve incidents".
                return _ends_thing(following[0]) or (words[-1] in _PEOPLE and following[0] != "s")
    return False


_SPELLED = re.compile(r"[a-z0-9]+|[,;:.()]")


def _stems(words: Sequence[str]) -> list[str]:
    return stem_words([(fold_words(word) or [word])[0] for word in words])


def _ends_thing(word: str) -> bool:
    return not word.isalnum() or word in _BOUNDARY or word in STOP_WORDS or word.endswith("ly")
