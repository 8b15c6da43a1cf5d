"""What an app may answer an interaction with, and what Slack does then."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fakes.slack_limits import refuse_message
from fakes.slack_view_limits import refuse_options, refuse_submission_answer

if TYPE_CHECKING:
    from fakes.slack import FakeSlack


def acknowledge(fake: FakeSlack, payload: dict[str, Any], answer: Any) -> Any:
    """Take the app's acknowledgement as Slack does: views close, change or pile up.

    Args:
        fake: where the views are.
        payload: what was delivered: an interaction, or a command's fields.
        answer: the acknowledgement's body, read; None or empty if it has none.

    Returns:
        The options of a type-ahead, in their groups' order; the errors of a submission, by block_id; else None.

    Raises:
        AssertionError: Slack would refuse it.
    """
    kind = payload.get("type", "slash_command")
    if kind == "block_suggestion":
        faults = refuse_options(answer)
        assert not faults, faults
        groups = answer.get("option_groups", [])
        return [*answer.get("options", []), *(option for group in groups for option in group["options"])]
    if kind == "slash_command" and answer:
        assert refuse_message(answer) is None, refuse_message(answer)
        workspace = fake.world.workspaces[payload["team_id"]]
        only_for = None if answer.get("response_type") == "in_channel" else payload["user_id"]
        fake.chat.add(workspace, payload["channel_id"], answer, only_for)
        return None
    if kind == "view_submission":
        return _finish_submission(fake, payload, answer or {})
    assert not answer, f"Slack takes nothing in the acknowledgement of {kind}: {answer}"
    return None


def _finish_submission(fake: FakeSlack, payload: dict[str, Any], answer: dict[str, Any]) -> Any:
    view = fake.views.find(payload["view"]["id"])
    inputs = {block["block_id"] for block in view.blocks if block["type"] == "input"}
    faults = refuse_submission_answer(answer, inputs)
    assert not faults, faults
    action = answer.get("response_action")
    if action == "errors":
        return answer["errors"]
    if action == "update":
        view.show(answer["view"])
    elif action == "push":
        fake.views.put(fake.world.workspaces[view.team], view.user, answer["view"])
    else:
        fake.views.close(view, everything=action == "clear")
    return None
