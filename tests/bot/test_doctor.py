"""`clausebot doctor` as a process: what it finds, its exit status, and what it leaves alone and never tells."""

from __future__ import annotations

import asyncio
import os
import pty
import shutil
import sys
from pathlib import Path

import pytest
from cryptography.fernet import Fernet
from fakes.slack import APP_TOKEN, BOT_TOKEN, FakeSlack, Mishap
from fakes.slack_requests import SIGNING_SECRET
from fakes.teams import FakeTeams
from fakes.teams_signer import APP_ID

from bot.settings import Settings
from bot.slack.manifest import SCOPES

CLAUSEBOT = Path(sys.executable).parent / "clausebot"
ROOT = Path(__file__).parents[2]
FIXTURES = Path(__file__).parents[1] / "fixtures"
GUIDE = "quaymoth-cloud-hk-insurance-2021"

# The command with the fake in Slack's place: no setting says where Slack is.
WITH_FAKE = "import sys; from bot.doctor import diagnose; sys.exit(diagnose(slack_api=sys.argv[1]))"


async def run(*command: str | Path) -> tuple[int | None, list[str]]:
    """Run a command: its status, and its lines, none of which are on standard error."""
    process = await asyncio.create_subprocess_exec(*command, stdout=-1, stderr=-1, cwd=ROOT)
    out, errors = await process.communicate()
    assert errors.decode() == ""
    return process.returncode, out.decode().splitlines()


async def ask(fake: FakeSlack | None = None) -> tuple[int | None, list[str]]:
    """Run the doctor in this test's environment."""
    return await (run(sys.executable, "-c", WITH_FAKE, fake.api_url) if fake else run(CLAUSEBOT, "doctor"))


def pick(lines: list[str], *subjects: str) -> list[str]:
    """The lines on some subjects."""
    return [line for line in lines if line[7:].partition(":")[0] in subjects]


@pytest.fixture
def slack(fake: FakeSlack, monkeypatch: pytest.MonkeyPatch) -> FakeSlack:
    """Slack set up in full, with all scopes granted."""
    monkeypatch.setenv("SLACK_BOT_TOKEN", BOT_TOKEN)
    monkeypatch.setenv("SLACK_APP_TOKEN", APP_TOKEN)
    monkeypatch.setenv("SLACK_SIGNING_SECRET", SIGNING_SECRET)
    fake.world.grant(*SCOPES)
    return fake


