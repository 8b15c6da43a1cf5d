"""The Slack app's manifest: within Slack's published limits, least scopes, and nothing in it without a listener."""

from __future__ import annotations

import itertools
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from fakes.service import Service
from fakes.slack_person import Person
from fakes.slack_requests import app_uninstalled, channel_message, direct_message, mention, tokens_revoked

from bot.slack.manifest import FOLLOW_UP_SCOPES, REVIEW_SCOPES, SCOPES, compose_manifest, read_address
from bot.slack.usage import suggested_prompts
from retrieval.answer import Outcome
from retrieval.answerer import load_answerer

ROOT = Path(__file__).parents[2]
CLAUSEBOT = Path(sys.executable).parent / "clausebot"
ADDRESS = "https://bot.example"
OPTIONS = ("socket", "oauth", "follow_ups", "reviews")
EVERY = [
    *(dict(zip(OPTIONS, (*each, False), strict=True)) for each in itertools.product((False, True), repeat=3)),
    *(dict(zip(OPTIONS, (given, given, given, True), strict=True)) for given in (False, True)),
]

# What Slack takes, from the schema at github.com/slackapi/manifest-schema and docs.slack.dev/reference/app-manifest:
# the least and most characters of a text, the most items of a list, the keys of an object, those required marked.
# Slack refuses a description of 140 characters, of which it says that it takes them, and counts the agent's in bytes.
# It publishes no limit of a prompt's texts.
ADDRESSED = (8, 3000)
SCHEMA: dict[str, Any] = {
    "display_information!": {
        "name!": (1, 35),
        "description": (1, 139),
        "long_description": (175, 4000),
    },
    "features": {
        "app_home": {
            "home_tab_enabled": bool,
            "messages_tab_enabled": bool,
            "messages_tab_read_only_enabled": bool,
        },
        "agent_view": {
            "agent_description!": (1, 300),
            "suggested_prompts": [4, {"title!": (1, 75), "message!": (1, 300)}],
        },
        "bot_user": {"display_name!": (1, 80), "always_online": bool},
        "shortcuts": [
            10,
            {
                "name!": (1, 24),
                "type!": {"global", "message"},
                "callback_id!": (1, 255),
                "description!": (1, 150),
            },
        ],
        "slash_commands": [
            50,
            {
                "command!": (2, 32),
                "url": ADDRESSED,
                "description!": (1, 2000),
                "usage_hint": (1, 1000),
                "should_escape": bool,
            },
        ],
    },
    "oauth_config": {"redirect_urls": [1000, ADDRESSED], "scopes": {"bot": [255, (1, 50)]}},
    "settings": {
        "event_subscriptions": {"request_url": ADDRESSED, "bot_events": [100, (1, 50)]},
        "interactivity": {"is_enabled!": bool, "request_url": ADDRESSED, "message_menu_options_url": ADDRESSED},
        "org_deploy_enabled": bool,
        "socket_mode_enabled": bool,
        "token_rotation_enabled": bool,
    },
}

# The scope without which Slack refuses a manifest that names an event.
NEEDED = {
    "app_mention": "app_mentions:read",
    "message.im": "im:history",
    "message.channels": "channels:history",
    "message.groups": "groups:history",
}


def find_faults(value: Any, rule: Any, place: str = "") -> Iterator[str]:
    """What Slack would refuse of a manifest, by the rules above."""
    if isinstance(rule, dict):
        known = {key.rstrip("!"): inner for key, inner in rule.items()}
        for key in rule:
            if key.endswith("!") and key[:-1] not in value:
                yield f"{place}/{key[:-1]}: missing"
        for key, inner in value.items():
            yield from find_faults(inner, known[key], f"{place}/{key}") if key in known else [f"{place}/{key}: unknown"]
    elif isinstance(rule, list):
        most, each = rule
        if not 1 <= len(value) <= most:
            yield f"{place}: {len(value)} items"
        for number, item in enumerate(value):
            yield from find_faults(item, each, f"{place}/{number}")
    elif isinstance(rule, tuple):
        if not isinstance(value, str) or not rule[0] <= len(value.encode()) <= rule[1]:
            yield f"{place}: {value!r}"
    elif isinstance(rule, set):
        if value not in rule:
            yield f"{place}: {value!r}"
    elif not isinstance(value, rule):
        yield f"{place}: {value!r}"


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    """``clausebot manifest slack`` with those arguments."""
    return subprocess.run([CLAUSEBOT, "manifest", "slack", *arguments], capture_output=True, text=True, check=False)


