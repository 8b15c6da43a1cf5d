"""What is sent to a conversation in Teams: a card, or words alone. Pure."""

from __future__ import annotations

from typing import Any, NamedTuple

Card = dict[str, Any]
"""An Adaptive Card, version 1.5."""


# Microsoft's limits: learn.microsoft.com, "Bot messages with AI-generated content", "Add citations".
MOST_CITATIONS = 20
LONGEST_NAME = 80
LONGEST_ABSTRACT = 160


class Citation(NamedTuple):
    """What a number in a reply's text stands for: at most 80 and 160 characters, and an address if there is one."""

    name: str
    abstract: str
    url: str = ""


class Reply(NamedTuple):
    """A message of Teams'.

    ``text`` is Teams' markdown and shown above the card; it is empty where the card says everything, and never where
    there is neither a card nor an ``attachment`` of Teams' own in a card's place. Its ``[1]`` is the first of
    ``citations``. ``speak`` and ``summary`` are plain text: the first for who listens, the second for notifications and
    for whatever shows no cards. ``feedback`` asks for Teams' thumbs.
    """

    text: str
    speak: str
    summary: str
    card: Card | None = None
    citations: tuple[Citation, ...] = ()
    feedback: bool = False
    attachment: dict[str, Any] | None = None


def cite_entity(citations: tuple[Citation, ...]) -> dict[str, Any]:
    """The entity of an activity that tells Teams what ``[1]``, ``[2]`` … stand for; without the label of AI.

    The SDK's class for this entity adds the label unless fields that were not given are left out (``exclude_unset``).
    """
    return {
        "type": "https://schema.org/Message",
        "@type": "Message",
        "@context": "https://schema.org",
        "citation": [
            {
                "@type": "Claim",
                "position": position,
                "appearance": {
                    "@type": "DigitalDocument",
                    "name": citation.name,
                    "abstract": citation.abstract,
                    **({"url": citation.url} if citation.url else {}),
                },
            }
            for position, citation in enumerate(citations, 1)
        ],
    }
