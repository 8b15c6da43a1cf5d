"""The models: anchors in their written form, values that are refused, and who carries a set of duties."""

from __future__ import annotations

from itertools import chain, combinations, product
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, ValidationError

from corpus import models
from corpus.models import Anchor, Clause, Duty, Item, Kind, Owner, Ownership, derive_ownership
from corpus.regulations import Update

AT = "5.1/c ¶1 s3 p9"
CLAUSE: dict[str, Any] = {
    "ref": "GL8 5.1(c)",
    "title": "Backup",
    "section": "5.1",
    "row": "c",
    "requirement": {"text": "Back up.", "at": "5.1/c req s1 p9"},
}


@pytest.mark.parametrize(
    ("text", "anchor"),
    [
        (AT, ("5.1", "c", "response", 1, (3,), (9,))),
        ("5.1/c ¶2 s1-3 p9-10", ("5.1", "c", "response", 2, (1, 2, 3), (9, 10))),
        ("5.1/c req s1 p9", ("5.1", "c", "requirement", 1, (1,), (9,))),
        ("6.3/5.13 ¶4 s1 p15-16", ("6.3", "5.13", "response", 4, (1,), (15, 16))),
        ("6.4/5.15(c) req s1 p17", ("6.4", "5.15(c)", "requirement", 1, (1,), (17,))),
        ("6/5.8(a)(ii) req s1 p1", ("6", "5.8(a)(ii)", "requirement", 1, (1,), (1,))),
        ("2.1 ¶14 s3 p2-3", ("2.1", None, "response", 14, (3,), (2, 3))),
        ("notices ¶1 s1-2", ("notices", None, "response", 1, (1, 2), ())),
    ],
)
def test_anchor_is_read_and_written(text: str, anchor: tuple[object, ...]) -> None:
    """An anchor's written form gives these fields, and the fields give the written form."""
    read = Anchor.model_validate(text)
    assert (read.section, read.row, read.column, read.paragraph, read.sentences, read.pages) == anchor
    assert str(read) == text


NUMBERS = st.integers(1, 300)
SECTIONS = st.one_of(st.just("notices"), st.lists(NUMBERS, min_size=1, max_size=3).map(lambda n: ".".join(map(str, n))))
ROWS = st.one_of(st.sampled_from("abcxyz"), st.from_regex(r"[1-9]\.[1-9][0-9]?(\([a-z]{1,3}\)){0,2}", fullmatch=True))
RANGES = st.tuples(NUMBERS, st.integers(0, 5)).map(lambda pair: tuple(range(pair[0], sum(pair) + 1)))


@given(
    section=SECTIONS,
    row=st.none() | ROWS,
    column=st.sampled_from(["requirement", "response"]),
    paragraph=NUMBERS,
    sentences=RANGES,
    pages=st.just(()) | RANGES,
)
def test_anchors_round_trip(**fields: Any) -> None:
    """Any anchor is the same after it was written down and read again."""
    if fields["column"] == "requirement":
        fields["paragraph"] = 1
    anchor = Anchor.model_validate(fields)
    assert Anchor.model_validate(str(anchor)) == anchor


def test_anchor_names_each_sentence() -> None:
    """A range of sentences has one address for each of them."""
    assert Anchor.model_validate("5.1/c ¶2 s1-2 p9-10").keys == ("5.1/c ¶2 s1", "5.1/c ¶2 s2")
    assert Anchor.model_validate("5.1/c req s1 p9").keys == ("5.1/c req s1",)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", 'is no anchor; write section[/row] ¶paragraph sSENTENCE pPAGE, like "5.1/c ¶1 s3 p9"'),
        ("5.1 c ¶1 s3", "is no anchor"),
        ("5.1/c s3 p9", "is no anchor"),
        ("5.1/c ¶1 p9", "is no anchor"),
        ("5.1/c ¶1 s3 p9 ", "is no anchor"),
        ("5.1/c ¶1 s3\n", "is no anchor"),
        ("5.1/C ¶1 s3 p9", "is no anchor"),
        ("5.1/c ¶1 s3-1 p9", "has a range that runs backwards"),
        ("5.1/c ¶1 s3 p9-8", "has a range that runs backwards"),
        ("5.1/c ¶0 s3 p9", "greater than or equal to 1"),
        ("5.1/c ¶1 s0 p9", "greater than or equal to 1"),
        ("5.1/c ¶1 s3 p0", "greater than or equal to 1"),
    ],
)
def test_what_is_no_anchor(text: str, message: str) -> None:
    """A malformed anchor is refused with how to write one."""
    with pytest.raises(ValidationError) as refused:
        Anchor.model_validate(text)
    assert message in str(refused.value)


