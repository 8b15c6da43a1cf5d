"""Which party an answer names where a duty lets another act, and which passage says just what was asked."""

from __future__ import annotations

import pytest

from corpus.models import Owner, Ownership
from retrieval.answer import Answer
from retrieval.answerer import Answerer


def _lead(answer: Answer) -> str:
    return answer.message.split("\n", 1)[0]


def _relevant(answer: Answer) -> list[str]:
    return [duty.text for duty in answer.clauses[0].duties if duty.relevant]


@pytest.mark.parametrize(
    ("question", "ref", "said"),
    [
        ("who chooses the region?", "GL14 5.13", "regions that the customer selected"),
        ("who decides in which region the data is stored", "GL14 5.13", "regions that the customer selected"),
        ("who raises a ticket?", "GL14 5.16", "Lets the customer raise a ticket"),
        ("who signs the agreement?", "GL14 5.10", "entering into an offline agreement"),
        ("邊個開ticket", "GL14 5.16", "Lets the customer raise a ticket"),
        ("由邊個簽合約?", "GL14 5.10", "entering into an offline agreement"),
    ],
)
def test_the_party_that_acts_in_the_sentence_is_named(answerer: Answerer, question: str, ref: str, said: str) -> None:
    """A provider's duty may let the customer act: then the customer is the answer, and the duty is told beside it."""
    answer = answerer.answer(question)
    assert answer.clauses[0].ref == ref
    assert answer.ownership is Ownership.CSC_OWNED
    assert _lead(answer).startswith(("The customer. Provider: ", "由客戶負責。供應商："))
    assert said in _lead(answer)


@pytest.mark.parametrize(
    ("question", "ownership"),
    [
        ("who decides how long data is retained?", Ownership.CSC_OWNED),
        ("who signs the NDA", Ownership.THIRD_PARTY),
        ("who submits audit reports", Ownership.CSP_OWNED),
    ],
)
def test_an_owner_who_acts_stays_the_answer(answerer: Answerer, question: str, ownership: Ownership) -> None:
    """Where the duty's owner does it, nothing changes hands."""
    answer = answerer.answer(question)
    assert answer.ownership is ownership
    assert "Provider: " not in _lead(answer)


@pytest.mark.parametrize("question", ["who can see our data", "who has access to our data", "邊個可以睇到我哋啲資料"])
def test_a_denied_deed_names_nobody_as_doing_it(answerer: Answerer, question: str) -> None:
    """Asked who does what a duty denies, the answer tells the denial, not only whose duty it is."""
    assert _lead(answerer.answer(question)).startswith(("Provider: Will have no access", "供應商：Will have no access"))


@pytest.mark.parametrize(
    "question",
    [
        "Can Alibaba Cloud move our data out of Hong Kong?",
        "can they move our data out?",
        "will the provider transfer our data outside Hong Kong?",
        "could they relocate our data to another region",
    ],
)
def test_moving_data_by_the_provider_is_about_location(answerer: Answerer, question: str) -> None:
    """What the provider may move is answered by where data is kept, and denied in terms."""
    answer = answerer.answer(question)
    assert answer.clauses[0].ref == "GL14 5.13"
    assert _lead(answer).startswith("No: Does not move customer content out of the regions")


@pytest.mark.parametrize(
    "question", ["can we move our data out?", "can we get our data out of the cloud", "can we take our data out"]
)
def test_moving_data_by_the_customer_is_about_exit(answerer: Answerer, question: str) -> None:
    """What the customer may move is answered by retrieval at exit."""
    answer = answerer.answer(question)
    assert answer.clauses[0].ref == "GL14 5.17"
    assert "retrieve its transaction data" in _relevant(answer)[0]


@pytest.mark.parametrize(
    "question",
    [
        "who patches our own applications?",
        "who patches the customer's applications?",
        "who patches the VMs we run",
        "does Alibaba patch our applications?",
        "who operates the customer's own applications?",
        "我哋自己嘅app由邊個修補",
    ],
)
def test_what_the_customer_runs_is_the_customers(answerer: Answerer, question: str) -> None:
    """A duty about the provider's platform is no answer for what the customer runs on it."""
    answer = answerer.answer(question)
    assert answer.ownership is Ownership.CSC_OWNED
    assert {duty.owner for duty in answer.clauses[0].duties if duty.relevant} == {Owner.CSC}
    assert "rovider." not in _lead(answer)


