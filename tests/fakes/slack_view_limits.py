"""Slack's limits on a view, on the answer to a submitted one, and on the options of a type-ahead."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from fakes.slack_block_kinds import HOME_BLOCKS, MODAL_BLOCKS
from fakes.slack_checks import OPTION, OPTION_GROUPS, boolean, by_type, form, listed, plain, string
from fakes.slack_limits import find_block_faults

MOST_BLOCKS = 100
LARGEST = 250_000

_NAMED = {
    "callback_id": string(255, least=0),
    "private_metadata": string(3000, least=0),
    "external_id": string(255, least=0),
}
_BLOCKS = listed(lambda _: iter(()), MOST_BLOCKS)
_FORM = by_type(
    {
        "modal": form(
            {"title": plain(24), "blocks": _BLOCKS},
            _NAMED | {"submit": plain(24), "close": plain(24), "clear_on_close": boolean, "notify_on_close": boolean},
        ),
        "home": form({"blocks": _BLOCKS}, _NAMED),
    }
)


def refuse_view(view: Any, kind: str) -> tuple[str, list[str]] | None:
    """Slack's error code for a view of that kind with the reasons, or None if Slack would take it."""
    faults = list(_find_faults(view, kind))
    if faults:
        return "invalid_arguments", faults
    size = len(json.dumps(view))
    return ("view_too_large", [f"{size} bytes"]) if size > LARGEST else None


def _find_faults(view: Any, kind: str) -> Iterator[str]:
    yield from _FORM(view)
    if not isinstance(view, dict):
        return
    if view.get("type") != kind:
        yield f"/type: {view.get('type')!r} where a {kind} belongs"
    blocks = view.get("blocks")
    if not isinstance(blocks, list):
        return
    yield from find_block_faults(blocks, HOME_BLOCKS if kind == "home" else MODAL_BLOCKS)
    blocks = [block for block in blocks if isinstance(block, dict)]
    if kind == "modal" and "submit" not in view and any(each.get("type") == "input" for each in blocks):
        yield "/submit: required where there is an input block"
    if json.dumps(blocks).count('"focus_on_load": true') > 1:
        yield "/blocks: focus_on_load more than once"


def refuse_options(answer: Any) -> list[str]:
    """What Slack refuses of the answer to a block_suggestion."""
    options = listed(OPTION, 100, least=0)
    if isinstance(answer, dict) and answer.keys() == {"options"}:
        return [f"/options{fault}" for fault in options(answer["options"])]
    if isinstance(answer, dict) and answer.keys() == {"option_groups"}:
        return [f"/option_groups{fault}" for fault in OPTION_GROUPS(answer["option_groups"])]
    return [": neither options nor option_groups"]


def refuse_submission_answer(answer: Any, input_blocks: set[str]) -> list[str]:
    """What Slack refuses of the answer to a view_submission; errors may name input blocks of the view only."""
    if answer in ({}, None):
        return []
    action = answer.get("response_action") if isinstance(answer, dict) else None
    extra = {"errors": {"errors"}, "update": {"view"}, "push": {"view"}, "clear": set()}.get(str(action))
    if extra is None or answer.keys() != {"response_action"} | extra:
        return [f": response_action {action!r} with {sorted(answer) if isinstance(answer, dict) else answer!r}"]
    if action in ("update", "push"):
        refusal = refuse_view(answer["view"], "modal")
        return refusal[1] if refusal else []
    if action == "errors":
        return list(_find_error_faults(answer["errors"], input_blocks))
    return []


def _find_error_faults(errors: Any, input_blocks: set[str]) -> Iterator[str]:
    if not isinstance(errors, dict) or not errors:
        yield "/errors: not an object of messages by block_id"
        return
    for block, message in errors.items():
        yield from (f"/errors/{block}{fault}" for fault in string(3000)(message))
        if block not in input_blocks:
            yield f"/errors/{block}: no input block of the view"
