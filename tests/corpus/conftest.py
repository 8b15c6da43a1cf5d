"""The invented guide with its pack, the corpus of both guides, and the real guide's text where it is at hand."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from fakes.shared import REAL_GUIDE, SHARED, find_shared

from corpus.corpus import Corpus
from corpus.files import guide_folders
from corpus.loader import load_corpus
from corpus.splitter import Document, split_document

FIXTURES = Path(__file__).parents[1] / "fixtures"
INVENTED = "quaymoth-cloud-hk-insurance-2021"
REAL = "alibaba-cloud-hk-insurance-2019"


@pytest.fixture(scope="session")
def source_path() -> Path:
    """The invented guide's text."""
    return FIXTURES / "sources" / f"{INVENTED}.txt"


@pytest.fixture(scope="session")
def guide_text(source_path: Path) -> str:
    """The invented guide's text, read."""
    return source_path.read_text(encoding="utf-8")


@pytest.fixture(scope="session")
def document(guide_text: str) -> Document:
    """The invented guide, split."""
    return split_document(guide_text)


@pytest.fixture(scope="session")
def pack_path() -> Path:
    """The invented guide's pack."""
    return FIXTURES / "guides" / INVENTED


@pytest.fixture(scope="session")
def real_pack_path() -> Path:
    """The pack of the guide that Clausebot brings."""
    return next(folder for folder in guide_folders() if folder.name == REAL)


@pytest.fixture(scope="session")
def corpus() -> Corpus:
    """Both guides."""
    return load_corpus(guide_folders(FIXTURES / "guides"))


@pytest.fixture(scope="session")
def real_source_path() -> Path:
    """The real guide's text."""
    return find_shared(REAL_GUIDE)


@pytest.fixture(scope="session")
def overlap_tool() -> Path:
    """The program that finds the real guide's sentences in the repository."""
    find_shared(REAL_GUIDE)
    return find_shared(SHARED / "tools" / "guide_overlap.py")


@pytest.fixture
def spoil(pack_path: Path, tmp_path: Path) -> Callable[[str, str, str], Path]:
    """Copy the invented pack, with one place of one file replaced; returns the copy's folder."""

    def spoilt(file: str, old: str, new: str) -> Path:
        folder = tmp_path / pack_path.name
        if not folder.exists():
            shutil.copytree(pack_path, folder)
        text = (folder / file).read_text(encoding="utf-8")
        assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times in {file}"
        (folder / file).write_text(text.replace(old, new), encoding="utf-8")
        return folder

    return spoilt
