"""Reviews of questionnaires in Teams: a file in the personal chat, the card that offers it, and where it is saved."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from typing import Any

import pytest
from fakes.teams import FakeTeams, Sent
from fakes.teams_activities import Activity, answer_consent, group, mention, personal
from fakes.teams_onedrive import CONSENT, INFO, DriveMishap
from fakes.teams_service import TeamsService, serve_teams
from fakes.teams_signer import TENANT

from bot.limits import RateLimits
from bot.review.reading import LARGEST_FILE
from bot.settings import Settings
from bot.teams.files import Files
from bot.teams.review_notices import render_consent, render_progress, render_received
from retrieval.answerer import Answerer, load_answerer

NAME = "vendor_*check*.csv"
QUESTIONS = b"No,Question,Answer\n1,Who handles backups under GL8 5.1(c)?,\n2,Do you serve lunch on Fridays?,\n"
BOB = {"from": {"id": "29:bob", "name": "Bob", "aadObjectId": "bbbbbbbb-0000-4000-8000-000000000b0b"}}


@pytest.fixture(scope="module")
def answerer() -> Answerer:
    """The packs of this repository, without their source."""
    return load_answerer(None)[0]


@pytest.fixture(autouse=True)
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is put off is tried again at once."""
    monkeypatch.setattr("bot.records.worker._RETRY_AFTER", 0.01)


@pytest.fixture
async def service(teams: FakeTeams, teams_settings: Settings, answerer: Answerer) -> AsyncIterator[TeamsService]:
    """The service with the real guide."""
    async with serve_teams(teams_settings, teams, answerer) as running:
        yield running
        assert (teams.refusals, teams.onedrive.refusals) == ([], [])


def sending(fake: FakeTeams, content: bytes = QUESTIONS, name: str = NAME, **changes: Any) -> Activity:
    """A message that sends a file in the personal chat."""
    return personal("", attachments=[fake.onedrive.send(name, content)], **changes)


def offers(fake: FakeTeams) -> list[Sent]:
    """The cards that offer a filled file."""
    return [each for each in fake.messages if each.attachment.get("contentType") == CONSENT]


async def settle(service: TeamsService) -> None:
    """Wait until all that came in is done, reviews too."""
    async with asyncio.timeout(60):
        while any((await service.records.count_waiting()).values()):
            pass


async def have_reviewed(service: TeamsService, activity: Activity) -> Sent:
    """The card that offers the filled file of an activity."""
    assert (await service.post(activity)).status == 202
    await service.fake.wait_until(lambda: offers(service.fake))
    await settle(service)
    return offers(service.fake)[-1]


async def answer(service: TeamsService, offer: Sent, upload: dict[str, Any] | None, **changes: Any) -> None:
    """Allow a file to be saved, or not, and wait until that is done."""
    made = answer_consent(personal(""), offer.attachment, upload, replyToId=offer.id, **changes)
    assert await service.invoke(made) == {}
    await settle(service)


async def test_a_questionnaire_comes_back_into_onedrive(service: TeamsService) -> None:
    """A file is acknowledged, its progress told in that message, offered with its size, saved, shown with counts."""
    fake = service.fake
    offer = await have_reviewed(service, sending(fake))
    [told, _] = fake.messages
    assert r"**vendor\_\*check\*.csv**: reviewed. Questions: 2" in told.text
    assert {number for number, _ in fake.updates} == {told.id}
    assert fake.onedrive.saved == {}
    assert offer.attachment["name"] == "vendor_*check*-reviewed.csv"
    assert "Questions: 2 · answered from the guide: 1" in offer.attachment["content"]["description"]
    await answer(service, offer, fake.onedrive.open_session("vendor-reviewed.csv"))
    [content] = fake.onedrive.saved.values()
    assert len(content) == offer.attachment["content"]["sizeInBytes"]
    assert b"Clausebot: Answer" in content
    assert b"Who handles backups" in content
    shown = fake.messages[-1]
    assert shown.attachment["contentType"] == INFO
    assert "is in your OneDrive. Questions: 2 · answered from the guide: 1" in shown.text
    assert fake.deleted == [offer.id]
    assert await service.records.reviews.read_filled(offer.attachment["content"]["acceptContext"]["review"]) is None


async def test_a_file_that_is_declined_is_deleted(service: TeamsService) -> None:
    """Declined, the filled file is gone at once, politely; allowed later, there is none, and nothing is saved."""
    offer = await have_reviewed(service, sending(service.fake))
    review = offer.attachment["content"]["declineContext"]["review"]
    await answer(service, offer, None)
    assert "Not saved, and deleted here" in service.fake.messages[-1].text
    assert service.fake.deleted == [offer.id]
    assert await service.records.reviews.find(review) is None
    await answer(service, offer, service.fake.onedrive.open_session("a.csv"))
    assert "not kept any more" in service.fake.messages[-1].text
    assert service.fake.onedrive.saved == {}


