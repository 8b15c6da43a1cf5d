"""The Teams app's package: by Microsoft's schema, with icons as Teams wants them, and no command unanswered."""

from __future__ import annotations

import io
import json
import os
import struct
import subprocess
import sys
import zipfile
import zlib
from pathlib import Path
from typing import Any

import pytest
from fakes.teams import FakeTeams
from fakes.teams_activities import mention, personal, search
from fakes.teams_service import serve_teams
from jsonschema.validators import Draft4Validator

from bot.settings import Settings
from bot.teams.manifest import COMMANDS, REVIEW_COMMAND, SEARCH, build_package, compose_manifest, read_app_id

ROOT = Path(__file__).parents[2]
SCHEMAS = ROOT / "tests/e2e/node_modules/@microsoft/app-manifest/build/json-schemas/teams"
CLAUSEBOT = Path(sys.executable).parent / "clausebot"
APP_ID = "0a1b2c3d-1111-2222-3333-444455556666"
ADDRESS = "https://bot.example"


@pytest.fixture(scope="module")
def schema() -> Draft4Validator:
    """Microsoft's schema of the manifest, as its own package has it: CI installs that, others may."""
    path = SCHEMAS / "v1.25" / "MicrosoftTeams.schema.json"
    if not path.exists():
        reason = "Microsoft's schema is not installed: npm ci --prefix tests/e2e"
        if os.environ.get("CI"):
            pytest.fail(reason)
        pytest.skip(reason)
    return Draft4Validator(json.loads(path.read_text(encoding="utf-8-sig")))


@pytest.mark.parametrize("reviews", [False, True])
@pytest.mark.parametrize("follow_ups", [False, True])
def test_teams_takes_it(schema: Draft4Validator, follow_ups: bool, reviews: bool) -> None:
    """The manifest is valid by Microsoft's published schema of version 1.25, without the network."""
    manifest = compose_manifest(APP_ID, ADDRESS, follow_ups=follow_ups, reviews=reviews)
    assert [error.message for error in schema.iter_errors(manifest)] == []
    # Draft 4, in which the schema is written, passes over this word of it.
    assert manifest["manifestVersion"] == schema.schema["properties"]["manifestVersion"]["const"]


def test_the_schema_finds_faults(schema: Draft4Validator) -> None:
    """What is missing, unknown, too long or too many is seen."""
    for changes in (
        {"id": "clausebot"},
        {"surprise": 1},
        {"accentColor": "black"},
        {"name": {"short": "C" * 31}},
        {"developer": {"name": "Clausebot"}},
    ):
        assert not schema.is_valid(compose_manifest(APP_ID, ADDRESS) | changes)


def test_it_hears_no_more_than_it_must() -> None:
    """Without follow-ups it asks for no permission; with them, for the messages of the channels that it is in."""
    plain = compose_manifest(APP_ID, ADDRESS)
    assert not {"authorization", "webApplicationInfo", "permissions"} & plain.keys()
    hearing = compose_manifest(APP_ID, ADDRESS, follow_ups=True)
    assert hearing["authorization"] == {
        "permissions": {"resourceSpecific": [{"name": "ChannelMessage.Read.Group", "type": "Application"}]}
    }
    assert hearing["webApplicationInfo"]["id"] == APP_ID


def test_it_takes_files_only_if_it_is_to() -> None:
    """Teams delivers files, and the personal chat's menu says how to send one, in an app for reviews alone."""
    plain, reviewing = (compose_manifest(APP_ID, ADDRESS, reviews=reviews)["bots"][0] for reviews in (False, True))
    assert "supportsFiles" not in plain
    assert reviewing["supportsFiles"] is True
    titles = [[each["title"] for each in listed["commands"]] for listed in reviewing["commandLists"]]
    assert [REVIEW_COMMAND[0] in each for each in titles] == [True, False, False]


def test_it_is_one_app_for_people_teams_and_chats() -> None:
    """App, bot and search are known by one id, and the bot is offered everywhere it answers, with its commands."""
    manifest = compose_manifest(APP_ID, ADDRESS)
    bot, extension = manifest["bots"][0], manifest["composeExtensions"][0]
    assert {manifest["id"], bot["botId"], extension["botId"]} == {APP_ID}
    assert bot["scopes"] == ["personal", "team", "groupChat"]
    assert [each["scopes"] for each in bot["commandLists"]] == [["personal"], ["team"], ["groupChat"]]
    assert [each["title"] for each in bot["commandLists"][0]["commands"]] == [title for title, _ in COMMANDS]


async def test_every_command_has_an_answer(teams: FakeTeams, teams_settings: Settings) -> None:
    """What the menus put into the box, and the search's first call, are answered without asking the guide."""
    async with serve_teams(teams_settings, teams) as service:
        for number, (title, _) in enumerate([*COMMANDS, REVIEW_COMMAND], 1):
            for write in (personal, mention):
                before = len(teams.messages)
                assert (await service.post(write(title))).status == 202
                await teams.wait_for(before + 1)
            assert len(teams.messages) == 2 * number
        assert service.answerer.questions == []
        asked = search(None)
        assert asked["value"]["commandId"] == SEARCH
        assert "composeExtension" in await service.invoke(asked)


