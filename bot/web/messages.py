"""What programs send and get, beside answers: the same over the JSON API and MCP. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Annotated, Any, Literal, TypeVar

from pydantic import AfterValidator, Field, StringConstraints, ValidationError
from pydantic_core import PydanticCustomError

from corpus.models import Model, Owner, Ownership, Slug
from retrieval.answer import DutyView

LONGEST_QUESTION = 4_000
"""Characters of a question, on pages, over the API and MCP: one read off a page is far shorter, and one that is longer
would hold up other people's answers for more than some hundredths of a second."""

_LONGEST_REASON = 1_000
_LONGEST_NAME = 64

# References of a conversation so far, of which the last counts most; errors that are told at once.
_MOST_CONTEXT = 20
_MOST_ERRORS = 20

# A clause (GL8 5.1(c), gl 8 5.1 c), a section of the guide (guide 2.1), or a background item's id (iso-27001).
_LETTER = r" *\(? *[A-Za-z]{1,4} *\)?"
_CLAUSE = rf" *[A-Za-z]+ *[0-9]+ +[0-9]+(\.[0-9]+)*({_LETTER})* *"
_SHOWN = rf"^({_CLAUSE}| *[Gg]uide +([0-9]+(\.[0-9]+)*|notices) *|[a-z0-9]+(-[a-z0-9]+)*)$"
_PARTS = re.compile(r" *([A-Za-z]+) *([0-9]+) +([0-9.]+)([A-Za-z() ]*)", re.ASCII)


def _refuse_blank(question: str) -> str:
    if not question.strip():
        raise PydanticCustomError("blank", "It is blank: write a question")
    return question


def _write_reference(ref: str) -> str:
    """A reference as answers write it: ``GL8 5.1(c)``, ``guide 2.1``."""
    clause = _PARTS.fullmatch(ref)
    if clause is None:
        return " ".join(ref.split()).replace("Guide", "guide")
    regulation, issue, number, letters = clause.groups()
    return f"{regulation.upper()}{issue} {number}" + "".join(
        f"({each.lower()})" for each in re.findall("[A-Za-z]+", letters)
    )


Question = Annotated[
    str,
    Field(
        min_length=1,
        max_length=LONGEST_QUESTION,
        description="The question as a person would ask it, in English or Chinese, with or without clause numbers.",
        examples=["who handles backups under GL8 5.1(c)?"],
        # Read by programs; people are told in words.
        json_schema_extra={"pattern": r"\S"},
    ),
    AfterValidator(_refuse_blank),
]
Reference = Annotated[str, StringConstraints(min_length=1, max_length=_LONGEST_NAME)]
Context = Annotated[
    tuple[Reference, ...],
    Field(
        max_length=_MOST_CONTEXT,
        description="References that the conversation was about so far, the latest last; a follow-up goes on from it.",
        examples=[["GL8 5.1(c)"]],
    ),
]
GuideId = Annotated[
    Slug, Field(max_length=_LONGEST_NAME, description="A guide's id; by default every guide that is loaded.")
]
RegulationId = Annotated[
    str, Field(pattern=r"^[A-Z]+[0-9]+$", max_length=_LONGEST_NAME, description="A regulation, such as GL8.")
]
Party = Annotated[
    Owner, Field(description="Only clauses that name a duty of this party: csp is the provider, csc the customer.")
]


class AskRequest(Model):
    """A question, and what was spoken of before."""

    question: Question
    context: Context = ()


class LookUpRequest(Model):
    """A clause, however it is written."""

    reference: Annotated[
        str,
        Field(
            min_length=1,
            max_length=200,
            description='The clause, as people write it: "GL8 5.1(c)", "gl14 s5.8 e", "GL14 5.12 to 5.14".',
            examples=["GL8 5.1(c)"],
        ),
    ]


class FeedbackRequest(Model):
    """What somebody thinks of an answer."""

    answer: Annotated[
        str,
        Field(
            pattern=r"^[0-9a-f]{64}$", description="The answer's id, from the header Answer-Id.", examples=["0" * 64]
        ),
    ]
    helpful: Annotated[bool, Field(description="Whether it helped.")]
    reason: Annotated[str, Field(max_length=_LONGEST_REASON, description="Why, in a few words.")] = ""


