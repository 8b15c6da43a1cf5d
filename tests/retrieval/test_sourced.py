"""The source around a passage, sentence by sentence: whole where it is attached, as far as it is restated without."""

from __future__ import annotations

import pytest

from corpus.models import Clause
from retrieval.answerer import Answerer
from retrieval.sourced import SourceView
from retrieval.views import list_notes

OURS = "alibaba-cloud-hk-insurance-2019"
INVENTED = "quaymoth-cloud-hk-insurance-2021"


def keys(view: SourceView) -> list[str]:
    """The address of each sentence shown, in order."""
    return [sentence.key for place in view.places for paragraph in place.paragraphs for sentence in paragraph.sentences]


def restated(view: SourceView) -> set[str]:
    """Every address that something shown restates."""
    return {
        key for one in view.restated for statement in (one.requirement, *one.duties, *one.notes) for key in statement
    }


@pytest.mark.parametrize("guide", [OURS, INVENTED])
def test_every_statement_is_tied_to_sentences_that_are_shown(two_guides: Answerer, guide: str) -> None:
    """For each passage: its statements in the order of `show`, every address there once, requirement column first."""
    for entry in two_guides.directory.entries:
        if entry.guide.info.id != guide:
            continue
        passage = entry.passage
        name = passage.ref if isinstance(passage, Clause) else passage.id
        view, shown = two_guides.source(guide, [name]), two_guides.show(name, guide)
        assert view
        assert shown
        assert [tuple(key for anchor in duty.at for key in anchor.keys) for duty in passage.duties] == list(
            view.restated[0].duties
        )
        assert [note.text for note in list_notes(passage)] == [note.text for note in shown.errata]
        assert len(view.restated[0].notes) == len(shown.errata)
        assert restated(view) <= set(keys(view))
        assert len(set(keys(view))) == len(keys(view))


def test_without_its_source_a_guide_shows_what_is_restated_and_no_words(two_guides: Answerer) -> None:
    """No text; the places are those that the pack names, and none is whole."""
    view = two_guides.source(OURS, ["GL8 5.1(c)"])
    assert view
    assert not view.attached
    assert set(keys(view)) == restated(view)
    assert [(place.section, place.row, place.page, place.whole) for place in view.places] == [("5.1", "c", 8, False)]
    paragraphs = view.places[0].paragraphs
    assert [(part.number, len(part.sentences)) for part in paragraphs] == [(None, 1), (1, 3), (2, 2)]
    assert {sentence.text for part in paragraphs for sentence in part.sentences} == {None}


def test_with_its_source_a_passage_shows_its_whole_place(two_guides: Answerer) -> None:
    """Every sentence of the row has its words; of other places only the paragraphs that are restated are there."""
    view = two_guides.source(INVENTED, ["GL14 5.8(b)"])
    assert view
    assert view.attached
    assert [place.whole for place in view.places] == [True] + [False] * (len(view.places) - 1)
    sentences = [
        sentence for place in view.places for paragraph in place.paragraphs for sentence in paragraph.sentences
    ]
    assert all(sentence.text for sentence in sentences)
    quoted = two_guides.show("GL14 5.8(b)", INVENTED)
    assert quoted
    said = {sentence.key: sentence.text for sentence in sentences}
    for duty, tied in zip(quoted.duties, view.restated[0].duties, strict=True):
        assert duty.quote
        assert all(said[key] in duty.quote for key in tied)


def test_passages_of_one_section_are_shown_in_one_place(two_guides: Answerer) -> None:
    """Several background items share the prose of their section, and each keeps its own ties."""
    items = [each.item for each in two_guides.catalogue().guides[1].background if each.section == "2.1"]
    assert len(items) > 1
    view = two_guides.source(INVENTED, [item for item in items if item])
    assert view
    assert len(view.restated) == len(items)
    assert [place.section for place in view.places].count("2.1") == 1
    assert restated(view) <= set(keys(view))


def test_what_a_guide_does_not_have_has_no_source(two_guides: Answerer) -> None:
    """An unknown guide, clause or item, one unknown among known ones, and nothing at all."""
    assert two_guides.source("no-guide", ["GL8 5.1(c)"]) is None
    assert two_guides.source(OURS, ["GL8 9.9"]) is None
    assert two_guides.source(OURS, ["GL8 5.1(c)", "no-item"]) is None
    assert two_guides.source(OURS, []) is None
