"""Reviews in Slack: a file given, progress in one message, the filled file in the thread; and files refused."""

from __future__ import annotations

import asyncio
import csv
import io
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import pytest
from fakes.service import Service, serve
from fakes.slack import FakeSlack, Post
from fakes.slack_files import File
from fakes.slack_requests import direct_message, mention
from fakes.slack_world import BOT_TOKEN
from openpyxl import Workbook, load_workbook

from bot.limits import RateLimits
from bot.review import jobs
from bot.review.reading import LARGEST_FILE
from bot.settings import Settings
from bot.slack.ids import REVIEW_FILE, REVIEW_SHORTCUT
from bot.slack.manifest import REVIEW_SCOPES, SCOPES
from retrieval.answerer import Answerer, load_answerer

QUESTIONS = ("Who backs up the databases under GL8 5.1(c)?", "Do you breed horses for racing?")
CONTENT = ("Question,Answer\n" + "".join(f"{question},\n" for question in QUESTIONS)).encode()

Deliver = Callable[..., Awaitable[Any]]


@pytest.fixture(scope="session")
def answerer() -> Answerer:
    """The pack that comes with the service, without its source."""
    return load_answerer(None, None)[0]


@pytest.fixture
async def service(http_settings: Settings, fake: FakeSlack, answerer: Answerer) -> AsyncIterator[Service]:
    """The service with the scopes for files, on the real pack."""
    fake.world.grant(*SCOPES, *REVIEW_SCOPES)
    async with serve(http_settings, fake, answerer) as running:
        yield running


def give(fake: FakeSlack, *files: File, briefly: bool = False) -> dict[str, Any]:
    """What an event tells of files that stand in its message."""
    return {"subtype": "file_share", "files": [fake.files.tell(file, briefly=briefly) for file in files]}


async def sent(fake: FakeSlack, count: int = 1) -> list[File]:
    """The files that the app sent, once there are so many and each one's progress says so."""
    await fake.wait_until(
        lambda: (
            len(fake.files.sent()) >= count
            and len([post for post in fake.chat.posts if "reviewed. " in post.text]) >= count
        )
    )
    return fake.files.sent()


def texts(fake: FakeSlack) -> list[str]:
    """What stands in every conversation now, in order."""
    return [post.text for post in fake.chat.posts]


async def said(fake: FakeSlack, words: str) -> Post:
    """The message that says that, once there is one."""
    await fake.wait_until(lambda: any(words in text for text in texts(fake)))
    return next(post for post in fake.chat.posts if words in post.text)


def read_csv(file: File) -> list[dict[str, str]]:
    """The rows of a filled file."""
    return list(csv.DictReader(io.StringIO(file.content.decode("utf-8-sig"))))


async def test_a_file_in_a_direct_message_comes_back_filled(service: Service) -> None:
    """Progress stands in one message under the file; then comes the filled file, in its thread, with the counts."""
    fake = service.fake
    event = direct_message("", **give(fake, fake.files.share("vendor.csv", CONTENT)))
    await service.slack.event(event)
    [file] = await sent(fake)
    progress, result = fake.chat.posts
    assert (progress.channel, progress.thread_ts) == ("D0ANN", event["ts"])
    assert progress.text == (
        "vendor.csv: reviewed. Questions: 2; answered from the guide: 1; left to a person: 1. "
        "The filled file stands in this thread."
    )
    assert (result.channel, result.thread_ts) == ("D0ANN", event["ts"])
    assert result.text.startswith("Questions: 2 · answered from the guide: 1 · left to a person, with reasons: 1\n")
    assert file.name == "vendor-reviewed.csv"
    filled, unanswered, *_ = read_csv(file)
    assert "GL8 5.1(c)" in filled["Clausebot: Clause"]
    assert filled["Clausebot: Status"] == "answered"
    assert (unanswered["Answer"], unanswered["Clausebot: Status"]) == ("", "needs a person")
    assert fake.refusals == []