@pytest.mark.parametrize("options", EVERY, ids=str)
def test_slack_takes_it(options: dict[str, bool]) -> None:
    """Every manifest keeps to the published names and limits, repeats nothing, and has each event's scope."""
    manifest = compose_manifest(ADDRESS, **options)
    assert list(find_faults(manifest, SCHEMA)) == []
    scopes, events = (
        manifest["oauth_config"]["scopes"]["bot"],
        manifest["settings"]["event_subscriptions"]["bot_events"],
    )
    assert len(set(scopes)) == len(scopes)
    assert len(set(events)) == len(events)
    assert {NEEDED[event] for event in events if event in NEEDED} <= set(scopes)
    assert "commands" in scopes


def test_the_rules_find_faults() -> None:
    """The check of the limits sees what is missing, unknown, too long, too many or of the wrong kind."""
    manifest = compose_manifest(ADDRESS)
    features = manifest["features"]
    features["shortcuts"][0]["name"] = "x" * 25
    features["agent_view"]["suggested_prompts"] *= 2
    del features["bot_user"]["display_name"]
    features["assistant_view"] = {}
    manifest["settings"]["socket_mode_enabled"] = "no"
    assert len(list(find_faults(manifest, SCHEMA))) == 5


@pytest.mark.parametrize("options", EVERY, ids=str)
def test_the_command_prints_it(options: dict[str, bool]) -> None:
    """The command prints as YAML what is composed, and nothing else."""
    flags = [f"--{name.replace('_', '-')}" for name, given in options.items() if given]
    done = run("--url", f"{ADDRESS}/", *flags)
    assert (done.returncode, done.stderr) == (0, "")
    assert yaml.safe_load(done.stdout) == compose_manifest(ADDRESS, **options)


def test_socket_mode_needs_no_address() -> None:
    """With --socket alone no address is asked for, and none stands in the manifest."""
    done = run("--socket")
    assert done.returncode == 0
    assert "https://" not in done.stdout
    assert yaml.safe_load(done.stdout)["settings"]["socket_mode_enabled"] is True


def test_tokens_expire_only_where_they_can_be_renewed() -> None:
    """A token that an operator copies can't be renewed: they expire with --oauth only, which names where to return."""
    assert compose_manifest(ADDRESS)["settings"]["token_rotation_enabled"] is False
    manifest = compose_manifest(ADDRESS, socket=True, oauth=True)
    assert manifest["settings"]["token_rotation_enabled"] is True
    assert manifest["oauth_config"]["redirect_urls"] == [f"{ADDRESS}/slack/oauth_redirect"]


def test_channels_are_overheard_only_on_demand() -> None:
    """Without --follow-ups no channel's history is asked for, nor any event of a message that names nobody."""
    usual, hearing = compose_manifest(ADDRESS), compose_manifest(ADDRESS, follow_ups=True)
    more = [
        set(hearing[part][inner][name]) - set(usual[part][inner][name])
        for part, inner, name in (("oauth_config", "scopes", "bot"), ("settings", "event_subscriptions", "bot_events"))
    ]
    assert more == [{"channels:history", "groups:history"}, {"message.channels", "message.groups"}]


def test_files_are_asked_for_only_on_demand() -> None:
    """Without --reviews the app may neither read nor write files, and offers no shortcut for them."""
    usual, reviewing = compose_manifest(ADDRESS), compose_manifest(ADDRESS, reviews=True)
    scopes = [set(each["oauth_config"]["scopes"]["bot"]) for each in (usual, reviewing)]
    shortcuts = [{every["name"] for every in each["features"]["shortcuts"]} for each in (usual, reviewing)]
    assert scopes[1] - scopes[0] == {"files:read", "files:write"}
    assert shortcuts[1] - shortcuts[0] == {"Review a questionnaire"}


