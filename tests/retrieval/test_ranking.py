"""The ranking for large corpora: what speaks for a passage, and what weights do with it."""

from __future__ import annotations

import numpy as np
import pytest

from retrieval.evidence import COLUMNS, RELATIVE, Evidence, Unit, read_question
from retrieval.forward import Forward, split_words, stem_text
from retrieval.matching import count_terms, find_slots, saturate, score_near, score_pairs
from retrieval.ranking import PLAIN, Ranker, Weights

FILLER = [Unit(f"Chapter {number} speaks of fish, sails and harbours number {number}.", 9) for number in range(30)]


def rank(units: list[Unit], question: str, **weights: dict[str, float]) -> list[int]:
    """Positions in the order of a ranking by these weights."""
    ranker = Ranker(Evidence([*units, *FILLER]), Weights(**{"columns": {}, **weights}))
    return [hit.position for hit in ranker.search(question)]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("The Regulator's MTFs, and APIs!", ["The", "Regulator", "MTF", "and", "API"]),
        ("Rule \u200e6.2.1(a)", ["Rule", "6", "2", "1", "a"]),
        ("classes, US, As", ["classes", "US", "As"]),
        ("", []),
    ],
)
def test_words_lose_possessives_and_plurals_of_abbreviations(text: str, words: list[str]) -> None:
    """What only inflects a name does not hide it; ordinary words stay as written."""
    assert split_words(text) == words


def test_british_and_american_spellings_share_a_stem() -> None:
    """A question in one spelling meets a passage in the other; stop words have no stem."""
    assert stem_text("the authorisation of programmes") == stem_text("Authorizations of a program")


def test_a_question_knows_its_stems_once_and_their_order() -> None:
    """Repeated stems weigh more, muted words less, and the row keeps every occurrence."""
    question = read_question("Could the Fund report what funds report?", {"could": 0.4})
    assert question.stems == stem_text("fund report")
    assert question.row == [0, 1, 0, 1]
    assert question.weights.tolist() == [2.0, 2.0]
    muted = read_question("Explain funds", {"explain": 0.4})
    assert muted.weights.tolist() == [0.4, 1.0]


def test_slots_number_the_questions_terms() -> None:
    """A word outside the question is -1, as is a term that no passage holds."""
    slots = find_slots(np.array([5, 0, 3, -1, 5]), [3, -1, 5], vocabulary=6)
    assert slots.tolist() == [2, -1, 0, -1, 2]


def test_counts_are_by_passage_and_term() -> None:
    """Each slot counts once, for its own passage."""
    counts = count_terms(np.array([0, 1, 0, -1, 1]), np.array([0, 0, 0, 1, 1]), rows=3, terms=2)
    assert counts.tolist() == [[2.0, 1.0], [0.0, 1.0], [0.0, 0.0]]


def test_pairs_count_only_in_the_questions_order() -> None:
    """Two terms score where they follow each other as asked, not turned round, apart or across two passages."""
    slots = np.array([0, 1, 1, 0, 0, -1, 1, 0, 1])
    owners = np.array([0, 0, 1, 1, 2, 2, 2, 3, 4])
    norms = np.full(5, 0.6)
    scores = score_pairs(slots, owners, [0, 1], np.array([2.0, 4.0]), norms)
    assert scores == pytest.approx([3.0 * saturate(np.ones(1), norms[:1])[0], 0.0, 0.0, 0.0, 0.0])
    assert score_pairs(slots, owners, [0], np.array([2.0, 4.0]), norms).tolist() == [0.0] * 5


def test_near_terms_count_in_either_order() -> None:
    """Terms score where up to five terms apart, whichever comes first; not farther, nor across passages."""
    slots = np.array([1, -1, 0, 0, -1, -1, -1, -1, -1, 1, 0, 1])
    owners = np.array([0, 0, 0, *[1] * 7, 2, 3])
    norms = np.full(4, 0.6)
    scores = score_near(slots, owners, [0, 1], np.array([2.0, 4.0]), norms)
    assert scores == pytest.approx([3.0 * saturate(np.ones(1), norms[:1])[0], 0.0, 0.0, 0.0])


def test_terms_side_by_side_outrank_the_same_terms_apart() -> None:
    """With equal words, order decides where pairs weigh."""
    units = [Unit("Control keeps access to every backup.", 0), Unit("Access control keeps to every backup.", 1)]
    assert rank(units, "access control", columns={"pairs": 1.0})[:2] == [1, 0]
    assert rank(units, "access control", columns={"stems": 1.0})[:2] == [0, 1]