async def test_a_workbook_comes_back_as_a_workbook(service: Service) -> None:
    """What comes back of a workbook is one, with a summary first and what the guide answers beside the questions."""
    fake, given, content = service.fake, Workbook(), io.BytesIO()
    sheet = given.active
    assert sheet
    sheet.title = "Controls"
    for row in (("Question", "Answer"), *((question, None) for question in QUESTIONS)):
        sheet.append(row)
    given.save(content)
    await service.slack.event(mention("", **give(fake, fake.files.share("Vendor.XLSX", content.getvalue()))))
    [file] = await sent(fake)
    assert file.name == "Vendor-reviewed.XLSX"
    filled = load_workbook(io.BytesIO(file.content))
    assert filled.sheetnames[1:] == ["Controls"]
    assert any("GL8 5.1(c)" in str(cell.value) for row in filled["Controls"].iter_rows(min_row=2) for cell in row[1:])


async def test_a_file_with_a_mention_is_reviewed_instead_of_the_question(service: Service) -> None:
    """Of a message with a question and a file the file is reviewed, in the message's thread, in its language."""
    fake = service.fake
    event = mention("請審閱這份問卷", **give(fake, fake.files.share("vendor.csv", CONTENT)))
    await service.slack.event(event)
    await said(fake, "審閱完成")
    [file] = fake.files.sent()
    assert {(post.channel, post.thread_ts) for post in fake.chat.posts} == {("C0CHAN", event["ts"])}
    assert len(fake.chat.posts) == 2
    assert file.posts[0].text.startswith("共 2 題 · 按指南作答 1 題")


async def test_several_files_are_reviewed_in_order(service: Service) -> None:
    """Each file has a progress message and a result of its own, the first given first; the second is told to wait."""
    fake = service.fake
    files = [fake.files.share(name, CONTENT) for name in ("first.csv", "second.txt", "third.json")]
    files[1].content = "\n".join(QUESTIONS).encode()
    files[2].content = json.dumps([{"question": question} for question in QUESTIONS]).encode()
    await service.slack.event(direct_message("", **give(fake, *files)))
    names = [file.name for file in await sent(fake, 3)]
    assert names == ["first-reviewed.csv", "second-reviewed.txt", "third-reviewed.json"]
    said_first = [message.payload["text"] for message in fake.messages if message.method == "chat.postMessage"]
    assert len(said_first) == 3
    assert all("received" in text for text in said_first)


async def test_each_file_counts_as_a_question(http_settings: Settings, fake: FakeSlack, answerer: Answerer) -> None:
    """Of three files at once, where two a minute may be given, two are reviewed, and the third is told to wait."""
    fake.world.grant(*SCOPES, *REVIEW_SCOPES)
    async with serve(http_settings, fake, answerer, RateLimits(person=2, workspace=100)) as service:
        files = [fake.files.share(f"{number}.csv", CONTENT) for number in range(3)]
        await service.slack.event(direct_message("", **give(fake, *files)))
        await said(fake, "questions in a minute; ask again in")
        await sent(fake, 2)
    assert [file.name for file in fake.files.sent()] == ["0-reviewed.csv", "1-reviewed.csv"]


async def test_a_text_typed_into_slack_is_reviewed(service: Service) -> None:
    """A snippet, whose name has no ending, is a questionnaire with a question a line."""
    fake = service.fake
    snippet = fake.files.share("Untitled", "\n".join(QUESTIONS).encode(), mode="snippet", filetype="text")
    await service.slack.event(direct_message("", **give(fake, snippet)))
    [file] = await sent(fake)
    assert file.name == "Untitled-reviewed.txt"


async def test_a_file_is_reviewed_once_however_often_it_is_delivered(service: Service) -> None:
    """The same event delivered again while it is reviewed, and afterwards, gives no second result."""
    fake = service.fake
    event = direct_message("", **give(fake, fake.files.share("vendor.csv", CONTENT)))
    for _ in range(3):
        await service.slack.event(event, "Ev0SAME")
    await sent(fake)
    await service.slack.event(event, "Ev0SAME")
    other = direct_message("", **give(fake, fake.files.share("other.csv", CONTENT)))
    await service.slack.event(other)
    await sent(fake, 2)
    assert [file.name for file in fake.files.sent()] == ["vendor-reviewed.csv", "other-reviewed.csv"]
    assert len(fake.chat.posts) == 4


