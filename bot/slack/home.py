"""App Home: what is covered, what one looked up, settings and help, as a view for ``views.publish``. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from retrieval.wording import Language

if TYPE_CHECKING:
    from retrieval.catalogue import Catalogue


def render_home(
    catalogue: Catalogue,
    recents: Sequence[str],
    *,
    language: Language,
    is_admin: bool,
    public_url: str = "",
    support: str = "",
) -> dict[str, Any]:
    """The Home of one person.

    Args:
        catalogue: what is covered.
        recents: references that the person looked up, newest first.
        language: of labels and fixed sentences.
        is_admin: whether the person may change a channel's settings.
        public_url: where the source viewer is, if it can be reached.
        support: who runs the service and how to reach them, in a sentence.
    """
    raise NotImplementedError