async def test_a_file_is_given_to_who_sent_it_alone(service: TeamsService) -> None:
    """Another person who knows the review's id neither gets the file nor has it deleted."""
    offer = await have_reviewed(service, sending(service.fake))
    await answer(service, offer, service.fake.onedrive.open_session("bob.csv"), **BOB)
    await answer(service, offer, None, **BOB)
    assert service.fake.onedrive.saved == {}
    await answer(service, offer, service.fake.onedrive.open_session("ann.csv"))
    assert list(service.fake.onedrive.saved) == ["ann.csv"]


async def test_a_file_is_saved_and_shown_once(service: TeamsService) -> None:
    """However often the file is delivered and the card answered, there is one review, one file and one card of it."""
    sent = sending(service.fake)
    await service.post(sent)
    offer = await have_reviewed(service, sent)
    upload = service.fake.onedrive.open_session("a.csv")
    for again in (upload, upload, service.fake.onedrive.open_session("b.csv")):
        await answer(service, offer, again)
    assert list(service.fake.onedrive.saved) == ["a.csv"]
    assert len(service.fake.messages) == 3


@pytest.mark.parametrize("mishaps", [["server error", "close"], ["rate limit"]])
async def test_a_file_that_cannot_be_had_now_is_fetched_later(
    service: TeamsService, mishaps: list[DriveMishap]
) -> None:
    """Faults of OneDrive's on the way here delay a review, and are told to nobody."""
    service.fake.onedrive.mishaps.extend(mishaps)
    await have_reviewed(service, sending(service.fake))
    assert service.fake.onedrive.calls == len(mishaps) + 1


@pytest.mark.parametrize(("mishap", "words"), [("expired", "can't get at the file"), ("redirect", "can't get at")])
async def test_a_file_that_cannot_be_had_is_told(service: TeamsService, mishap: DriveMishap, words: str) -> None:
    """A link that is past its time, and one that leads elsewhere, end a review with a line, and lead nowhere."""
    service.fake.onedrive.mishaps.append(mishap)
    await service.post(sending(service.fake))
    await service.fake.wait_until(lambda: any(words in text for _, text in service.fake.updates))
    assert service.fake.onedrive.calls == 1


async def test_a_file_may_be_moved_within_onedrive(service: TeamsService) -> None:
    """A redirection to where OneDrive keeps files is followed."""
    sent = sending(service.fake)
    told = sent["attachments"][0]["content"]
    service.fake.onedrive.mishaps.append("redirect")
    told["downloadUrl"] += "&to=" + told["downloadUrl"].replace("?", "%3F").replace("&", "%26")
    await have_reviewed(service, sent)
    assert service.fake.onedrive.calls == 2


@pytest.mark.parametrize("endless", [True, False])
async def test_a_file_past_the_limit_is_not_read(
    service: TeamsService, monkeypatch: pytest.MonkeyPatch, *, endless: bool
) -> None:
    """A file that says how large it is, and one that never ends, are both given up, and the limit is told."""
    monkeypatch.setattr("bot.teams.files.LARGEST_FILE", 1_000)
    if endless:
        service.fake.onedrive.mishaps.append("endless")
    await service.post(sending(service.fake, b"Question\n" + b"x" * 2_000))
    await service.fake.wait_until(lambda: any("too large" in text for _, text in service.fake.updates))
    assert f"{LARGEST_FILE // 1_000_000} MB" in service.fake.messages[0].text


@pytest.mark.parametrize(
    ("name", "content", "locale", "words"),
    [
        ("a.xlsx", b"PK\x03\x04 nothing", "en-GB", "not reviewed."),
        ("a.pdf", b"%PDF-1.7", "en-GB", "a PDF"),
        ("empty.csv", b"", "zh-HK", "未能審閱。檔案是空的。"),
    ],
)
async def test_a_file_that_is_no_questionnaire_is_told(
    service: TeamsService, name: str, content: bytes, locale: str, words: str
) -> None:
    """What is wrong with a file stands in the message that acknowledged it, and nothing is offered."""
    await service.post(sending(service.fake, content, name, locale=locale))
    await service.fake.wait_until(lambda: any(words in text for _, text in service.fake.updates))
    await settle(service)
    assert len(service.fake.messages) == 1


