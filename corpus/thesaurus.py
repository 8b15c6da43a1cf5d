"""The concepts of the field and the names that people give them, in English and Chinese."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import field_validator

from corpus.models import Model, Owner, Slug, Text


class Concept(Model):
    """One concept: a subject that a question may be about, whatever word it uses.

    ``en`` are English words and phrases, matched by stems; ``exact`` abbreviations that are matched whole;
    ``cased`` abbreviations that are ordinary words in lower case, matched in capitals only; ``zh`` Chinese
    names, matched as substrings. ``broader`` are the ids of more general concepts. ``side`` is the party whose own
    the thing is: what a duty says of the other party's is no answer for it.
    """

    id: Slug
    label: Text
    label_zh: Text
    kind: Literal["topic", "figure", "standard", "party", "product", "authority", "meta"]
    en: tuple[Text, ...] = ()
    exact: tuple[Text, ...] = ()
    cased: tuple[Text, ...] = ()
    zh: tuple[Text, ...] = ()
    broader: tuple[Slug, ...] = ()
    side: Owner | None = None

    @field_validator("side", mode="before")
    @classmethod
    def _from_value(cls, value: Any) -> Any:
        return Owner(value) if isinstance(value, str) else value


class Thesaurus(Model):
    """`thesaurus.yaml`, whole."""

    concepts: tuple[Concept, ...]