def test_what_the_provider_runs_is_the_providers(answerer: Answerer) -> None:
    """The platform's patches are the provider's as before."""
    assert answerer.answer("who patches the underlying hosts").ownership is Ownership.CSP_OWNED
    assert answerer.answer("who patches the cloud platform").ownership is Ownership.CSP_OWNED


@pytest.mark.parametrize(
    "question", ["how many availability zones", "how many zones do they have in hong kong?", "香港有幾多個可用區"]
)
def test_a_number_is_that_of_the_thing_asked_about(answerer: Answerer, question: str) -> None:
    """The duty that counts the very thing answers, not one that holds a number beside it."""
    assert _relevant(answerer.answer(question)) == [
        "Has two availability zones within Hong Kong and multiple data centers worldwide."
    ]


@pytest.mark.parametrize(
    "question", ["is the guide a contract?", "does this guide form a contract with us?", "指南係咪合約?"]
)
def test_the_guides_own_standing_is_answered_from_its_notices(answerer: Answerer, question: str) -> None:
    """A question about the guide itself is answered by what the guide says of itself."""
    answer = answerer.answer(question)
    assert answer.clauses[0].ref == "guide notices"
    assert _relevant(answer) == [
        "Makes the guide neither a part of an agreement with its customers nor a change of one."
    ]


def test_what_the_guide_says_of_contracts_is_answered_by_the_clause(answerer: Answerer) -> None:
    """A question that only names the guide as the place to look is about its subject."""
    assert answerer.answer("what does the guide say about contracts?").clauses[0].ref == "GL14 5.10"
    assert answerer.answer("does the guide mention backups").clauses[0].ref == "GL8 5.1(c)"


def test_a_provider_that_the_thesaurus_does_not_know_is_the_provider(two_guides: Answerer) -> None:
    """Each loaded guide's provider is known by its own names, and its name is no unknown word."""
    named = two_guides.answer("does Quaymoth Cloud back up our data?")
    assert named.confidence.unknown == ()
    assert {clause.guide for clause in named.clauses} == {"quaymoth-cloud-hk-insurance-2021"}
    assert named.ownership is two_guides.answer("quaymoth: does the provider back up our data?").ownership


@pytest.mark.parametrize(
    ("question", "ref", "ownership"),
    [
        ("GL8 5.1(a): what is our part?", "GL8 5.1(a)", Ownership.CSC_OWNED),
        ("the provider's duties under GL8 5.1(c)", "GL8 5.1(c)", Ownership.CSP_OWNED),
        ("what is Alibaba's part in the shared responsibility model", "guide 3", Ownership.CSP_OWNED),
        ("5.1(c) 阿里雲嘅責任", "GL8 5.1(c)", Ownership.CSP_OWNED),
    ],
)
def test_the_part_of_one_side_is_only_its_duties(
    answerer: Answerer, question: str, ref: str, ownership: Ownership
) -> None:
    """Asked for one side's part, the answer leaves the other's out."""
    answer = answerer.answer(question)
    assert (answer.clauses[0].ref, answer.ownership) == (ref, ownership)


@pytest.mark.parametrize("question", ["GL14 5.14: what do we have to do?", "do we have to encrypt our data at rest?"])
def test_that_the_guide_names_no_duty_of_the_customer_comes_first(answerer: Answerer, question: str) -> None:
    """Asked what the customer has to do where only the provider has duties, the answer says so before these."""
    answer = answerer.answer(question)
    assert _lead(answer).startswith("The guide names no customer obligation here")
    assert answer.ownership is Ownership.NONE


def test_what_the_customer_may_choose_is_the_customers(answerer: Answerer) -> None:
    """The duty that tells who does it answers, and the customer is not said to offer its own choice."""
    answer = answerer.answer("who chooses the security products?")
    assert _lead(answer).startswith("The customer.")
    assert all("Can choose" in text for text in _relevant(answer))
