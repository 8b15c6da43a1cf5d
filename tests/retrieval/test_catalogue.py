"""What the guides hold, one passage on its own, and one regulation before the others."""

from __future__ import annotations

import pytest

from corpus.files import guide_folders
from corpus.loader import load_corpus
from corpus.models import Ownership
from retrieval.answer import ClauseView, Outcome
from retrieval.answerer import Answerer
from retrieval.catalogue import Catalogue

SECOND = "quaymoth-cloud-hk-insurance-2021"


def test_the_catalogue_holds_every_passage_once(two_guides: Answerer) -> None:
    """Each guide comes with its head, its clauses in order and its background; the rules' updates with them."""
    catalogue = two_guides.catalogue()
    assert Catalogue.model_validate_json(catalogue.model_dump_json()) == catalogue
    assert [view.id for view in catalogue.guides] == [guide.info.id for guide in two_guides.corpus.guides]
    for view, guide in zip(catalogue.guides, two_guides.corpus.guides, strict=True):
        assert (view.edition, view.date, view.provider) == (
            guide.info.edition,
            guide.info.date,
            guide.info.provider.name,
        )
        assert {choice.ref: choice.ownership for choice in view.clauses} == {
            clause.ref: clause.ownership for clause in guide.clauses
        }
        assert [(choice.item, choice.ref, choice.title) for choice in view.background] == [
            (item.id, item.ref, item.title) for item in guide.items
        ]
        assert {choice.regulation for choice in view.clauses} <= set(view.regulations)
        assert {choice.regulation for choice in view.background} <= {None}
    assert [update.title for update in catalogue.updates] == [
        update.title for update in two_guides.corpus.regulations.updates
    ]


def _shown(view: ClauseView | None) -> ClauseView:
    assert view is not None
    return view


def test_everything_in_the_catalogue_can_be_shown(two_guides: Answerer) -> None:
    """Each passage is shown with all its duties in the pack's order, none of them as the answer to a question."""
    for view, guide in zip(two_guides.catalogue().guides, two_guides.corpus.guides, strict=True):
        passages = {passage.ref: passage for passage in guide.clauses} | {item.id: item for item in guide.items}
        for choice in (*view.clauses, *view.background):
            shown = _shown(two_guides.show(choice.item or choice.ref, choice.guide))
            assert (shown.ref, shown.title, shown.guide) == (choice.ref, choice.title, choice.guide)
            assert shown.ownership is choice.ownership
            assert [duty.text for duty in shown.duties] == [
                duty.text for duty in passages[choice.item or choice.ref].duties
            ]
            assert not any(duty.relevant for duty in shown.duties)
            assert ClauseView.model_validate_json(shown.model_dump_json()) == shown


def test_shows_by_guide_section_and_language(two_guides: Answerer) -> None:
    """The first guide's, unless one is named; a section shows its first item; citations follow the language."""
    first, second = two_guides.show("GL8 5.1(c)"), two_guides.show("GL8 5.1(c)", SECOND)
    assert _shown(first).guide != _shown(second).guide == SECOND
    assert _shown(second).duties[0].quote
    assert _shown(two_guides.show("guide 2.1")).ref == "guide 2.1"
    assert "第" in _shown(two_guides.show("GL8 5.1(c)", language="zh-Hant")).citation


@pytest.mark.parametrize(
    ("ref", "guide"), [("GL8 5.1(g)", None), ("gl8 5.1(c)", None), ("GL14 5.12", SECOND), ("", None)]
)
def test_what_no_guide_has_is_not_shown(two_guides: Answerer, ref: str, guide: str | None) -> None:
    """Only a passage's own reference shows it: nothing is parsed, searched or corrected."""
    assert two_guides.show(ref, guide) is None


@pytest.fixture(scope="module")
def ambiguous() -> Answerer:
    """Clausebot with a clause of one number under both regulations."""
    corpus = load_corpus(guide_folders())
    guide = corpus.guides[0]
    clause = next(clause for clause in guide.clauses if clause.ref == "GL8 5.1(c)")
    other = clause.model_copy(update={"ref": "GL14 5.1(c)"})
    changed = guide.model_copy(update={"clauses": (*guide.clauses, other)})
    return Answerer(corpus.model_copy(update={"guides": (changed,)}))


def test_a_bare_number_is_the_preferred_regulations(ambiguous: Answerer) -> None:
    """Where several regulations have the number, the preferred one's is meant, unless the question names another's."""

    def refs(question: str, regulation: str | None) -> list[str]:
        return [clause.ref for clause in ambiguous.answer(question, regulation=regulation).clauses]

    assert refs("who handles 5.1(c)?", None) == ["GL8 5.1(c)", "GL14 5.1(c)"]
    assert refs("who handles 5.1(c)?", "GL14") == ["GL14 5.1(c)"]
    assert refs("who handles 5.1(c)?", "GL8") == ["GL8 5.1(c)"]
    assert refs("who handles GL8 5.1(c)?", "GL14") == ["GL8 5.1(c)"]
    assert refs("第5.1(c)條", "GL14") == ["GL14 5.1(c)"]
    assert refs("who handles 5.1(d)?", "GL14") == ["GL8 5.1(d)"]
    assert refs("GL8 5.1(c) and 5.8(e)", "GL14") == refs("GL8 5.1(c) and 5.8(e)", None)


@pytest.mark.parametrize("question", ["who backs up", "GL14 5.11", "5.99", "which clauses are shared?", "加密", ""])
def test_a_preferred_regulation_changes_nothing_else(answerer: Answerer, question: str) -> None:
    """Words are searched for everywhere, and a number that the regulation has not is read as ever."""
    assert answerer.answer(question, regulation="GL14") == answerer.answer(question)
    assert answerer.answer(question, regulation="GL20") == answerer.answer(question)


def test_the_preferred_regulation_says_what_it_answers_in_part(answerer: Answerer) -> None:
    """Of a bare number of which only one letter is answered, the answer says so as before."""
    answer = answerer.answer("5.15", regulation="GL14")
    assert answer.outcome is Outcome.ANSWERED
    assert answer.ownership is not Ownership.NONE
    assert "only GL14 5.15(c)" in answer.message


def test_the_catalogue_has_what_pages_of_a_guide_show(two_guides: Answerer) -> None:
    """Each guide's sections with their pages, the clauses that it lacks, and the rule books that are answered."""
    catalogue = two_guides.catalogue()
    guide = catalogue.guides[0]
    assert [(section.number, section.page) for section in guide.sections][:3] == [("notices", None), ("1", 1), ("2", 1)]
    assert {suggestion.section for suggestion in (*guide.clauses, *guide.background)} == {
        section.number for section in guide.sections
    }
    assert {absent.ref for absent in guide.absent}.isdisjoint(suggestion.ref for suggestion in guide.clauses)
    assert next(absent.reason for absent in guide.absent if absent.ref == "GL8 5.1(e)")
    assert {regulation.id for regulation in catalogue.regulations} >= set(guide.regulations)
