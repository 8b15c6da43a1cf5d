"""A pack spoilt in each way that the check knows: exactly that problem, in its file and line. A clean one has none."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from corpus.checks import Report, check_pack, check_thesaurus, check_updates
from corpus.corpus import Corpus
from corpus.files import shared_paths
from corpus.problems import CorpusError
from corpus.source import read_source
from corpus.splitter import Document, split_document

Spoil = Callable[[str, str, str], Path]
GL8, GL14, HEAD, ITEMS, LEDGER = "gl8.yaml", "gl14.yaml", "guide.yaml", "background.yaml", "sentences.yaml"


def said(report: Report) -> list[str]:
    """The problems of a report, without the pack's name."""
    return [str(problem).removeprefix("quaymoth-cloud-hk-insurance-2021/") for problem in report.problems]


def line_of(folder: Path, file: str, text: str) -> int:
    """The line of the one place where a text stands in a file."""
    before, found, after = (folder / file).read_text(encoding="utf-8").partition(text)
    assert found
    assert text not in after
    return before.count("\n") + 1


def test_the_invented_pack_is_clean(pack_path: Path, corpus: Corpus, document: Document) -> None:
    """Every anchor is verified, every sentence is restated or has a reason, and nothing is wrong."""
    report = check_pack(pack_path, corpus, document)
    assert (report.problems, report.review) == ((), ())
    assert report.verified == report.anchors == 221
    assert sum(row.sentences for row in report.coverage) == 156
    assert sum(row.unrestated for row in report.coverage) == 4
    assert all(row.restated + row.unrestated == row.sentences for row in report.coverage)


def test_the_invented_pack_is_clean_without_its_source(pack_path: Path, corpus: Corpus) -> None:
    """Without a source nothing is verified, and nothing is wrong."""
    report = check_pack(pack_path, corpus)
    assert (report.problems, report.review, report.verified) == ((), (), None)


def test_the_real_pack_is_clean_without_its_source(real_pack_path: Path, corpus: Corpus) -> None:
    """The guide that Clausebot brings has every one of its 251 sentences restated, or left out with a reason."""
    report = check_pack(real_pack_path, corpus)
    assert (report.problems, report.review, report.verified) == ((), (), None)
    assert sum(row.sentences for row in report.coverage) == 251
    assert all(row.restated + row.unrestated == row.sentences for row in report.coverage)
    assert [row.section for row in report.coverage] == [section.number for section in report.guide.info.sections]


def test_the_real_pack_is_clean_with_its_source(real_pack_path: Path, corpus: Corpus, real_source_path: Path) -> None:
    """Every anchor of the guide that Clausebot brings is verified against its text."""
    report = check_pack(real_pack_path, corpus, read_source(real_source_path))
    assert (report.problems, report.review) == ((), ())
    assert report.verified == report.anchors


RULES = "Gives each rule a keeper by name"


