"""The search engines that are measured beside each other, each built from the same terms and asked the same way."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

Corpus = list[list[str]]
Query = list[str]
Search = Callable[[Query], list[tuple[int, float]]]
"""The best ten passages: positions and scores, best first."""

LIMIT = 10
_DOCUMENT = 300
"""Passages to a document, where an engine knows documents."""


class PeerMissingError(Exception):
    """A peer is not installed; the message says what to do."""


def build_index(corpus: Corpus) -> Search:
    """Clausebot's plain BM25."""
    from retrieval.index import Index

    index = Index(corpus)
    return lambda query: [(hit.position, hit.score) for hit in index.search(query, LIMIT)]


def build_ranking(corpus: Corpus) -> Search:
    """Clausebot's full ranking, which reads passages as text."""
    from retrieval.evidence import Evidence, Unit
    from retrieval.ranking import Ranker

    ranker = Ranker(Evidence([Unit(" ".join(terms), at // _DOCUMENT) for at, terms in enumerate(corpus)]))
    return lambda query: [(hit.position, hit.score) for hit in ranker.search(" ".join(query), LIMIT)]


def build_rank_bm25(corpus: Corpus) -> Search:
    """rank-bm25, which defines the scores."""
    import numpy as np
    from rank_bm25 import BM25Okapi

    okapi = BM25Okapi(corpus)

    def search(query: Query) -> list[tuple[int, float]]:
        scores = okapi.get_scores(query)
        best = np.argsort(-scores, kind="stable")[:LIMIT].tolist()
        return [(position, float(scores[position])) for position in best]

    return search


def build_bm25s(corpus: Corpus) -> Search:
    """The peer bm25s, with its numba back end, in one thread."""
    bm25s = _import("bm25s")
    _import("numba")
    peer = bm25s.BM25(method="atire", k1=1.5, b=0.75, backend="numba")
    peer.index(corpus, show_progress=False)

    def search(query: Query) -> list[tuple[int, float]]:
        limit = min(LIMIT, len(corpus))
        positions, scores = peer.retrieve([query], k=limit, show_progress=False, n_threads=1)
        return list(zip(positions[0].tolist(), scores[0].tolist(), strict=True))

    return search


def build_tantivy(corpus: Corpus) -> Search:
    """The peer tantivy: one segment in memory, terms as they are, frequencies without positions."""
    tantivy = _import("tantivy")
    builder = tantivy.SchemaBuilder()
    builder.add_text_field("terms", tokenizer_name="whitespace", index_option="freq")
    schema = builder.build()
    peer = tantivy.Index(schema)
    writer = peer.writer(heap_size=2_000_000_000, num_threads=1)
    for terms in corpus:
        writer.add_document(tantivy.Document(terms=" ".join(terms)))
    writer.commit()
    writer.wait_merging_threads()
    peer.reload()
    searcher = peer.searcher()
    should = tantivy.Occur.Should

    def search(query: Query) -> list[tuple[int, float]]:
        parts = [(should, tantivy.Query.term_query(schema, "terms", term)) for term in query]
        hits = searcher.search(tantivy.Query.boolean_query(parts), LIMIT, count=False).hits
        return [(address.doc, score) for score, address in hits]

    return search


def _import(name: str) -> Any:
    import importlib

    try:
        return importlib.import_module(name)
    except ImportError as error:
        raise PeerMissingError(f"{name} is not installed: make .venv/bench") from error


ENGINES: dict[str, Callable[[Corpus], Search]] = {
    "clausebot bm25": build_index,
    "clausebot ranking": build_ranking,
    "rank-bm25": build_rank_bm25,
    "bm25s": build_bm25s,
    "tantivy": build_tantivy,
}