@pytest.mark.parametrize("mishap", ["lost", "rate limit", "server error", "close"])
async def test_an_upload_whose_answer_is_lost_is_made_again(service: TeamsService, mishap: DriveMishap) -> None:
    """A fault while a file is saved delays it; that it was taken all the same is seen, and it is shown once."""
    offer = await have_reviewed(service, sending(service.fake))
    service.fake.onedrive.mishaps.append(mishap)
    await answer(service, offer, service.fake.onedrive.open_session("a.csv"))
    assert list(service.fake.onedrive.saved) == ["a.csv"]
    assert service.fake.messages[-1].attachment["contentType"] == INFO
    assert len(service.fake.messages) == 3


async def test_a_full_onedrive_is_told_and_the_file_may_be_allowed_again(service: TeamsService) -> None:
    """What OneDrive does not take is said, not tried for a day, and kept for another go."""
    offer = await have_reviewed(service, sending(service.fake))
    service.fake.onedrive.mishaps.append("full")
    await answer(service, offer, service.fake.onedrive.open_session("a.csv"))
    assert "OneDrive did not take" in service.fake.messages[-1].text
    await answer(service, offer, service.fake.onedrive.open_session("b.csv"))
    assert list(service.fake.onedrive.saved) == ["b.csv"]


@pytest.mark.parametrize(
    "address", ["https://evil.example/u", "http://127.0.0.1:1/u", "http://contoso.sharepoint.com/"]
)
async def test_files_come_and_go_to_onedrive_alone(service: TeamsService, address: str) -> None:
    """Addresses elsewhere are not called, whoever tells them."""
    sent = sending(service.fake)
    sent["attachments"][0]["content"]["downloadUrl"] = address
    await service.post(sent)
    await service.fake.wait_until(lambda: any("can't get at the file" in text for _, text in service.fake.updates))
    offer = await have_reviewed(service, sending(service.fake))
    await answer(service, offer, service.fake.onedrive.open_session("a.csv") | {"uploadUrl": address})
    assert "OneDrive did not take" in service.fake.messages[-1].text
    assert service.fake.onedrive.saved == {}


def test_onedrive_is_known_by_its_host() -> None:
    """Https at a host below sharepoint.com is called, nothing that only looks like it."""
    files = Files()
    good = "https://contoso-my.sharepoint.com/personal/ann/_layouts/15/download.aspx?tempauth=v1.x"
    assert [files.is_allowed(each) for each in (good, good.replace(".com", ".com:443"))] == [True, True]
    for bad in (
        good.replace("https", "http"),
        good.replace(".com", ".com.evil.example"),
        good.replace("my.sharepoint", "mysharepoint").replace("contoso-", ""),
        good.replace("https://", "https://ann:no@"),
        good.replace(".com", ".com:8443"),
        "https://sharepoint.com/",
        "https://[",
        "",
        good + "x" * 9000,
    ):
        assert not files.is_allowed(bad), bad


async def test_a_restart_in_the_middle_goes_on(teams: FakeTeams, teams_settings: Settings, answerer: Answerer) -> None:
    """A review that a stop cut off is done after the next start, in the message that acknowledged it."""
    teams.onedrive.mishaps.append("hang")
    async with serve_teams(teams_settings, teams, answerer) as service:
        await service.post(sending(teams))
        await teams.wait_until(lambda: teams.messages and teams.onedrive.calls == 1)
        await service.runner.cleanup()
        assert offers(teams) == []
    async with serve_teams(teams_settings, teams, answerer) as service:
        await teams.wait_until(lambda: offers(teams))
        await settle(service)
        assert len(teams.messages) == 2
        await answer(service, offers(teams)[0], teams.onedrive.open_session("a.csv"))
        assert list(teams.onedrive.saved) == ["a.csv"]


async def test_a_connector_that_is_away_delays_an_offer(service: TeamsService) -> None:
    """Where Teams can't take the card now it is offered later, once, and the review is acknowledged once."""
    fake = service.fake
    fake.onedrive.mishaps.append("hang")
    await service.post(sending(fake))
    await fake.wait_until(lambda: fake.messages and fake.onedrive.calls == 1)
    fake.mishaps.append("server error")
    fake.onedrive.released.set()
    await fake.wait_until(lambda: offers(fake))
    await settle(service)
    assert (len(fake.messages), len(offers(fake)), fake.onedrive.calls) == (2, 1, 3)
    await answer(service, offers(fake)[0], fake.onedrive.open_session("a.csv"))
    assert "Questions: 2 · answered from the guide: 1" in fake.messages[-1].text


