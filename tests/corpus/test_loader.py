"""Packs that do not load: each says in one line which file and line is wrong, and what to do."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from corpus import files
from corpus.corpus import Corpus
from corpus.files import guide_folders
from corpus.loader import LARGEST_FILE, load_corpus, load_ledger, read_pack_file
from corpus.problems import CorpusError, Problem

Spoil = Callable[[str, str, str], Path]


def refuse(folder: Path) -> str:
    """The one line that says why a pack's folder does not load."""
    with pytest.raises(CorpusError) as refused:
        load_corpus([folder])
    message = str(refused.value)
    assert "\n" not in message
    return message


NAME = "quaymoth-cloud-hk-insurance-2021"


QUOTE = "Input should be a valid string; quote it (YAML reads 5.10 as a number and no as false)"
TWICE = "stands twice; remove one"
GL8, HEAD, FIRST = "gl8.yaml", "guide.yaml", "clauses:\n"


@pytest.mark.parametrize(
    ("file", "old", "new", "line", "message"),
    [
        # values of the wrong type, first of all numbers without quotes
        (GL8, 'ref: "GL8 5.1(a)"', "ref: 5.10", 3, f"clauses.0.ref: {QUOTE}"),
        (HEAD, 'edition: "2.1"', "edition: 2.1", 12, f"guide.edition: {QUOTE}"),
        (HEAD, 'number: "6.1"', "number: 6.1", 29, f"guide.sections.10.number: {QUOTE}"),
        (HEAD, "language: en", "language: no", 14, f"guide.language: {QUOTE}"),
        (HEAD, 'date: "2021-09"', "date: 2021-09-01", 13, f"guide.date: {QUOTE}"),
        (
            HEAD,
            "number: 6, title",
            "number: six, title",
            43,
            "guide.resources.5.number: Input should be a valid integer",
        ),
        (HEAD, "pack: 1", "pack: 2", 3, "guide.pack: Input should be 1"),
        # keys
        (HEAD, "  language: en\n", "", 2, "guide.language: is missing; add it"),
        (
            HEAD,
            "  language: en\n",
            "  language: en\n  size: 1\n",
            15,
            "guide.size: no such field; remove it or correct",
        ),
        (GL8, FIRST, "clausses:\n", 2, 'unknown key "clausses"; a pack has guide, clauses, items and sentences'),
        (GL8, "  row: a\n", "  row: a\n  row: b\n", 7, f'is not YAML: the key "row" {TWICE}'),
        (GL8, "text: Keeps up 23 policies on security.", "at: x", 15, f'is not YAML: the key "at" {TWICE}'),
        # YAML that is none
        (GL8, FIRST, "clauses:\n\t- x\n", 3, "is not YAML: found character that cannot start any token"),
        (GL8, FIRST, "clauses: *x\n", 2, "is not YAML: found undefined alias"),
        (GL8, FIRST, "? [a, b]\n: c\nclauses:\n", 2, "is not YAML: a list or mapping stands where a key is expected"),
        (GL8, FIRST, "x: !!python/name:os.system\nclauses:\n", 2, "is not YAML: could not determine a constructor"),
        (GL8, FIRST, "x: \x07\nclauses:\n", 0, "is not YAML: unacceptable character #x0007"),
        (
            GL8,
            FIRST,
            "x: 2019-13-45\nclauses:\n",
            0,
            "has a value that YAML cannot read (month must be in 1..12); quote it",
        ),
        (GL8, FIRST, f"x: {'[' * 60}\nclauses:\n", 0, "has more than 50 brackets inside one another; close them"),
        (GL8, FIRST, f"x:\n  {'- ' * 60}\nclauses:\n", 0, "has more than 50 brackets inside one another"),
        (GL8, FIRST, "clauses: x\nitems:\n", 2, "clauses holds a list (each entry begins with a dash)"),
    ],
)
def test_a_spoilt_file(spoil: Spoil, file: str, old: str, new: str, line: int, message: str) -> None:
    """The first problem is told with file, line and what to do."""
    place = f"{NAME}/{file}:{line}: " if line else f"{NAME}/{file}: "
    assert refuse(spoil(file, old, new)).startswith(place + message)


def test_a_wrong_owner_is_named_where_it_stands(spoil: Spoil) -> None:
    """A party that does not exist is refused at its own line, with those that do."""
    folder = spoil(
        "gl8.yaml", "owner: third_party\n    kind: obligation\n    text: Must attack", "owner: tester\n    text: A"
    )
    assert refuse(folder) == (
        f"{NAME}/gl8.yaml:20: clauses.0.duties.2.owner: 'tester' is not one of: csp, csc, third_party"
        " (and 1 more: run clausebot corpus check)"
    )


