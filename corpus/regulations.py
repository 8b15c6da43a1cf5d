"""The rule books that the guides answer, and what changed after the guides' dates."""

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from corpus.models import Date, Model, Slug, Text


class Update(Model):
    """A change of the rules after the guide's date.

    ``affects`` holds the regulations (``GL8``) or clauses (``GL14 5.12``) beside which it is shown.
    """

    id: Slug
    date: Date
    title: Text
    text: Text
    source: Text
    status: Literal["confirmed", "reported"]
    affects: tuple[str, ...] = Field(min_length=1)


class Regulation(Model):
    """A rule book by an authority; ``known_revisions`` says what is known of changes since, and when looked up.

    ``known_revisions_zh`` says the same in Traditional Chinese.
    """

    id: Annotated[str, StringConstraints(pattern=r"^[A-Z]+[0-9]+$")]
    title: Text
    issuer: Text
    in_force: Date | None
    in_force_note: Text
    known_revisions: Text
    known_revisions_zh: Text
    checked: Date
    source: Text
    formerly: tuple[str, ...] = ()


class Regulations(Model):
    """`regulations.yaml`: the rule books and what changed after the guides."""

    regulations: tuple[Regulation, ...]
    updates: tuple[Update, ...]
