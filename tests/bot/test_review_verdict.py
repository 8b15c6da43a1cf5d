"""Questions of yes or no in other words than the guide has: which it answers all the same, and which it does not."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from bot.desk import Desk
from bot.review.composing import Reviewer
from bot.review.credentials import has_credential, read_credential
from bot.review.model import Fill, Question
from bot.unrecorded import Unrecorded
from retrieval.answerer import load_answerer

GUIDES = Path(__file__).parents[1] / "fixtures" / "guides"

Ask = Callable[[str], Fill]


@pytest.fixture(scope="module")
def ask() -> Ask:
    """Ask the real guide for yes or no."""
    reviewer = Reviewer(Desk(load_answerer(None, GUIDES)[0], Unrecorded()), ["alibaba-cloud-hk-insurance-2019"])
    return lambda text: reviewer.fill(Question(place="", row=1, text=text, choices=("Yes", "No", "N/A")))


@pytest.mark.parametrize(
    "text",
    [
        "Does the provider hold ISO 27001 certification?",
        "Is the provider ISO 27001 certified?",
        "Are you ISO/IEC 27001:2013 certified?",
        "Do you hold ISO 27001 and ISO 27017 certifications?",
        "Has the provider obtained MTCS certification?",
        "Are you certified against ISO 9001?",
        "Are you PCI DSS compliant?",
        "Does the provider have SOC 2 reports available?",
        "Do you have SOC 1 and SOC 2 reports?",
        "Is a SOC 2 Type II report available?",
        "Is there an incident response team?",
        "Do you have a security incident response team?",
        "Do you have an information security policy?",
        "Are there information security policies?",
        "Is customer data deleted when the contract ends?",
        "Will customer data be deleted upon termination?",
        "Do you delete our data at the end of the contract?",
        "Does the provider notify customers of a data breach?",
        "Are customers notified of data breaches?",
        "Will you notify us in the event of a data breach?",
    ],
)
def test_other_words_for_what_a_duty_says_are_a_yes(ask: Ask, text: str) -> None:
    """A certificate, a report, a thing of the provider's own, a deed with its condition: however they are asked for."""
    assert (ask(text).answer, ask(text).status) == ("Yes", "answered")


@pytest.mark.parametrize(
    "text",
    [
        "Are you FedRAMP certified?",
        "Does the provider hold ISO 27001 certification for all subcontractors?",
        "Is your data centre ISO 27001 certified?",
        "Are you ISO 27001:2022 certified?",
        "Do you hold ISO 27001, ISO 27018 and ISO 27701 certifications?",
        "Are you ISO 27001 or ISO 27701 certified?",
        "Do you hold PCI DSS certification?",  # compliant, says the guide
        "Are you PCI DSS 4.0 compliant?",
        "Do you hold SOC 2 certification?",  # a report is no certificate
        "Do you have a SOC 2 Type I report?",
        "Do you have a SOC 2 Type 1 report?",
        "Do you have an annual SOC 2 report?",
        "Do you have a SOC 2 report for your Hong Kong data centre?",
        "Is there an incident response plan?",
        "Do you have a response team?",
        "Do you have a dedicated incident response team?",
        "Do you have a security management policy?",
        "Do you have a cyber security policy?",
        "Do you have an information security policy approved by the board?",
        "Are business continuity plans tested annually?",  # regularly, says the guide
        "Does the provider encrypt data at rest?",  # "at rest" is protected, and what is encrypted is listed
        "Is all customer data deleted when the contract ends?",
        "Do you delete customer data?",
        "Do you delete customer data within 30 days of termination?",
        "Are backups deleted when the contract ends?",
        "Is customer data returned when the contract ends?",
        "Is personal data permanently deleted on termination?",
        "Do you notify customers of a data breach within 72 hours?",
        "Do you notify customers of a data breach before it is resolved?",
        "Do you notify the Insurance Authority of a data breach?",
        "Have you notified customers of a data breach?",  # whether it came to that
        "Have you notified customers of a security incident?",
        "Do you have data breaches?",
        "Do you have your own financial statements?",  # the group's, says the guide
        "Do you have a Software Testing Center?",  # which evaluates its products
        "Do you have IT operation risks?",  # which its policies govern
    ],
)
def test_what_goes_beyond_a_duty_stays_blank(ask: Ask, text: str) -> None:
    """Another standard, year, type, scope, limit, time or recipient than the duty's is not said by it."""
    assert (ask(text).answer, ask(text).status) == ("", "needs a person")


@pytest.mark.parametrize(
    ("question", "duty", "expected"),
    [
        ("is the provider iso 27001 certified", "Is certified to ISO 27017 and ISO/IEC 27001:2013.", True),
        ("is the provider iso 27001 certified", "Complies with ISO 27001.", False),
        ("is the provider iso 27001 compliant", "Complies with ISO 27001.", True),
        ("is the provider iso 2700 certified", "Is certified to ISO 27001.", False),
        ("is there a soc 1 report", "Has SOC 1 Type II and SOC 3 reports.", True),
        ("is there a soc 1 report", "Has a SOC 1 audit every year.", False),
        ("is there a soc 3 type ii report", "Has SOC 1 Type II and SOC 3 reports.", False),
    ],
)
def test_a_name_counts_as_it_stands(question: str, duty: str, expected: bool) -> None:
    """What is held has to be of the kind and under the name that is asked for; a year may follow, and Type II."""
    asked = read_credential(question)
    assert asked is not None
    assert has_credential(asked, duty) is expected
