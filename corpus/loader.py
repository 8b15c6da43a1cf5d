"""Read the packs: YAML files to frozen models, every problem with its file and line.

A guide's folder holds YAML files; together they have one ``guide`` (the head), ``clauses``, ``items`` and
``sentences`` (the ledger). Which file holds what is the curator's choice.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, ValidationError

from corpus.corpus import Corpus
from corpus.files import HERE, guide_folders, pack_paths, shared_paths
from corpus.models import Clause, Guide, GuideInfo, Item, LedgerEntry
from corpus.problems import CorpusError, Problem
from corpus.regulations import Regulations
from corpus.thesaurus import Thesaurus

LARGEST_FILE = 5_000_000
"""Bytes of the largest file that is read; the largest real one, the thesaurus, has about 225,000."""
DEEPEST = 50
"""Brackets inside brackets that are read; a pack has 3. The YAML library fails, hard, on some ten thousand."""

M = TypeVar("M", bound=BaseModel)


@dataclass(frozen=True, slots=True)
class PackFile:
    """A YAML file of a pack: its bytes, and what it holds."""

    path: Path
    data: bytes
    content: dict[str, Any]

    def line_of(self, *place: str | int) -> int:
        """Line, from 1, on which that place (keys and list positions from the top) or what encloses it begins."""
        node = start = _compose(self.data)
        for step in place:
            found = _child(node, step)
            if found is None:
                break
            start, node = found
        return 0 if start is None else start.start_mark.line + 1


@lru_cache(maxsize=8)
def _compose(data: bytes) -> Any:
    return yaml.compose(data, Loader=_Loader)


class _Loader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]
    """YAML's safe loader, refusing a key that stands twice in a mapping (YAML would drop the first)."""

    def construct_mapping(self, node: Any, deep: bool = False) -> dict[Any, Any]:
        seen = set()
        for key, _ in node.value:
            if not isinstance(key, yaml.ScalarNode):
                raise yaml.constructor.ConstructorError(
                    None, None, "a list or mapping stands where a key is expected", key.start_mark
                )
            if key.value in seen and key.tag != "tag:yaml.org,2002:merge":
                raise yaml.constructor.ConstructorError(
                    None, None, f'the key "{key.value}" stands twice; remove one', key.start_mark
                )
            seen.add(key.value)
        mapping: dict[Any, Any] = super().construct_mapping(node, deep)
        return mapping


def _child(node: Any, step: str | int) -> tuple[Any, Any] | None:
    """Where a node's child begins (at its key, if it has one), and the child."""
    if isinstance(node, yaml.SequenceNode) and isinstance(step, int) and step < len(node.value):
        return node.value[step], node.value[step]
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            if key.value == step:
                return key, value
    return None


def read_pack_file(path: Path) -> PackFile:
    """Read one YAML file whose top is a mapping.

    Raises:
        CorpusError: it cannot be read, is too large, is no UTF-8, no YAML, or no mapping.
    """
    try:
        if path.stat().st_size > LARGEST_FILE:
            raise CorpusError([Problem(path, 0, f"larger than {LARGEST_FILE:,} bytes; a pack file is far smaller")])
        data = path.read_bytes()
        if _is_deep(data.decode()):
            raise CorpusError([Problem(path, 0, f"has more than {DEEPEST} brackets inside one another; close them")])
        content = yaml.load(data, Loader=_Loader)  # noqa: S506 (a SafeLoader)
    except OSError as error:
        raise CorpusError([Problem(path, 0, f"cannot be read: {error.strerror}")]) from None
    except UnicodeDecodeError:
        raise CorpusError([Problem(path, 0, "is not UTF-8 text; save it as UTF-8")]) from None
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        raise CorpusError([Problem(path, mark.line + 1 if mark else 0, f"is not YAML: {error.problem}")]) from None
    except yaml.YAMLError as error:
        raise CorpusError([Problem(path, 0, f"is not YAML: {' '.join(str(error).split())}")]) from None
    except ValueError as error:
        # A plain scalar that looks like a date and is none: 2019-13-45.
        raise CorpusError([Problem(path, 0, f"has a value that YAML cannot read ({error}); quote it")]) from None
    if not isinstance(content, dict):
        raise CorpusError([Problem(path, 1, "expected keys at the top, such as guide: or clauses:")])
    return PackFile(path, data, content)


_NESTING = re.compile(r"[\[{]|([\]}])|((?:[-?] ){50})")


def _is_deep(text: str) -> bool:
    depth = 0
    for found in _NESTING.finditer(text):
        depth += -1 if found[1] else DEEPEST + 1 if found[2] else 1
        if depth > DEEPEST:
            return True
    return False


