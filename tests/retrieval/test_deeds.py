"""What a question asks the doing of, and who does it in a duty's sentence."""

from __future__ import annotations

import pytest

from corpus.models import Anchor, Duty, Kind, Owner
from retrieval.answerer import Answerer
from retrieval.deeds import DEEDS, find_told, read_deeds, who_does
from retrieval.shape import is_about_guide

HERE = Anchor.model_validate("5.1/c ¶1 s1 p9")


def _duty(text: str, owner: Owner = Owner.CSP) -> Duty:
    return Duty(text=text, owner=owner, kind=Kind.OBLIGATION, at=(HERE,))


@pytest.mark.parametrize(
    ("question", "deeds"),
    [
        ("who chooses the region", ("choose",)),
        ("who is responsible for choosing the region", ("choose",)),
        ("which party has to sign the agreement", ("sign",)),
        ("who raises a ticket", ("raise",)),
        ("who opens a case", ("access", "raise")),
        ("can they move our data", ("move",)),
        ("can we move our data", ("move",)),
        ("does the cloud provider ever read our content", ("access",)),
        ("will they share our data", ("disclose",)),
        ("邊個揀地區", ("choose",)),
        ("由邊個負責簽合約", ("sign",)),
        ("who do we raise a ticket with", ()),
        ("who encrypts our data", ()),
        ("the region that we chose", ()),
    ],
)
def test_reads_the_deed_asked_about(question: str, deeds: tuple[str, ...]) -> None:
    """The verb after "who" or after the party, in any form; not one of a subordinate clause."""
    assert read_deeds(question) == deeds


@pytest.mark.parametrize(
    ("text", "deed", "doer"),
    [
        ("Does not move content out of the region.", "move", Owner.CSP),
        ("Will have no access to customer data.", "access", Owner.CSP),
        ("Draws up and signs agreements.", "sign", Owner.CSP),
        ("Lets the customer raise a ticket in the console.", "raise", Owner.CSC),
        ("Lets an insurer who wants to move data back do so.", "move", Owner.CSC),
        ("Gives the customer the option of entering into an agreement.", "sign", Owner.CSC),
        ("Keeps data in the regions that the customer selected.", "choose", Owner.CSC),
        ("Limits access to data.", "access", None),
        ("Helps many customers in the insurance industry to move to the cloud.", "move", None),
        ("Encrypts data.", "move", None),
    ],
)
def test_finds_who_does_it(text: str, deed: str, doer: Owner | None) -> None:
    """The owner does what the sentence begins with, the customer what stands behind it; a noun is nobody's doing."""
    assert who_does(_duty(text), deed) is doer


def test_the_owner_of_a_customers_or_third_partys_duty_does_it() -> None:
    """A sentence that begins with the deed is its owner's, whoever that is."""
    assert who_does(_duty("Should decide how long data is kept.", Owner.CSC), "choose") is Owner.CSC
    assert who_does(_duty("Must sign the agreement.", Owner.THIRD_PARTY), "sign") is Owner.THIRD_PARTY


def test_what_a_deed_is_told_of_stays_within_its_part_of_the_sentence() -> None:
    """What stands behind a comma is not what is raised."""
    (told,) = find_told(_duty("Lets the customer raise a ticket, or call, on any incident."))
    assert (told.deed, told.words) == ("raise", "Lets the customer raise a ticket")


def test_every_deed_is_told_of_in_the_guide(answerer: Answerer) -> None:
    """No deed is listed that no duty tells of."""
    duties = [duty for guide in answerer.corpus.guides for passage in guide.passages for duty in passage.duties]
    assert {told.deed for duty in duties for told in find_told(duty)} == set(DEEDS)


@pytest.mark.parametrize(
    ("question", "about"),
    [
        ("is the guide a contract?", True),
        ("so, is this document binding", True),
        ("does the guide replace our agreement", True),
        ("指南係咪合約?", True),
        ("does the guide mention backups", False),
        ("does the guide say who encrypts", False),
        ("what does the guide say about contracts", False),
        ("指南有冇提及備份", False),
    ],
)
def test_tells_questions_about_the_guide_itself(question: str, about: bool) -> None:
    """What the guide is or does, not what it says of something."""
    assert is_about_guide(question) is about
