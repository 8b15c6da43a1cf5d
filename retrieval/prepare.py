"""What can be worked out of a corpus before any question: the terms of every passage, the names of every concept.

It takes longer than answering, so it is kept beside the code as compiled Python is (in ``__pycache__``, and
trusted like it) for as long as nothing that it was made from changes. Where nothing can be kept, it is worked
out again.
"""

from __future__ import annotations

import contextlib
import gc
import os
import pickle
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from corpus.corpus import Corpus
from corpus.files import pack_paths, shared_paths
from corpus.models import Clause, Duty, Item
from retrieval.analyzer import Analyzer, Names, collect_names, concept_term, fold_words
from retrieval.deeds import find_told
from retrieval.relevance import find_counted

TITLE_WEIGHT = 2
"""How often a title, a topic and a passage's names count beside its other text."""

_HERE = Path(__file__).parent
_KEPT = _HERE / "__pycache__" / "corpus.pickle"
_CODE = ("prepare", "analyzer", "deeds", "relevance", "words")
"""Modules here on which the terms depend."""

_Fingerprint = tuple[str, tuple[tuple[str, int, int], ...]]


class Prepared(NamedTuple):
    """Plain data: the concepts' names, each passage's terms, and every word of the passages.

    ``terms`` holds, in the corpus's order, a passage's terms for the index (with repetition), ``leads`` those of
    its title, names, topics and requirement, ``duties`` those of each of its duties (``~`` before what it names
    only by a more special concept), ``titles`` those of its title, names and topics, ``required`` those of its
    requirement (a background item, whose summary is the guide's own, has them among its ``titles``), ``doubts``
    those of each of its errata; all joined by spaces. ``deeds`` holds for each duty the deeds that it tells of: deed,
    doer and the terms of that part of the sentence, a line each; ``counted`` the stems after each of its numbers.
    ``spoken`` are the names of the concepts that
    clauses are about, and of more general ones, by id: as people write them, a line each.
    """

    names: Names
    terms: list[str]
    leads: list[str]
    duties: list[list[str]]
    titles: list[str]
    required: list[str]
    doubts: list[list[str]]
    deeds: list[list[str]]
    counted: list[list[list[str]]]
    words: str
    spoken: dict[str, str]


def prepare(corpus: Corpus) -> Prepared:
    """Work out the terms and names of a corpus."""
    names = collect_names(corpus.thesaurus)
    analyzer = Analyzer(corpus.thesaurus, names)
    held = [_prepare_passage(passage, analyzer) for guide in corpus.guides for passage in guide.passages]
    words = {word for passage in held for word in passage.words}
    return Prepared(
        names,
        terms=[" ".join(passage.terms) for passage in held],
        leads=[" ".join(passage.leads) for passage in held],
        duties=[[" ".join(duty) for duty in passage.duties] for passage in held],
        titles=[" ".join(passage.titles) for passage in held],
        required=[" ".join(passage.required) for passage in held],
        doubts=[[" ".join(doubt) for doubt in passage.doubts] for passage in held],
        deeds=[passage.deeds for passage in held],
        counted=[passage.counted for passage in held],
        words=" ".join(sorted(words)),
        spoken=_collect_spoken(corpus, analyzer),
    )


def _collect_spoken(corpus: Corpus, analyzer: Analyzer) -> dict[str, str]:
    topics = {topic for guide in corpus.guides for clause in guide.clauses for topic in clause.topics}
    about = topics.union(*(analyzer.broader(topic) for topic in topics))
    concepts = [concept for concept in corpus.thesaurus.concepts if concept.id in about]
    return {concept.id: "\n".join((*concept.en, *concept.exact, *concept.cased, *concept.zh)) for concept in concepts}


class _Terms(NamedTuple):
    """One passage's part of what is prepared."""

    terms: list[str]
    leads: list[str]
    duties: list[list[str]]
    titles: list[str]
    required: list[str]
    doubts: list[list[str]]
    deeds: list[str]
    counted: list[list[str]]
    words: list[str]


