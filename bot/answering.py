"""The answerer that a process serves from, shared by every channel, and loaded anew without a restart."""

from __future__ import annotations

import asyncio
import logging
import time
from collections import OrderedDict
from collections.abc import Callable, Collection, Sequence

from bot.faults import describe_error
from corpus.corpus import Corpus
from corpus.problems import CorpusError
from retrieval.answer import Answer, ClauseView
from retrieval.answerer import Answerer
from retrieval.catalogue import Catalogue, Suggestion
from retrieval.findings import Finding
from retrieval.sourced import SourceView
from retrieval.wording import Language

logger = logging.getLogger(__name__)

# Seconds for which an answer is kept for whoever asks the same, from when it was asked for last, and how many are: some
# ten megabytes. In a burst many ask the same, and later the question's words are to be gone.
_KEPT_FOR = 60.0
_KEPT = 1000

_Question = tuple[str, tuple[str, ...], str | None]


class ReloadingAnswerer:
    """Answers as the latest corpus that loaded does."""

    def __init__(self, load: Callable[[], tuple[Answerer, list[str]]]) -> None:
        """Load the corpus for the first time.

        Args:
            load: gives the answerer, and a line for each thing wrong with the sources; see `load_answerer`.

        Raises:
            CorpusError: a pack does not load.
        """
        self._load = load
        self._answerer, problems = load()
        _warn(problems)
        self._reloading = asyncio.Lock()
        self._recent: OrderedDict[_Question, tuple[Answer, float]] = OrderedDict()

    async def reload(self) -> bool:
        """Load the corpus again, in a thread, while questions are answered from the one before.

        Returns:
            Whether it loaded; else the one before stays, and a line in the log says why.
        """
        async with self._reloading:
            try:
                self._answerer, problems = await asyncio.to_thread(self._load)
                self._recent.clear()
            except CorpusError as error:
                logger.error("The corpus was not reloaded, the one before stays: %s", error)
                return False
            except Exception as error:
                logger.error("The corpus was not reloaded, the one before stays: %s", describe_error(error))
                return False
            _warn(problems)
            logger.info("The corpus was reloaded: %s", self.corpus.sha256)
            return True

    @property
    def corpus(self) -> Corpus:
        """The corpus that is answered from now."""
        return self._answerer.corpus

    def answer(self, question: str, *, context: Sequence[str] = (), regulation: str | None = None) -> Answer:
        """See `Answerer.answer`; what was asked within the last minute has its answer already."""
        now = time.monotonic()
        while self._recent and next(iter(self._recent.values()))[1] < now - _KEPT_FOR:
            self._recent.popitem(last=False)
        asked = question, tuple(context), regulation
        kept = self._recent.pop(asked, None)
        answer = kept[0] if kept else self._answerer.answer(question, context=context, regulation=regulation)
        self._recent[asked] = answer, now  # at the end: what nobody asks for is forgotten first
        if len(self._recent) > _KEPT:
            self._recent.popitem(last=False)
        return answer

    def show(self, ref: str, guide: str | None = None, language: Language = "en") -> ClauseView | None:
        """See `Answerer.show`."""
        return self._answerer.show(ref, guide, language)

    def source(self, guide: str, refs: Sequence[str]) -> SourceView | None:
        """See `Answerer.source`."""
        return self._answerer.source(guide, refs)

    def suggest(
        self, text: str, *, regulation: str | None = None, owner: str | None = None, most: int = 100
    ) -> list[Suggestion]:
        """See `Answerer.suggest`."""
        return self._answerer.suggest(text, regulation=regulation, owner=owner, most=most)

    def review(self, question: str, guides: Collection[str] = ()) -> tuple[Finding, ...]:
        """See `Answerer.review`."""
        return self._answerer.review(question, guides)

    def catalogue(self) -> Catalogue:
        """See `Answerer.catalogue`."""
        return self._answerer.catalogue()


def _warn(problems: Sequence[str]) -> None:
    for problem in problems:
        logger.warning("%s", problem)
