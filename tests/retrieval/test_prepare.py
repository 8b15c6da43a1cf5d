"""What is worked out before any question."""

from __future__ import annotations

from corpus.files import guide_folders
from corpus.loader import load_corpus
from corpus.models import Clause
from retrieval.analyzer import Analyzer, concept_term
from retrieval.prepare import prepare


def test_every_passage_has_its_terms_by_part() -> None:
    """Titles hold topics and names, a requirement stands apart, and a background item's summary is its own word."""
    corpus = load_corpus(guide_folders())
    prepared = prepare(corpus)
    analyzer = Analyzer(corpus.thesaurus, prepared.names)
    passages = [passage for guide in corpus.guides for passage in guide.passages]
    assert {len(part) for part in prepared if isinstance(part, list)} == {len(passages)}
    for i, passage in enumerate(passages):
        titles, required = set(prepared.titles[i].split()), set(prepared.required[i].split())
        said = {concept_term(topic) for topic in passage.topics}
        for text in (passage.title, *passage.names):
            said.update(analyzer.passage_terms(text))
        if isinstance(passage, Clause):
            assert titles == said
            assert required >= set(analyzer.passage_terms(passage.requirement.text))
        else:
            assert titles == said | set(analyzer.passage_terms(passage.summary.text))
            assert not required
        assert len(prepared.duties[i]) == len(passage.duties)
        assert [set(doubt.split()) for doubt in prepared.doubts[i]] == [
            set(analyzer.passage_terms(erratum.text)) for erratum in passage.errata
        ]