async def test_without_settings_there_is_only_something_to_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With nothing set the status is 0; each line says how it stands, what was found and what to do."""
    monkeypatch.delenv("DATABASE_URL")
    monkeypatch.setenv("XDG_DATA_HOME", f"{tmp_path}/data")
    status, lines = await ask()
    assert status == 0
    assert {line[:7] for line in lines} == {"OK     ", "to do  "}
    assert pick(lines, "settings") == ["OK     settings: none is set; the defaults are in use"]
    assert pick(lines, "Slack")[0].startswith(
        "to do  Slack: off: neither a bot token nor a client id; for one workspace"
    )
    assert pick(lines, "Teams")[0].startswith("to do  Teams: off: no app's id; set MICROSOFT_APP_ID")
    assert pick(lines, "public address", "secret key", "retention") == [
        "to do  secret key: not set: no workspace's token can be stored, and hashes of people are only as safe as the "
        "database; set CLAUSEBOT_SECRET_KEY; make one with: openssl rand -base64 32 | tr +/ -_",
        "to do  public address: not set: answers link to no source; set PUBLIC_URL to the https address of the service",
        "to do  retention: answers are kept for ever, without their questions; "
        "set CLAUSEBOT_RETENTION_DAYS if they should not be",
    ]
    assert f"SQLite in {tmp_path}/data/clausebot/records.db: writable; no tables yet" in pick(lines, "database")[0]
    assert not (tmp_path / "data").exists()


async def test_every_unusable_setting_is_a_line(monkeypatch: pytest.MonkeyPatch) -> None:
    """What `clausebot serve` would refuse is named in a line each, the status is 1, and the rest is looked at too."""
    for name, value in {"SLACK_BOT_TOKEN": "xoxp-9-secret", "PORT": "x", "CLAUSEBOT_SOURCES": "/no/such"}.items():
        monkeypatch.setenv(name, value)
    status, lines = await ask()
    assert status == 1
    assert [line.split(":")[0] for line in lines[:4]] == [
        "wrong  SLACK_BOT_TOKEN",
        "wrong  SLACK_SIGNING_SECRET",
        "wrong  CLAUSEBOT_SOURCES",
        "wrong  PORT",
    ]
    assert all("; " in line for line in lines[:4])
    assert len(pick(lines, "corpus", "source", "database", "retention")) == 4
    assert "xoxp-9" not in "".join(lines)


async def test_a_source_is_verified(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Each guide is named with its edition; a source is verified, and a sentence that differs is wrong."""
    monkeypatch.setenv("CLAUSEBOT_GUIDES", str(FIXTURES / "guides"))
    source = tmp_path / f"{GUIDE}.txt"
    shutil.copy(FIXTURES / "sources" / source.name, source)
    monkeypatch.setenv("CLAUSEBOT_SOURCES", str(tmp_path))
    status, lines = await ask()
    assert status == 0
    assert any(line.startswith(f"OK     guide: {GUIDE}: edition ") for line in pick(lines, "guide"))
    found = pick(lines, "source")
    assert found[0].startswith("to do  source: alibaba-cloud-hk-insurance-2019: not attached")
    assert found[1].startswith(f"OK     source: {GUIDE}: attached, and all ")
    text = source.read_text(encoding="utf-8")
    line = max(text.splitlines(), key=len)
    source.write_text(text.replace(line, f"{line[:-1]} too."), encoding="utf-8")
    status, lines = await ask()
    assert status == 1
    assert pick(lines, "source")[1].startswith(f"wrong  source: {source.name} differs from the text that was restated")


