"""Page numbers from headings and the traces of page breaks."""

from __future__ import annotations

import pytest

from corpus.pages import FULL_PAGE, PageFlow

BREAK, FIGURE = "break", "figure"


def number(*events: int | str | tuple[str, int | None]) -> list[tuple[int, ...]]:
    """Numbers of a flow of headings (with page), breaks, figures and pieces (with size)."""
    flow = PageFlow()
    for event in events:
        if event == BREAK:
            flow.page_break()
        elif event == FIGURE:
            flow.figure_gap()
        elif isinstance(event, tuple):
            flow.heading(event[1])
        else:
            assert isinstance(event, int)
            flow.piece(event)
    return flow.number()


def at(page: int | None) -> tuple[str, int | None]:
    """A heading on that page."""
    return ("heading", page)


@pytest.mark.parametrize(
    ("events", "pages"),
    [
        ([], []),
        # before the first numbered heading no page has a number
        ([10, 20], [(), ()]),
        ([at(None), 10, at(1), 10], [(), (1,)]),
        # one page
        ([at(3), 10, 10], [(3,), (3,)]),
        # breaks that left a trace
        ([at(1), 10, BREAK, 10, BREAK, 10, at(3), 10], [(1,), (2,), (3,), (3,)]),
        # one break without a trace stands right before the second heading
        ([at(1), 10, 10, at(2), 10], [(1,), (1,), (2,)]),
        ([at(1), 10, BREAK, 10, at(3), 10], [(1,), (2,), (3,)]),
        # a figure: a break without a trace may stand anywhere from there on
        ([at(1), 10, FIGURE, 10, 10, at(2), 10], [(1,), (1, 2), (1, 2), (2,)]),
        ([at(1), 10, FIGURE, 10, BREAK, 10, at(3), 10], [(1,), (1, 2), (2, 3), (3,)]),
        # a figure right before the heading takes up whatever pages are left
        ([at(6), 10, 10, FIGURE, at(8), 10], [(6,), (6,), (8,)]),
        # a figure where every break left a trace changes nothing
        ([at(1), 10, FIGURE, 10, BREAK, 10, at(2), 10], [(1,), (1,), (2,), (2,)]),
        # more text than a page holds, and no trace: from the second piece on, either page
        ([at(1), FULL_PAGE, 10, 10, at(2), 10], [(1,), (1, 2), (1, 2), (2,)]),
        ([at(1), FULL_PAGE - 10, 10, at(2), 10], [(1,), (1,), (2,)]),
        # two breaks without a trace, and no figure: anywhere after the first piece
        ([at(1), 10, 10, at(3), 10], [(1,), (1, 2, 3), (3,)]),
        # text after the last heading
        ([at(5), 10, BREAK, 10], [(5,), (6,)]),
        # a heading without a page of its own goes on with the flow
        ([at(2), 10, at(None), 10], [(2,), (2,)]),
    ],
)
def test_number(events: list[int | str | tuple[str, int | None]], pages: list[tuple[int, ...]]) -> None:
    """Each flow has these pages for its pieces."""
    assert number(*events) == pages


@pytest.mark.parametrize(
    ("events", "message"),
    [
        ([at(1), 10, BREAK, 10, at(1), 10], "on pages 1 and 1, but 1 page breaks show"),
        ([at(5), 10, at(4), 10], "on pages 5 and 4, but 0 page breaks show"),
    ],
)
def test_contradictory_pages(events: list[int | str | tuple[str, int | None]], message: str) -> None:
    """More breaks than the contents list has pages between two headings are an error that says where."""
    with pytest.raises(ValueError, match=message):
        number(*events)


def test_pieces_are_numbered_in_order() -> None:
    """Each piece's index is its place in the result."""
    flow = PageFlow()
    flow.heading(1)
    assert [flow.piece(1), flow.piece(1)] == [0, 1]
    flow.page_break()
    assert flow.piece(1) == 2
    assert flow.number() == [(1,), (1,), (2,)]
