"""The corpus: what every answer comes from."""

from __future__ import annotations

from corpus.models import Guide, Model, Sha256
from corpus.regulations import Regulations
from corpus.thesaurus import Thesaurus


class Corpus(Model):
    """Everything that answers come from; ``sha256`` is over the bytes of every file it was read from."""

    guides: tuple[Guide, ...]
    regulations: Regulations
    thesaurus: Thesaurus
    sha256: Sha256
