"""Page numbers of a text whose pages are known only from its contents list and the traces of page breaks. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal

FULL_PAGE = 4000
"""Characters of prose that one A4 page holds at most, in the usual 11 points."""


@dataclass(frozen=True, slots=True)
class _Event:
    kind: Literal["heading", "break", "gap", "piece"]
    page: int | None = None
    size: int = 0


@dataclass(slots=True)
class PageFlow:
    """A text's course over pages, written down in reading order, then numbered."""

    _events: list[_Event] = field(default_factory=list)
    _pieces: int = 0

    def heading(self, page: int | None) -> None:
        """A heading that the contents list puts on `page`."""
        self._events.append(_Event("heading", page))

    def page_break(self) -> None:
        """A page break that left a trace."""
        self._events.append(_Event("break"))

    def figure_gap(self) -> None:
        """Room for a figure: a page may end here without a trace."""
        self._events.append(_Event("gap"))

    def piece(self, size: int) -> int:
        """A piece of text of `size` characters with no break inside; returns its index."""
        self._events.append(_Event("piece", size=size))
        self._pieces += 1
        return self._pieces - 1

    def number(self) -> list[tuple[int, ...]]:
        """Every page on which each piece may stand, ascending; none before the first numbered heading.

        A break between two headings that left no trace is taken to stand right before the second, because a
        table repeats its head at each break and a cut paragraph shows. Where there is room for a figure, it may
        stand anywhere from there on; where there is more text than one page holds, or more such breaks than one
        and no figure, anywhere from the first piece on. The pieces get every page that it allows.

        Raises:
            ValueError: there are more traces of breaks between two headings than the contents list has pages.
        """
        numbered: list[tuple[int, ...]] = []
        for start, until, events in self._regions():
            if start is None:
                numbered += [() for event in events if event.kind == "piece"]
                continue
            seen = sum(event.kind == "break" for event in events)
            unseen = 0 if until is None else until - start - seen
            if unseen < 0:
                raise ValueError(
                    f"the contents list puts two headings on pages {start} and {until}, but {seen} page breaks "
                    "show between them: correct the contents list or the repeated table heads"
                )
            size = sum(event.size for event in events)
            figure = any(event.kind == "gap" for event in events)
            anywhere = (unseen > 1 and not figure) or (unseen > 0 and seen == 0 and size > FULL_PAGE)
            low = high = start
            for event in events:
                if event.kind == "break":
                    low, high = low + 1, high + 1
                elif event.kind == "gap":
                    high = low + unseen
                elif event.kind == "piece":
                    numbered.append(tuple(range(low, high + 1)))
                    if anywhere:
                        high = low + unseen
        return numbered

    def _regions(self) -> Iterator[tuple[int | None, int | None, list[_Event]]]:
        """Runs of events from one numbered heading to the next, with the pages of both."""
        start: int | None = None
        events: list[_Event] = []
        for event in self._events:
            if event.kind == "heading" and event.page is not None:
                yield start, event.page, events
                start, events = event.page, []
            else:
                events.append(event)
        yield start, None, events