async def test_what_the_app_uploads_is_not_reviewed_again(service: Service) -> None:
    """A message that Slack tells of as the app's own user's, even without a bot's id, starts no review."""
    fake = service.fake
    own = fake.files.share("vendor-reviewed.csv", CONTENT, user="U0CLAUSE")
    await service.slack.event(direct_message("", **give(fake, own), user="U0CLAUSE"))
    await service.slack.event(direct_message("", **give(fake, fake.files.share("vendor.csv", CONTENT))))
    await sent(fake)
    assert fake.calls.count("download") == 1


async def test_the_shortcut_takes_a_file(service: Service) -> None:
    """The modal takes one file of the kinds there are; the review stands in the direct conversation, in one thread."""
    fake = service.fake
    ann = fake.person()
    await ann.send(service.slack, ann.shortcut(REVIEW_SHORTCUT))
    await fake.wait_until(fake.modal)
    modal = fake.modal()
    assert modal
    file = fake.files.tell(fake.files.share("vendor.csv", CONTENT))
    await ann.send(service.slack, ann.submit(modal, {REVIEW_FILE: file}))
    [filled] = await sent(fake)
    progress, result = fake.chat.posts
    assert filled.name == "vendor-reviewed.csv"
    assert {progress.channel, result.channel} == {"D0ANN"}
    assert result.thread_ts == progress.ts


async def test_a_file_from_the_shortcut_that_cannot_be_reviewed_is_told(service: Service) -> None:
    """What is deleted before it is looked at is told in the direct conversation, without another word."""
    fake = service.fake
    ann = fake.person()
    await ann.send(service.slack, ann.shortcut(REVIEW_SHORTCUT))
    await fake.wait_until(fake.modal)
    modal = fake.modal()
    assert modal
    file = fake.files.share("vendor.csv", CONTENT)
    submitted = ann.submit(modal, {REVIEW_FILE: fake.files.tell(file)})
    file.gone = "file_deleted"
    await ann.send(service.slack, submitted)
    post = await said(fake, "can't get at the file")
    assert (post.channel, post.text[0], fake.refusals) == ("D0ANN", "📎", [("file_deleted", [])])


async def test_a_private_place_gets_its_review_directly(service: Service) -> None:
    """Where answers are for the asker's eyes only, the file and its progress come directly: a file is seen by all."""
    fake = service.fake
    await service.records.answers.save_settings("slack", "T0TEAM", "C0CHAN", {"replies": "ephemeral"})
    await service.slack.event(mention("", **give(fake, fake.files.share("vendor.csv", CONTENT))))
    await sent(fake)
    assert {post.channel for post in fake.chat.posts} == {"D0ANN"}