def test_a_bad_anchor_is_refused_where_it_stands(spoil: Spoil) -> None:
    """An anchor that cannot be read is refused with how to write one."""
    folder = spoil("gl8.yaml", '    at: "5.1/a ¶1 s3 p8"\n', "    at: page 8\n")
    assert refuse(folder).startswith(
        f'{NAME}/gl8.yaml:31: clauses.0.duties.4.at.0: "page 8" is no anchor; write section'
    )


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"guide: \xff\xfe\n", "is not UTF-8 text; save it as UTF-8"),
        ("guide: x".encode("utf-16"), "is not UTF-8 text; save it as UTF-8"),
        (b"", "expected keys at the top, such as guide: or clauses:"),
        (b"- a\n- b\n", "expected keys at the top, such as guide: or clauses:"),
        (b"just words\n", "expected keys at the top"),
        (b"a: 1\n---\nb: 2\n", "is not YAML: but found another document"),
        (b"guide:\n", ":1: guide: Input should be"),
        (b"guide: []\n", ":1: guide: Input should be"),
    ],
)
def test_a_file_that_is_no_pack(pack_path: Path, tmp_path: Path, data: bytes, message: str) -> None:
    """A file that holds something else is refused by name."""
    folder = tmp_path / "pack"
    shutil.copytree(pack_path, folder)
    (folder / "guide.yaml").write_bytes(data)
    said = refuse(folder)
    assert said.startswith("pack/guide.yaml")
    assert message in said


def test_a_byte_order_mark_is_no_problem(pack_path: Path, tmp_path: Path) -> None:
    """A pack file that an editor saved with a byte-order mark loads."""
    shutil.copytree(pack_path, tmp_path / "pack")
    path = tmp_path / "pack" / "guide.yaml"
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())
    assert load_corpus([tmp_path / "pack"]).guides[0].info.id == NAME


def test_a_file_that_is_too_large(tmp_path: Path) -> None:
    """A file far larger than any pack is not read."""
    with (tmp_path / "guide.yaml").open("wb") as file:
        file.truncate(LARGEST_FILE + 1)
    assert refuse(tmp_path).endswith("guide.yaml: larger than 5,000,000 bytes; a pack file is far smaller")


def test_a_file_that_cannot_be_read(pack_path: Path, tmp_path: Path) -> None:
    """A folder in a file's place, and a link that leads nowhere, are refused by name."""
    shutil.copytree(pack_path, tmp_path / "pack")
    (tmp_path / "pack" / "more.yaml").mkdir()
    assert refuse(tmp_path / "pack") == "pack/more.yaml: cannot be read: Is a directory"
    (tmp_path / "pack" / "more.yaml").rmdir()
    (tmp_path / "pack" / "more.yaml").symlink_to("nowhere.yaml")
    assert refuse(tmp_path / "pack") == "pack/more.yaml: cannot be read: No such file or directory"


def test_folders_that_hold_no_pack(tmp_path: Path) -> None:
    """An empty folder, and a missing one, are refused by name."""
    (tmp_path / "empty").mkdir()
    expected = "empty: holds no .yaml file; a pack has at least guide.yaml"
    assert refuse(tmp_path / "empty").endswith(expected)
    assert "holds no .yaml file" in refuse(tmp_path / "missing")
    with pytest.raises(CorpusError, match="is no folder; name one that holds a folder for each guide"):
        guide_folders(tmp_path / "missing")


def test_no_pack_at_all() -> None:
    """A corpus has at least one guide."""
    with pytest.raises(CorpusError, match="no guide's pack was found"):
        load_corpus([])


def test_two_heads_and_none(pack_path: Path, tmp_path: Path) -> None:
    """A pack has exactly one file with a guide: key."""
    folder = tmp_path / "pack"
    shutil.copytree(pack_path, folder)
    shutil.copy(folder / "guide.yaml", folder / "again.yaml")
    assert refuse(folder).endswith("pack: expected one guide: in the pack's files, found 2")
    (folder / "again.yaml").unlink()
    (folder / "guide.yaml").unlink()
    assert refuse(folder).endswith("pack: expected one guide: in the pack's files, found 0")


def test_two_guides_of_one_id(pack_path: Path, tmp_path: Path) -> None:
    """The id tells guides apart, so a second one is refused."""
    shutil.copytree(pack_path, tmp_path / "copy")
    with pytest.raises(CorpusError) as refused:
        load_corpus([pack_path, tmp_path / "copy"])
    assert str(refused.value).endswith(f'copy: a second guide with the id "{NAME}"; give each guide an id of its own')


