"""The guide's own pack in Slack: from a signed question to the message, and every clause within Slack's limits."""

from __future__ import annotations

from pathlib import Path

import pytest
from fakes.service import serve
from fakes.slack import FakeSlack
from fakes.slack_limits import all_texts, refuse_message
from fakes.slack_requests import mention, slash_command

from bot.settings import Settings
from bot.slack.blocks import render_answer
from bot.slack.mrkdwn import escape
from retrieval.answerer import Answerer, load_answerer


@pytest.fixture(scope="module")
def answerer() -> Answerer:
    """The packs of this repository, without their source."""
    return load_answerer(None)[0]


async def test_who_handles_backups(http_settings: Settings, fake: FakeSlack, answerer: Answerer) -> None:
    """The question of the README, mentioned in a channel: the customer's duty first, the split, page 9."""
    async with serve(http_settings, fake, answerer) as service:
        await service.slack.event(mention("who handles backups under GL8 5.1(c)?"))
        [sent] = await fake.wait_for(1)
    shown = list(all_texts(sent.payload["blocks"]))
    assert "*Customer (CSC-owned)*" in shown[0]
    [customer] = [text for text in shown if text.startswith("*Customer*")]
    assert "backed up" in customer.split("\n")[1]
    assert any(text.startswith("*Provider (Alibaba Cloud)*") for text in shown)
    assert "page 9" in customer
    assert sent.payload["text"].startswith("The customer.")


async def test_a_clause_that_the_guide_does_not_answer(
    http_settings: Settings, fake: FakeSlack, answerer: Answerer
) -> None:
    """A clause that is not there is said not to be there, with clauses to choose that are."""
    async with serve(http_settings, fake, answerer) as service:
        await service.slack.command(slash_command("GL8 5.9", fake.response_url()))
        [sent] = await fake.wait_for(1)
    shown = "\n".join(all_texts(sent.payload["blocks"]))
    assert "GL8 5.9" in shown
    assert "*GL8 5.1(c)*" in shown


async def test_a_question_in_chinese(http_settings: Settings, fake: FakeSlack, answerer: Answerer) -> None:
    """A Chinese question has Chinese labels around the guide's duties."""
    async with serve(http_settings, fake, answerer) as service:
        await service.slack.event(mention("GL8 5.1(c) 由誰負責備份?"))
        [sent] = await fake.wait_for(1)
    assert "客戶負責" in sent.payload["blocks"][0]["text"]["text"]


def test_every_clause_and_item_is_shown_whole(answerer: Answerer) -> None:
    """Looked up alone, a passage of the pack is shown with all of its duties and notes, within Slack's limits."""
    for guide in answerer.corpus.guides:
        for passage in guide.passages:
            answer = answerer.answer(passage.ref)
            message = render_answer(answer)
            assert refuse_message(message._asdict()) is None, passage.ref
            shown = "\n".join(all_texts(message.blocks))
            assert "left out" not in shown, passage.ref
            if answer.asked == 1:
                texts = [each.text for each in (*answer.clauses[0].duties, *answer.clauses[0].errata)]
                assert all(escape(text) in shown for text in texts), passage.ref


def test_every_gold_question_is_one_that_slack_takes(answerer: Answerer) -> None:
    """Every question that the retrieval tests ask gives a message within Slack's limits."""
    import yaml

    asked = yaml.safe_load((Path(__file__).parents[1] / "questions.yaml").read_text(encoding="utf-8"))
    questions = [item["question"] for item in asked["questions"]]
    assert questions
    for question in questions:
        assert refuse_message(render_answer(answerer.answer(question))._asdict()) is None, question