async def test_progress_is_told_in_words_and_as_a_bar(service: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    """The one message is updated while the review goes on; its reading says percent and counts, a block draws a bar."""
    monkeypatch.setattr(jobs, "_TELL_EVERY", 0.0)
    fake = service.fake
    rows = "".join(f"{QUESTIONS[0]} Number {number}?\n" for number in range(400))
    await service.slack.event(direct_message("", **give(fake, fake.files.share("vendor.txt", rows.encode()))))
    await sent(fake)
    updates = [message.payload for message in fake.messages if message.method == "chat.update"]
    assert updates[0]["text"] == "vendor.txt: 0% reviewed, 0 of 400 questions."
    assert "░" in json.dumps(updates[0]["blocks"], ensure_ascii=False)
    assert not [update for update in updates if "█" in update["text"] or "░" in update["text"]]
    assert len({update["ts"] for update in updates}) == 1
    assert len(fake.chat.posts) == 2


PROBLEMS: list[tuple[dict[str, Any], str]] = [
    ({"is_external": True, "mode": "external"}, "kept outside Slack"),
    ({"mode": "tombstone"}, "can't get at the file"),
    ({"mode": "hidden_by_limit"}, "can't get at the file"),
    ({"name": "photo.png"}, "I review questionnaires as .xlsx"),
    ({"name": None}, "I review questionnaires as .xlsx"),
    ({"mode": "post"}, "I review questionnaires as .xlsx"),
    ({"size": LARGEST_FILE + 1}, "up to 20 MB"),
]


@pytest.mark.parametrize(("changes", "words"), PROBLEMS)
async def test_a_file_that_cannot_be_reviewed_is_told(service: Service, changes: dict[str, Any], words: str) -> None:
    """What is elsewhere, gone, of another kind or too large is told in a line, and not downloaded."""
    fake = service.fake
    file = fake.files.share("vendor.csv", CONTENT, **changes)
    await service.slack.event(direct_message("", **give(fake, file)))
    await said(fake, words)
    assert "download" not in fake.calls


@pytest.mark.parametrize("gone", ["file_not_found", "file_deleted"])
async def test_a_deleted_file_is_told(service: Service, gone: str) -> None:
    """A file that is deleted before it is looked at, or before it is read, is told in a line."""
    fake = service.fake
    file = fake.files.share("vendor.csv", CONTENT)
    event = direct_message("", **give(fake, file))
    file.gone = gone
    await service.slack.event(event)
    await said(fake, "can't get at the file")


async def test_a_file_of_another_organization_is_asked_for(service: Service) -> None:
    """Of a file in a shared channel the event tells only that it has to be asked for; it is, and reviewed."""
    fake = service.fake
    event = mention("", **give(fake, fake.files.share("vendor.csv", CONTENT), briefly=True))
    await service.slack.event(event)
    await sent(fake)


async def test_a_file_of_a_wrong_kind_leaves_the_question_to_be_answered(service: Service) -> None:
    """A picture beside a question is refused in a line, and the question answered."""
    fake = service.fake
    await service.slack.event(mention(QUESTIONS[0], **give(fake, fake.files.share("shot.png", b"\x89PNG"))))
    await said(fake, "I review questionnaires as .xlsx")
    await fake.wait_until(lambda: any("GL8 5.1(c)" in text for text in texts(fake)))


async def test_what_is_no_questionnaire_is_told_in_the_progress_message(service: Service) -> None:
    """A file in which nothing can be reviewed is refused with the reason, in the message that was there already."""
    fake = service.fake
    await service.slack.event(direct_message("", **give(fake, fake.files.share("vendor.csv", b"%PDF-1.7 not a table"))))
    post = await said(fake, "vendor.csv: not reviewed. The file is a PDF.")
    assert fake.chat.posts == [post]


async def test_more_bytes_than_announced_are_not_read_on(service: Service) -> None:
    """A file larger than Slack said is given up while it is read."""
    fake = service.fake
    file = fake.files.share("vendor.txt", b"Who?\n" * (LARGEST_FILE // 5 + 1), size=10)
    await service.slack.event(direct_message("", **give(fake, file)))
    await said(fake, "up to 20 MB")


@pytest.mark.parametrize("elsewhere", ["redirect", "address"])
async def test_the_token_goes_nowhere_else(service: Service, elsewhere: str) -> None:
    """A redirect to another place is not followed, and a file kept elsewhere is not asked for."""
    fake, far = service.fake, FakeSlack()
    await far.start()
    try:
        changes = (
            {} if elsewhere == "redirect" else {"url_private_download": f"{far.address}/files-pri/T-F/download/v.csv"}
        )
        file = fake.files.share("vendor.csv", CONTENT, **changes)
        fake.files.led = f"{far.address}/files-pri/T0TEAM-{file.id}/download/vendor.csv"
        await service.slack.event(direct_message("", **give(fake, file)))
        await said(fake, "can't get at the file")
        assert far.calls == []
    finally:
        await far.stop()


async def test_without_the_scopes_a_person_is_told_once(service: Service) -> None:
    """Who gives a file without words is told what is missing; who asks beside it is told once, and always answered."""
    fake = service.fake
    fake.world.grant(*SCOPES)
    file = fake.files.share("vendor.csv", CONTENT)
    await service.slack.event(direct_message("", **give(fake, file)))
    await said(fake, "files:read")
    for _ in range(2):
        await service.slack.event(mention(QUESTIONS[0], **give(fake, file)))
    await fake.wait_until(lambda: sum("GL8 5.1(c)" in text for text in texts(fake)) == 2)
    assert sum("files:read" in text for text in texts(fake)) == 2
    ann = fake.person()
    await ann.send(service.slack, ann.shortcut(REVIEW_SHORTCUT))
    await fake.wait_until(lambda: sum("files:read" in text for text in texts(fake)) == 3)


async def test_without_leave_to_write_the_progress_says_so(service: Service) -> None:
    """Where the app may read files but not write them, the review ends with what is missing."""
    fake = service.fake
    fake.world.grant(*SCOPES, "files:read")
    await service.slack.event(direct_message("", **give(fake, fake.files.share("vendor.csv", CONTENT))))
    post = await said(fake, "files:write")
    assert fake.chat.posts == [post]


@pytest.mark.parametrize("call", ["files.info", "download", "files.getUploadURLExternal", "upload"])
async def test_what_fails_for_now_is_tried_again(service: Service, call: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A server error on the way there or back puts the review off; it comes once, with one progress message."""
    monkeypatch.setattr("bot.records.worker._LOOK_EVERY", 0.05)
    monkeypatch.setattr("bot.records.worker._RETRY_AFTER", 0.05)
    fake = service.fake
    fake.mishaps[call].extend(["server error"] * 4)
    await service.slack.event(direct_message("", **give(fake, fake.files.share("vendor.csv", CONTENT))))
    await sent(fake)
    assert len(fake.chat.posts) == 2


async def test_a_channel_that_takes_no_file_gets_it_to_its_asker(service: Service) -> None:
    """Where the channel is archived meanwhile, the filled file goes to who asked, directly."""
    fake = service.fake
    channel = fake.world.workspaces["T0TEAM"].channels["C0CHAN"]
    held = asyncio.Event()
    serve_file = fake.files.serve

    async def archive_first(request: Any) -> Any:
        channel.is_archived = True
        held.set()
        return await serve_file(request)

    fake.files.serve = archive_first  # type: ignore[method-assign]
    await service.slack.event(mention("", **give(fake, fake.files.share("vendor.csv", CONTENT))))
    await fake.wait_until(fake.files.sent)
    assert held.is_set()
    [file] = fake.files.sent()
    assert file.posts[0].channel == "D0ANN"


async def test_a_chat_is_answered_while_a_review_goes_on(service: Service) -> None:
    """A question asked while a long questionnaire is reviewed is answered before that is done."""
    fake = service.fake
    rows = "".join(f"{QUESTIONS[0]} Number {number}?\n" for number in range(12_000))
    await service.slack.event(direct_message("", **give(fake, fake.files.share("vendor.txt", rows.encode()))))
    await said(fake, "0% reviewed")
    await service.slack.event(mention(QUESTIONS[0]))
    await fake.wait_until(lambda: any(post.channel == "C0CHAN" for post in fake.chat.posts))
    assert fake.files.sent() == []


async def test_nothing_of_a_review_is_logged_or_kept(service: Service, caplog: pytest.LogCaptureFixture) -> None:
    """The log names neither the file nor the token; when the review is over, the records hold no part of the file."""
    caplog.set_level("DEBUG")
    fake = service.fake
    await service.slack.event(direct_message("", **give(fake, fake.files.share("secret-vendor.csv", CONTENT))))
    await sent(fake)
    assert "secret-vendor" not in caplog.text
    assert BOT_TOKEN not in caplog.text
