"""The guide as data: frozen models that the YAML packs are checked against.

Ids and references are strings; a number is refused, because YAML reads an unquoted ``5.10`` as 5.1.
"""

import re
from collections.abc import Iterable
from enum import StrEnum
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, field_validator, model_validator

Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
Slug = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")]
ClauseRef = Annotated[str, StringConstraints(pattern=r"^[A-Z]+[0-9]+ [0-9]+(\.[0-9]+)*(\([a-z]+\))*$")]
SectionNumber = Annotated[str, StringConstraints(pattern=r"^([0-9]+(\.[0-9]+)*|notices)$")]
Date = Annotated[str, StringConstraints(pattern=r"^[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?$")]
Sha256 = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]


class Model(BaseModel):
    """Base of every model here: frozen, strict, and closed to unknown keys."""

    # Schemas are built when first used: a cold `clausebot ask` needs only a few of them.
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, defer_build=True)

    @model_validator(mode="before")
    @classmethod
    def _lists_to_tuples(cls, value: Any) -> Any:
        """Take YAML's lists where the model holds tuples."""
        if not isinstance(value, dict):
            return value
        return {key: tuple(held) if isinstance(held, list) else held for key, held in value.items()}


class Owner(StrEnum):
    """The party that a duty falls on."""

    CSP = "csp"
    CSC = "csc"
    THIRD_PARTY = "third_party"


class Kind(StrEnum):
    """What a duty is: something done or owed, something offered, or something shown."""

    OBLIGATION = "obligation"
    SERVICE = "service"
    EVIDENCE = "evidence"


class Ownership(StrEnum):
    """Who carries a set of duties, in the values of the CSA Cloud Controls Matrix (STA-04)."""

    CSP_OWNED = "csp_owned"
    CSC_OWNED = "csc_owned"
    SHARED = "shared"
    THIRD_PARTY = "third_party"
    NONE = "none"


_LOCATION = re.compile(
    r"""
    (?P<section>notices|[0-9]+(?:\.[0-9]+)*)        # guide section: 5.1
    (?:/(?P<row>[a-z]|[0-9]+(?:\.[0-9]+)*(?:\([a-z]+\))*))?  # table row: c, or 5.15(c)
    (?:\ (?P<requirement>req)|\ ¶(?P<paragraph>[0-9]+))     # requirement column, or a paragraph
    \ s(?P<first>[0-9]+)(?:-(?P<last>[0-9]+))?              # sentences: s3 or s3-5
    (?:\ p(?P<page>[0-9]+)(?:-(?P<last_page>[0-9]+))?)?     # pages: p9 or p9-10
    """,
    re.VERBOSE,
)


class Anchor(Model):
    """Where a statement stands in the source.

    Written in a pack as ``"5.1/c ¶1 s3 p9"``: guide section 5.1, table row c, first paragraph of the
    response, third sentence, page 9. ``s3-5`` and ``p9-10`` are ranges; ``req`` in place of the
    paragraph names the row's requirement column. Prose has no row; the notices' pages have no number. The
    hash of each sentence stands once, in the guide's ``sentences.yaml``.
    """

    section: SectionNumber
    row: str | None = None
    column: Literal["requirement", "response"] = "response"
    paragraph: Annotated[int, Field(ge=1)]
    sentences: Annotated[tuple[Annotated[int, Field(ge=1)], ...], Field(min_length=1)]
    pages: tuple[Annotated[int, Field(ge=1)], ...]

    @model_validator(mode="before")
    @classmethod
    def _parse(cls, value: Any) -> Any:
        return parse_anchor(value) if isinstance(value, str) else value

    def __str__(self) -> str:
        place = self.section + (f"/{self.row}" if self.row else "")
        part = "req" if self.column == "requirement" else f"¶{self.paragraph}"
        pages = f" p{_span(self.pages)}" if self.pages else ""
        return f"{place} {part} s{_span(self.sentences)}{pages}"

    @property
    def keys(self) -> tuple[str, ...]:
        """The address of each sentence in the ledger, such as ``5.1/c ¶1 s3``."""
        return tuple(
            sentence_key(self.section, self.row, self.column, self.paragraph, number) for number in self.sentences
        )


