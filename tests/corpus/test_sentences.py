"""Where sentences end, what typography is folded, and by which hash a sentence is known again."""

from __future__ import annotations

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.sentences import (
    fold_typography,
    hash_sentence,
    is_complete,
    sentence_spans,
    split_sentences,
    strip_markup,
)


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("", []),
        ("   ", []),
        ("One.", ["One."]),
        ("One. Two! Three?", ["One.", "Two!", "Three?"]),
        # no full stop at the end, as in a title
        ("Part A: Design of the controls", ["Part A: Design of the controls"]),
        # abbreviations
        ("Two sites, e.g. Sha Tin and Tai Po. Both run.", ["Two sites, e.g. Sha Tin and Tai Po.", "Both run."]),
        ("The other one, i.e. GL14. It is short.", ["The other one, i.e. GL14.", "It is short."]),
        ("Sign form No. 3 first. Then wait.", ["Sign form No. 3 first.", "Then wait."]),
        ("Cost, approx. HK$40 million. Paid.", ["Cost, approx. HK$40 million.", "Paid."]),
        ("See (cf. Annex A). Then sign.", ["See (cf. Annex A).", "Then sign."]),
        # times of day
        ("At 2 a.m. Hong Kong time it runs. It ends by 6 p.m. on that day.", [
            "At 2 a.m. Hong Kong time it runs.",
            "It ends by 6 p.m. on that day.",
        ]),
        # words that look like abbreviations and end a sentence
        ("We show no banners, etc. The rest is ours.", ["We show no banners, etc.", "The rest is ours."]),
        ("It is of the Company Ltd. The owner is known.", ["It is of the Company Ltd.", "The owner is known."]),
        # decimals, versions, clause numbers and sites
        ("Up for 99.95% of 2020. See 5.1 above.", ["Up for 99.95% of 2020.", "See 5.1 above."]),
        ("The entry, v2.1, lists five. It is new.", ["The entry, v2.1, lists five.", "It is new."]),
        ("Ask at <https://desk.example/a.B>. We answer.", ["Ask at <https://desk.example/a.B>.", "We answer."]),
        # a full stop inside quotes or brackets
        ('They would "choose it again." The survey is old.', ['They would "choose it again."', "The survey is old."]),
        ("It is kept. (Tests touch nothing.) It is safe.", ["It is kept.", "(Tests touch nothing.)", "It is safe."]),
        ('He said "Never." "Why?" she asked.', ['He said "Never."', '"Why?" she asked.']),
        # numbered titles
        ("6. Financial Solutions", ["6. Financial Solutions"]),
        ('See "Resources - 2. Handbook, v2.1." Read it.', ['See "Resources - 2. Handbook, v2.1."', "Read it."]),
        # a year ends a sentence
        ("It began in 2011. Much followed.", ["It began in 2011.", "Much followed."]),
        # what follows in lower case goes on
        ("It holds data. or so they say.", ["It holds data. or so they say."]),
        # semicolons and colons end none
        ("One; Two: Three.", ["One; Two: Three."]),
        # markup
        ("<p>One. <i>Two</i>.</p>", ["One.", "Two."]),
        ("- **Seal** \u2013 A scheme. It is new.", ["Seal - A scheme.", "It is new."]),
    ],
)  # fmt: skip
def test_split_sentences(text: str, sentences: list[str]) -> None:
    """Each text has these sentences."""
    assert split_sentences(text) == sentences


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("\ufeffOne\r\ntwo\rthree\n", "One\ntwo\nthree\n"),
        ("a\u00a0b\u2009c\u3000d", "a b c d"),
        ("\u201cone\u201d \u2018two\u2019 it\u2019s", "\"one\" 'two' it's"),
        ("a\u2013b \u2014 c \u2212 d", "a-b - c - d"),
        ("cus\u00adtom\u200ber\u2060", "customer"),
        ("and so on\u2026", "and so on..."),
        ("a\tb", "a\tb"),
    ],
)
def test_fold_typography(text: str, folded: str) -> None:
    """Marks, spaces, quotes and dashes become their plain twins; line feeds and tabs stay."""
    assert fold_typography(text) == folded


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("<p>a <i>b</i></p>", "a b"),
        ("**a** *b*", "a b"),
        ("- a", "a"),
        ("12) a", "a"),
        ("a - b", "a - b"),
        ("a  \n b", "a b"),
        # a site in angle brackets is no tag
        ("<https://a.example>", "<https://a.example>"),
    ],
)
def test_strip_markup(text: str, plain: str) -> None:
    """Tags, emphasis and a list's mark go; words stay."""
    assert strip_markup(text) == plain


@pytest.mark.parametrize("text", ["a.", "a!", "a?", "a:", "a;", 'a."', "a.)", "a.  "])
def test_complete(text: str) -> None:
    """A paragraph that ends in one of these marks is whole."""
    assert is_complete(text)


@pytest.mark.parametrize("text", ["", "a", "a,", 'a"', "level II", "a -"])
def test_incomplete(text: str) -> None:
    """A paragraph that ends otherwise may go on after a page break."""
    assert not is_complete(text)


@pytest.mark.parametrize(
    "same",
    [
        'The customer\'s "own" data - here...',
        "The customer\u2019s \u201cown\u201d data \u2013 here\u2026",
        'The customer\u2019s "own"\u00a0data \u2014 here...',
        '  The customer\'s\n"own"   data - here...',
        '<p>The customer\'s **"own"** data - here...</p>',
        '- The customer\'s "own" data - here...',
        '\ufeffThe cus\u00adtomer\'s "own" data - here...',
    ],
)
def test_hash_is_stable_under_typography(same: str) -> None:
    """One sentence saved by several programs has one hash: that of its plain words in UTF-8."""
    plain = 'The customer\'s "own" data - here...'
    assert hash_sentence(same) == hashlib.sha256(plain.encode()).hexdigest()


@pytest.mark.parametrize("other", ["The customers own data.", "The customer's own data", "the customer's own data."])
def test_hash_differs_for_other_words(other: str) -> None:
    """A changed letter, mark or capital changes the hash."""
    assert hash_sentence(other) != hash_sentence("The customer's own data.")


@given(st.text())
def test_spans_cover_every_word(text: str) -> None:
    """Spans are in order, do not overlap, and leave out nothing but white space."""
    position = 0
    for start, end in sentence_spans(text):
        assert position <= start < end <= len(text)
        assert not text[position:start].strip()
        position = end
    assert not text[position:].strip()


@given(st.text())
def test_folding_twice_changes_nothing_more(text: str) -> None:
    """Folded text is its own fold, and has no carriage return."""
    folded = fold_typography(text)
    assert fold_typography(folded) == folded
    assert "\r" not in folded
