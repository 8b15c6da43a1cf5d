"""What `clausebot corpus` prints: the check of the packs, and the draft of a new one."""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path

import yaml

from corpus.checks import Report, check_pack, check_thesaurus, check_updates
from corpus.draft import draft_pack, draft_passages
from corpus.files import guide_folders, shared_paths
from corpus.loader import load_corpus
from corpus.problems import CorpusError
from corpus.source import SourceError, is_source_of, read_source
from corpus.splitter import Document


def check_corpus(place: Path | None, guides: Path | None, *, explicit: bool) -> int:
    """Check every pack and print what was found.

    Args:
        place: the source's text, or a folder of texts; None checks without it.
        guides: a folder of further packs.
        explicit: whether the reader named `place`: a document of no loaded guide is then a problem.

    Returns:
        0 where all is well, 1 with problems, 2 where a pack or the named source cannot be read.
    """
    try:
        folders = guide_folders(*([guides] if guides else []))
        corpus = load_corpus(folders)
        documents = _read_documents(place)
    except CorpusError as error:
        for problem in error.problems:
            print(f"clausebot: {problem}", file=sys.stderr)
        return 2
    except SourceError as error:
        print(f"clausebot: {error}", file=sys.stderr)
        return 2
    wrong = 0
    used: set[Path] = set()
    for guide, folder in zip(corpus.guides, folders, strict=True):
        path, document = next(
            ((path, document) for path, document in documents.items() if is_source_of(document, guide)),
            (None, None),
        )
        if path:
            used.add(path)
        try:
            report = check_pack(folder, corpus, document)
        except CorpusError as error:
            # The ledger of sentences is read here first.
            for problem in error.problems:
                print(f"clausebot: {problem}", file=sys.stderr)
            return 2
        _print_report(report, path)
        wrong += len(report.problems)
    regulations, thesaurus = shared_paths()
    for problem in (*check_updates(corpus, regulations), *check_thesaurus(corpus, thesaurus)):
        print(f"  {problem}")
        wrong += 1
    for path in documents:
        if path not in used and explicit:
            known = "; ".join(guide.info.title for guide in corpus.guides)
            print(f"{path.name} is the text of no loaded guide ({known}); name the text that a pack restates")
            wrong += 1
    print(f"{wrong} problems" if wrong != 1 else "1 problem")
    return 1 if wrong else 0


def _read_documents(place: Path | None) -> dict[Path, Document]:
    if place is None:
        return {}
    if not place.exists():
        raise SourceError(f"{place} does not exist; name the guide's text, or a folder that holds it")
    paths = sorted(place.glob("*.txt")) if place.is_dir() else [place]
    if not paths:
        raise SourceError(f"{place} holds no .txt file")
    return {path: read_source(path) for path in paths}


def _print_report(report: Report, source: Path | None) -> None:
    info = report.guide.info
    print(f"{info.title} ({info.id}), edition {info.edition}, {info.date}")
    duties = sum(len(passage.duties) for passage in report.guide.passages)
    print(f"  {len(report.guide.clauses)} clauses, {len(report.guide.items)} background items, {duties} duties")
    if report.verified is None:
        print(f"  {report.anchors} anchors; no source attached, so no hash was verified (name it with --source)")
    else:
        print(f"  {report.verified} of {report.anchors} anchors verified against {source.name if source else ''}")
    print(f"  {'section':<10}{'sentences':>10}{'restated':>10}{'unrestated':>12}{'missing':>9}  title")
    rows = [
        (c.section, c.sentences, c.restated, c.unrestated, c.sentences - c.restated - c.unrestated, c.title)
        for c in report.coverage
    ]
    rows.append(("all", *(sum(row[i] for row in rows) for i in (1, 2, 3, 4)), ""))  # type: ignore[misc,arg-type]
    for section, total, restated, excused, missing, title in rows:
        print(f"  {section:<10}{total:>10}{restated:>10}{excused:>12}{missing:>9}  {title}")
    for problem in report.problems:
        print(f"  {problem}")
    for line in report.review:
        print(f"  review {line}")


def print_draft(file: Path, form: str) -> None:
    """Print a guide's passages as a draft: one YAML pack, or a JSON object a line.

    Raises:
        SourceError: the file cannot be read, or is not in the form of a guide.
    """
    document = read_source(file)
    if form == "jsonl":
        for passage in draft_passages(document):
            print(
                json.dumps(
                    {
                        "ref": passage.ref,
                        "section": passage.section,
                        "row": passage.row,
                        "title": passage.title,
                        "together_with": list(passage.together_with),
                        "pages": list(passage.pages),
                        "requirement": " ".join(sentence.text for sentence in passage.requirement),
                        "paragraphs": [[sentence.text for sentence in part] for part in passage.paragraphs],
                        "duties": [
                            {
                                "owner": duty.owner.value,
                                "kind": duty.kind.value,
                                "text": duty.sentence.text,
                                "at": duty.sentence.key,
                                "pages": list(duty.sentence.pages),
                            }
                            for duty in passage.duties
                        ],
                    },
                    ensure_ascii=False,
                )
            )
        return
    pack_id = re.sub(r"[^a-z0-9]+", "-", file.stem.lower()).strip("-") or "guide"
    print(
        "# A draft pack: the texts are the source's own sentences. Restate each in your own words, judge owner and\n"
        "# kind (both are only suggested), and save it in a folder of its own; clausebot corpus check helps."
    )
    print(yaml.safe_dump(draft_pack(document, pack_id), allow_unicode=True, sort_keys=False, width=110), end="")
