"""The guide's own pack in Slack: from a signed question to the message, and every clause within Slack's limits."""

from __future__ import annotations

from pathlib import Path

import pytest
from fakes.service import serve
from fakes.slack import FakeSlack
from fakes.slack_limits import all_texts, refuse_message
from fakes.slack_requests import mention, slash_command
from fakes.slack_view_limits import refuse_view

from bot.parts import list_titles
from bot.settings import Settings
from bot.slack.blocks import render_answer
from bot.slack.home import render_home
from bot.slack.ids import RELATED
from bot.slack.modals import source_modal
from bot.slack.mrkdwn import escape
from retrieval.answerer import Answerer, load_answerer
from retrieval.wording import Language


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
    assert "GL8 5.1(c) Backup of databases and application software" in shown


async def test_a_question_in_chinese(http_settings: Settings, fake: FakeSlack, answerer: Answerer) -> None:
    """A Chinese question has Chinese labels around the guide's duties."""
    async with serve(http_settings, fake, answerer) as service:
        await service.slack.event(mention("GL8 5.1(c) 由誰負責備份?"))
        [sent] = await fake.wait_for(1)
    assert "客戶負責" in sent.payload["blocks"][0]["text"]["text"]


def test_every_clause_and_item_is_one_that_slack_takes(answerer: Answerer) -> None:
    """Looked up alone, each passage of the pack has both sides in its message, within Slack's limits."""
    for guide in answerer.corpus.guides:
        for passage in guide.passages:
            message = render_answer(answerer.answer(passage.ref), answer_id="a" * 64, private=True)
            assert refuse_message(message._asdict()) is None, passage.ref


def test_every_clause_and_item_is_told_whole_in_its_source(answerer: Answerer) -> None:
    """The source of each passage has all of its duties, notes and places, in either language, with nothing left out."""
    languages: tuple[Language, ...] = ("en", "zh-Hant")
    for guide in answerer.catalogue().guides:
        for each in (*guide.clauses, *guide.background):
            for language in languages:
                view = answerer.show(each.item or each.ref, guide.id, language)
                assert view
                modal = source_modal(view, language=language)
                assert refuse_view(modal, "modal") is None, each
                shown = "\n".join(all_texts(modal))
                assert "…" not in shown, each
                texts = (*view.duties, *view.errata, *view.updates)
                assert all(escape(text.text) in shown for text in texts), each


def test_home_shows_every_clause_of_the_pack(answerer: Answerer) -> None:
    """Nothing of the pack is left out of Home, within Slack's limits."""
    catalogue = answerer.catalogue()
    home = render_home(catalogue, [], language="en", is_admin=True)
    assert refuse_view(home, "home") is None
    shown = "\n".join(all_texts(home))
    assert all(escape(clause.title) in shown for guide in catalogue.guides for clause in guide.clauses)
    assert "…" not in shown


def test_related_clauses_of_the_pack_have_titles(answerer: Answerer) -> None:
    """A clause's related clauses are listed by title; sections with several items by number alone."""
    titles = list_titles(answerer.catalogue())
    message = render_answer(answerer.answer("GL8 5.1(c)"), titles=titles)
    [related] = [element for element in message.blocks[-1]["elements"] if element["action_id"] == RELATED]
    assert related["options"][0]["text"]["text"] == "GL14 5.13 Telling customers; disclosure; data at termination"
    assert not any(ref == "guide 2.1" for _, ref in titles)


def test_every_gold_question_is_one_that_slack_takes(answerer: Answerer) -> None:
    """Every question that the retrieval tests ask gives a message within Slack's limits."""
    import yaml

    asked = yaml.safe_load((Path(__file__).parents[1] / "questions.yaml").read_text(encoding="utf-8"))
    questions = [item["question"] for item in asked["questions"]]
    assert questions
    for question in questions:
        assert refuse_message(render_answer(answerer.answer(question))._asdict()) is None, question
