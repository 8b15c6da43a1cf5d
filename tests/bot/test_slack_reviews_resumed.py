"""Reviews that a stop cuts off: the service as a process, ended in the middle, gives one result and one progress."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from fakes.slack import FakeSlack, Mishap
from fakes.slack_requests import SlackSender, mention
from faults.process import ServiceProcess

from bot.slack.manifest import REVIEW_SCOPES, SCOPES

CONTENT = b"Question,Answer\nWho backs up the databases under GL8 5.1(c)?,\n"

# Seconds that what a killed process held stays its own.
LEASE = 1.5


@pytest.fixture
async def process(fake: FakeSlack, tmp_path: Path) -> AsyncIterator[ServiceProcess]:
    """The service, on a database of its own, with the scopes for files."""
    fake.world.grant(*SCOPES, *REVIEW_SCOPES)
    running = ServiceProcess(fake.api_url, f"sqlite:///{tmp_path}/reviews.db", tmp_path, lease=LEASE)
    await running.start()
    yield running
    await running.stop()
    assert "Traceback" not in running.log
    assert "vendor" not in running.log


async def begin(fake: FakeSlack, process: ServiceProcess, method: str, mishap: Mishap) -> dict[str, Any]:
    """Give a file, of which a call then hangs; the event, once that call came."""
    fake.mishaps[method].append(mishap)
    file = fake.files.tell(fake.files.share("vendor.csv", CONTENT))
    event = mention("", subtype="file_share", files=[file])
    async with aiohttp.ClientSession() as session:
        assert (await SlackSender(session, f"{process.address}/slack/events").event(event)).status == 200
    await fake.wait_until(lambda: method in fake.calls and not fake.mishaps[method])
    return event


async def check_once(fake: FakeSlack, event: dict[str, Any], *, announced: bool = True) -> None:
    """See one result and one progress message, both in the message's thread."""
    words = "reviewed. Questions: 1" if announced else "Questions: 1"
    await fake.wait_until(lambda: fake.files.sent() and any(words in post.text for post in fake.chat.posts))
    assert [file.name for file in fake.files.sent()] == ["vendor-reviewed.csv"]
    assert {(post.channel, post.thread_ts) for post in fake.chat.posts} == {("C0CHAN", event["ts"])}
    assert len(fake.chat.posts) == 2


@pytest.mark.parametrize(
    ("method", "mishap"),
    [("download", "hang"), ("files.getUploadURLExternal", "hang"), ("files.completeUploadExternal", "lose answer")],
)
async def test_a_killed_review_gives_one_result(
    fake: FakeSlack, process: ServiceProcess, method: str, mishap: Mishap
) -> None:
    """Killed while the file is read, before it is sent, and when it is sent but not known to be, it is sent once."""
    fake.files.slow = 1
    event = await begin(fake, process, method, mishap)
    await process.kill()
    await process.start()
    await check_once(fake, event)


async def test_a_kill_right_after_the_progress_is_said_repeats_nothing(
    fake: FakeSlack, process: ServiceProcess
) -> None:
    """Killed before the progress message is known to stand, no second one follows; the file comes all the same."""
    event = await begin(fake, process, "chat.postMessage", "lose answer")
    await process.kill()
    await process.start()
    await check_once(fake, event, announced=False)


async def test_a_stopped_review_goes_on_elsewhere(fake: FakeSlack, process: ServiceProcess, tmp_path: Path) -> None:
    """A stop that is asked for waits for no long review: another process takes it up at once, before the lease ends."""
    other = ServiceProcess(fake.api_url, f"sqlite:///{tmp_path}/reviews.db", tmp_path, lease=600)
    event = await begin(fake, process, "download", "hang")
    assert await process.stop() == 0
    await other.start()
    try:
        await check_once(fake, event)
    finally:
        await other.stop()
