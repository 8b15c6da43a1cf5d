"""Addresses of clauses in the source viewer."""

from __future__ import annotations

import pytest
from fakes.answers import make_clause

from bot.links import Links


@pytest.mark.parametrize(
    ("ref", "section", "path"),
    [
        ("GL8 5.1(c)", "5.1", "/guides/a-guide/GL8/5.1(c)"),
        ("guide 2.1", "2.1", "/guides/a-guide/2.1"),
        ("guide notices", "notices", "/guides/a-guide/notices"),
        ("GL8 5/../<b>|?q#f", "5.1", "/guides/a-guide/GL8/5%2F..%2F%3Cb%3E%7C%3Fq%23f"),
    ],
)
def test_a_clause_has_an_address_without_a_query(ref: str, section: str, path: str) -> None:
    """A clause stands under its regulation, background under its section; nothing leaves its place in the path."""
    view = make_clause(ref, section=section)
    assert Links("https://clausebot.example/").clause(view) == f"https://clausebot.example{path}"


def test_a_guide_has_an_address() -> None:
    """The guide as a whole has a page too, and each regulation in it, whose address is signed where clauses' are."""
    assert Links("https://clausebot.example").guide("a-guide") == "https://clausebot.example/guides/a-guide"
    signed = Links("https://clausebot.example", "+".join)
    address = "https://clausebot.example/guides/a-guide/GL8?signed=a-guide+GL8"
    assert signed.regulation("a-guide", "GL8") == address
