"""The draft of a pack: what `clausebot corpus split` proposes for the invented guide."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import yaml

from bot.corpus_report import print_draft
from corpus.checks import check_pack
from corpus.corpus import Corpus
from corpus.draft import DraftPassage, draft_ledger, draft_passages
from corpus.loader import build_guide, load_ledger, read_pack
from corpus.models import Kind, Owner
from corpus.splitter import Document, split_document

ID = "quaymoth-cloud-hk-insurance-2021"


@pytest.fixture
def drafted(source_path: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Path:
    """The folder of the pack that `corpus split` prints."""
    print_draft(source_path, "yaml")
    (tmp_path / "draft.yaml").write_text(capsys.readouterr().out, encoding="utf-8")
    return tmp_path


def suggest(text: str) -> tuple[Owner, Kind]:
    """The owner and kind that a sentence's words suggest."""
    document = split_document(f"A\n\nContents\n\n1. A\t1\n\n1. A\n\n{text}\n")
    (passage,) = draft_passages(document)
    return passage.duties[0].owner, passage.duties[0].kind


def test_the_clauses_it_finds_are_those_that_the_guide_answers(document: Document, corpus: Corpus) -> None:
    """Each clause is found in its section and row, rows by their letter and prose by the clauses that it names."""
    found = [passage for passage in draft_passages(document) if not passage.ref.startswith("guide ")]
    _, invented = corpus.guides

    assert len(found) == 16
    assert {(p.ref, p.section, p.row, p.together_with) for p in found} == {
        (clause.ref, clause.section, clause.row, clause.together_with) for clause in invented.clauses
    }


def test_background_is_what_is_left(document: Document) -> None:
    """Prose that names no clause is a background passage of its section; prose that answers one is not."""
    found = {p.section: p for p in draft_passages(document) if p.ref.startswith("guide ")}
    assert list(found) == "notices 1 2 2.1 2.2 3 4 5 5.1 6 6.1 6.3 6.4 7 8 9".split()
    assert [len(paragraph) for paragraph in found["6.1"].paragraphs] == [2]


def test_every_sentence_is_in_a_passage(document: Document) -> None:
    """No sentence is lost: each is in a requirement or a paragraph of some passage."""

    def keys(passage: DraftPassage) -> set[str]:
        sentences = [*passage.requirement, *(s for paragraph in passage.paragraphs for s in paragraph)]
        return {sentence.key for sentence in sentences}

    found = set().union(*map(keys, draft_passages(document)))
    assert found == {sentence.key for sentence in document.sentences()}


def test_the_draft_loads_as_a_pack(drafted: Path) -> None:
    """The printed YAML is a pack whose head, clauses and items pass the models."""
    guide = build_guide(drafted, read_pack(drafted, with_ledger=True))
    assert (guide.info.id, guide.info.title) == (
        ID,
        "Quaymoth Cloud Answer Book: GL8 and GL14 for Authorized Insurers in Hong Kong",
    )
    assert guide.info.regulations == ("GL14", "GL8")
    assert len(guide.clauses) == 16
    assert len(load_ledger(drafted)) == 156


def test_the_draft_lacks_only_our_own_words(drafted: Path, corpus: Corpus, document: Document) -> None:
    """Addresses, pages, hashes and references of a draft are right; what is wrong is that it copies the source."""
    report = check_pack(drafted, corpus, document)
    assert report.review == ()
    assert report.verified == report.anchors
    assert report.problems
    assert {problem.message.split(": ", 1)[1].split(" ", 1)[0] for problem in report.problems} == {"repeats"}


def test_the_ledger_is_the_packs(document: Document, pack_path: Path) -> None:
    """The curated pack's ledger is the draft's, with reasons added."""
    ledger = load_ledger(pack_path)
    drafted = draft_ledger(document)
    assert [entry["at"] for entry in drafted] == list(ledger)
    for entry in drafted:
        assert (tuple(entry["pages"]), entry["sha256"]) == (ledger[entry["at"]].pages, ledger[entry["at"]].sha256)


def test_json_lines(source_path: Path, document: Document, capsys: pytest.CaptureFixture[str]) -> None:
    """In the other form, each line is one JSON object: a passage with its paragraphs, pages and suggested duties."""
    print_draft(source_path, "jsonl")
    out = capsys.readouterr().out
    passages = [json.loads(line) for line in out.splitlines()]
    assert [passage["ref"] for passage in passages] == [passage.ref for passage in draft_passages(document)]
    (backup,) = [passage for passage in passages if passage["ref"] == "GL8 5.1(c)"]
    assert set(backup) == {
        *("ref", "section", "row", "title", "together_with", "pages", "requirement", "paragraphs", "duties"),
    }
    assert (backup["section"], backup["row"], backup["pages"]) == ("5.1", "c", [9, 10])
    assert [len(paragraph) for paragraph in backup["paragraphs"]] == [3, 3, 1]
    assert backup["duties"][1] == {
        "owner": "csp",
        "kind": "obligation",
        "text": "Copies are kept for 35 days.",
        "at": "5.1/c ¶1 s2",
        "pages": [9],
    }


def test_yaml_is_one_document_with_a_warning(source_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The draft begins by saying that its words are the source's, and is one YAML document."""
    print_draft(source_path, "yaml")
    out = capsys.readouterr().out
    assert out.startswith("# A draft pack: the texts are the source's own sentences.")
    assert list(yaml.safe_load(out)) == ["guide", "clauses", "items", "sentences"]


@pytest.mark.parametrize(
    ("text", "owner", "kind"),
    [
        ("The customer must test it.", Owner.CSC, Kind.OBLIGATION),
        ("Customers should test it.", Owner.CSC, Kind.OBLIGATION),
        ("We must test it.", Owner.CSP, Kind.OBLIGATION),
        ("We test it.", Owner.CSP, Kind.OBLIGATION),
        ("We offer a test to customers.", Owner.CSP, Kind.SERVICE),
        ("Customers can run a test.", Owner.CSP, Kind.SERVICE),
        ("We are certified against ISO 27001.", Owner.CSP, Kind.EVIDENCE),
        ("The Operator must run its generators.", Owner.THIRD_PARTY, Kind.OBLIGATION),
        ("An independent tester must attack it.", Owner.THIRD_PARTY, Kind.OBLIGATION),
        ("Sub-contractors must wipe every disk.", Owner.THIRD_PARTY, Kind.OBLIGATION),
    ],
)
def test_suggested_owner_and_kind(text: str, owner: Owner, kind: Kind) -> None:
    """What a sentence's words suggest, for a person to judge."""
    assert suggest(text) == (owner, kind)
