"""The responsibility matrix in Slack: who carries each clause, for whom, and where all of it is."""

from __future__ import annotations

import io
from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest
from fakes.service import Service, serve
from fakes.slack import FakeSlack
from fakes.slack_limits import find_pings, refuse_message
from fakes.slack_requests import direct_message, mention, slash_command
from openpyxl import load_workbook

from bot.desk import Desk
from bot.links import Links
from bot.review.matrix import ResponsibilityMatrix, draw_matrix
from bot.settings import Settings, load_settings
from bot.slack.manifest import REVIEW_SCOPES, SCOPES
from bot.slack.matrix import render_matrix
from bot.unrecorded import Unrecorded
from retrieval.answerer import Answerer, load_answerer

HEADING = "Responsibility matrix: GL14"


@pytest.fixture(scope="session")
def answerer() -> Answerer:
    """The pack that comes with the service, without its source."""
    return load_answerer(None, None)[0]


@pytest.fixture
async def service(http_settings: Settings, fake: FakeSlack, answerer: Answerer) -> AsyncIterator[Service]:
    """The service on the real pack, reached from nowhere outside."""
    async with serve(http_settings, fake, answerer) as running:
        yield running


def rows_of(blocks: list[dict[str, Any]]) -> list[list[str]]:
    """The cells of a message's table."""
    [table] = [block for block in blocks if block["type"] == "table"]
    return [[cell["text"] for cell in row] for row in table["rows"]]


async def test_a_command_shows_it_to_its_giver(service: Service) -> None:
    """`/clause matrix GL14` shows its giver each clause of GL14 with who carries it; no file without the scopes."""
    await service.slack.command(slash_command("matrix GL14", service.fake.response_url()))
    [sent] = await service.fake.wait_for(1)
    await service.runner.cleanup()
    assert sent.payload["response_type"] == "ephemeral"
    heading, *rows = rows_of(sent.payload["blocks"])
    assert heading == ["Clause", "Who"]
    assert len(rows) == 16
    assert all(name.startswith("GL14 ") for name, _ in rows)
    assert sent.payload["text"].startswith(f"{HEADING}\nAlibaba Cloud: ")
    assert len(service.fake.messages) == 1


@pytest.mark.parametrize("text", ["matrix", "responsibility matrix", "責任矩陣"])
async def test_words_for_it_show_all_of_it(service: Service, text: str) -> None:
    """Without a regulation it is every one's, in a message to everybody too, in the message's language."""
    await service.slack.event(mention(text))
    [sent] = await service.fake.wait_for(1)
    assert sent.method == "chat.postMessage"
    heading, *rows = rows_of(sent.payload["blocks"])
    assert heading[0] == ("條文" if text == "責任矩陣" else "Clause")
    assert len(rows) == 21


async def test_an_unknown_regulation_is_told(service: Service) -> None:
    """Of a regulation that no guide answers it says which are answered."""
    await service.slack.event(direct_message("matrix GL99"))
    [sent] = await service.fake.wait_for(1)
    assert sent.payload["text"] == "No guide answers that regulation. Those answered are: GL8, GL14."


async def test_what_only_speaks_of_a_matrix_is_a_question(service: Service) -> None:
    """A question in which the word stands is answered as a question."""
    await service.slack.event(mention("who keeps the access control matrix under GL14?"))
    [sent] = await service.fake.wait_for(1)
    assert HEADING not in sent.payload["text"]


async def test_it_leads_to_its_page(
    monkeypatch: pytest.MonkeyPatch, http_settings: Settings, fake: FakeSlack, answerer: Answerer
) -> None:
    """Where the service is reached from outside there is a link to the page with every duty, and no file."""
    monkeypatch.setenv("PUBLIC_URL", "https://bot.example")
    fake.world.grant(*SCOPES, *REVIEW_SCOPES)
    async with serve(load_settings(), fake, answerer) as service:
        await service.slack.event(mention("matrix GL14"))
        [sent] = await fake.wait_for(1)
    assert "<https://bot.example/guides/alibaba-cloud-hk-insurance-2019/GL14" in str(sent.payload["blocks"])
    assert fake.files.sent() == []


async def test_without_a_page_it_comes_as_a_workbook(service: Service) -> None:
    """Where the app may write files and there is no page, the workbook stands in the same thread."""
    fake = service.fake
    fake.world.grant(*SCOPES, *REVIEW_SCOPES)
    event = mention("matrix GL14")
    await service.slack.event(event)
    await fake.wait_until(fake.files.sent)
    [file] = fake.files.sent()
    assert (file.name, file.posts[0].thread_ts) == ("responsibility-matrix-GL14.xlsx", event["ts"])
    assert "Matrix" in str(load_workbook(io.BytesIO(file.content)).sheetnames)


async def test_what_one_person_asked_for_goes_to_them_alone(service: Service) -> None:
    """The workbook for a command given in a channel comes directly, where nobody else sees it."""
    fake = service.fake
    fake.world.grant(*SCOPES, *REVIEW_SCOPES)
    await service.slack.command(slash_command("matrix", fake.response_url()))
    await fake.wait_until(fake.files.sent)
    [file] = fake.files.sent()
    assert file.posts[0].channel == "D0ANN"
    assert {post.channel for post in fake.chat.posts if post.only_for is None} == {"D0ANN"}


async def test_a_workbook_that_cannot_be_sent_leaves_the_table(
    service: Service, caplog: pytest.LogCaptureFixture
) -> None:
    """Where Slack does not take the file, the table stands there, once, and the log says so."""
    fake = service.fake
    fake.world.grant(*SCOPES, *REVIEW_SCOPES)
    fake.mishaps["upload"].append("close")
    await service.slack.event(mention("matrix"))
    await fake.wait_until(lambda: "upload" in fake.calls)
    await service.runner.cleanup()
    assert len(fake.chat.posts) == 1
    assert "A matrix could not be sent as a workbook" in caplog.text


def large(matrix: ResponsibilityMatrix, text: str) -> ResponsibilityMatrix:
    """A matrix of 300 clauses by five guides, whose names and titles are that text."""
    guides = tuple(matrix.guides[0].model_copy(update={"id": f"g{n}", "provider": text}) for n in range(5))
    clauses = []
    for number in range(300):
        clause = matrix.clauses[number % len(matrix.clauses)]
        answers = tuple(
            clause.answers[0].model_copy(update={"guide": guide.id, "title": text, "provider": text})
            for guide in guides[: number % 5]
        )
        clauses.append(clause.model_copy(update={"ref": f"{text} {number}", "answers": answers}))
    return matrix.model_copy(update={"guides": guides, "clauses": tuple(clauses)})


@pytest.mark.parametrize("language", ["en", "zh-Hant"])
@pytest.mark.parametrize("text", ["x" * 4000, "<!channel> & <https://a.example|b>" * 50, " ", "條" * 500])
def test_slack_takes_any_matrix(answerer: Answerer, text: str, language: Any) -> None:
    """However large a matrix is and whatever it holds, the message keeps to Slack's limits and mentions nobody."""
    matrix = draw_matrix(Desk(answerer, Unrecorded()))
    link: Callable[[Any], Links] = Links
    for links in (None, link("https://bot.example")):
        message = render_matrix(large(matrix, text), language, links=links)
        payload = {"text": message.text, "blocks": message.blocks}
        assert refuse_message(payload) is None
        assert [ping for ping in find_pings(payload) if not ping.startswith("<https://bot.example/")] == []
