"""What the service signs: known again by whoever has the key, for its purpose, unchanged, for a while."""

from __future__ import annotations

import pytest
from fakes.answers import make_clause
from hypothesis import given
from hypothesis import strategies as st
from itsdangerous import TimestampSigner

from bot.settings import load_settings
from bot.signing import LINKS_LAST, Signer, open_links, read_keys, sign_links

OLD, NEW = "b2xkIG9sZCBvbGQgb2xkIG9sZCBvbGQgb2xkIG9sZCA=", "bmV3IG5ldyBuZXcgbmV3IG5ldyBuZXcgbmV3IG5ldyA="
PARTS = ("a-guide", "GL8", "5.1(c)")


@given(st.lists(st.text(), max_size=4), st.lists(st.text(), max_size=4))
def test_a_signature_is_good_for_its_very_parts(parts: list[str], others: list[str]) -> None:
    """Whatever the parts hold, and however others that are joined alike are cut."""
    signer = Signer([NEW], "a purpose")
    signature = signer.sign(*parts)
    assert signer.is_good(signature, *parts, within=60)
    assert signer.is_good(signature, *others, within=60) == (parts == others)
    joined = ["".join(parts), ""]
    assert signer.is_good(signature, *joined, within=60) == (parts == joined)


@given(st.text(max_size=80))
def test_nothing_else_is_a_signature(text: str) -> None:
    """No text that was not signed gets through, whatever is in it."""
    assert not Signer([NEW], "a purpose").is_good(text, *PARTS, within=60)


def test_a_signature_is_good_for_its_purpose_only() -> None:
    """A link's is no session's, though the key is the same."""
    signature = Signer([NEW], "link").sign(*PARTS)
    assert Signer([NEW], "link").is_good(signature, *PARTS, within=60)
    assert not Signer([NEW], "session").is_good(signature, *PARTS, within=60)


def test_an_old_key_is_good_for_as_long_as_it_is_kept() -> None:
    """What it signed is known behind a new one; the new one signs; and what has gone is forgotten."""
    signature = Signer([OLD], "link").sign(*PARTS)
    both = Signer([NEW, OLD], "link")
    assert both.is_good(signature, *PARTS, within=60)
    assert not Signer([NEW], "link").is_good(signature, *PARTS, within=60)
    assert Signer([NEW], "link").is_good(both.sign(*PARTS), *PARTS, within=60)


@pytest.mark.parametrize(("age", "is_good"), [(0, True), (60, True), (61, False), (-10, False)])
def test_a_signature_lasts_so_long(monkeypatch: pytest.MonkeyPatch, age: int, is_good: bool) -> None:
    """To the second; and one of the future is none."""
    signer = Signer([NEW], "link")
    now = TimestampSigner("any").get_timestamp()
    monkeypatch.setattr(TimestampSigner, "get_timestamp", lambda _: now - age)
    signature = signer.sign(*PARTS)
    monkeypatch.setattr(TimestampSigner, "get_timestamp", lambda _: now)
    assert signer.is_good(signature, *PARTS, within=60) is is_good


@pytest.mark.parametrize(
    ("environment", "is_signed"),
    [
        ({"PUBLIC_URL": "https://bot.example", "CLAUSEBOT_SECRET_KEY": NEW}, True),
        ({"PUBLIC_URL": "https://bot.example"}, False),
        ({"PUBLIC_URL": "http://127.0.0.1:3000", "CLAUSEBOT_SECRET_KEY": NEW}, False),
        ({"PUBLIC_URL": "http://127.0.0.1:3000", "CLAUSEBOT_SECRET_KEY": NEW, "HOST": "0.0.0.0"}, True),
    ],
)
def test_links_are_signed_where_pages_are_not_open(
    monkeypatch: pytest.MonkeyPatch, environment: dict[str, str], is_signed: bool
) -> None:
    """If there is a key: the signature is that of guide and clause, and a month long."""
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    settings = load_settings()
    links = open_links(settings)
    assert links
    address, _, query = links.clause(make_clause()).partition("?")
    assert address == f"{environment['PUBLIC_URL']}/guides/a-guide/GL8/5.1(c)"
    assert bool(query) is is_signed
    if is_signed:
        signature = query.removeprefix("signed=")
        assert sign_links(read_keys(settings)).is_good(signature, *PARTS, within=LINKS_LAST)
    assert links.guide("a-guide") == f"{environment['PUBLIC_URL']}/guides/a-guide"


def test_there_are_no_links_without_an_address() -> None:
    """Nobody is led to where nobody gets."""
    assert open_links(load_settings()) is None