def _span(numbers: tuple[int, ...]) -> str:
    return str(numbers[0]) if len(numbers) == 1 else f"{numbers[0]}-{numbers[-1]}"


def sentence_key(section: str, row: str | None, column: str, paragraph: int, sentence: int) -> str:
    """The address of one sentence of the source, such as ``5.1/c ¶1 s3`` or ``5.1/c req s1``."""
    part = "req" if column == "requirement" else f"¶{paragraph}"
    return f"{section}{f'/{row}' if row else ''} {part} s{sentence}"


def parse_anchor(text: str) -> dict[str, Any]:
    """The fields of an `Anchor` from its written form.

    Raises:
        ValueError: the text is not of the form ``5.1/c ¶1 s3 p9``.
    """
    found = _LOCATION.fullmatch(text)
    if not found:
        raise ValueError(
            f'"{text}" is no anchor; write section[/row] ¶paragraph sSENTENCE pPAGE, like "5.1/c ¶1 s3 p9"'
        )
    first = int(found["first"])
    last = int(found["last"] or first)
    page = int(found["page"] or 1)
    last_page = int(found["last_page"] or page) if found["page"] else 0
    if last < first or (found["page"] and last_page < page):
        raise ValueError(f'"{text}" has a range that runs backwards')
    return {
        "section": found["section"],
        "row": found["row"],
        "column": "requirement" if found["requirement"] else "response",
        "paragraph": int(found["paragraph"] or 1),
        "sentences": tuple(range(first, last + 1)),
        "pages": tuple(range(page, last_page + 1)),
    }


class Statement(Model):
    """A statement in our own words with the places of the source that it restates."""

    text: Text
    at: tuple[Anchor, ...] = Field(min_length=1)

    @field_validator("at", mode="before")
    @classmethod
    def _one_or_many(cls, value: Any) -> Any:
        return (value,) if isinstance(value, str | dict) else value

    @property
    def pages(self) -> tuple[int, ...]:
        """Every page that the statement's anchors touch, ascending."""
        return tuple(sorted({page for anchor in self.at for page in anchor.pages}))


class Duty(Statement):
    """One thing that one party must do, offers or shows.

    ``as_of`` dates a fact that ages (a figure, a ranking, a version of a standard).
    """

    owner: Owner
    kind: Kind
    as_of: Date | None = None

    @field_validator("owner", "kind", mode="before")
    @classmethod
    def _from_value(cls, value: Any, info: Any) -> Any:
        enum: type[StrEnum] = Owner if info.field_name == "owner" else Kind
        if not isinstance(value, str) or value not in [member.value for member in enum]:
            raise ValueError(f"{value!r} is not one of: {', '.join(enum)}")
        return enum(value)


class Erratum(Statement):
    """A doubtful statement of the guide, with what to make of it."""

    kind: Literal["misprint", "contradiction", "ambiguity", "omission"]


class Term(Statement):
    """A word of this passage that means something else elsewhere in the guide."""

    word: Text


class Passage(Model):
    """What is indexed: one clause with its response, or one background item of the guide.

    ``names`` are words that people use for the subject and the passage's own text does not.
    """

    title: Text
    section: SectionNumber
    duties: tuple[Duty, ...] = ()
    see_also: tuple[str, ...] = ()
    resources: tuple[int, ...] = ()
    topics: tuple[Slug, ...] = ()
    names: tuple[Text, ...] = ()
    errata: tuple[Erratum, ...] = ()
    terms: tuple[Term, ...] = ()

    @property
    def ownership(self) -> Ownership:
        """Who carries the passage's duties together."""
        return derive_ownership(self.duties)