@pytest.mark.parametrize(
    ("model", "data", "field"),
    [
        (Clause, {**CLAUSE, "ref": 5.10}, "ref"),
        (Clause, {**CLAUSE, "section": 5.10}, "section"),
        (Clause, {**CLAUSE, "row": 5.10}, "row"),
        (Clause, {**CLAUSE, "together_with": [5.10]}, "together_with.0"),
        (Clause, {**CLAUSE, "title": True}, "title"),
        (models.Section, {"number": 5.10, "title": "x", "page": 1}, "number"),
        (models.GuideInfo, {"edition": 1.0}, "edition"),
        (models.Resource, {"number": "1", "title": "x"}, "number"),
    ],
)
def test_numbers_and_texts_are_not_mixed_up(model: type[BaseModel], data: dict[str, Any], field: str) -> None:
    """A number where an id belongs (YAML reads an unquoted 5.10 as 5.1), or the other way round, is refused."""
    with pytest.raises(ValidationError) as refused:
        model.model_validate(data)
    kinds = {".".join(map(str, error["loc"])): error["type"] for error in refused.value.errors()}
    assert kinds[field] in ("string_type", "int_type")


@pytest.mark.parametrize(
    "ref", ["GL8", "GL8 5.1 (c)", "gl8 5.1(c)", "GL8 5.1(C)", "GL8  5.1", "5.1(c)", "GL8 5.1(c) ", "guide 2.1"]
)
def test_what_is_no_clause_reference(ref: str) -> None:
    """A clause's reference has one written form."""
    with pytest.raises(ValidationError):
        Clause.model_validate({**CLAUSE, "ref": ref})


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ("owner", "provider", "'provider' is not one of: csp, csc, third_party"),
        ("owner", None, "None is not one of: csp, csc, third_party"),
        ("kind", "duty", "'duty' is not one of: obligation, service, evidence"),
        ("kind", 1, "1 is not one of: obligation, service, evidence"),
        ("text", "  ", "at least 1 character"),
        ("at", [], "at least 1 item"),
        ("as_of", "March 2019", "match pattern"),
        ("quote", "x", "Extra inputs are not permitted"),
    ],
)
def test_what_is_no_duty(field: str, value: object, message: str) -> None:
    """A duty with a wrong party, kind, text, place or date, or with an unknown field, is refused."""
    data = {"owner": "csp", "kind": "service", "text": "Helps.", "at": AT}
    assert Duty.model_validate(data).owner is Owner.CSP
    with pytest.raises(ValidationError) as refused:
        Duty.model_validate({**data, field: value})
    assert message in str(refused.value)


def test_one_place_may_stand_for_a_list() -> None:
    """A statement with one anchor needs no list; with several, the order stays."""
    one, two = Anchor.model_validate("5.1/c req s1 p9"), Anchor.model_validate("2 ¶1 s1 p1")
    assert Clause.model_validate(CLAUSE).requirement.at == (one,)
    both = {"text": "Back up.", "at": ["2 ¶1 s1 p1", "5.1/c req s1 p9"]}
    assert Clause.model_validate({**CLAUSE, "requirement": both}).requirement.at == (two, one)


