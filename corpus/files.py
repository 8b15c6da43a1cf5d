"""Which files a corpus is read from."""

from __future__ import annotations

from pathlib import Path

from corpus.problems import CorpusError, Problem

HERE = Path(__file__).parent
GUIDES = HERE / "guides"
LEDGER_FILE = "sentences.yaml"


def guide_folders(*more: Path) -> list[Path]:
    """The pack folders that Clausebot brings, and those inside each further folder, in order of name.

    Raises:
        CorpusError: a further folder is none.
    """
    found: list[Path] = []
    for place in (GUIDES, *more):
        if not place.is_dir():
            raise CorpusError([Problem(place, 0, "is no folder; name one that holds a folder for each guide")])
        found += sorted(path for path in place.iterdir() if path.is_dir() and any(path.glob("*.yaml")))
    return found


def pack_paths(folder: Path, *, with_ledger: bool) -> list[Path]:
    """Every YAML file of a pack, by name; the ledger only where sentences are to be verified.

    Raises:
        CorpusError: the folder holds none.
    """
    paths = sorted(path for path in folder.glob("*.yaml") if with_ledger or path.name != LEDGER_FILE)
    if not paths:
        raise CorpusError([Problem(folder, 0, "holds no .yaml file; a pack has at least guide.yaml")])
    return paths


def shared_paths() -> list[Path]:
    """The files that all guides share: regulations and thesaurus."""
    return [HERE / "regulations.yaml", HERE / "thesaurus.yaml"]
