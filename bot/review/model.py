"""The words of a review: the questions of a questionnaire, and what is written beside each. Pure."""

from __future__ import annotations

from typing import Literal, Protocol

from bot.review.problems import CHINESE
from corpus.models import Model
from retrieval.wording import Language

Kind = Literal["xlsx", "csv", "tsv", "docx", "json", "txt"]
Status = Literal["answered", "needs a person"]


class ReviewError(Exception):
    """A questionnaire that can't be reviewed; the text says in a line what is wrong with it and what to do."""

    def __init__(self, sentence: str, **values: object) -> None:
        """Say what is wrong.

        Args:
            sentence: in English; the key of its translation in `bot.review.problems`.
            values: what stands in its braces; none where it has no braces to fill.
        """
        super().__init__(sentence.format(**values) if values else sentence)
        self._sentence, self._values = sentence, values

    def tell(self, language: Language) -> str:
        """The text in a language; as it is where there is no translation."""
        sentence = CHINESE.get(self._sentence) if language == "zh-Hant" else None
        return sentence.format(**self._values) if sentence else str(self)


class Columns(Model):
    """Which columns hold what, as somebody named them: by heading, letter or number from 1; None where not named."""

    question: str | None = None
    answer: str | None = None
    comment: str | None = None


class Question(Model):
    """A question of a questionnaire.

    ``place`` is its sheet, table or array, empty where the file has no such; ``row`` is its row or line from 1, as a
    person counts it there. ``choices`` are the only answers that the file allows, in its own words; empty where any
    text is. ``given`` is what the file has for an answer already. ``party``: the answer's column is one of who is
    responsible. ``parties`` are the only texts that a column of who is responsible beside the answer's allows, empty
    where any text is; None where there is no such column.
    """

    place: str
    row: int
    text: str
    choices: tuple[str, ...] = ()
    given: str = ""
    party: bool = False
    parties: tuple[str, ...] | None = None


class Fill(Model):
    """What is written beside a question.

    ``answer`` is one of its choices, where it has any; empty where the guide does not answer, or a person must choose.
    ``comment`` says who does what, or why nothing is answered. ``ownership`` is the CSA's name, ``clause`` the
    references, ``citation`` their places with the pages, ``confidence`` as ``0.83 (high)``, ``quote`` the source's
    words where it is attached. The reviewer's column is a person's: it stays empty. ``responsible`` is for the file's
    own column of who is responsible beside its answer's, and stands whether the question is answered or not.
    """

    answer: str = ""
    comment: str = ""
    ownership: str = ""
    clause: str = ""
    citation: str = ""
    confidence: str = ""
    quote: str = ""
    status: Status = "needs a person"
    responsible: str = ""


class Summary(Model):
    """The first sheet: lines of a heading and its text, in order, such as ``("Guide", "… 1.0, 2019-03")``."""

    title: str
    lines: tuple[tuple[str, str], ...]


ADDED: tuple[tuple[str, str], ...] = (
    ("answer", "Answer"),
    ("comment", "Comment"),
    ("ownership", "Ownership"),
    ("clause", "Clause"),
    ("citation", "Citation"),
    ("confidence", "Confidence"),
    ("quote", "Quote"),
    ("reviewer", "Reviewer"),
    ("status", "Status"),
)
"""The field and the heading of each; headings are written as ``Clausebot: Answer`` and so on."""


class Questionnaire(Protocol):
    """A questionnaire that was read."""

    @property
    def kind(self) -> Kind:
        """What kind of file it is, and what it comes back as."""
        ...

    @property
    def questions(self) -> tuple[Question, ...]:
        """Its questions, in order; at least one."""
        ...

    def fill(self, fills: tuple[Fill, ...], summary: Summary) -> bytes:
        """The same file, with what is written beside each question; one fill for each of ``questions``, in order."""
        ...


class ReviewedRow(Model):
    """A question of a file that came back from Clausebot, as people left it.

    ``given`` and ``remark`` are what stands in the file's own columns for answer and comment; ``answer``, ``comment``,
    ``reviewer`` and ``status`` what stands in the columns that Clausebot added, whoever wrote it. ``place`` and ``row``
    are a question's.
    """

    place: str
    row: int
    question: str
    given: str = ""
    remark: str = ""
    answer: str = ""
    comment: str = ""
    reviewer: str = ""
    status: str = ""