def test_pages_of_a_passage() -> None:
    """A passage's pages are those of its requirement and duties, ascending, each once."""
    duties = [
        {"owner": "csp", "kind": "service", "text": "Helps.", "at": ["5.1/c ¶2 s1 p9-10", "2 ¶1 s1 p1"]},
        {"owner": "csc", "kind": "obligation", "text": "Does.", "at": AT},
    ]
    assert Clause.model_validate({**CLAUSE, "duties": duties}).pages == (1, 9, 10)
    item = {"id": "x", "title": "X", "section": "2.1", "summary": {"text": "X.", "at": "2.1 ¶1 s1 p4"}}
    assert Item.model_validate({**item, "duties": duties}).pages == (1, 4, 9, 10)
    assert Item.model_validate(item).ref == "guide 2.1"


def all_models() -> list[type[models.Model]]:
    """Every model of the module."""
    found = [value for value in vars(models).values() if isinstance(value, type) and issubclass(value, models.Model)]
    return sorted(found, key=lambda model: model.__name__)


@pytest.mark.parametrize("model", all_models(), ids=lambda model: model.__name__)
def test_models_are_frozen_strict_and_closed(model: type[models.Model]) -> None:
    """No model can be changed, guesses a type or takes a field that it does not know."""
    assert (model.model_config["frozen"], model.model_config["strict"]) == (True, True)
    assert model.model_config["extra"] == "forbid"
    with pytest.raises(ValidationError) as refused:
        model.model_validate({"no such field": 1})
    assert ("no such field",) in [error["loc"] for error in refused.value.errors()] or model is models.Anchor


def test_a_duty_cannot_be_changed() -> None:
    """Assigning to a field fails."""
    duty = Duty.model_validate({"owner": "csp", "kind": "service", "text": "Helps.", "at": AT})
    with pytest.raises(ValidationError):
        duty.text = "Hinders."  # type: ignore[misc]


def test_an_update_is_confirmed_or_reported() -> None:
    """A change of the rules says how sure it is."""
    data = {"id": "x", "date": "2020", "title": "X", "text": "X.", "source": "X", "affects": ["GL8"]}
    assert Update.model_validate({**data, "status": "reported"}).affects == ("GL8",)
    with pytest.raises(ValidationError):
        Update.model_validate({**data, "status": "rumoured"})


CSP, CSC, THIRD = Owner.CSP, Owner.CSC, Owner.THIRD_PARTY
CARRIED = {
    frozenset(): Ownership.NONE,
    frozenset({CSP}): Ownership.CSP_OWNED,
    frozenset({CSC}): Ownership.CSC_OWNED,
    frozenset({CSP, CSC}): Ownership.SHARED,
    # a third party works for whoever binds it
    frozenset({THIRD}): Ownership.THIRD_PARTY,
    frozenset({CSP, THIRD}): Ownership.CSP_OWNED,
    frozenset({CSC, THIRD}): Ownership.CSC_OWNED,
    frozenset({CSP, CSC, THIRD}): Ownership.SHARED,
}
DUTIES = [
    Duty.model_validate({"owner": owner.value, "kind": kind.value, "text": "x", "at": AT})
    for owner, kind in product(Owner, Kind)
]


@pytest.mark.parametrize("size", range(len(DUTIES) + 1))
def test_derive_ownership(size: int) -> None:
    """Obligations decide; where there are none, whoever offers or shows something. Order makes no difference."""
    for held in combinations(DUTIES, size):
        obliged = frozenset(duty.owner for duty in held if duty.kind is Kind.OBLIGATION)
        expected = CARRIED[obliged] if obliged else CARRIED[frozenset(duty.owner for duty in held)]
        assert derive_ownership(held) is derive_ownership(reversed(held)) is expected


def test_ownership_examples() -> None:
    """A customer's obligation outweighs a provider's offer; an offer alone is the provider's."""
    by_name = {(duty.owner, duty.kind): duty for duty in DUTIES}
    offer, must = by_name[CSP, Kind.SERVICE], by_name[CSC, Kind.OBLIGATION]
    assert derive_ownership([offer, must]) is Ownership.CSC_OWNED
    assert derive_ownership([offer]) is Ownership.CSP_OWNED
    assert derive_ownership(chain([offer], [by_name[CSC, Kind.EVIDENCE]])) is Ownership.SHARED
    assert derive_ownership([]) is Ownership.NONE
