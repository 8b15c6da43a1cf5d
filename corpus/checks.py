"""Check packs: references, pages, anchors, and the source's sentences, one by one."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from corpus.corpus import Corpus
from corpus.files import LEDGER_FILE
from corpus.loader import PackFile, build_guide, collect_entries, read_pack
from corpus.models import Clause, Guide, Item, LedgerEntry, Statement
from corpus.problems import Problem
from corpus.splitter import Document, Sentence

LONGEST_RUN = 11
"""Words in a row that a statement may share with the source: a dozen are a copied sentence."""

_WORD = re.compile(r"[a-z0-9]+(?:'[a-z]+)?")


@dataclass(frozen=True, slots=True)
class Coverage:
    """One row of the table of sections × sentences: how many the pack restates, leaves out with a reason, or misses."""

    section: str
    title: str
    sentences: int
    restated: int
    unrestated: int


@dataclass(frozen=True, slots=True)
class Report:
    """What a check of one pack found.

    ``anchors`` counts the places that statements are tied to, ``verified`` those whose sentences all have the
    known hash in the source (None without a source). ``review`` names each statement that is not verified.
    """

    guide: Guide
    problems: tuple[Problem, ...]
    coverage: tuple[Coverage, ...]
    anchors: int
    verified: int | None
    review: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Recorded:
    """A ledger entry with its place in the pack."""

    entry: LedgerEntry
    file: PackFile
    index: int

    def problem(self, message: str) -> Problem:
        return Problem(self.file.path, self.file.line_of("sentences", self.index), f"{self.entry.at} {message}")


@dataclass(frozen=True, slots=True)
class _Placed:
    """A statement with its place in the pack, for messages."""

    statement: Statement
    label: str
    restates: bool
    file: PackFile
    place: tuple[str | int, ...]

    def problem(self, message: str) -> Problem:
        return Problem(self.file.path, self.file.line_of(*self.place), f"{self.label}: {message}")


def check_pack(folder: Path, corpus: Corpus, document: Document | None = None) -> Report:
    """Check one guide's pack, with its source's document where there is one.

    Args:
        folder: the pack's folder.
        corpus: the loaded corpus, for references to regulations, other guides and concepts.
        document: the split source.

    Raises:
        CorpusError: the pack does not load.
    """
    files = read_pack(folder, with_ledger=True)
    guide = build_guide(folder, files)
    problems: list[Problem] = []
    recorded = [
        _Recorded(entry, file, i)
        for file in files
        for i, entry in collect_entries(file, LedgerEntry, "sentences", problems)
    ]
    ledger = {each.entry.at: each.entry for each in recorded}
    statements = list(_statements(files, guide))
    problems += _check_references(files, guide, corpus)
    problems += _check_anchors(statements, guide, ledger)
    restated = {
        key for placed in statements if placed.restates for anchor in placed.statement.at for key in anchor.keys
    }
    problems += _check_ledger(folder, recorded, restated)
    anchors = [(placed, anchor) for placed in statements for anchor in placed.statement.at]
    verified: int | None = None
    review: tuple[str, ...] = ()
    if document is not None:
        known = {sentence.key: sentence for sentence in document.sentences()}
        problems += _check_sections(files, guide, document)
        problems += _check_sentences(folder, recorded, known)
        problems += _check_wording(statements, document)
        good = {key for key, entry in ledger.items() if key in known and known[key].sha256 == entry.sha256}
        verified = sum(set(anchor.keys) <= good for _, anchor in anchors)
        review = tuple(
            f"{placed.label} [{anchor}]: {_moved(anchor.keys, ledger, known)}"
            for placed, anchor in anchors
            if not set(anchor.keys) <= good
        )
    return Report(
        guide, tuple(problems), _coverage(guide, list(ledger.values()), restated), len(anchors), verified, review
    )


def _statements(files: Sequence[PackFile], guide: Guide) -> Iterator[_Placed]:
    """Every statement of the pack with the file and place it was read from."""
    places = {
        key: iter([(file, i) for file in files for i in range(len(file.content.get(key) or ()))])
        for key in ("clauses", "items")
    }
    for passage in guide.passages:
        key = "clauses" if isinstance(passage, Clause) else "items"
        file, i = next(places[key])
        name = passage.ref if isinstance(passage, Clause) else f"{passage.ref} {passage.id}"
        lead = "requirement" if isinstance(passage, Clause) else "summary"
        yield _Placed(
            passage.requirement if isinstance(passage, Clause) else passage.summary,
            f"{name} {lead}", True, file, (key, i, lead),
        )  # fmt: skip
        for field in ("duties", "errata", "terms"):
            for n, statement in enumerate(getattr(passage, field)):
                label = f"{name} {field}[{n + 1}]"
                yield _Placed(statement, label, field == "duties", file, (key, i, field, n))


def _check_references(files: Sequence[PackFile], guide: Guide, corpus: Corpus) -> Iterator[Problem]:
    refs = {clause.ref for clause in guide.clauses}
    sections = {f"guide {section.number}" for section in guide.info.sections}
    known = refs | sections
    resources = {resource.number for resource in guide.info.resources}
    topics = {concept.id for concept in corpus.thesaurus.concepts}
    regulations = {regulation.id for regulation in corpus.regulations.regulations}
    seen: Counter[str] = Counter()
    clauses: Iterator[Clause | Item] = iter(guide.clauses)
    items: Iterator[Clause | Item] = iter(guide.items)
    for file in files:
        for key, passages in (("clauses", clauses), ("items", items)):
            # The range comes first: zip stops at its end without taking one passage more.
            for i, passage in zip(range(len(file.content.get(key) or ())), passages, strict=False):
                name = _name(passage)

                def at(field: str, message: str, place: tuple[str | int, ...] = (key, i), name: str = name) -> Problem:
                    return Problem(file.path, file.line_of(*place, field), f"{name}: {message}")  # noqa: B023

                seen[name] += 1
                if seen[name] == 2:
                    yield at("ref", "stands twice; each clause and item has one entry")
                yield from _check_passage(passage, at, known, sections, resources, topics)
                if isinstance(passage, Clause):
                    yield from _check_clause(passage, guide, at, refs, regulations)
        for i, absent in enumerate((file.content.get("guide") or {}).get("absent") or ()):
            if absent["ref"] in refs:
                message = f"{absent['ref']} is listed as absent, but the pack answers it; remove one"
                yield Problem(file.path, file.line_of("guide", "absent", i), message)


def _name(passage: Clause | Item) -> str:
    return passage.ref if isinstance(passage, Clause) else passage.id


def _check_passage(
    passage: Clause | Item,
    at: Callable[[str, str], Problem],
    known: set[str],
    sections: set[str],
    resources: set[int],
    topics: set[str],
) -> Iterator[Problem]:
    if f"guide {passage.section}" not in sections:
        yield at("section", f"the guide has no section {passage.section}")
    for ref in passage.see_also:
        if ref not in known:
            yield at("see_also", f'"{ref}" is neither a clause of this pack nor a section ("guide 6.3")')
    for number in passage.resources:
        if number not in resources:
            yield at("resources", f"the guide lists no useful resource {number}")
    for topic in passage.topics:
        if topic not in topics:
            yield at("topics", f'the thesaurus has no concept "{topic}"')


def _check_clause(
    clause: Clause, guide: Guide, at: Callable[[str, str], Problem], refs: set[str], regulations: set[str]
) -> Iterator[Problem]:
    if clause.regulation not in guide.info.regulations or clause.regulation not in regulations:
        yield at("ref", f"{clause.regulation} is not among the guide's regulations and those of regulations.yaml")
    by_ref = {other.ref: other for other in guide.clauses}
    for ref in clause.together_with:
        if ref not in refs or clause.ref not in by_ref[ref].together_with:
            yield at("together_with", f"{ref} does not name {clause.ref} as answered together with it")
    if clause.row and not any(anchor.row == clause.row for anchor in clause.requirement.at):
        yield at("requirement", f"is anchored nowhere in row {clause.row}")


def _check_anchors(statements: Iterable[_Placed], guide: Guide, ledger: Mapping[str, LedgerEntry]) -> Iterator[Problem]:
    sections = {section.number for section in guide.info.sections}
    for placed in statements:
        for anchor in placed.statement.at:
            if anchor.section not in sections:
                yield placed.problem(f'anchor "{anchor}": the guide has no section {anchor.section}')
                continue
            missing = [key for key in anchor.keys if key not in ledger]
            if missing:
                yield placed.problem(f'anchor "{anchor}": {LEDGER_FILE} has no sentence {missing[0]}')
                continue
            pages = sorted({page for key in anchor.keys for page in ledger[key].pages})
            if tuple(pages) != anchor.pages:
                said = ", ".join(map(str, anchor.pages)) or "none"
                yield placed.problem(
                    f'anchor "{anchor}" says page {said}, its sentences stand on {", ".join(map(str, pages)) or "none"}'
                )


def _check_ledger(folder: Path, recorded: Sequence[_Recorded], restated: set[str]) -> Iterator[Problem]:
    if not recorded:
        message = f"holds no sentences; take them from clausebot corpus split into {LEDGER_FILE}"
        yield Problem(folder, 0, message)
    seen: set[str] = set()
    for each in recorded:
        at = each.entry.at
        if at in seen:
            yield each.problem("stands twice; remove one")
        seen.add(at)
        if at in restated and each.entry.unrestated:
            yield each.problem("is listed as unrestated, but a statement restates it; remove the reason")
        if at not in restated and not each.entry.unrestated:
            yield each.problem("is restated nowhere; restate it, or say why not in unrestated:")


def _check_sections(files: Sequence[PackFile], guide: Guide, document: Document) -> Iterator[Problem]:
    head = next(file for file in files if "guide" in file.content)
    declared = {section.number: section for section in guide.info.sections}
    for section in document.sections:
        known = declared.pop(section.number, None)
        if known is None or (known.title, known.page) != (section.title, section.page):
            place = ("guide", "sections") if known is None else ("guide", "sections", guide.info.sections.index(known))
            page = "without a number" if section.page is None else section.page
            message = f'the source has section {section.number} "{section.title}" on page {page}; '
            message += "add it" if known is None else "correct title and page"
            yield Problem(head.path, head.line_of(*place), message)
    for known in declared.values():
        line = head.line_of("guide", "sections", guide.info.sections.index(known))
        yield Problem(head.path, line, f"section {known.number} is not in the source; remove it")


def _check_sentences(folder: Path, recorded: Sequence[_Recorded], known: Mapping[str, Sentence]) -> Iterator[Problem]:
    for each in recorded:
        sentence = known.get(each.entry.at)
        if sentence is None:
            yield each.problem("is not in the source; review what restates it")
        elif sentence.sha256 != each.entry.sha256:
            yield each.problem("has other words in the source; review what restates it")
        elif sentence.pages != each.entry.pages:
            yield each.problem(f"stands on pages {list(sentence.pages)} of the source; correct its pages")
    held = {each.entry.at for each in recorded}
    path = recorded[0].file.path if recorded else folder
    for key in known:
        if key not in held:
            yield Problem(path, 0, f"{key} of the source is missing; add it, restated or unrestated with a reason")


def _check_wording(statements: Iterable[_Placed], document: Document) -> Iterator[Problem]:
    runs: set[tuple[str, ...]] = set()
    size = LONGEST_RUN + 1
    source = _words(" ".join(sentence.text for sentence in document.sentences()))
    for i in range(len(source) - size + 1):
        runs.add(tuple(source[i : i + size]))
    for placed in statements:
        words = _words(placed.statement.text)
        for i in range(len(words) - size + 1):
            if tuple(words[i : i + size]) in runs:
                said = " ".join(words[i : i + 4])
                yield placed.problem(
                    f'repeats {size} or more words of the source from "{said} …"; say it in other words'
                )
                break


def _words(text: str) -> list[str]:
    return _WORD.findall(text.lower())


def _moved(keys: Sequence[str], ledger: Mapping[str, LedgerEntry], known: Mapping[str, Sentence]) -> str:
    for key in keys:
        entry = ledger.get(key)
        if entry is None or (key in known and known[key].sha256 == entry.sha256):
            continue
        places = [sentence.key for sentence in known.values() if sentence.sha256 == entry.sha256]
        if places:
            return f"{key} now stands at {', '.join(places)}; correct the anchor"
        return f"{key} has changed; review it"
    return "review it"


def _coverage(guide: Guide, entries: Sequence[LedgerEntry], restated: set[str]) -> tuple[Coverage, ...]:
    total: Counter[str] = Counter()
    done: Counter[str] = Counter()
    excused: Counter[str] = Counter()
    for entry in entries:
        section = re.split(r"[/ ]", entry.at, maxsplit=1)[0]
        total[section] += 1
        done[section] += entry.at in restated
        excused[section] += entry.at not in restated and entry.unrestated is not None
    return tuple(
        Coverage(section.number, section.title, total[section.number], done[section.number], excused[section.number])
        for section in guide.info.sections
    )


def check_updates(corpus: Corpus, path: Path) -> Iterator[Problem]:
    """Problems of `regulations.yaml`: an update that affects a regulation or clause nobody knows."""
    regulations = {regulation.id for regulation in corpus.regulations.regulations}
    refs = {clause.ref for guide in corpus.guides for clause in guide.clauses}
    for update in corpus.regulations.updates:
        for ref in update.affects:
            if ref not in regulations | refs:
                yield Problem(path, 0, f'update {update.id} affects "{ref}", which is no regulation or clause here')


def check_thesaurus(corpus: Corpus, path: Path) -> Iterator[Problem]:
    """Problems of `thesaurus.yaml`: an id twice, a broader concept that is missing, a concept without names."""
    ids = Counter(concept.id for concept in corpus.thesaurus.concepts)
    for concept in corpus.thesaurus.concepts:
        if ids[concept.id] > 1:
            yield Problem(path, 0, f'the id "{concept.id}" stands {ids[concept.id]} times; ids are unique')
        for broader in concept.broader:
            if broader not in ids:
                yield Problem(path, 0, f'{concept.id}: the broader concept "{broader}" does not exist')
        if not (concept.en or concept.exact or concept.cased or concept.zh):
            yield Problem(path, 0, f"{concept.id} has no names")