@pytest.mark.parametrize(
    ("file", "old", "new", "where", "message"),
    [
        # anchors
        (
            ITEMS,
            'at: "2 ¶1 s2 p1"',
            'at: "2 ¶1 s2 p2"',
            RULES,
            'guide 2 rules duties[2]: anchor "2 ¶1 s2 p2" says page 2, its sentences stand on 1',
        ),
        (
            ITEMS,
            'at: "2 ¶1 s2 p1"',
            'at: "2 ¶1 s2"',
            RULES,
            'guide 2 rules duties[2]: anchor "2 ¶1 s2" says page none, its sentences stand on 1',
        ),
        (
            ITEMS,
            'at: "2 ¶1 s2 p1"',
            'at: ["2 ¶1 s2 p1", "2 ¶1 s9 p1"]',
            RULES,
            'guide 2 rules duties[2]: anchor "2 ¶1 s9 p1": sentences.yaml has no sentence 2 ¶1 s9',
        ),
        (
            ITEMS,
            'at: "2 ¶1 s2 p1"',
            'at: ["2 ¶1 s2 p1", "12 ¶1 s1 p1"]',
            RULES,
            'guide 2 rules duties[2]: anchor "12 ¶1 s1 p1": the guide has no section 12',
        ),
        # an erratum's anchor is checked as well
        (
            GL8,
            'at: "5.1/a ¶1 s2 p8"\n  see_also',
            'at: "5.1/a ¶1 s4 p8"\n  see_also',
            "- kind: omission\n    text: From",
            'GL8 5.1(a) errata[1]: anchor "5.1/a ¶1 s4 p8": sentences.yaml has no sentence 5.1/a ¶1 s4',
        ),
        # references
        (
            GL8,
            'see_also: ["GL14 5.17", "GL14 5.18"]',
            'see_also: ["GL14 5.17", "GL14 5.99"]',
            'see_also: ["GL14 5.17',
            'GL8 5.1(c): "GL14 5.99" is neither a clause of this pack nor a section ("guide 6.3")',
        ),
        (
            GL14,
            'see_also: ["guide notices"]',
            'see_also: ["guide 10"]',
            'see_also: ["guide 10',
            'GL14 5.11: "guide 10" is neither a clause of this pack nor a section ("guide 6.3")',
        ),
        (
            GL8,
            "resources: [4]",
            "resources: [44]",
            "resources: [44",
            "GL8 5.1(e): the guide lists no useful resource 44",
        ),
        (
            GL8,
            "topics: [key-rotation]",
            "topics: [key-juggling]",
            "topics: [key-j",
            'GL8 5.1(b): the thesaurus has no concept "key-juggling"',
        ),
        (
            ITEMS,
            'title: Harbour Seal\n  section: "2.1"',
            'title: Harbour Seal\n  section: "2.9"',
            'section: "2.9"',
            "harbour-seal: the guide has no section 2.9",
        ),
        # clauses
        (
            GL8,
            "  row: e\n",
            "  row: f\n",
            "requirement:\n    text: Have electronic",
            "GL8 5.1(e): is anchored nowhere in row f",
        ),
        (
            GL14,
            '  together_with: ["GL14 5.17"]',
            "  together_with: []",
            '  together_with: ["GL14 5.18"]',
            "GL14 5.17: GL14 5.18 does not name GL14 5.17 as answered together with it",
        ),
        (
            GL14,
            "  names: [oversight",
            '  together_with: ["GL14 5.16"]\n  names: [oversight',
            '  together_with: ["GL14 5.16',
            "GL14 5.15(a): GL14 5.16 does not name GL14 5.15(a) as answered together with it",
        ),
        (
            HEAD,
            '{ref: "GL8 5.1(f)"',
            '{ref: "GL8 5.1(b)"',
            '{ref: "GL8 5.1(b)"',
            "GL8 5.1(b) is listed as absent, but the pack answers it; remove one",
        ),
        (
            ITEMS,
            "- id: harbour-seal",
            "- id: controls-report",
            "- id: controls-report\n  title: Controls",
            "controls-report: stands twice; each clause and item has one entry",
        ),
        # the ledger
        (
            LEDGER,
            ', unrestated: "a remark that states nothing"',
            "",
            '- {at: "6.4 ¶1 s2"',
            "6.4 ¶1 s2 is restated nowhere; restate it, or say why not in unrestated:",
        ),
        (
            LEDGER,
            '"6.5 ¶1 s2", pages: [16],',
            '"6.5 ¶1 s2", pages: [16], unrestated: "why",',
            '- {at: "6.5 ¶1 s2"',
            "6.5 ¶1 s2 is listed as unrestated, but a statement restates it; remove the reason",
        ),
    ],
)
def test_a_spoilt_pack(
    spoil: Spoil, corpus: Corpus, document: Document, file: str, old: str, new: str, where: str, message: str
) -> None:
    """Exactly that problem is told, in the file and at the line where it stands."""
    folder = spoil(file, old, new)
    line = line_of(folder, file, where)
    if where == RULES:
        # The line is that of the duty, which begins with its owner.
        line -= 2
    report = check_pack(folder, corpus, document)
    assert said(report) == [f"{file}:{line}: {message}"]