class Clause(Passage):
    """A clause of a regulation that the guide answers.

    ``row`` is its row in the section's table, None where prose answers it. ``together_with`` names the
    clauses that the guide answers with the same words.
    """

    ref: ClauseRef
    row: str | None = None
    requirement: Statement
    together_with: tuple[ClauseRef, ...] = ()

    @property
    def regulation(self) -> str:
        """The regulation's id: ``GL8`` of ``GL8 5.1(c)``."""
        return self.ref.split(" ", 1)[0]

    @property
    def pages(self) -> tuple[int, ...]:
        """Every page on which the requirement or a duty stands, ascending."""
        return _pages((self.requirement, *self.duties))


class Item(Passage):
    """A background item of the guide: a certification, a privacy statement, a notice.

    ``summary`` says what the item is, beside what each party does about it.
    """

    id: Slug
    summary: Statement

    @property
    def ref(self) -> str:
        """Where it stands, the reference under which it is cited: ``guide 2.1``."""
        return f"guide {self.section}"

    @property
    def pages(self) -> tuple[int, ...]:
        """Every page on which the summary or a duty stands, ascending."""
        return _pages((self.summary, *self.duties))


def _pages(statements: Iterable[Statement]) -> tuple[int, ...]:
    return tuple(sorted({page for statement in statements for page in statement.pages}))


class Provider(Model):
    """The cloud service provider that published the guide, and every name it goes by."""

    name: Text
    names: tuple[Text, ...] = ()


class Section(Model):
    """A numbered section of the guide with the page on which the contents list puts it."""

    number: SectionNumber
    title: Text
    page: Annotated[int, Field(ge=1)] | None


class Resource(Model):
    """An entry of the guide's list of useful resources."""

    number: Annotated[int, Field(ge=1)]
    title: Text


class AbsentClause(Model):
    """A clause that a reader will look for and the guide does not answer."""

    ref: ClauseRef
    reason: Text


class GuideInfo(Model):
    """The head of a pack: which document it restates, whose it is and how to know it.

    ``opening`` are words that stand on the source's title page, by which the attached document is known.
    """

    pack: Literal[1]
    id: Slug
    version: Annotated[int, Field(ge=1)]
    title: Text
    short_title: Text
    provider: Provider
    customer: Text
    edition: Text
    date: Date
    language: Text
    copyright: Text
    opening: tuple[Text, ...] = Field(min_length=1)
    regulations: tuple[str, ...] = ()
    sections: tuple[Section, ...] = Field(min_length=1)
    resources: tuple[Resource, ...] = ()
    absent: tuple[AbsentClause, ...] = ()


class LedgerEntry(Model):
    """One sentence of the source: its address, pages and hash, and why nothing restates it if nothing does."""

    at: Text
    pages: tuple[int, ...] = ()
    sha256: Sha256
    unrestated: Text | None = None


class Guide(Model):
    """One guide's pack, whole: its head, the clauses it answers and its background items."""

    info: GuideInfo
    clauses: tuple[Clause, ...]
    items: tuple[Item, ...]

    @property
    def passages(self) -> tuple[Clause | Item, ...]:
        """Every passage in the guide's order of files: clauses first, then background."""
        return (*self.clauses, *self.items)

    def section(self, number: str) -> Section:
        """The section of that number.

        Raises:
            KeyError: the guide has no such section.
        """
        for section in self.info.sections:
            if section.number == number:
                return section
        raise KeyError(number)


def derive_ownership(duties: Iterable[Duty]) -> Ownership:
    """Who carries a set of duties, never stored but derived.

    Obligations of provider and customer are ``shared``; of one of them, that side's (a third party works
    for whoever binds it); only a third party's, ``third_party``. Where nobody is obliged, the same over the
    sides that offer or show something. No duties, ``none``.
    """
    held = list(duties)
    obliged = {duty.owner for duty in held if duty.kind is Kind.OBLIGATION}
    owners = obliged or {duty.owner for duty in held}
    if {Owner.CSP, Owner.CSC} <= owners:
        return Ownership.SHARED
    if Owner.CSP in owners:
        return Ownership.CSP_OWNED
    if Owner.CSC in owners:
        return Ownership.CSC_OWNED
    return Ownership.THIRD_PARTY if owners else Ownership.NONE
