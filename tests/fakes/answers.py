"""Hand-made answers, for tests of what is drawn from them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from corpus.models import Kind, Owner, Ownership
from retrieval.answer import (
    AnchorView,
    Answer,
    ClauseView,
    Closest,
    Confidence,
    CorpusView,
    DutyView,
    Note,
    Outcome,
    UpdateView,
)
from retrieval.catalogue import Catalogue, GuideView, Suggestion
from retrieval.wording import Language

PROVIDER, CUSTOMER, THIRD = Owner.CSP, Owner.CSC, Owner.THIRD_PARTY


def make_duty(owner: Owner, text: str, **changes: Any) -> DutyView:
    """A duty that answers the question, unless changed."""
    fields: dict[str, Any] = {
        "owner": owner,
        "kind": Kind.OBLIGATION,
        "text": text,
        "relevant": True,
        "quote": None,
        "citation": "A guide, edition 1.0 (March 2019), section 5.1, row c, page 9",
        "anchors": (AnchorView(section="5.1", row="c", paragraph=1, sentences=(3,), pages=(9,)),),
    }
    return DutyView(**(fields | changes))


def make_clause(ref: str = "GL8 5.1(c)", duties: Sequence[DutyView] = (), **changes: Any) -> ClauseView:
    """A clause with those duties."""
    fields: dict[str, Any] = {
        "ref": ref,
        "guide": "a-guide",
        "section": "5.1",
        "row": "c",
        "pages": (9, 10),
        "title": "Copies of data",
        "requirement": "Keep copies of what matters, and try them out.",
        "ownership": Ownership.SHARED,
        "score": None,
        "duties": tuple(duties),
        "errata": (),
        "updates": (),
        "currency": "The guide is of March 2019; no revision of GL8 since then is known.",
        "see_also": (),
        "resources": (),
        "together_with": (),
        "citation": "A guide, edition 1.0 (March 2019), section 5.1, row c, pages 9-10",
        "provider": "Quaymoth Cloud",
        "kind": "clause",
    }
    return ClauseView(**(fields | changes))


def make_answer(clauses: Sequence[ClauseView] = (), **changes: Any) -> Answer:
    """An answer that shows all of those clauses."""
    fields: dict[str, Any] = {
        "question": "who keeps copies?",
        "language": "en",
        "outcome": Outcome.ANSWERED,
        "ownership": Ownership.SHARED,
        "clauses": tuple(clauses),
        "asked": len(clauses),
        "closest": (),
        "message": "Both: the provider and the customer each have duties.\n\nThe plain reading, whole.",
        "confidence": Confidence(value=0.9, band="high", matched=("copies",), unknown=()),
        "corpus": CorpusView(guide="a-guide", edition="1.0", sha256="0" * 64, source_attached=False),
    }
    return Answer(**(fields | changes))


def make_choice(ref: str, title: str) -> Closest:
    """A clause to choose."""
    return Closest(ref=ref, guide="a-guide", title=title, section="5.1")


COPIES = make_clause(
    duties=[
        make_duty(CUSTOMER, "Copies its own data, and tries out whether copies can be read back."),
        make_duty(PROVIDER, "Does not look into the customer's data.", relevant=False),
        make_duty(PROVIDER, "Sells a service that makes copies.", relevant=False, kind=Kind.SERVICE),
        make_duty(PROVIDER, "Shows a certificate.", relevant=False, kind=Kind.EVIDENCE, as_of="2018-11"),
    ],
    see_also=("GL14 5.13", "guide 3"),
)

ONE_CLAUSE = make_answer(
    [COPIES], ownership=Ownership.CSC_OWNED, message="The customer.\n\nGL8 5.1(c) Copies of data: the plain reading."
)

SILENT_SIDE = make_answer(
    [
        make_clause(
            "GL14 5.12",
            [
                make_duty(PROVIDER, "Tells the customer of a breach."),
                make_duty(THIRD, "Audits the provider each year."),
            ],
            title="Breaches & notices",
            ownership=Ownership.CSP_OWNED,
            errata=(
                Note(kind="misprint", text="The guide writes 5.21 where 5.12 is meant.", citation="A guide, page 14"),
            ),
            updates=(
                UpdateView(
                    date="2021-10-08",
                    title="A law on copies",
                    text="Adds a duty to report.",
                    status="reported",
                    source="example.org",
                ),
            ),
            together_with=("GL14 5.13",),
        )
    ],
    ownership=Ownership.CSP_OWNED,
    message="The provider. There is no answer to the part about <fees>.\n\nGL14 5.12 Breaches & notices: the reading.",
    confidence=Confidence(value=0.4, band="medium", matched=("breach",), unknown=("fees", "<!channel>")),
)

QUOTED = make_answer(
    [
        make_clause(
            duties=[
                make_duty(CUSTOMER, "Copies its own data.", quote="Customers copy <their> data."),
                make_duty(PROVIDER, "Does not look into it.", quote="We do not look.", relevant=False),
            ]
        )
    ],
)

TWO_CLAUSES = make_answer(
    [
        COPIES,
        make_clause("GL14 5.13", [make_duty(PROVIDER, "Stores data in the region that was chosen.")], title="Places"),
        make_clause("GL14 5.15(c)", [], title="Related only", ownership=Ownership.NONE),
    ],
    asked=2,
)

CHINESE = make_answer(
    [COPIES],
    language="zh-Hant",
    ownership=Ownership.CSC_OWNED,
    message="由客戶負責。\n\nGL8 5.1(c)：全文。",
    confidence=Confidence(value=0.2, band="low", matched=(), unknown=("備份",)),
)

NO_SUCH_CLAUSE = make_answer(
    outcome=Outcome.NO_SUCH_CLAUSE,
    ownership=Ownership.NONE,
    message="The guide has no response to GL8 5.9.\n\nChoose one:\n- GL8 5.1(c) Copies of data",
    closest=(make_choice("GL8 5.1(c)", "Copies of data"), make_choice("GL8 5.2", "Payment")),
)

NOT_COVERED = make_answer(
    outcome=Outcome.NOT_COVERED,
    ownership=Ownership.NONE,
    message="The guide does not mention *lunch* <@U0BOSS>.\n\nClosest, not an answer:\n- GL8 5.2 Payment",
    closest=(make_choice("GL8 5.2", "Payment"),),
)

CLARIFY = make_answer(
    outcome=Outcome.CLARIFY,
    ownership=Ownership.NONE,
    message="Which clause 5.1(c) do you mean?\n\nChoose one:\n- GL8 5.1(c)\n- GL14 5.1(c)",
    closest=(make_choice("GL8 5.1(c)", "Copies of data"), make_choice("GL14 5.1(c)", "Scope")),
)

LAYOUTS = {
    "one-clause": ONE_CLAUSE,
    "silent-side": SILENT_SIDE,
    "quoted": QUOTED,
    "two-clauses": TWO_CLAUSES,
    "chinese": CHINESE,
    "no-such-clause": NO_SUCH_CLAUSE,
    "not-covered": NOT_COVERED,
    "clarify": CLARIFY,
    "twenty-clauses": make_answer([make_clause(f"GL8 6.{number}", COPIES.duties * 4) for number in range(1, 21)]),
}


class StubAnswerer:
    """Gives the same answer to every question, and keeps the questions; raises if it holds an exception."""

    def __init__(self, answer: Answer | Exception = ONE_CLAUSE) -> None:
        self.answer_to_give = answer
        self.corpus = ONE_CLAUSE.corpus
        self.questions: list[str] = []
        self.regulations: list[str | None] = []

    def answer(self, question: str, *, context: Sequence[str] = (), regulation: str | None = None) -> Answer:
        """The answer that it holds."""
        self.questions.append(question)
        self.regulations.append(regulation)
        if isinstance(self.answer_to_give, Exception):
            raise self.answer_to_give
        return self.answer_to_give

    def show(self, ref: str, guide: str | None = None, language: Language = "en") -> ClauseView | None:
        """The clause of that reference, if the answer that it holds shows one."""
        return next((clause for clause in self._clauses() if clause.ref == ref), None)

    def suggest(
        self, text: str, *, regulation: str | None = None, owner: str | None = None, most: int = 100
    ) -> list[Suggestion]:
        """The clauses that the answer shows, whose reference begins with that text."""
        return [_suggest(clause) for clause in self._clauses() if clause.ref.startswith(text)][:most]

    def catalogue(self) -> Catalogue:
        """A guide with the clauses that the answer shows, and nothing else."""
        guide = GuideView(
            id="a-guide",
            title="A guide",
            edition="1.0",
            date="2019-03",
            provider="Quaymoth Cloud",
            regulations=("GL8", "GL14"),
            clauses=tuple(_suggest(clause) for clause in self._clauses()),
            background=(),
        )
        return Catalogue(guides=(guide,), updates=())

    def _clauses(self) -> Sequence[ClauseView]:
        return () if isinstance(self.answer_to_give, Exception) else self.answer_to_give.clauses


def _suggest(clause: ClauseView) -> Suggestion:
    return Suggestion(
        ref=clause.ref,
        title=clause.title,
        guide=clause.guide,
        section=clause.section,
        ownership=clause.ownership,
        regulation=clause.ref.split(" ")[0],
    )
