"""References: every form that people type, and what is none."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.reference import Reference, blank_references, parse_references

NAMED = [
    # one clause, the regulation said
    ("who handles backups under GL8 5.1(c)?", ["GL8 5.1(c)"]),
    ("gl14 5.8 e", ["GL14 5.8(e)"]),
    ("GL 8 s5.1(c)", ["GL8 5.1(c)"]),
    ("GL-8 s. 5.1 (c)", ["GL8 5.1(c)"]),
    ("GL8.5.1(c)", ["GL8 5.1(c)"]),
    ("gl14 s.5.8(f)", ["GL14 5.8(f)"]),
    ("Guideline 8, section 5.1(d)", ["GL8 5.1(d)"]),
    ("GN14 5.10", ["GL14 5.10"]),
    ("gl14 5.8 a reputation", ["GL14 5.8(a)"]),
    ("GL14 5．8（ｂ）", ["GL14 5.8(b)"]),
    ("指引14第5.13條", ["GL14 5.13"]),
    ("GL14 第5.8條(b)項講乜", ["GL14 5.8(b)"]),
    ("GL14 5.16 講咩?", ["GL14 5.16"]),
    ("5.13 of GL14", ["GL14 5.13"]),
    ("under GL8, who handles 5.1(c)", ["GL8 5.1(c)"]),
    ("GL8 5.1(a)(i)", ["GL8 5.1(a)(i)"]),
    # a bracket forgotten
    ("GL8 5.1(c", ["GL8 5.1(c)"]),
    ("GL8 5.1 (c", ["GL8 5.1(c)"]),
    ("GL8 5.1c)", ["GL8 5.1(c)"]),
    ("GL8 5.1 c)", ["GL8 5.1(c)"]),
    ("GL8 5.1(c who handles backups", ["GL8 5.1(c)"]),
    ("GL8 5.1(a)(i", ["GL8 5.1(a)(i)"]),
    ("GL14 5．8（ｂ", ["GL14 5.8(b)"]),
    ("GL14 第5.8條(b項講乜", ["GL14 5.8(b)"]),
    ("5.1c) and d)", ["5.1(c)", "5.1(d)"]),
    ("5.8(a-c", ["5.8(a)", "5.8(b)", "5.8(c)"]),
    ("(see GL8 5.1c) and GL14 5.12", ["GL8 5.1(c)", "GL14 5.12"]),
    ("GL8 5.1 (a requirement)", ["GL8 5.1"]),
    ("GL8 5.1 (csp)", ["GL8 5.1"]),
    ("gl20 4.2", ["GL20 4.2"]),
    # no regulation said
    ("section 5.15(c)", ["5.15(c)"]),
    ("para 5.12", ["5.12"]),
    ("cl. 5.8(b)", ["5.8(b)"]),
    ("5.1c", ["5.1(c)"]),
    ("第5.13條", ["5.13"]),
    ("what page is 5.16 on", ["5.16"]),
    # lists and ranges
    ("5.12 to 5.14", ["5.12", "5.13", "5.14"]),
    ("GL14 5.12-5.14", ["GL14 5.12", "GL14 5.13", "GL14 5.14"]),
    ("第5.12至5.14條", ["5.12", "5.13", "5.14"]),
    ("5.15(a) and (c)", ["5.15(a)", "5.15(c)"]),
    ("GL14 5.8(a)-(c)", ["GL14 5.8(a)", "GL14 5.8(b)", "GL14 5.8(c)"]),
    ("GL14 5.8 a, b and g", ["GL14 5.8(a)", "GL14 5.8(b)", "GL14 5.8(g)"]),
    ("GL14 5.17同5.18", ["GL14 5.17", "GL14 5.18"]),
    ("gl8 5.1 (d) and gl14 5.12", ["GL8 5.1(d)", "GL14 5.12"]),
    ("GL14 5.15 c vs GL8 5.1 a", ["GL14 5.15(c)", "GL8 5.1(a)"]),
    ("all factors under 5.8", ["5.8"]),
    # the guide's own sections
    ("section 6.3 of the guide", ["guide 6.3"]),
    ("guide 2.1", ["guide 2.1"]),
    ("用戶指南第6.5節", ["guide 6.5"]),
    ("chapter 7 of the user guide", ["guide 7"]),
    ("the notices section", ["guide notices"]),
    ("what do the notices of the guide say", ["guide notices"]),
    ("gl14 五點十三", ["GL14 5.13"]),
    ("GL8 第五點一條(c)", ["GL8 5.1(c)"]),
    ("gl8-5.1-c", ["GL8 5.1(c)"]),
    ("GL9999 5.1", ["GL9999 5.1"]),
    # a regulation alone
    ("what does Guideline 8 say", ["GL8"]),
    ("GL8 and GL14", ["GL8", "GL14"]),
]


@pytest.mark.parametrize(("text", "expected"), NAMED)
def test_reads_what_is_named(text: str, expected: list[str]) -> None:
    """Each form that people type names its clauses, in order and once."""
    assert [str(reference) for reference in parse_references(text)] == expected


@pytest.mark.parametrize(
    "text",
    [
        "PCI DSS 3.2 and TLS 1.2",
        "99.95% uptime",
        "is 5.5 hours the limit",
        "version 1.0 of it",
        "$5.13 a month",
        "ISO 27001 and ISO 22301",
        "HKMA 5.13",
        "article 5.13 GDPR",
        "ISO 27001 A.5.1",
        "24 7 support in 2019",
        "no numbers at all",
        "",
    ],
)
def test_leaves_other_numbers_alone(text: str) -> None:
    """Versions, amounts, shares, times, years and standards are no references."""
    assert parse_references(text) == []


def test_bare_number_is_told_from_a_named_clause() -> None:
    """Without a unit or regulation a number is marked bare, so that an unknown one can be dropped."""
    assert [reference.unit for reference in parse_references("5.13")] == [False]
    assert [reference.unit for reference in parse_references("clause 5.13")] == [True]
    assert [str(reference) for reference in parse_references("is 5.1 a requirement")] == ["5.1"]


PLACES = st.builds(
    Reference,
    regulation=st.sampled_from(["GL8", "GL14", "GL20"]),
    number=st.builds("{}.{}".format, st.integers(1, 9), st.integers(1, 40)),
    letters=st.one_of(st.just(()), st.sampled_from("abcdefgh").map(lambda letter: (letter,))),
)


@given(PLACES)
def test_round_trip(reference: Reference) -> None:
    """A reference written out is read as itself."""
    (found,) = parse_references(f"please explain {reference} to me")
    assert found.key == reference.key


@given(
    PLACES,
    st.sampled_from(["{r} s{n}{l}", "{r}, para {n} {l}", "section {n}{l} of {r}", "{r}第{n}條{l}", "{r}-{n}{l}"]),
)
def test_round_trip_of_other_forms(reference: Reference, form: str) -> None:
    """Regulation, unit word, number and letter in any of the usual orders mean the same clause."""
    letter = f"({reference.letters[0]})" if reference.letters else ""
    text = form.format(r=reference.regulation, n=reference.number, l=letter)
    assert [found.key for found in parse_references(text)] == [reference.key]


def test_blanking_takes_the_reference_and_its_unit_away() -> None:
    """What is left of a question is its subject: no unit word, no regulation."""
    text = "under GL8, who handles backups in section 5.1(c)?"
    assert blank_references(text, parse_references(text)).split() == [
        "under",
        ",",
        "who",
        "handles",
        "backups",
        "in",
        "?",
    ]


@given(st.text(max_size=400))
def test_any_text_is_read(text: str) -> None:
    """No text whatever makes it fail, and spans stay inside the folded text."""
    for reference in parse_references(text):
        assert 0 <= reference.start <= reference.end
    blank_references(text, parse_references(text))


@pytest.mark.parametrize(
    "text",
    [
        "5.1" * 3300,
        "(" * 10000,
        "gl " * 3300,
        "5.1, " * 2000,
        "5.1 to " * 1400,
        "section " * 1200,
        "a b c d " * 1250,
        "第" * 10000,
        " " * 10000,
        "5.8(a)" + "(b)" * 3000,
        "5.8(a" + "(b" * 3000,
        "5.8(a, " + "(b, " * 2400,
        "5.8 a, " + "b, " * 3000,
    ],
)
@pytest.mark.usefixtures("no_runaway")
def test_adversarial_text_is_read(text: str) -> None:
    """No pattern runs away on ten thousand characters made to make it."""
    parse_references(text)