def test_what_encloses_and_surrounds_a_passage_speaks_for_it() -> None:
    """Of two equal passages the one under the heading, and the one beside the subject, comes first."""
    same = "Keep records for five years."
    units = [Unit("Anchors", 0), Unit(same, 0, (0,)), *FILLER[:5], Unit("Custody", 1), Unit(same, 1, (7,))]
    assert rank(units, "records of custody", columns={"enclosing": 1.0})[0] == 8
    assert rank(units, "records of custody", columns={"around": 1.0})[0] == 8


def test_a_document_about_the_subject_speaks_for_its_passages() -> None:
    """The passage in the document that names the subject elsewhere comes first."""
    same = "Keep records for five years."
    units = [Unit(same, 0), *[Unit("Of anchors.", 0)] * 4, Unit("Custody of tokens.", 1), *[Unit("Of chains.", 1)] * 4]
    units.append(Unit(same, 1))
    assert rank(units, "records of custody", columns={"document": 1.0, "stems": 0.1})[:2] in ([5, 10], [10, 5])
    assert rank(units, "records", columns={"document": 1.0})[0] in (0, 10)


def test_words_passages_and_documents_weigh_what_is_said() -> None:
    """Each kind of weight alone turns the order of two otherwise equal passages."""
    units = [Unit("Report the breach.", 0), Unit("Repair the breach.", 1)]
    question = "report and repair a breach"
    stems = stem_text("report repair")
    assert rank(units, question, words={stems[1]: 1.0})[0] == 1
    assert rank(units, question, passages={stems[1]: 1.0})[0] == 1
    ranker = Ranker(Evidence([*units, *FILLER]), Weights(columns={}, documents={1: 1.0}))
    assert ranker.search(question)[0].position == 1


def test_ratings_divide_by_the_root_of_the_stems_held() -> None:
    """A passage that holds two of the rated stems gets their sum over the square root of two."""
    evidence = Evidence([Unit("access control", 0), Unit("access", 0), Unit("fish", 0)])
    access, control = stem_text("access control")
    assert evidence.rate_passages({access: 1.0, control: 3.0, "x": 5.0}) == pytest.approx([4 / 2**0.5, 1.0, 0.0])


def test_held_stems_name_every_holder_once() -> None:
    """Each stem comes with the positions of its passages, ascending."""
    evidence = Evidence([Unit("access access", 0), Unit("fish", 0), Unit("the access", 0)])
    assert {stem: where.tolist() for stem, where in evidence.held_stems()} == {
        stem_text("access")[0]: [0, 2],
        stem_text("fish")[0]: [1],
    }


def test_columns_are_complete_and_relative_ones_at_most_one() -> None:
    """Every named column is there, finite, and the relative ones are shares of the greatest."""
    evidence = Evidence([Unit("Access control of 3 backups\nevery day", 0), *FILLER])
    found = evidence.collect("Which harbours control access to 30 backups?", {}, 10)
    assert found is not None
    assert found.columns.shape == (len(found.positions), len(COLUMNS))
    assert np.isfinite(found.columns).all()
    relative = found.columns[:, : len(RELATIVE)]
    assert relative.max() == pytest.approx(1.0)
    assert relative.min() >= 0.0
    assert found.worths.sum(axis=1).max() == pytest.approx(1.0)


def test_nothing_shared_is_nothing_found() -> None:
    """Unknown and empty questions, and an empty corpus, have no hits."""
    ranker = Ranker(Evidence(FILLER))
    assert ranker.search("cryptography") == ranker.search("the of") == ranker.search("") == []
    assert Ranker(Evidence([])).search("fish") == []


def test_a_corpus_of_one_passage_scores_soberly() -> None:
    """Where idf would be negative, the score still is a number of a usual size."""
    (hit,) = Ranker(Evidence([Unit("backup data", 0)])).search("backup")
    assert hit.position == 0
    assert abs(hit.score) < 100


def test_equal_passages_keep_the_corpus_order_and_the_limit() -> None:
    """Ties break by position, and no more than the limit is returned."""
    hits = Ranker(Evidence([Unit("Report a breach.", 0)] * 6 + FILLER), Weights({"stems": 1.0})).search("breach", 4)
    assert [hit.position for hit in hits] == [0, 1, 2, 3]
    assert len({hit.score for hit in hits}) == 1


def test_plain_weights_name_columns_that_exist() -> None:
    """Every weight set by hand is of a column that is collected."""
    assert set(PLAIN.columns) <= set(COLUMNS)


def test_a_forward_index_reads_passages_in_any_order() -> None:
    """Words come back in the order asked for, each beside the row of its passage."""
    forward = Forward(["one two", "", "three"])
    names = list(forward.word_numbers)
    words, owners = forward.read(np.array([2, 1, 0]))
    assert [names[word] for word in words] == ["three", "one", "two"]
    assert owners.tolist() == [0, 2, 2]