def load_corpus(folders: Iterable[Path] | None = None) -> Corpus:
    """Load guides' packs, the regulations and the thesaurus.

    Args:
        folders: the folder of each guide's pack; None for all that Clausebot brings.

    Raises:
        CorpusError: a file does not load, or two guides have one id.
    """
    contents: list[bytes] = []
    guides: list[Guide] = []
    for folder in guide_folders() if folders is None else folders:
        files = read_pack(folder, with_ledger=False)
        guide = build_guide(folder, files)
        if any(guide.info.id == other.info.id for other in guides):
            message = f'a second guide with the id "{guide.info.id}"; give each guide an id of its own'
            raise CorpusError([Problem(folder, 0, message)])
        guides.append(guide)
        contents += [file.data for file in files]
    if not guides:
        raise CorpusError([Problem(HERE, 0, "no guide's pack was found")])
    regulations, thesaurus = map(read_pack_file, shared_paths())
    return Corpus(
        guides=tuple(guides),
        regulations=validate(regulations, Regulations, regulations.content),
        thesaurus=validate(thesaurus, Thesaurus, thesaurus.content),
        sha256=hashlib.sha256(b"".join([*contents, regulations.data, thesaurus.data])).hexdigest(),
    )


def read_pack(folder: Path, *, with_ledger: bool) -> list[PackFile]:
    """Every YAML file of a pack, by name; the ledger only where sentences are to be verified.

    Raises:
        CorpusError: the folder holds none, or one cannot be read.
    """
    return [read_pack_file(path) for path in pack_paths(folder, with_ledger=with_ledger)]


def build_guide(folder: Path, files: Sequence[PackFile]) -> Guide:
    """One guide from its files.

    Raises:
        CorpusError: with every problem found.
    """
    problems: list[Problem] = []
    heads: list[GuideInfo] = []
    clauses: list[Clause] = []
    items: list[Item] = []
    for file in files:
        for key in file.content:
            if key not in ("guide", "clauses", "items", "sentences"):
                message = f'unknown key "{key}"; a pack has guide, clauses, items and sentences'
                problems.append(Problem(file.path, file.line_of(key), message))
        if "guide" in file.content:
            heads += collect(file, GuideInfo, ("guide",), file.content["guide"], problems)
        clauses += collect_list(file, Clause, "clauses", problems)
        items += collect_list(file, Item, "items", problems)
    if not problems and len(heads) != 1:
        problems.append(Problem(folder, 0, f"expected one guide: in the pack's files, found {len(heads)}"))
    if not problems:
        held = {clause.regulation for clause in clauses}
        problems += [
            Problem(folder, 0, f"lists {name} under regulations and holds no clause of it; is a file missing?")
            for name in heads[0].regulations
            if name not in held
        ]
    if problems:
        raise CorpusError(problems)
    return Guide(info=heads[0], clauses=tuple(clauses), items=tuple(items))


def load_ledger(folder: Path) -> dict[str, LedgerEntry]:
    """The pack's sentences by address.

    Raises:
        CorpusError: a file does not load.
    """
    problems: list[Problem] = []
    entries: list[LedgerEntry] = []
    for file in read_pack(folder, with_ledger=True):
        entries += collect_list(file, LedgerEntry, "sentences", problems)
    if problems:
        raise CorpusError(problems)
    return {entry.at: entry for entry in entries}


def collect_list(file: PackFile, model: type[M], key: str, problems: list[Problem]) -> list[M]:
    """The valid entries of the list under `key`; a problem is added for each that is not."""
    return [entry for _, entry in collect_entries(file, model, key, problems)]


def collect_entries(file: PackFile, model: type[M], key: str, problems: list[Problem]) -> list[tuple[int, M]]:
    """The valid entries of the list under `key`, each with its position; a problem is added for each that is not."""
    content = file.content.get(key, [])
    if not isinstance(content, list):
        problems.append(Problem(file.path, file.line_of(key), f"{key} holds a list (each entry begins with a dash)"))
        return []
    return [(i, entry) for i, value in enumerate(content) for entry in collect(file, model, (key, i), value, problems)]


def collect(
    file: PackFile, model: type[M], place: tuple[str | int, ...], value: object, problems: list[Problem]
) -> list[M]:
    """The value as a model in a list of one, or nothing and the problems added."""
    try:
        return [model.model_validate(value)]
    except ValidationError as error:
        for detail in error.errors(include_url=False, include_input=False):
            inside = tuple(detail["loc"])
            field = ".".join(str(step) for step in (*place, *inside))
            problems.append(Problem(file.path, file.line_of(*place, *inside), f"{field}: {_advice(detail)}"))
        return []


def validate(file: PackFile, model: type[M], value: object) -> M:
    """The value as a model.

    Raises:
        CorpusError: it is not.
    """
    problems: list[Problem] = []
    found = collect(file, model, (), value, problems)
    if problems:
        raise CorpusError(problems)
    return found[0]


def _advice(detail: Any) -> str:
    message = str(detail["msg"]).removeprefix("Value error, ")
    if detail["type"] == "string_type":
        return f"{message}; quote it (YAML reads 5.10 as a number and no as false)"
    if detail["type"] == "extra_forbidden":
        return "no such field; remove it or correct its name"
    if detail["type"] == "missing":
        return "is missing; add it"
    return message