def test_every_problem_is_kept(spoil: Spoil) -> None:
    """All problems of a pack are told at once; the line for people names the first and counts the rest."""
    spoil(
        "gl8.yaml",
        "owner: third_party\n    kind: obligation\n    text: Must answer",
        "owner: x\n    kind: y\n    text: z",
    )
    folder = spoil("guide.yaml", "  language: en\n", "")
    with pytest.raises(CorpusError) as refused:
        load_corpus([folder])
    assert [problem.message.split(":")[0] for problem in refused.value.problems] == [
        "clauses.3.duties.2.owner",
        "clauses.3.duties.2.kind",
        "guide.language",
    ]
    assert str(refused.value).endswith("(and 2 more: run clausebot corpus check)")


@pytest.mark.parametrize("name", ["regulations.yaml", "thesaurus.yaml"])
def test_shared_files_are_refused_alike(
    pack_path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    """The files that all guides share are refused by name and line too, whether missing or wrong."""
    here = tmp_path / "corpus"
    here.mkdir()
    for path in files.shared_paths():
        shutil.copy(path, here)
    monkeypatch.setattr(files, "HERE", here)
    (here / name).write_text("concepts:\n- id: 1\nregulations:\n- id: 1\n", encoding="utf-8")
    assert f"corpus/{name}:" in refuse(pack_path)
    (here / name).unlink()
    assert refuse(pack_path) == f"corpus/{name}: cannot be read: No such file or directory"


def test_a_problem_without_a_line_names_the_file_only() -> None:
    """Line 0 stands for the whole file."""
    assert str(Problem(Path("/a/b/c.yaml"), 0, "wrong")) == "b/c.yaml: wrong"
    assert str(Problem(Path("/a/b/c.yaml"), 7, "wrong")) == "b/c.yaml:7: wrong"


def test_line_of(pack_path: Path) -> None:
    """A place in a file has the line on which its value begins; a place that is not there, that of what encloses it."""
    file = read_pack_file(pack_path / "gl8.yaml")
    lines = (pack_path / "gl8.yaml").read_text(encoding="utf-8").split("\n")
    assert lines[file.line_of("clauses", 1, "ref") - 1] == '- ref: "GL8 5.1(b)"'
    assert lines[file.line_of("clauses", 0, "duties", 2, "owner") - 1] == "  - owner: third_party"
    assert file.line_of("clauses", 0, "no such") == file.line_of("clauses", 0)
    assert file.line_of("clauses", 99) == file.line_of("clauses")


def test_the_corpus_is_known_by_its_files(pack_path: Path, tmp_path: Path) -> None:
    """The hash is over the packs' files (the ledger aside) and the shared ones: another byte, another hash."""
    folder = tmp_path / "pack"
    shutil.copytree(pack_path, folder)
    before = load_corpus([folder])
    read = [path for path in sorted(folder.glob("*.yaml")) if path.name != "sentences.yaml"] + files.shared_paths()
    assert before.sha256 == hashlib.sha256(b"".join(path.read_bytes() for path in read)).hexdigest()
    assert before.sha256 == load_corpus([pack_path]).sha256
    with (folder / "gl8.yaml").open("ab") as file:
        file.write(b"# a comment\n")
    after = load_corpus([folder])
    assert after.sha256 != before.sha256
    assert after.guides == before.guides


def test_both_guides(corpus: Corpus) -> None:
    """Two guides load side by side, the built-in one first, each with its own clauses and background."""
    real, invented = corpus.guides
    assert (real.info.id, len(real.clauses)) == ("alibaba-cloud-hk-insurance-2019", 21)
    assert (invented.info.id, len(invented.clauses), len(invented.items)) == (NAME, 16, 21)
    assert invented.passages == (*invented.clauses, *invented.items)
    assert invented.section("6.1").title == "Choosing a Service Provider"
    with pytest.raises(KeyError):
        invented.section("6.6")


def test_the_ledger(pack_path: Path, spoil: Spoil) -> None:
    """The ledger holds every sentence by its address, and is refused like any other file."""
    assert len(load_ledger(pack_path)) == 156
    folder = spoil("sentences.yaml", '- {at: "notices ¶1 s1", pages: []', '- {at: "notices ¶1 s1", pages: [x]')
    with pytest.raises(CorpusError, match=r"sentences.yaml:4: sentences.0.pages.0: Input should be a valid integer"):
        load_ledger(folder)
