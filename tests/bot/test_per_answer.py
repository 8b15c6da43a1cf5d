"""What is worked out once of an answer is had again as long as that answer lives."""

from __future__ import annotations

import gc

from fakes.answers import ONE_CLAUSE

from bot.per_answer import PerAnswer


def test_a_value_is_had_until_its_answer_is_gone() -> None:
    """Each answer has its own value, the latest that was kept, and takes it with it."""
    values: PerAnswer[str] = PerAnswer()
    answer, equal = ONE_CLAUSE.model_copy(), ONE_CLAUSE.model_copy()
    assert values.get(answer) is None
    assert values.keep(answer, "first") == "first"
    assert values.keep(answer, "second") == "second"
    assert values.get(answer) == "second"
    assert values.get(equal) is None
    assert len(values) == 1
    del answer
    gc.collect()
    assert len(values) == 0
