"""What a question says to be the customer's own, and who answers for it."""

from __future__ import annotations

import pytest

from corpus.models import Ownership
from retrieval.analyzer import fold_words
from retrieval.answer import Outcome
from retrieval.answerer import Answerer
from retrieval.owned import PAPER, RUN, USERS, find_owned


@pytest.mark.parametrize(
    ("text", "concept"),
    [
        ("who patches our linux boxes?", RUN),
        ("is the insurer's web server on us", RUN),
        ("the virtual machines that we run ourselves", RUN),
        ("the operating system on an ECS instance", RUN),
        ("patching of guest operating systems", RUN),
        ("our apps run on ECS, who patches them", RUN),
        ("is the insurer responsible for its own apps", RUN),
        ("who tests our recovery plan", PAPER),
        ("passwords of our own staff", USERS),
        ("我哋啲server邊個patch", RUN),
        ("自己部機俾人入侵", RUN),
        ("我們的應變計劃由誰測試", PAPER),
    ],
)
def test_finds_what_is_the_customers_own(text: str, concept: str) -> None:
    """A possessive before what runs on the platform, or who runs it after, says that it is the customer's own."""
    assert [each.concept for each in find_owned(text, fold_words(text))] == [concept]


@pytest.mark.parametrize(
    "text",
    [
        "the vendor's own servers",
        "they patch their own operating systems",
        "does the provider tell the insurer before it patches its hosts",
        "who patches the servers our apps run on",
        "who secures the hosts under our VMs",
        "can our team patch the servers",
        "who tells our customers that the system is down",
        "who backs up the customer database",
        "who may use the data stored in our databases",
        "阿里雲自己嘅伺服器",
        "佢哋自己嘅系統",
    ],
)
def test_leaves_what_is_the_providers(text: str) -> None:
    """What is the provider's own, or lies under the customer's things, is not the customer's."""
    assert not list(find_owned(text, fold_words(text)))


@pytest.mark.parametrize(
    "question",
    [
        "who patches the OS of our servers",
        "is patching our middleware on us or on them?",
        "does Alibaba harden the workloads that we host there?",
        "who backs up our VMs",
        "are our own PCI certificates handled by the provider?",
        "我哋嘅伺服器係咪阿里雲打補丁",
    ],
)
def test_the_customers_own_is_answered_by_its_duties(answerer: Answerer, question: str) -> None:
    """Where a clause has the customer's duty beside the provider's for its platform, the customer's answers."""
    assert answerer.answer(question).ownership is Ownership.CSC_OWNED


def test_what_the_provider_only_offers_is_no_duty(answerer: Answerer) -> None:
    """That the provider tests its own plans is no answer for the customer's: its help with these is only offered."""
    lead = answerer.answer("who tests our contingency plan?").message
    assert lead.startswith("The provider offers this; the guide names no obligation.")


def test_what_the_provider_does_with_the_customers_own_stays_its_duty(answerer: Answerer) -> None:
    """A duty of the provider that says most of what is asked is not left out for one that says little of it."""
    assert answerer.answer("who wipes our instances' storage when the contract ends").message.startswith(
        "The provider."
    )
    assert answerer.answer("can they log in to our servers without asking").clauses[0].ref in (
        "GL8 5.1(c)",
        "GL14 5.13",
    )


def test_rights_of_the_customers_people_are_not_covered(answerer: Answerer) -> None:
    """What the provider's own employees may do is no answer for the customer's."""
    assert answerer.answer("who manages access rights of our own staff?").outcome is Outcome.NOT_COVERED
    assert answerer.answer("how does the provider manage access rights of its staff?").outcome is Outcome.ANSWERED


def test_another_subject_stays_the_subject(answerer: Answerer) -> None:
    """A thing of the customer's own beside a subject tells duties apart, and leads to no other clause."""
    assert answerer.answer("who do we call when our systems have an outage?").clauses[0].ref == "GL14 5.16"
    assert answerer.answer("who backs up our policy admin database").clauses[0].ref == "GL8 5.1(c)"


def test_the_platform_is_answered_by_the_providers_duties(answerer: Answerer) -> None:
    """Where the provider's platform is named, the customer's duty for its own systems is left out; not for both."""
    asked = "who does penetration tests of Alibaba's infrastructure"
    assert answerer.answer(asked).ownership is Ownership.CSP_OWNED
    assert answerer.answer(f"{asked} and of our applications").ownership is Ownership.SHARED