@pytest.mark.parametrize("arguments", [[], ["--follow-ups"], ["--socket", "--oauth"]])
def test_a_missing_address_is_told(arguments: list[str]) -> None:
    """Where Slack or a browser needs an address, its lack is told in one line that says what to write."""
    done = run(*arguments)
    assert (done.returncode, done.stdout) == (2, "")
    assert re.fullmatch(r"clausebot: --url: not given; .+\n", done.stderr)


@pytest.mark.parametrize(
    "address",
    [
        "http://bot.example",
        "bot.example",
        "https://",
        "https://bot.example/slack",
        "https://bot.example?a=b",
        "https://bot.example#a",
        "https://ann@bot.example",
        "https://bot example",
        "https://bot.example:port",
        "https://[::1]",
        "https://-bot.example",
        "",
    ],
)
def test_a_bad_address_is_told(address: str) -> None:
    """Anything but https and a host is told in one line that says what to write."""
    done = run("--url", address)
    assert (done.returncode, done.stdout) == (2, "")
    assert re.fullmatch(r"clausebot: --url: .+; write it as https://bot\.example\n", done.stderr)


@pytest.mark.parametrize("address", ["https://bot.example", "https://bot.example/", " https://bot.example:8443\n"])
def test_a_good_address_is_taken(address: str) -> None:
    """A host, a port too, a slash at the end and blanks around are taken."""
    assert read_address(address) == address.strip().rstrip("/")


def build_events(person: Person) -> dict[str, dict[str, Any]]:
    """What Slack delivers for each event that a manifest can name here."""
    return {
        "app_mention": mention("GL8 5.1(c)"),
        "message.im": direct_message("GL8 5.1(c)"),
        "message.channels": channel_message("GL8 5.1(c)"),
        "message.groups": channel_message("GL8 5.1(c)", channel="C0PRIVATE", channel_type="group"),
        "app_home_opened": person.open_home(),
        "tokens_revoked": tokens_revoked(bot=["U0CLAUSE"]),
        "app_uninstalled": app_uninstalled(),
    }


async def test_every_event_has_a_listener(service: Service) -> None:
    """What Slack delivers for each event of the fullest manifest is taken; what none names is not."""
    person = Person(service.fake, "U0ANN")
    named = compose_manifest(ADDRESS, follow_ups=True)["settings"]["event_subscriptions"]["bot_events"]
    events = build_events(person)
    assert events.keys() == set(named)
    statuses = {name: (await service.slack.event(events[name])).status for name in named}
    assert statuses == dict.fromkeys(named, 200)
    assert (await service.slack.event({"type": "team_join", "user": {}})).status == 404


async def test_every_command_and_shortcut_has_a_listener(service: Service) -> None:
    """Each command and shortcut of the manifest is acknowledged; one of another name is not."""
    person, features = Person(service.fake, "U0ANN"), compose_manifest(ADDRESS, reviews=True)["features"]
    for command in features["slash_commands"]:
        assert (await service.slack.command(person.command("help", command=command["command"]))).status == 200
    assert (await service.slack.command(person.command("help", command="/other"))).status == 404
    for shortcut in [*features["shortcuts"], {"type": "global", "callback_id": "other"}]:
        used = (
            person.shortcut(shortcut["callback_id"])
            if shortcut["type"] == "global"
            else person.message_action(shortcut["callback_id"], "GL8 5.1(c)")
        )
        status = 404 if shortcut["callback_id"] == "other" else 200
        assert (await service.slack.interact(used)).status == status


def test_the_readme_gives_each_scope_its_reason() -> None:
    """The README's table of scopes has those of the manifest, each with its reason, and no others."""
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    rows = dict(re.findall(r"^\| `([a-z_]+:[a-z]+|commands)` \| (.+) \|$", readme, re.MULTILINE))
    assert rows == {**SCOPES, **FOLLOW_UP_SCOPES, **REVIEW_SCOPES}


def test_the_guide_answers_what_is_suggested() -> None:
    """Each suggested prompt, in either language, is answered."""
    answerer, _ = load_answerer(None, None)
    asked = [prompt["message"] for language in ("en", "zh-Hant") for prompt in suggested_prompts(language)]
    assert [question for question in asked if answerer.answer(question).outcome is not Outcome.ANSWERED] == []