def test_a_clause_of_another_regulation(spoil: Spoil, corpus: Corpus) -> None:
    """A clause of a regulation that the guide does not answer is told, and so is what still refers to its old name."""
    folder = spoil(GL8, 'ref: "GL8 5.1(e)"', 'ref: "GL99 5.1(e)"')
    item, clause = line_of(folder, ITEMS, '["GL8 5.1(a)", "GL8 5.1(b)"'), line_of(folder, GL8, 'ref: "GL99')
    assert said(check_pack(folder, corpus)) == [
        f'{ITEMS}:{item}: gl8-table: "GL8 5.1(e)" is neither a clause of this pack nor a section ("guide 6.3")',
        f"{GL8}:{clause}: GL99 5.1(e): GL99 is not among the guide's regulations and those of regulations.yaml",
    ]


def test_a_sentence_missing_from_the_ledger(spoil: Spoil, corpus: Corpus, document: Document) -> None:
    """A sentence that the ledger lacks is told with the source; without it, only what is anchored there."""
    (entry,) = re.findall(
        r'- \{at: "2 ¶1 s2".*\n', (spoil(LEDGER, "sentences:\n", "sentences:\n") / LEDGER).read_text()
    )
    folder = spoil(LEDGER, entry, "")
    anchored = 'guide 2 rules duties[2]: anchor "2 ¶1 s2 p1": sentences.yaml has no sentence 2 ¶1 s2'
    line = line_of(folder, ITEMS, RULES) - 2
    assert said(check_pack(folder, corpus)) == [f"{ITEMS}:{line}: {anchored}"]
    report = check_pack(folder, corpus, document)
    assert said(report)[1:] == [
        f"{LEDGER}: 2 ¶1 s2 of the source is missing; add it, restated or unrestated with a reason"
    ]
    assert report.review == ("guide 2 rules duties[2] [2 ¶1 s2 p1]: review it",)


def test_a_sentence_twice_in_the_ledger(spoil: Spoil, corpus: Corpus, document: Document) -> None:
    """A second entry of one address is told at its line."""
    (entry,) = re.findall(
        r'- \{at: "2 ¶1 s2".*\n', (spoil(LEDGER, "sentences:\n", "sentences:\n") / LEDGER).read_text()
    )
    folder = spoil(LEDGER, entry, entry * 2)
    line = (folder / LEDGER).read_text().split(entry, 1)[0].count("\n") + 2
    assert said(check_pack(folder, corpus, document)) == [f"{LEDGER}:{line}: 2 ¶1 s2 stands twice; remove one"]


def test_no_ledger(spoil: Spoil, corpus: Corpus) -> None:
    """A pack without a ledger is told where to take one from."""
    folder = spoil(HEAD, "  version: 1\n", "  version: 1\n")
    (folder / LEDGER).unlink()
    problems = check_pack(folder, corpus).problems
    message = "holds no sentences; take them from clausebot corpus split into sentences.yaml"
    assert (folder, 0, message) in problems


def test_a_broken_ledger_entry(spoil: Spoil, corpus: Corpus, document: Document) -> None:
    """An entry that cannot be read is told at its line; the rest is checked all the same."""
    folder = spoil(LEDGER, '- {at: "6.4 ¶1 s2", pages: [15]', '- {at: "6.4 ¶1 s2", pages: [none]')
    line = line_of(folder, LEDGER, '- {at: "6.4 ¶1 s2"')
    first, second = said(check_pack(folder, corpus, document))
    assert first.startswith(f"{LEDGER}:{line}: sentences.")
    assert "Input should be a valid integer" in first
    assert second == f"{LEDGER}: 6.4 ¶1 s2 of the source is missing; add it, restated or unrestated with a reason"


def test_a_pack_that_does_not_load(spoil: Spoil, corpus: Corpus) -> None:
    """A pack that does not even load raises, with every problem."""
    with pytest.raises(CorpusError, match=r"gl8.yaml:6: clauses.0.row: Input should be a valid string"):
        check_pack(spoil(GL8, "  row: a\n", "  row: 1\n"), corpus)