class ClauseQuery(Model):
    """Which clause to show."""

    ref: Annotated[
        str,
        Field(
            pattern=_SHOWN,
            max_length=_LONGEST_NAME,
            description=(
                "A reference, `GL8 5.1(c)` or `guide 2.1`, in capitals or not; or a background item's id, `iso-27001`."
            ),
            examples=["GL8 5.1(c)"],
        ),
        AfterValidator(_write_reference),
    ]
    guide: GuideId | None = None
    language: Annotated[
        Literal["en", "zh-Hant"], Field(description="Of citations and dates; duties stay as they are.")
    ] = "en"


class CatalogueQuery(Model):
    """What to list."""

    guide: GuideId | None = None
    regulation: RegulationId | None = None
    owner: Party | None = None


class MatrixQuery(Model):
    """Which matrix to draw up."""

    regulation: Annotated[RegulationId, Field(examples=["GL8"])]
    guide: GuideId | None = None
    owner: Party | None = None
    language: Annotated[
        Literal["en", "zh-Hant"], Field(description="Of citations and dates; duties stay as they are.")
    ] = "en"


class MatrixRow(Model):
    """One clause with each party's duties; where a party's are empty, the guide names none.

    ``relevant`` is false throughout: nothing was asked.
    """

    ref: str
    guide: str
    section: str
    row: str | None
    pages: tuple[int, ...]
    title: str
    requirement: str
    ownership: Ownership
    csp: tuple[DutyView, ...]
    csc: tuple[DutyView, ...]
    third_party: tuple[DutyView, ...]
    citation: str


class Matrix(Model):
    """Who does what about a regulation, clause by clause, as the loaded guides answer it."""

    regulation: str
    rows: tuple[MatrixRow, ...]


class Wrong(Model):
    """One thing to change in a request."""

    place: str = Field(description="A JSON pointer into the body, such as `/question`, or a query parameter's name.")
    detail: str = Field(description="What is wrong with it.")


class UnreadableError(Exception):
    """What was sent is no JSON."""


class InvalidError(Exception):
    """What was sent is not as described; ``wrong`` says what to change."""

    def __init__(self, wrong: tuple[Wrong, ...]) -> None:
        super().__init__(f"{len(wrong)} things to change")
        self.wrong = wrong


Message = TypeVar("Message", bound=Model)


def read_json(model: type[Message], text: str | bytes) -> Message:
    """A message from JSON.

    Raises:
        UnreadableError: it is no JSON, or deeper than any message is.
        InvalidError: it is another message.
    """
    try:
        return model.model_validate_json(text)
    except ValidationError as error:
        if any(each["type"] == "json_invalid" for each in error.errors(include_url=False, include_input=False)):
            raise UnreadableError from None
        raise InvalidError(_explain(model, error, "/")) from None


def read_strings(model: type[Message], strings: Mapping[str, str]) -> Message:
    """A message from names and values, as a query has them.

    Raises:
        InvalidError: it is another message.
    """
    try:
        return model.model_validate_strings(strings)
    except ValidationError as error:
        raise InvalidError(_explain(model, error, "")) from None


def _explain(model: type[Model], error: ValidationError, begin: str) -> tuple[Wrong, ...]:
    """What to change, without what was sent."""
    found = error.errors(include_url=False, include_input=False, include_context=False)
    return tuple(
        Wrong(place=begin + "/".join(map(_escape, each["loc"])), detail=_say(model, each["type"], each["msg"]))
        for each in found[:_MOST_ERRORS]
    )


def _say(model: type[Model], kind: str, said: str) -> str:
    known: dict[str, Any] = {
        "extra_forbidden": f"There is no such field; there are: {', '.join(model.model_fields)}",
        "missing": "This field is needed",
        "model_type": "It has to be an object",
    }
    return str(known.get(kind, said))


def _escape(part: str | int) -> str:
    """A part of a JSON pointer (RFC 6901)."""
    return str(part).replace("~", "~0").replace("/", "~1")
