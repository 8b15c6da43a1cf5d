"""How an error is told to the log: where and as what it arose, never with what a person wrote."""

from __future__ import annotations

import traceback


def describe_error(error: BaseException, code: str = "") -> str:
    """Where and as what an error arose, without its message, which may quote a question or a token.

    Args:
        error: what was raised.
        code: what the other side calls it, such as Slack's ``channel_not_found``.
    """
    frames = traceback.extract_tb(error.__traceback__)
    place = f" at {frames[-1].filename}:{frames[-1].lineno} in {frames[-1].name}" if frames else ""
    return f"{type(error).__name__}{f' ({code})' if code else ''}{place}"