def test_words_copied_from_the_source(spoil: Spoil, corpus: Corpus, document: Document, guide_text: str) -> None:
    """A dozen words in a row of the source are told; eleven pass."""
    at = guide_text.index("Every rule has a named keeper")
    words = guide_text[at:].split()
    twelve = " ".join(words[:12]).rstrip(".")
    old = "Gives each rule a keeper by name, who signs it anew every January."
    folder = spoil(ITEMS, old, " ".join(words[:11]))
    assert said(check_pack(folder, corpus, document)) == []
    folder = spoil(ITEMS, " ".join(words[:11]), twelve)
    line = line_of(folder, ITEMS, "Every rule has") - 2
    assert said(check_pack(folder, corpus, document)) == [
        f"{ITEMS}:{line}: guide 2 rules duties[2]: repeats 12 or more words of the source from "
        '"every rule has a …"; say it in other words'
    ]


def test_an_altered_sentence_of_the_source(pack_path: Path, corpus: Corpus, guide_text: str) -> None:
    """One changed word is told at the sentence's line in the ledger, and each statement that restates it is named."""
    altered = split_document(guide_text.replace("kept for 35 days", "kept for 36 days"))
    report = check_pack(pack_path, corpus, altered)
    line = line_of(pack_path, LEDGER, '"5.1/c ¶1 s2"')
    assert said(report) == [f"{LEDGER}:{line}: 5.1/c ¶1 s2 has other words in the source; review what restates it"]
    assert report.review == (
        "GL14 5.17 errata[1] [5.1/c ¶1 s2 p9]: 5.1/c ¶1 s2 has changed; review it",
        "GL14 5.18 errata[1] [5.1/c ¶1 s2 p9]: 5.1/c ¶1 s2 has changed; review it",
        "GL8 5.1(c) duties[3] [5.1/c ¶1 s2 p9]: 5.1/c ¶1 s2 has changed; review it",
        "GL8 5.1(c) errata[1] [5.1/c ¶1 s2 p9]: 5.1/c ¶1 s2 has changed; review it",
    )
    assert report.verified == report.anchors - 4


def test_a_moved_sentence_of_the_source(pack_path: Path, corpus: Corpus, guide_text: str) -> None:
    """A sentence that stands elsewhere now is told with its new place."""
    moved = split_document(
        guide_text.replace(
            "The customer is free to decline. Prices are not part of that meeting.",
            "Prices are not part of that meeting. The customer is free to decline.",
        )
    )
    report = check_pack(pack_path, corpus, moved)
    assert report.review == (
        "GL14 5.11 duties[3] [6.2 ¶1 s3 p13]: 6.2 ¶1 s3 now stands at 6.2 ¶1 s4; correct the anchor",
        "GL14 5.11 duties[4] [6.2 ¶1 s4 p13]: 6.2 ¶1 s4 now stands at 6.2 ¶1 s3; correct the anchor",
        "GL14 5.11 errata[1] [6.2 ¶1 s3 p13]: 6.2 ¶1 s3 now stands at 6.2 ¶1 s4; correct the anchor",
    )


def test_a_sentence_added_to_and_dropped_from_the_source(pack_path: Path, corpus: Corpus, guide_text: str) -> None:
    """A new sentence is told as missing in the pack, a dropped one as gone from the source."""
    added = split_document(guide_text.replace("not part of that meeting.", "not part of that meeting. Tea is."))
    assert said(check_pack(pack_path, corpus, added)) == [
        f"{LEDGER}: 6.2 ¶1 s5 of the source is missing; add it, restated or unrestated with a reason"
    ]
    dropped = split_document(guide_text.replace(" Prices are not part of that meeting.", ""))
    line = line_of(pack_path, LEDGER, '"6.2 ¶1 s4"')
    report = check_pack(pack_path, corpus, dropped)
    assert said(report) == [f"{LEDGER}:{line}: 6.2 ¶1 s4 is not in the source; review what restates it"]
    assert report.review == ("GL14 5.11 duties[4] [6.2 ¶1 s4 p13]: 6.2 ¶1 s4 has changed; review it",)


