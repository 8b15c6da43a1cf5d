"""Who asked, and where: what the desk needs to know of a question beside its words."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Origin:
    """Where a question comes from.

    ``channel`` is the kind (``slack``), ``workspace`` and ``asker`` are the channel's own ids, ``event`` is the id
    under which the answer is recorded, the same however often the question has to be answered. ``place`` is the
    channel's id of the conversation, by which its settings are found; empty where there are none. ``thread`` tells one
    conversation there from another; empty where questions have nothing to do with each other.
    """

    channel: str
    workspace: str
    asker: str
    event: str
    place: str = ""
    thread: str = ""
