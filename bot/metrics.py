"""What operators scrape, in Prometheus' text form. Counts are this process's own, but for the inbox's depth."""

from __future__ import annotations

from collections.abc import Mapping

from prometheus_client import REGISTRY, CollectorRegistry, Counter, Gauge, Histogram, generate_latest

# Seconds: an answer takes milliseconds, sending it a second, and waiting for a chat that is away minutes.
_SECONDS = (0.05, 0.1, 0.25, 0.5, 1, 2, 3, 5, 10, 30, 60, 300)

ANSWERS = Counter("clausebot_answers", "Answers given, by outcome.", ["channel", "outcome"])
ANSWER_SECONDS = Histogram(
    "clausebot_answer_seconds", "From taking an event in to its reply being sent.", ["channel"], buckets=_SECONDS
)
REDELIVERIES = Counter("clausebot_redeliveries", "Events that came in again, and were not answered again.", ["channel"])
UPSTREAM_ERRORS = Counter(
    "clausebot_upstream_errors", "Calls that a service we depend on failed or refused.", ["upstream", "error"]
)
UPSTREAM_RATE_LIMITS = Counter(
    "clausebot_upstream_rate_limits", "Calls that a service we depend on told us to make later.", ["upstream"]
)
REFUSED = Counter("clausebot_refused", "Questions refused because of their number.", ["channel"])


def render_metrics(waiting: Mapping[str, int] | None) -> bytes:
    """Every metric as text.

    Args:
        waiting: for each channel how many events wait in the inbox; None where that is not known, and then not told.
    """
    text = generate_latest(REGISTRY)
    if waiting is None:
        return text
    scraped = CollectorRegistry()
    depth = Gauge("clausebot_inbox_depth", "Events in the inbox without an answer.", ["channel"], registry=scraped)
    for channel, count in waiting.items():
        depth.labels(channel).set(count)
    return text + generate_latest(scraped)
