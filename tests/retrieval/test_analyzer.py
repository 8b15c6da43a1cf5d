"""Words, stems and concepts."""

from __future__ import annotations

import pytest

from corpus.thesaurus import Concept, Thesaurus
from retrieval.analyzer import Analyzer, fold_words, is_content, stem_words


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Authorised ORGANISATION's behaviour", ["authorized", "organization", "behavior"]),
        ("data centre, licence, programme", ["data", "center", "license", "program"]),
        ("analysed, labelled, cancelled", ["analyzed", "labeled", "canceled"]),
        ("exercise, supervise, premises, four hours", ["exercise", "supervise", "premises", "four", "hours"]),
        ("ISO27001:2013 and SOC2", ["iso", "27001", "2013", "and", "soc", "2"]),
        ("back-up / back up", ["back", "up", "back", "up"]),
        ("4th party, 3rd party", ["fourth", "party", "third", "party"]),
        ("see https://example.com/backup?x=1 now", ["see", "now"]),
        ("naïve café", ["naive", "cafe"]),
        ("加密", []),
        ("", []),
    ],
)  # fmt: skip
def test_folds_words(text: str, expected: list[str]) -> None:
    """Case, accents, spelling, possessives, addresses and digits glued to letters make no difference."""
    assert fold_words(text) == expected


def test_british_and_american_share_a_stem() -> None:
    """Two spellings of a word end in one stem."""
    for british, american in (("unauthorised", "unauthorized"), ("centres", "centers"), ("encrypting", "encrypted")):
        assert stem_words(fold_words(british)) == stem_words(fold_words(american))


def test_function_words_say_nothing() -> None:
    """Stop words and single letters are no content."""
    assert [word for word in ("the", "who", "a", "x", "backup", "27001") if is_content(word)] == ["backup", "27001"]


THESAURUS = Thesaurus(
    concepts=(
        Concept(id="backup", label="backup", label_zh="備份", kind="topic", en=("backup", "back up"),
                zh=("備份", "做備份"), broader=("care",)),
        Concept(id="care", label="care", label_zh="保護", kind="topic", en=("data care",), broader=("root",)),
        Concept(id="root", label="root", label_zh="根", kind="topic", en=("root",)),
        Concept(id="centre-address", label="address", label_zh="地址", kind="figure", en=("data centre address",)),
        Concept(id="centre", label="data centre", label_zh="數據中心", kind="topic", en=("data centre",)),
        Concept(id="insurer", label="insurer", label_zh="保險公司", kind="party", cased=("AI",)),
        Concept(id="integrity", label="integrity", label_zh="完整", kind="topic", exact=("integrity",)),
    )
)  # fmt: skip


@pytest.fixture(scope="module")
def analyzer() -> Analyzer:
    """An analyzer of a small thesaurus."""
    return Analyzer(THESAURUS)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("who takes backups", ["backup"]),
        ("backing up our data", ["backup"]),
        ("the data center's address", ["centre-address"]),
        ("data centres", ["centre"]),
        ("an AI decides", ["insurer"]),
        ("an ai decides", []),
        ("integrity", ["integrity"]),
        ("integrate", []),
        ("邊個做備份?", ["backup"]),
        ("nothing of it", []),
    ],
)
def test_finds_concepts(analyzer: Analyzer, text: str, expected: list[str]) -> None:
    """Names match by stems, the longest at its place; some whole, some only in capitals; Chinese inside the text."""
    assert [mention.concept.id for mention in analyzer.find_concepts(text)] == expected


def test_broader_concepts_follow_each_once(analyzer: Analyzer) -> None:
    """What is more general than the concepts named is known, nearest first, and counted once."""
    assert analyzer.broader("backup") == ("care", "root")
    assert analyzer.broader_terms(["#backup", "#backup", "word"]) == ["#care", "#root"]


def test_passage_terms_hold_stems_and_concepts(analyzer: Analyzer) -> None:
    """A passage is indexed under its content words' stems and the concepts it names."""
    assert analyzer.passage_terms("Makes sure that backups exist.") == ["sure", "backup", "exist", "#backup"]
