"""Find the clause references that people type: "gl 8 s5.1 c", "5.12 to 5.14", "第5.13條". Pure.

The grammar: a regulation ("GL14", "Guideline 8") or the guide ("section 6.3 of the guide"), a unit word
("s.", "para"), a number, letters, and lists and ranges of them. Clause numbers are never corrected.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

LONGEST_RANGE = 30
"""Most clauses that one range may name; a longer range is a typing error."""


@dataclass(frozen=True, slots=True)
class Reference:
    """One clause, section or regulation that a text names.

    ``regulation`` is ``GL14``, or None where the text names none; ``number`` is ``5.15``, or None where only
    the regulation is named; ``letters`` is ``("c",)``, with deeper levels behind. ``guide`` says that a section
    of the guide is meant. ``unit`` says that a word such as "section" or a regulation stood with the number,
    without which a bare number may be no reference at all. ``start`` and ``end`` are offsets in the folded text.
    """

    regulation: str | None = None
    number: str | None = None
    letters: tuple[str, ...] = ()
    guide: bool = False
    unit: bool = False
    start: int = 0
    end: int = 0

    def __str__(self) -> str:
        place = (self.number or "") + "".join(f"({letter})" for letter in self.letters)
        lead = "guide" if self.guide else self.regulation or ""
        return f"{lead} {place}".strip()

    @property
    def key(self) -> tuple[str | None, str | None, tuple[str, ...], bool]:
        """What the reference names, wherever it stands."""
        return self.regulation, self.number, self.letters, self.guide


_TOKEN = re.compile(
    r"""
      (?P<regulation>(?<![a-z0-9])(?:gls?|gn|guidelines?|guidance\ {1,2}note|指引)[\s\-_.#]{0,3}(?:no\.?\ {0,2})?
        (?P<issue>[0-9]{1,4})(?![0-9]|\.[0-9]))       # GL8, GL 8, GL-8, Guideline 8, the older GN14
    | (?P<guide>(?<![a-z])guide(?![a-z])|指南)
    | (?P<unit>§{1,2}|第
        |(?<![a-z0-9])(?:sections?|sect?s?|ss?|paragraphs?|paras?|pars?|clauses?|cls?|articles?|arts?|chapters?
          |provisions?|factors?|points?|rows?)(?![a-z])\.?)
    | (?P<number>(?<![0-9])(?<![0-9]\.)[0-9]{1,2}(?:\.[0-9]{1,3}){0,2}(?![0-9]|\.[0-9]))
    """,
    re.VERBOSE,
)
# Letters after a number: "(c)", "c" glued to it, or " c" on its own, either bracket perhaps forgotten; an article
# ("a", "i") must not begin a phrase.
_LETTERS = re.compile(
    r"\s{0,2}[條条段項项節节款]?\s{0,2}\(\s?(?P<bracketed>[a-z])\s?\)(?:\s?\((?P<deeper>[a-z]{1,4})(?:\)|(?![a-z0-9'])))?"
    r"|\s{0,2}[條条段項项節节款]?\s{0,2}\(\s?(?P<opened>[a-z])(?![a-z0-9'])(?!(?<=[ai])\s{1,2}(?!and\b|or\b|to\b)[a-z])"
    r"|(?P<glued>[a-z])(?![a-z0-9])\)?"
    r"|[\s.\-]{1,2}(?P<apart>[a-z])(?![a-z0-9'])(?:\)|(?P<phrase>\s{1,2}(?!and\b|or\b|to\b)[a-z]))?"
)
_LETTER = re.compile(
    r"\(?\s?(?P<letter>[a-z])\s?\)|\(?\s?(?P<bare>[a-z])(?![a-z0-9'.])(?!\s{1,2}(?!and\b|or\b|to\b)[a-z])"
)
_RANGE = re.compile(r"\s{0,3}(?:-{1,2}|~|至|到|(?<![a-z])(?:to|until|till|thru|through)(?![a-z]))\s{0,3}")
_LIST = re.compile(
    r"\s{0,3}(?:[,;/&+、和及同與或]|(?<![a-z])(?:and|or|vs|versus)(?![a-z]))\s{0,3}(?:(?:and|or)(?![a-z])\s{0,3})?"
)
_OF = re.compile(
    r"\s{0,3}(?:of|in|under|from|,)?\s{0,3}(?:the\s{1,3})?(?:insurance\s)?(?:user\s|[a-z]{1,20}\s(?:cloud\s)?)?"
)
# What stands before or after a number that names no clause: a version, an amount, a share, a time.
_VERSION = re.compile(
    r"(?:(?<![a-z])v|version|release|tls|ssl|dss|iso|iec|soc|ipv|fss|http|edition|[$€£¥#])[\s:.\-]{0,2}$"
)
_MEASURE = re.compile(
    r"\s{0,2}(?:%|percent|hours?|hrs?|minutes?|mins?|seconds?|days?|weeks?|months?|years?|gb|tb|mb|kb|ms|million|billion|"
    r"times|x(?![a-z])|people|staff|元|小時|日|分鐘|年|個)"
)
# The guide's front matter has a name and no number.
_NOTICES = re.compile(
    r"\bguide(?:'s)?\s{1,2}notices?\b|\bnotices?\s{1,2}(?:section|page|part)\b"
    r"|\bnotices?\s{1,2}(?:of|in)\s{1,2}the\s{1,2}(?:[a-z]{1,20}\s{1,2}){0,2}guide\b|指南(?:的|嘅)?聲明"
)
_DASHES = str.maketrans("‐‑‒–—−", "------")


def fold_text(text: str) -> str:
    """`text` in lower case, full-width forms and dashes folded to ASCII."""
    return unicodedata.normalize("NFKC", text).translate(_DASHES).lower()


class _Token(NamedTuple):
    kind: str
    value: str
    start: int
    end: int


def parse_references(text: str) -> list[Reference]:
    """Every reference in `text`, in order, lists and ranges taken apart, none twice.

    A number takes the regulation that stands right before it ("GL14 5.8"), else the one after "of", else
    the only one in the text, else none.
    """
    folded = _fold(text)
    tokens = list(_tokens(folded))
    regulations = {token.value for token in tokens if token.kind == "regulation"}
    only = next(iter(regulations)) if len(regulations) == 1 else None
    found: list[Reference] = []
    taken = 0
    for i, token in enumerate(tokens):
        if token.kind != "number" or token.start < taken:
            continue
        lead = _lead(folded, tokens, i)
        if not _names_clause(folded, token, lead):
            continue
        series = list(_series(folded, token, stands_with=lead.regulation is not None or lead.unit))
        taken = series[-1].end
        after = _owner_after(folded, tokens, taken)
        is_guide = lead.guide or (after is not None and after.kind == "guide")
        regulation = lead.regulation or (after.value if after and after.kind == "regulation" else None)
        if regulation is None and not is_guide:
            regulation = only
        series[0] = replace(series[0], start=lead.start)
        if after:
            series[-1] = replace(series[-1], end=after.end)
        unit = lead.unit or regulation is not None or is_guide
        found += [
            replace(one, regulation=None if is_guide else regulation, guide=is_guide, unit=unit) for one in series
        ]
    if not any(reference.regulation for reference in found):
        found += [
            Reference(token.value, unit=True, start=token.start, end=token.end)
            for token in tokens
            if token.kind == "regulation"
        ]
    found += [
        Reference(number="notices", guide=True, unit=True, start=notices.start(), end=notices.end())
        for notices in _NOTICES.finditer(folded)
    ]
    unique: dict[object, Reference] = {}
    for reference in found:
        unique.setdefault(reference.key, reference)
    return list(unique.values())


_ALONE = re.compile(
    r"\(\s?(?P<bracketed>[a-z])\s?\)|(?<![a-z])(?:letter|item|point|row)\s(?P<named>[a-z])(?![a-z'])"
    r"|(?<![a-z])(?:and|or|about|then)\s(?P<last>[b-hj-z])\W*$"
)


def parse_relative(text: str, before: Reference) -> list[Reference]:
    """The clauses that a text names only by what sets them apart from one spoken of before: "and (d)?", "5.99?".

    Args:
        text: one that names no clause that is known, nor a regulation.
        before: the clause spoken of.
    """
    numbers = [reference for reference in parse_references(text) if "." in (reference.number or "")]
    if numbers:
        return [replace(number, regulation=before.regulation, unit=True) for number in numbers]
    letters = [
        letter.group(letter.lastgroup or 0)
        for letter in _ALONE.finditer(_fold(text))
        if before.letters or letter["bracketed"]
    ]
    return [replace(before, letters=(letter,)) for letter in letters]


def blank_references(text: str, references: Sequence[Reference]) -> str:
    """`text` without the references found in it and without the names of regulations, its capitals kept.

    Args:
        text: what `parse_references` read.
        references: those of its references that are to go; another stays, as a plain number.
    """
    folded = _fold(text)
    if len(text) == len(folded):
        folded = text
    for start, end in sorted({(reference.start, reference.end) for reference in references}, reverse=True):
        folded = folded[:start] + " " * (end - start) + folded[end:]
    for token in reversed([token for token in _tokens(folded.lower()) if token.kind == "regulation"]):
        folded = folded[: token.start] + " " + folded[token.end :]
    return folded


_DIGITS = {"一": 1, "二": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9}
_SPELT = re.compile(
    r"([一二三四五六七八九])[點点]([一二三四五六七八九]?十?[一二三四五六七八九]?)(?=[^一二三四五六七八九十]|$)"
)


def _read_spelt(spelt: re.Match[str]) -> str:
    """A clause number in Chinese numerals, up to 九點九十九, in digits."""
    tens, ten, ones = spelt[2].rpartition("十")
    value = (_DIGITS.get(tens, 1) * 10 if ten else 0) + _DIGITS.get(ones, 0)
    return f"{_DIGITS[spelt[1]]}.{value}" if value else spelt.group()


def _fold(text: str) -> str:
    text = _SPELT.sub(_read_spelt, text)
    return re.sub(r"((?<![a-z])g[ln]\s?-?[0-9]{1,2})[.:/](?=[0-9]{1,2}\.)", r"\1 ", fold_text(text))


def _tokens(folded: str) -> Iterator[_Token]:
    for match in _TOKEN.finditer(folded):
        kind = match.lastgroup or ""
        kind = "regulation" if match["regulation"] else kind
        value = f"GL{int(match['issue'])}" if match["regulation"] else match.group()
        yield _Token(kind, value, match.start(), match.end())


@dataclass(frozen=True, slots=True)
class _Lead:
    regulation: str | None
    guide: bool
    unit: bool
    start: int


def _lead(folded: str, tokens: list[_Token], i: int) -> _Lead:
    """What stands right before the number: unit word, guide, regulation, with nothing else between."""
    regulation, guide, unit = None, False, False
    end = tokens[i].start
    for token in reversed(tokens[max(0, i - 3) : i]):
        between = folded[token.end : end].strip(" .,:'\"()\n\t")
        if between not in ("", "'s", "s", "the", "under") or token.kind == "number":
            break
        if token.kind == "regulation":
            regulation = token.value
        guide = guide or token.kind == "guide"
        unit = unit or token.kind == "unit"
        end = token.start
    return _Lead(regulation, guide and regulation is None, unit, end)


# Rules and standards of others: a number right after or before one of these is theirs.
_FOREIGN = (
    r"hkma|sfc|mas|apra|dora|iso(?:/iec)?|iec|cps|spm|nist|gdpr|pdpo|pdpa|ccpa|pci|dss|soc|csa|ccm|sox|cobit|cis|basel|"
    r"article|arts?|cap|ordinance|annex|appendix"
)
_FOREIGN_BEFORE = re.compile(
    rf"(?<![a-z])(?:{_FOREIGN})\.?[\s:\-]{{0,3}}(?:[a-z]{{0,3}}-?[0-9]{{0,6}}[\s:\-]{{0,3}})?(?:a\.)?$"
)
_FOREIGN_AFTER = re.compile(rf"[\s,]{{0,3}}(?:of (?:the )?)?(?:{_FOREIGN})(?![a-z])")


def _names_clause(folded: str, token: _Token, lead: _Lead) -> bool:
    if lead.regulation is None and not lead.guide:
        before = folded[max(0, lead.start - 24) : lead.start]
        if _FOREIGN_BEFORE.search(before) or _FOREIGN_AFTER.match(folded, token.end):
            return False
    stands_with = lead.unit or lead.guide or lead.regulation is not None
    if "." not in token.value and not stands_with:
        return False
    if _VERSION.search(folded[max(0, token.start - 12) : token.start]) and not stands_with:
        return False
    glued = token.start > 0 and folded[token.start - 1].isascii() and folded[token.start - 1].isalpha()
    return not (glued and not stands_with) and not _MEASURE.match(folded, token.end)


def _series(folded: str, token: _Token, *, stands_with: bool) -> Iterator[Reference]:
    """The number with its letters, and what a list or range adds to it."""
    current, at = _with_letters(folded, token.value, token.start, token.end, stands_with=stands_with)
    yield current
    while True:
        span = _RANGE.match(folded, at)
        more = span or _LIST.match(folded, at)
        if not more:
            return
        found = _next_in_series(folded, current, more.end())
        if found is None:
            return
        nearest = found
        if span:
            between = list(_between(current, nearest))
            if not between:
                return
            yield from between
        yield nearest
        current, at = nearest, nearest.end


def _with_letters(
    folded: str, number: str, start: int, end: int, *, stands_with: bool = False
) -> tuple[Reference, int]:
    letters: tuple[str, ...] = ()
    match = _LETTERS.match(folded, end)
    # "is 5.1 a requirement" has an article; "GL14 5.8 a reputation" a letter.
    if match and not (match["apart"] and match["phrase"] and match["apart"] in "ai" and not stands_with):
        letter = match["bracketed"] or match["opened"] or match["glued"] or match["apart"]
        letters = (letter, match["deeper"]) if match["deeper"] else (letter,)
        end = match.end() if not match["phrase"] else match.end("apart")
    return Reference(number=number, letters=letters, start=start, end=end), end


def _next_in_series(folded: str, current: Reference, at: int) -> Reference | None:
    unit = re.compile(r"(?:sections?|s|paras?|clauses?|cl)?\.?\s?").match(folded, at)
    begin = unit.end() if unit else at
    number = re.compile(r"[0-9]{1,2}(?:\.[0-9]{1,3}){1,2}(?![0-9]|\.[0-9])").match(folded, begin)
    if number and not _MEASURE.match(folded, number.end()):
        return _with_letters(folded, number.group(), begin, number.end())[0]
    letter = _LETTER.match(folded, at)
    if letter and current.letters:
        value = letter["letter"] or letter["bare"]
        return Reference(number=current.number, letters=(value,), start=at, end=letter.end())
    return None


def _between(first: Reference, last: Reference) -> Iterator[Reference]:
    """What a range names between its ends; nothing where the ends make no range."""
    if first.number == last.number and first.letters and last.letters:
        low, high = ord(first.letters[0]), ord(last.letters[0])
        if low < high:
            for code in range(low + 1, high):
                yield replace(first, letters=(chr(code),))
        return
    stem, _, tail = (first.number or "").rpartition(".")
    last_stem, _, last_tail = (last.number or "").rpartition(".")
    if stem == last_stem and not first.letters and 0 < int(last_tail) - int(tail) <= LONGEST_RANGE:
        for number in range(int(tail) + 1, int(last_tail)):
            yield replace(first, number=f"{stem}.{number}")


def _owner_after(folded: str, tokens: list[_Token], at: int) -> _Token | None:
    """The regulation or the guide that a number belongs to by what follows: "5.13 of GL14"."""
    for token in tokens:
        if token.start >= at and token.kind in ("regulation", "guide"):
            return token if _OF.fullmatch(folded[at : token.start]) else None
    return None