def test_the_package_holds_the_manifest_and_both_icons() -> None:
    """A zip archive with three files at its root, the same bytes each time."""
    manifest = compose_manifest(APP_ID, ADDRESS)
    packed = build_package(manifest)
    assert packed == build_package(manifest)
    with zipfile.ZipFile(io.BytesIO(packed)) as archive:
        assert archive.testzip() is None
        assert sorted(archive.namelist()) == ["color.png", "manifest.json", "outline.png"]
        assert json.loads(archive.read("manifest.json")) == manifest
        colours, size = decode(archive.read("color.png"))
        assert size == (192, 192)
        assert {alpha for *_, alpha in colours} == {255}
        outline, size = decode(archive.read("outline.png"))
        assert size == (32, 32)
        assert {tuple(rest) for *rest, alpha in outline if alpha} == {(255, 255, 255)}
        assert 0 in {alpha for *_, alpha in outline}


def decode(png: bytes) -> tuple[list[tuple[int, ...]], tuple[int, int]]:
    """The pixels of a PNG of eight bits a channel, as red, green, blue and opacity, and its width and height."""
    width, height, depth, kind = struct.unpack(">IIBB", png[16:26])
    assert png[:8] == b"\x89PNG\r\n\x1a\n"
    assert (depth, kind) in [(8, 2), (8, 6)]
    channels, at, packed = (4 if kind == 6 else 3), 8, b""
    while at < len(png):
        length, name = struct.unpack(">I4s", png[at : at + 8])
        packed += png[at + 8 : at + 8 + length] if name == b"IDAT" else b""
        at += length + 12
    data, stride = zlib.decompress(packed), width * channels
    above, pixels = bytes(stride), []
    for row in range(height):
        start = row * (stride + 1)
        line = bytearray(data[start + 1 : start + 1 + stride])
        for index in range(stride):
            left = line[index - channels] if index >= channels else 0
            corner = above[index - channels] if index >= channels else 0
            line[index] = (line[index] + predict(data[start], left, above[index], corner)) % 256
        above = bytes(line)
        pixels += [
            (*line[index : index + 3], line[index + 3] if channels == 4 else 255)
            for index in range(0, stride, channels)
        ]
    return pixels, (width, height)


def predict(filtering: int, left: int, up: int, corner: int) -> int:
    """What PNG's filter of that number takes a byte for, from its neighbours."""
    if filtering < 4:
        return (0, left, up, (left + up) // 2)[filtering]
    guess = left + up - corner
    return min((left, up, corner), key=lambda each: abs(guess - each))


def run(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """``clausebot manifest teams`` with those arguments, in that folder."""
    command = [CLAUSEBOT, "manifest", "teams", *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False, cwd=folder)


def test_the_command_writes_the_package_and_says_where_messages_go(tmp_path: Path) -> None:
    """One line names the file and the endpoint that the bot's registration needs."""
    done = run(tmp_path, "--app-id", APP_ID.upper(), "--url", f"{ADDRESS}/", "-o", "app.zip")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == (f"app.zip: upload it to Teams. The bot's messaging endpoint is {ADDRESS}/api/messages\n")
    assert (tmp_path / "app.zip").read_bytes() == build_package(compose_manifest(APP_ID, ADDRESS))
    assert run(tmp_path, "--app-id", APP_ID, "--url", ADDRESS, "--follow-ups", "--reviews").returncode == 0
    whole = build_package(compose_manifest(APP_ID, ADDRESS, follow_ups=True, reviews=True))
    assert (tmp_path / "clausebot-teams.zip").read_bytes() == whole


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        (["--app-id", "clausebot", "--url", ADDRESS], "--app-id: is no id"),
        (["--app-id", APP_ID, "--url", "http://bot.example"], "--url: is not https://"),
        (["--app-id", APP_ID, "--url", ADDRESS, "-o", "no/such/folder.zip"], "--output: no/such/folder.zip can't be"),
    ],
)
def test_what_cannot_be_used_is_told_in_one_line(tmp_path: Path, arguments: list[str], line: str) -> None:
    """A wrong id, address or file ends with status 2, one line, and nothing written."""
    done = run(tmp_path, *arguments)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith(f"clausebot: {line}")
    assert done.stderr.count("\n") == 1
    assert list(tmp_path.iterdir()) == []


def test_an_app_id_is_read_as_people_copy_it() -> None:
    """Blanks and capitals do not matter."""
    assert read_app_id(f" {APP_ID.upper()}\n") == APP_ID


def test_descriptions_say_what_it_does_not_do() -> None:
    """Readers of the store's page are told that nothing is generated, and that it is no legal advice."""
    told: dict[str, Any] = compose_manifest(APP_ID, ADDRESS)["description"]
    assert "does not generate text" in told["full"]
    assert "no legal advice" in told["full"]
