"""Fills and a summary for the tests of questionnaires: what a reviewer would write, without one."""

from __future__ import annotations

from bot.review.model import Fill, Questionnaire, Summary

SUMMARY = Summary(
    title="Draft", lines=(("Guide", "Quaymoth Cloud 1.0, 2021-04"), ("Notice", "=a draft, “for a person”"))
)


def answer(number: int) -> Fill:
    """The fill of a question, from 0: every third one is left to a person."""
    if number % 3 == 2:
        return Fill(comment="The guide does not say.")
    return Fill(
        answer="Yes" if number % 3 else "No",
        comment=f'+1, "both" sides;\nsee {number}',
        ownership="Shared CSP and CSC",
        clause="GL14 5.17",
        citation="6.5 ¶2 s1, page 18",
        confidence="0.91 (high)",
        quote="@they said | so",
        status="answered",
    )


def fill(questionnaire: Questionnaire) -> bytes:
    """A questionnaire with `answer` beside each question."""
    fills = tuple(answer(number) for number in range(len(questionnaire.questions)))
    return questionnaire.fill(fills, SUMMARY)
