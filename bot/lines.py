"""Many questions: a line in, a line out, in order. Pure but for the lines that it is handed."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator

from retrieval.answerer import Answerer


def answer_lines(lines: Iterable[bytes], answerer: Answerer, warn: Callable[[str], None]) -> Iterator[str]:
    """Answer each line, as it comes, with one line of JSON.

    Args:
        lines: UTF-8; a question as plain text, or a JSON object with ``question`` and, if it follows a
            conversation, ``context`` (a list of references).
        answerer: answers.
        warn: gets a line on each object that cannot be used; the line is then answered as plain text.
    """
    for number, raw in enumerate(lines, 1):
        line = raw.decode("utf-8-sig" if number == 1 else "utf-8", "replace").rstrip("\r\n")
        question: str = line
        context: tuple[str, ...] = ()
        if line.lstrip().startswith("{"):
            try:
                question, context = _read_object(line)
            except ValueError as error:
                warn(f"line {number}: {error}; answered as plain text")
        yield answerer.answer(question, context=context).model_dump_json()


def _read_object(line: str) -> tuple[str, tuple[str, ...]]:
    try:
        found = json.loads(line)
    except (ValueError, RecursionError):
        raise ValueError("is no JSON object") from None
    question, context = found.get("question"), found.get("context", [])
    if not isinstance(question, str):
        raise ValueError('its JSON object has no text under "question"')
    if not isinstance(context, list) or not all(isinstance(reference, str) for reference in context):
        raise ValueError('"context" is no list of references')
    return question, tuple(context)
