"""A desk for the command line: the corpus of this machine, and nothing recorded."""

from __future__ import annotations

from collections.abc import Callable

from bot.desk import Desk
from bot.places import find_guides, find_sources
from bot.unrecorded import Unrecorded
from retrieval.answerer import load_answerer


def open_desk(warn: Callable[[str], None]) -> Desk:
    """The desk.

    Args:
        warn: told a line for each thing wrong with the sources.

    Raises:
        CorpusError: a pack does not load.
    """
    answerer, problems = load_answerer(find_sources(), find_guides())
    for problem in problems:
        warn(problem)
    return Desk(answerer, Unrecorded())