def _prepare_passage(passage: Clause | Item, analyzer: Analyzer) -> _Terms:
    statement = passage.requirement if isinstance(passage, Clause) else passage.summary
    topics = [concept_term(topic) for topic in passage.topics]
    titles = [term for lead in (passage.title, *passage.names) for term in analyzer.passage_terms(lead) * TITLE_WEIGHT]
    stated = analyzer.passage_terms(statement.text)
    leads = topics * TITLE_WEIGHT + stated + titles
    duties = [analyzer.passage_terms(duty.text) for duty in passage.duties]
    terms = leads + [term for duty in duties for term in duty]
    texts = (passage.title, *passage.names, statement.text, *(duty.text for duty in passage.duties))
    is_clause = isinstance(passage, Clause)
    return _Terms(
        # A general concept counts once, however many special ones a passage names: it says little of it.
        terms=terms + analyzer.broader_terms(terms),
        leads=leads + analyzer.broader_terms(leads),
        duties=[duty + [f"~{term}" for term in analyzer.broader_terms(duty)] for duty in duties],
        titles=sorted({*topics, *titles} if is_clause else {*topics, *titles, *stated}),
        required=sorted({*stated, *analyzer.broader_terms(stated)}) if is_clause else [],
        doubts=[analyzer.passage_terms(erratum.text) for erratum in passage.errata],
        deeds=[_describe_deeds(duty, analyzer) for duty in passage.duties],
        counted=[[" ".join(stems) for stems in find_counted(duty)] for duty in passage.duties],
        words=[word for text in texts for word in fold_words(text) if word.isalpha()],
    )


def _describe_deeds(duty: Duty, analyzer: Analyzer) -> str:
    told = ((each, analyzer.passage_terms(each.words)) for each in find_told(duty))
    return "\n".join(" ".join((each.deed, each.doer.value, *terms)) for each, terms in told)


def load_prepared(folders: Sequence[Path]) -> tuple[Corpus, Prepared]:
    """The corpus of some packs, prepared: as kept, or read, checked and prepared now.

    Raises:
        CorpusError: a pack does not load.
    """
    fingerprint = _take_fingerprint(folders)
    kept = _read_kept()
    if kept is not None and kept[0] == fingerprint:
        return kept[1], kept[2]
    from corpus.loader import load_corpus

    corpus = load_corpus(folders)
    prepared = prepare(corpus)
    _keep((fingerprint, _without_names(corpus), prepared))
    return corpus, prepared


def _without_names(corpus: Corpus) -> Corpus:
    """The corpus without its concepts' names, which the prepared part holds ready for look-up."""
    nameless = {"en": (), "exact": (), "cased": (), "zh": ()}
    concepts = tuple(concept.model_copy(update=nameless) for concept in corpus.thesaurus.concepts)
    return corpus.model_copy(update={"thesaurus": corpus.thesaurus.model_copy(update={"concepts": concepts})})


def _take_fingerprint(folders: Sequence[Path]) -> _Fingerprint:
    """Python's version, and path, size and time of change of each file that the prepared corpus depends on.

    What Python itself goes by to tell whether its compiled code is still that of the source.
    """
    code = [*sorted((_HERE.parent / "corpus").glob("*.py")), *(_HERE / f"{name}.py" for name in _CODE)]
    packs = [path for folder in folders for path in pack_paths(folder, with_ledger=False)]
    found = []
    for path in (*packs, *shared_paths(), *code):
        with contextlib.suppress(OSError):
            status = path.stat()
            found.append((str(path), status.st_size, status.st_mtime_ns))
    return sys.version, tuple(found)


def _read_kept() -> tuple[_Fingerprint, Corpus, Prepared] | None:
    """What was kept; None where nothing was, or it is damaged."""
    # Thousands of objects at once, none of them garbage: looking for some would take a third of the time.
    gc.disable()
    try:
        fingerprint, corpus, prepared = pickle.loads(_KEPT.read_bytes())  # noqa: S301 (as trusted as the code beside it)
    except (OSError, EOFError, ValueError, TypeError, KeyError, AttributeError, ImportError, pickle.UnpicklingError):
        return None
    finally:
        gc.enable()
    return fingerprint, corpus, prepared


def _keep(prepared: tuple[_Fingerprint, Corpus, Prepared]) -> None:
    part = _KEPT.with_suffix(f".{os.getpid()}.part")
    try:
        _KEPT.parent.mkdir(exist_ok=True)
        part.write_bytes(pickle.dumps(prepared, protocol=pickle.HIGHEST_PROTOCOL))
        part.replace(_KEPT)
    except OSError:
        # A read-only installation answers all the same, only slower at start.
        with contextlib.suppress(OSError):
            part.unlink(missing_ok=True)
