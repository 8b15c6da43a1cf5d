"""Attach a guide's source: find it in the operator's folder, verify its sentences, give out quotes."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from corpus.loader import load_ledger
from corpus.models import Guide, LedgerEntry
from corpus.problems import CorpusError
from corpus.quotes import Quotes
from corpus.sentences import fold_typography
from corpus.splitter import Document, SplitError, split_document

LARGEST_SOURCE = 20_000_000
"""Bytes of the largest source text that is read; the guide of 20 pages has 43,000."""


class SourceError(Exception):
    """A source cannot be used; says which and what to do. Answers go on without quotes."""


def read_source(path: Path) -> Document:
    """Read and split one source text.

    Raises:
        SourceError: it cannot be read, is too large, is no UTF-8 text or is not in the form of a guide.
    """
    try:
        if path.stat().st_size > LARGEST_SOURCE:
            raise SourceError(f"{path.name} is larger than {LARGEST_SOURCE:,} bytes; a guide's text is far smaller")
        text = path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise SourceError(f"{path.name} cannot be read: {error.strerror}") from None
    except UnicodeDecodeError:
        raise SourceError(f"{path.name} is not UTF-8 text; save it as UTF-8") from None
    try:
        return split_document(text)
    except SplitError as error:
        raise SourceError(f"{path.name} is not in the form of a guide: {error}") from None


def is_source_of(document: Document, guide: Guide) -> bool:
    """Whether the document's title page bears every line by which the guide's source is known."""
    lines = {_fold(line) for line in document.opening}
    return all(_fold(line) in lines for line in guide.info.opening)


def _fold(line: str) -> str:
    return " ".join(fold_typography(line).split()).lower()


def verify_sentences(document: Document, ledger: Mapping[str, LedgerEntry]) -> Quotes:
    """The sentences of the document whose hash is the ledger's, and the ledger's addresses where it is not."""
    found = {sentence.key: sentence for sentence in document.sentences()}
    verified = {
        key: found[key].text for key, entry in ledger.items() if key in found and found[key].sha256 == entry.sha256
    }
    return Quotes(verified, tuple(key for key in ledger if key not in verified))


def attach_sources(guides: Mapping[str, tuple[Guide, Path]], place: Path) -> tuple[dict[str, Quotes], list[str]]:
    """Verify the sources in a folder (or one file) against the guides they belong to.

    Args:
        guides: each guide with its pack's folder, by id.
        place: a folder that holds ``.txt`` files, or one such file.

    Returns:
        The quotes of each guide whose source was found, and one line for each thing that was wrong.
    """
    problems: list[str] = []
    quotes: dict[str, Quotes] = {}
    try:
        paths = sorted(place.glob("*.txt")) if place.is_dir() else [place]
    except OSError as error:
        return quotes, [f"source folder {place.name} cannot be read: {error.strerror}; answering without quotes"]
    if not place.exists():
        return quotes, [f"source {place} does not exist; answering without quotes"]
    if not paths:
        return quotes, [f"source folder {place} holds no .txt file; answering without quotes"]
    for path in paths:
        try:
            document = read_source(path)
        except SourceError as error:
            problems.append(f"{error}; answering without its quotes")
            continue
        owners = [(guide, folder) for guide, folder in guides.values() if is_source_of(document, guide)]
        if not owners:
            known = "; ".join(guide.info.title for guide, _ in guides.values())
            problems.append(f"{path.name} is the text of no loaded guide ({known}); answering without its quotes")
        for guide, folder in owners:
            if guide.info.id in quotes:
                problems.append(f"{path.name} is a second text of {guide.info.title}; its quotes come from the first")
                continue
            try:
                found = verify_sentences(document, load_ledger(folder))
            except CorpusError as error:
                problems.append(f"{error}; answering without quotes")
                continue
            quotes[guide.info.id] = found
            if found.withheld:
                count = f"{len(found.withheld)} sentence{'s' if len(found.withheld) > 1 else ''}"
                named = ", ".join(found.withheld[:5]) + (" …" if len(found.withheld) > 5 else "")
                problems.append(
                    f"{path.name} differs from the text that was restated in {count} "
                    f"({named}); quotes there are withheld: run clausebot corpus check --source {path}"
                )
    return quotes, problems