def test_a_sentence_on_another_page(pack_path: Path, corpus: Corpus, guide_text: str) -> None:
    """The same words on another page are told with that page."""
    report = check_pack(
        pack_path, corpus, split_document(guide_text.replace("Version History.....\t17", "Version History\t18"))
    )
    first, second = (line_of(pack_path, LEDGER, f'"9 ¶{i} s1"') for i in (1, 2))
    section = line_of(pack_path, HEAD, '{number: "9"')
    assert said(report) == [
        f'{HEAD}:{section}: the source has section 9 "Version History" on page 18; correct title and page',
        f"{LEDGER}:{first}: 9 ¶1 s1 stands on pages [18] of the source; correct its pages",
        f"{LEDGER}:{second}: 9 ¶2 s1 stands on pages [18] of the source; correct its pages",
    ]


@pytest.mark.parametrize(
    ("old", "new", "where", "message"),
    [
        (
            "title: Keeping Watch,",
            "title: Keeping Wach,",
            "Keeping Wach",
            'the source has section 6.4 "Keeping Watch" on page 15; correct title and page',
        ),
        (
            '  - {number: "7", title: Talking to Us, page: 16}\n',
            "",
            "  sections:",
            'the source has section 7 "Talking to Us" on page 16; add it',
        ),
        (
            "  resources:\n",
            '  - {number: "10", title: Index, page: 18}\n  resources:\n',
            "title: Index",
            "section 10 is not in the source; remove it",
        ),
    ],
)
def test_sections_that_differ(
    spoil: Spoil, corpus: Corpus, document: Document, old: str, new: str, where: str, message: str
) -> None:
    """A section's wrong title, a missing and a surplus one are told where the head lists them."""
    folder = spoil(HEAD, old, new)
    assert f"{HEAD}:{line_of(folder, HEAD, where)}: {message}" in said(check_pack(folder, corpus, document))


def test_regulations_and_updates(corpus: Corpus) -> None:
    """The rule books that both guides answer are known, and each update affects something that exists."""
    regulations, thesaurus = shared_paths()
    assert list(check_updates(corpus, regulations)) == []
    assert {regulation.id for regulation in corpus.regulations.regulations} >= {"GL8", "GL14"}
    update = corpus.regulations.updates[0].model_copy(update={"affects": ("GL8", "GL8 9.9")})
    changed = corpus.model_copy(update={"regulations": corpus.regulations.model_copy(update={"updates": (update,)})})
    assert [problem.message for problem in check_updates(changed, regulations)] == [
        f'update {update.id} affects "GL8 9.9", which is no regulation or clause here'
    ]
    assert thesaurus.name == "thesaurus.yaml"


def test_thesaurus(corpus: Corpus) -> None:
    """The thesaurus that comes with Clausebot is clean: unique ids, known broader concepts, names for each."""
    _, path = shared_paths()
    assert list(check_thesaurus(corpus, path)) == []


def test_a_spoilt_thesaurus(corpus: Corpus) -> None:
    """An id that stands twice, an unknown broader concept and a concept without names are told."""
    _, path = shared_paths()
    first, second, third, *_ = corpus.thesaurus.concepts
    concepts = (
        first,
        second.model_copy(update={"id": first.id}),
        third.model_copy(update={"broader": ("nothing",), "en": (), "exact": (), "cased": (), "zh": ()}),
    )
    spoilt = corpus.model_copy(update={"thesaurus": corpus.thesaurus.model_copy(update={"concepts": concepts})})
    assert [problem.message for problem in check_thesaurus(spoilt, path)] == [
        f'the id "{first.id}" stands 2 times; ids are unique',
        f'the id "{first.id}" stands 2 times; ids are unique',
        f'{third.id}: the broader concept "nothing" does not exist',
        f"{third.id} has no names",
    ]
