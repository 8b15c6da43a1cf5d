"""Answers of every shape, hostile ones among them, for tests of what is drawn from them."""

from __future__ import annotations

from fakes.answers import make_answer, make_choice, make_clause, make_duty
from hypothesis import strategies as st

from corpus.models import Kind, Owner, Ownership
from retrieval.answer import AnchorView, Confidence, Note, Outcome, UpdateView
from retrieval.catalogue import Catalogue, GuideView, Suggestion

MARKUP = "<!channel> <@U0BOSS> <https://evil.example|click> *b* _i_ ~s~ `c` & :smile:"
LANGUAGES = st.sampled_from(["en", "zh-Hant"])
LINE = st.text(max_size=1200) | st.sampled_from(
    [MARKUP, "> q", "客戶資料" * 200, "🤝🏢" * 300, "word " * 900, "&" * 3000, "<" * 700, " \n ", "|", '"\\' * 900]
)
REF = st.sampled_from(["GL8 5.1(c)", "GL14 5.15(c)", "guide 2.1", "<!here>" * 30, "&" * 80])
WORDS = st.lists(LINE, max_size=4).map(tuple)
ANCHORS = st.lists(
    st.builds(
        AnchorView,
        section=st.sampled_from(["5.1", "6.3", "notices"]),
        row=st.sampled_from([None, "c", "5.15(c)"]),
        paragraph=st.integers(1, 24),
        sentences=st.sampled_from([(1,), (2, 3, 4)]),
        pages=st.sampled_from([(), (9,), (9, 10, 14)]),
    ),
    max_size=9,
).map(tuple)
DUTIES = st.lists(
    st.builds(
        make_duty,
        st.sampled_from(list(Owner)),
        LINE,
        kind=st.sampled_from(list(Kind)),
        relevant=st.booleans(),
        quote=st.none() | LINE,
        as_of=st.sampled_from([None, "2019", "2019-03"]),
        anchors=ANCHORS,
    ),
    max_size=14,
) | st.builds(lambda text, count: [make_duty(Owner.CSP, text, quote=text)] * count, LINE, st.integers(50, 70))
NOTES = st.lists(
    st.builds(Note, kind=st.sampled_from(["misprint", "omission", "term"]), text=LINE, citation=LINE), max_size=30
)
UPDATES = st.lists(
    st.builds(
        UpdateView,
        date=st.sampled_from(["2021-10-08", "2026-11"]),
        title=LINE,
        text=LINE,
        status=st.sampled_from(["confirmed", "reported"]),
        source=LINE,
    ),
    max_size=9,
)
CLAUSES = st.builds(
    make_clause,
    REF,
    DUTIES,
    title=LINE,
    requirement=LINE,
    citation=LINE,
    provider=LINE,
    currency=LINE,
    ownership=st.sampled_from(list(Ownership)),
    errata=NOTES.map(tuple),
    updates=UPDATES.map(tuple),
    see_also=WORDS,
    together_with=WORDS,
    resources=WORDS,
    kind=st.sampled_from(["clause", "background"]),
)
ANSWERS = st.builds(
    make_answer,
    st.lists(CLAUSES, min_size=1, max_size=3)
    | st.builds(
        lambda clause, count: [clause.model_copy(update={"ref": f"GL8 6.{number}"}) for number in range(count)],
        CLAUSES,
        st.sampled_from([20, 120]),
    ),
    question=LINE,
    asked=st.sampled_from([0, 1, 2, 20, 120]),
    language=LANGUAGES,
    ownership=st.sampled_from(list(Ownership)),
    outcome=st.sampled_from(list(Outcome)),
    message=LINE.map(lambda text: f"{text}."),
    closest=st.lists(st.builds(make_choice, REF, LINE), max_size=9).map(tuple)
    | LINE.map(lambda title: tuple(make_choice(f"GL8 5.{number}", title) for number in range(120))),
    confidence=st.builds(
        Confidence,
        value=st.just(0.5),
        band=st.sampled_from(["high", "medium", "low"]),
        matched=WORDS,
        unknown=WORDS,
    ),
)
SUGGESTIONS = st.builds(
    Suggestion,
    ref=REF,
    title=LINE,
    guide=st.sampled_from(["a-guide", "g" * 200]),
    section=st.just("5.1"),
    ownership=st.sampled_from(list(Ownership)),
    regulation=st.sampled_from(["GL8", "GL14"]),
)
GUIDES = st.builds(
    GuideView,
    id=st.sampled_from(["a-guide", "another-guide"]),
    title=LINE,
    edition=LINE,
    date=st.just("2019-03"),
    provider=LINE,
    regulations=st.sampled_from([("GL8",), ("GL8", "GL14")]),
    clauses=(st.lists(SUGGESTIONS, max_size=5) | SUGGESTIONS.map(lambda clause: [clause] * 400)).map(tuple),
    background=st.lists(SUGGESTIONS, max_size=3).map(tuple),
)
CATALOGUES = st.builds(
    Catalogue,
    guides=(st.lists(GUIDES, max_size=3) | GUIDES.map(lambda guide: [guide] * 60)).map(tuple),
    updates=UPDATES.map(tuple),
)
