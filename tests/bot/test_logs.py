"""The log's lines: what they carry, and what they hide."""

from __future__ import annotations

import logging

import pytest

from bot.logs import RedactingFormatter


@pytest.mark.parametrize(
    ("said", "logged"),
    [
        ("token xoxb-12-ab_C refused", "token *** refused"),
        ("token xapp-1-A0-ff refused", "token *** refused"),
        ("url='wss://w.slack.com/link/?ticket=ab-1&app_id=2'", "url='wss://w.slack.com/link/?ticket=***&app_id=2'"),
        ("https://hooks.slack.com/commands/T0/1/abc failed", "https://hooks.slack.com/*** failed"),
        ("https://example.org/ticket is fine", "https://example.org/ticket is fine"),
    ],
)
def test_log_lines_hide_tokens_and_keyed_addresses(said: str, logged: str) -> None:
    """What would let a reader of the log act as the app is starred out, in the message and in a traceback."""
    formatter = RedactingFormatter("%(message)s")
    record = logging.LogRecord("any", logging.ERROR, __file__, 1, "%s", (said,), None)
    assert formatter.format(record) == logged
    try:
        raise ValueError(said)
    except ValueError as error:
        record.exc_info = (ValueError, error, error.__traceback__)
    assert formatter.format(record).endswith(f"ValueError: {logged}")