async def test_a_pack_that_does_not_load_is_wrong(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Each problem of a pack is a line with its file, and the status is 1."""
    (tmp_path / "pack").mkdir()
    (tmp_path / "pack" / "guide.yaml").write_text("guide: {\n", encoding="utf-8")
    monkeypatch.setenv("CLAUSEBOT_GUIDES", str(tmp_path))
    status, lines = await ask()
    assert status == 1
    [line] = pick(lines, "corpus")
    assert line.startswith("wrong  corpus: ")
    assert "guide.yaml:2" in line


async def test_a_database_that_cannot_be_used_is_wrong(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No folder to make, no database, a folder in its place, no server: status 1, SQLite's words, no password."""
    (tmp_path / "file").write_text("no database, but long enough to be taken for one" * 100, encoding="utf-8")
    for address, fault in {
        f"sqlite:///{tmp_path}/file/records.db": "NotADirectoryError",
        f"sqlite:///{tmp_path}/file": "DatabaseError: file is not a database",
        f"sqlite:///{tmp_path}": "OperationalError: unable to open database file",
        "postgresql://ann:pass-word-9@127.0.0.1:9/name": "ConnectionRefusedError: Connect call failed ('127.0.0.1', 9)",
    }.items():
        monkeypatch.setenv("DATABASE_URL", address)
        status, lines = await ask()
        assert status == 1
        [line] = pick(lines, "database")
        assert f"can't be used ({fault}); start it, or correct its address" in line
        assert "pass-word-9" not in line


async def test_slack_set_up_in_full(slack: FakeSlack, monkeypatch: pytest.MonkeyPatch) -> None:
    """With tokens that Slack accepts and every scope nothing is wrong, and no secret is printed."""
    key = Fernet.generate_key().decode()
    monkeypatch.setenv("CLAUSEBOT_SECRET_KEY", key)
    status, lines = await ask(slack)
    assert status == 0
    assert pick(lines, "Slack", "Slack workspaces", "SLACK_BOT_TOKEN", "Slack scopes", "SLACK_APP_TOKEN") == [
        "OK     Slack: reaches the service over HTTP and over Socket Mode",
        "OK     Slack workspaces: the bot token's own (no SLACK_CLIENT_ID, SLACK_CLIENT_SECRET)",
        "OK     SLACK_BOT_TOKEN: Slack accepts it in workspace T0TEAM",
        f"OK     Slack scopes: all {len(SCOPES)} that are needed",
        "OK     SLACK_APP_TOKEN: Slack accepts it",
    ]
    assert slack.calls == ["auth.test", "apps.connections.open"]
    told = "\n".join(lines)
    assert not [secret for secret in (BOT_TOKEN, APP_TOKEN, SIGNING_SECRET, key, "ticket") if secret in told]


async def test_a_missing_scope_is_named(slack: FakeSlack) -> None:
    """A scope that Slack did not grant is wrong: it is named, with what it is for."""
    slack.world.grant(*(scope for scope in SCOPES if scope != "im:history"))
    status, lines = await ask(slack)
    assert status == 1
    [line] = pick(lines, "Slack scopes")
    assert line.startswith("wrong  Slack scopes: lacking: im:history (to see what is written to it directly); add them")


async def test_a_refused_token_is_wrong(slack: FakeSlack, monkeypatch: pytest.MonkeyPatch) -> None:
    """A token that Slack refuses is wrong, with Slack's own word for why, and without the token."""
    monkeypatch.setenv("SLACK_BOT_TOKEN", "xoxb-another")
    status, lines = await ask(slack)
    assert status == 1
    [line] = pick(lines, "SLACK_BOT_TOKEN")
    assert line.startswith("wrong  SLACK_BOT_TOKEN: Slack refuses it (invalid_auth); make sure")
    assert "xoxb-another" not in "".join(lines)


@pytest.mark.parametrize(
    ("mishap", "said"),
    [
        ("hang", "can't be checked: Slack can't be reached (TimeoutError)"),
        ("close", "can't be checked: Slack can't be reached (ServerDisconnectedError)"),
        ("rate limit", "Slack refuses it (ratelimited)"),
        ("nonsense", "Slack refuses it (in words that can't be read)"),
        ("server error", "Slack refuses it (in words that can't be read)"),
    ],
)
async def test_a_slack_that_does_not_answer_is_wrong(slack: FakeSlack, mishap: Mishap, said: str) -> None:
    """However Slack fails, the doctor goes on to its end and says so in a line."""
    slack.mishaps["auth.test"].append(mishap)
    status, lines = await ask(slack)
    assert status == 1
    assert pick(lines, "SLACK_BOT_TOKEN")[0].startswith(f"wrong  SLACK_BOT_TOKEN: {said}")
    assert pick(lines, "retention")


async def test_many_workspaces_need_no_bot_token(fake: FakeSlack, monkeypatch: pytest.MonkeyPatch) -> None:
    """With a client's id and secret no token is tried, and any workspace may install the app."""
    for name, value in {
        "SLACK_CLIENT_ID": "1.2",
        "SLACK_CLIENT_SECRET": "0123456789abcdef0123456789abcdef",
        "SLACK_SIGNING_SECRET": SIGNING_SECRET,
        "CLAUSEBOT_SECRET_KEY": Fernet.generate_key().decode(),
        "PUBLIC_URL": "https://clausebot.example.org",
    }.items():
        monkeypatch.setenv(name, value)
    status, lines = await ask(fake)
    assert (status, fake.calls) == (0, [])
    assert pick(lines, "Slack", "Slack workspaces", "public address") == [
        "OK     Slack: reaches the service over HTTP (no SLACK_APP_TOKEN)",
        "OK     Slack workspaces: any that installs the app over OAuth",
        "OK     public address: https://clausebot.example.org",
    ]


@pytest.mark.parametrize(
    ("environment", "told"),
    [
        ({}, "OK     pages: open to everybody on this machine, at http://127.0.0.1:3000"),
        (
            {"HOST": "0.0.0.0"},
            "to do  pages: for who signs in with a token (clausebot token create makes tokens), until a restart; each "
            "process knows only its own sessions; set CLAUSEBOT_SECRET_KEY; make one with: openssl rand -base64 32 | "
            "tr +/ -_",
        ),
        (
            {"PUBLIC_URL": "https://clausebot.example.org", "CLAUSEBOT_SECRET_KEY": Fernet.generate_key().decode()},
            "OK     pages: for who signs in with a token (clausebot token create makes tokens), and each page for who "
            "has an answer's link to it",
        ),
    ],
    ids=["here", "everywhere", "outside"],
)
async def test_who_gets_in_to_the_pages_is_told(
    monkeypatch: pytest.MonkeyPatch, environment: dict[str, str], told: str
) -> None:
    """Everybody on this machine, or who signs in and who has a link; and what is lacking for that."""
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    _, lines = await ask()
    assert pick(lines, "pages") == [told]


async def test_a_terminal_gets_a_table() -> None:
    """On a terminal the same words stand in a table, each remedy under what was found."""
    ours, theirs = pty.openpty()
    variables = os.environ | {"TERM": "xterm", "COLUMNS": "200"}
    process = await asyncio.create_subprocess_exec(CLAUSEBOT, "doctor", stdout=theirs, env=variables, cwd=ROOT)
    os.close(theirs)
    told = await asyncio.to_thread(_read, ours)
    assert await process.wait() == 0
    assert "Reading the corpus …" in told
    assert [word for word in ("OK", "to do", "secret key", "set CLAUSEBOT_SECRET_KEY") if word not in told] == []


def _read(terminal: int) -> str:
    told = b""
    while True:
        try:
            told += os.read(terminal, 4096)
        except OSError:  # its other end is closed
            os.close(terminal)
            return told.decode()


async def ask_with(teams: FakeTeams) -> tuple[int | None, list[str]]:
    """Run the doctor with the fake in Microsoft's place."""
    program = (
        "import sys; from bot.doctor import diagnose; from bot.teams.addresses import Addresses; "
        "sys.exit(diagnose(microsoft=Addresses(keys=sys.argv[1], authority=sys.argv[2])))"
    )
    return await run(sys.executable, "-c", program, teams.addresses.keys, teams.addresses.authority)


async def test_teams_is_tried(teams: FakeTeams, teams_settings: Settings) -> None:
    """With an app set up, Microsoft gives it a token, and the keys that sign its requests are there."""
    status, lines = await ask_with(teams)
    assert status == 0
    assert pick(lines, "MICROSOFT_APP_PASSWORD", "Teams") == [
        f"OK     MICROSOFT_APP_PASSWORD: Microsoft gives app {APP_ID} a token",
        "OK     Teams: reaches the service over HTTP; the keys that sign it can be had",
    ]


async def test_what_microsoft_refuses_is_told(teams: FakeTeams, teams_settings: Settings) -> None:
    """A secret that has expired, and keys that can't be had, are wrong, with Microsoft's number and what to do."""
    teams.entra.refuse = "AADSTS7000222"
    teams.keys.mishaps.append("server error")
    status, lines = await ask_with(teams)
    assert status == 1
    [secret, keys] = pick(lines, "MICROSOFT_APP_PASSWORD", "Teams")
    assert secret.startswith(
        "wrong  MICROSOFT_APP_PASSWORD: Microsoft gives no token (invalid_client AADSTS7000222); make sure"
    )
    assert keys.startswith("wrong  Teams: the keys that sign its requests can't be had; check the network")


async def test_teams_without_signatures_is_not_left_so(monkeypatch: pytest.MonkeyPatch) -> None:
    """Tried out on one machine, Teams is on, and there is something to do before it is used in earnest."""
    monkeypatch.setenv("CLAUSEBOT_TEAMS_ANONYMOUS", "1")
    status, lines = await ask()
    assert status == 0
    assert pick(lines, "Teams")[0].startswith("to do  Teams: on for anybody on this machine")