async def test_several_files_are_reviewed_in_order(service: TeamsService) -> None:
    """Each file of a message is a review of its own, in the language that is written with it."""
    drive = service.fake.onedrive
    files = [drive.send(f"{name}.csv", QUESTIONS) for name in ("one", "two")]
    await service.post(personal("請審閱", attachments=files))
    await service.fake.wait_until(lambda: len(offers(service.fake)) == 2)
    assert [each.attachment["name"] for each in offers(service.fake)] == ["one-reviewed.csv", "two-reviewed.csv"]
    await settle(service)
    assert "審閱完成" in service.fake.messages[0].text


async def test_files_are_limited_too(teams: FakeTeams, teams_settings: Settings, answerer: Answerer) -> None:
    """A file counts as a question, each of a message's too: past the limit they are not reviewed, and that is told."""
    async with serve_teams(teams_settings, teams, answerer, limits=RateLimits(person=2, workspace=99)) as service:
        await have_reviewed(service, sending(teams))
        files = [teams.onedrive.send(f"{name}.csv", QUESTIONS) for name in ("one", "two")]
        await service.post(personal("", attachments=files))
        [*_, told] = await teams.wait_for(3)
        assert "more than 30 questions" in told.text
        assert len(offers(teams)) == 1


@pytest.mark.parametrize("write", [mention, group])
async def test_elsewhere_the_personal_chat_is_named(service: TeamsService, write: Any) -> None:
    """A file in a channel or a group chat, of which Teams tells bots nothing, is answered with where it works."""
    html = {"contentType": "text/html", "content": '<p><at>Clausebot</at></p><attachment id="1f"></attachment>'}
    await service.post(write("", attachments=[html]))
    await service.post(write("review"))
    sent = await service.fake.wait_for(2)
    assert {each.text.strip() for each in sent} == {
        "I review questionnaires in our personal chat: send me the file there. Teams gives me none here."
    }


@pytest.mark.parametrize(
    ("typed", "words"), [("review", "Send me a questionnaire here"), ("審閱問卷", "請在此傳送問卷")]
)
async def test_the_command_says_how(service: TeamsService, typed: str, words: str) -> None:
    """In the personal chat the command tells what to send."""
    await service.post(personal(typed))
    [told] = await service.fake.wait_for(1)
    assert words in told.text


@pytest.mark.parametrize(
    "value",
    [
        None,
        5,
        {"action": "accept", "context": 5},
        {"action": "accept", "context": {"review": "../../etc"}},
        {"action": "accept", "context": {"review": "a" * 64}},
        {"action": "accept", "context": {"review": "a" * 64}, "uploadInfo": {"uploadUrl": 5}},
        {"action": ["accept"], "context": {"review": "a" * 64}},
        {"action": "erase", "context": {"review": "a" * 64}},
    ],
)
async def test_an_odd_answer_to_an_offer_is_acknowledged(service: TeamsService, value: object) -> None:
    """What no card of ours asks for does nothing."""
    made = {name: told for name, told in personal("").items() if name != "text"}
    assert await service.invoke(made | {"type": "invoke", "name": "fileConsent/invoke", "value": value}) == {}
    await settle(service)
    assert (service.fake.messages, service.fake.onedrive.calls) == ([], 0)


async def test_no_log_line_names_a_file_or_its_address(service: TeamsService, caplog: pytest.LogCaptureFixture) -> None:
    """Even with every logger at DEBUG, nothing tells whose document it is, nor the address that gives it."""
    caplog.set_level(logging.DEBUG)
    service.fake.onedrive.mishaps.append("server error")
    offer = await have_reviewed(service, sending(service.fake))
    service.fake.onedrive.mishaps.append("full")
    await answer(service, offer, service.fake.onedrive.open_session("secret-name.csv"))
    await service.post(sending(service.fake, b"", "other-name.csv"))
    await settle(service)
    for word in ("check*", "secret-name", "other-name", "tempauth", "Who handles backups", TENANT + "/files"):
        assert word not in caplog.text


def test_what_is_said_is_markup_nowhere() -> None:
    """A file's name formats and mentions nothing, and a long one is cut."""
    assert r"\[x\](y) &lt;at&gt;" in render_received("[x](y) <at>.csv", 0, "en").text
    assert render_progress("a.csv", 1, 3, "en").text.startswith(
        "██████░░░░░░░░░░░░░░\n\n**a.csv**: 33% reviewed, 1 of 3"
    )
    offer = render_consent("a" * 64, "n" * 500, 10, 1, 2, "zh-Hant").attachment
    assert offer
    assert (len(offer["name"]), "留待專人處理" in offer["content"]["description"]) == (120, True)
