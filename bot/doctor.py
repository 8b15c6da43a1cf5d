"""`clausebot doctor`: what is set up, what is left to do, what is wrong. It looks, and changes nothing."""

from __future__ import annotations

import asyncio
import os
import re
import sys
from collections.abc import Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

import aiohttp
from pydantic import SecretStr
from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.logs import Redaction
from bot.places import find_sources
from bot.records.database import DATABASE_FAULTS, describe_fault
from bot.records.probe import Probe, name_place, probe
from bot.settings import Settings, SettingsError, load_settings
from bot.slack.manifest import SCOPES
from bot.web.loopback import is_open
from corpus.corpus import Corpus
from corpus.files import guide_folders
from corpus.problems import CorpusError
from corpus.source import attach_sources
from retrieval.prepare import load_prepared

if TYPE_CHECKING:
    from bot.teams.addresses import Addresses

# Seconds that the database, and each call of Slack's, are given.
_DATABASE_WITHIN = 10.0
_SLACK_WITHIN = 5

_MAKE_KEY = "make one with: openssl rand -base64 32 | tr +/ -_"


class Mark(StrEnum):
    """How something stands."""

    OK = "OK"
    TO_DO = "to do"
    WRONG = "wrong"


_COLOURS = {Mark.OK: "green", Mark.TO_DO: "yellow", Mark.WRONG: "bold red"}


@dataclass(frozen=True, slots=True)
class Finding:
    """How one thing stands, what was found, and what to do about it; ``remedy`` is empty where there is nothing."""

    mark: Mark
    subject: str
    found: str
    remedy: str = ""


def diagnose(*, slack_api: str = AsyncWebClient.BASE_URL, microsoft: Addresses | None = None) -> int:
    """Look at everything and print a line on each: a table on a terminal.

    Args:
        slack_api: base address of Slack's Web API.
        microsoft: where to find what Teams needs; None for Microsoft's own addresses.

    Returns:
        The exit status: 1 if something is wrong, else 0, whatever is left to do.
    """
    settings, findings = _check_settings()
    steps: list[tuple[str, Callable[[], Sequence[Finding]]]] = [
        ("Reading the settings", lambda: findings),
        ("Reading the corpus", lambda: _check_corpus(settings)),
        ("Trying the database", lambda: asyncio.run(_check_records(settings))),
        ("Asking Slack", lambda: asyncio.run(_check_slack(settings, slack_api))),
        ("Asking Microsoft", lambda: asyncio.run(_check_teams(settings, microsoft))),
        ("Looking at the rest", lambda: list(_check_rest(settings))),
    ]
    show = _show_table if sys.stdout.isatty() else _show_lines
    marks = show(steps)
    return 1 if Mark.WRONG in marks else 0


def _show_lines(steps: Sequence[tuple[str, Callable[[], Sequence[Finding]]]]) -> set[Mark]:
    redaction = Redaction()
    marks = set()
    for _, check in steps:
        for finding in check():
            marks.add(finding.mark)
            told = f"{finding.mark:<5}  {finding.subject}: {'; '.join(filter(None, (finding.found, finding.remedy)))}"
            print(redaction.redact(told), flush=True)
    return marks


def _show_table(steps: Sequence[tuple[str, Callable[[], Sequence[Finding]]]]) -> set[Mark]:
    redaction = Redaction()
    marks = set()
    console = Console(highlight=False)
    table = Table(box=box.SIMPLE, show_header=False, padding=(0, 1, 1, 1))
    for fold in (False, False, True):
        table.add_column(no_wrap=not fold, overflow="fold")
    for label, check in steps:
        with console.status(f"{label} …"):
            findings = check()
        for finding in findings:
            marks.add(finding.mark)
            told = Text(redaction.redact(finding.found))
            if finding.remedy:
                told.append(f"\n{redaction.redact(finding.remedy)}", "italic")
            table.add_row(Text(finding.mark, _COLOURS[finding.mark]), Text(finding.subject), told)
    console.print(table)
    return marks


def _check_settings() -> tuple[Settings, list[Finding]]:
    """The settings, with defaults in place of those that can't be used; and what there is to say about them."""
    try:
        settings = load_settings()
    except SettingsError as error:
        wrong = [_read_problem(problem) for problem in error.problems]
        unusable = {name.subject.lower() for name in wrong} & set(Settings.model_fields)
        return Settings(**{name: Settings.model_fields[name].default for name in unusable}), wrong
    held = [name.upper() for name in Settings.model_fields if os.environ.get(name.upper(), "").strip()]
    found = f"all usable: {', '.join(held)}" if held else "none is set; the defaults are in use"
    return settings, [Finding(Mark.OK, "settings", found)]


def _read_problem(problem: str) -> Finding:
    """A line of `SettingsError`: the variable, what is wrong with it, what to do."""
    name, _, rest = problem.partition(": ")
    found, _, remedy = rest.rpartition("; ")
    return Finding(Mark.WRONG, name, found, remedy)


def _check_corpus(settings: Settings) -> list[Finding]:
    try:
        folders = guide_folders(*([settings.clausebot_guides] if settings.clausebot_guides else []))
        corpus, _ = load_prepared(folders)
    except CorpusError as error:
        remedy = "correct it, and run clausebot corpus check"
        return [Finding(Mark.WRONG, "corpus", str(problem), remedy) for problem in error.problems]
    found = f"{len(corpus.guides)} guide{'s' if len(corpus.guides) > 1 else ''}, SHA-256 {corpus.sha256[:12]}…"
    findings = [Finding(Mark.OK, "corpus", found)]
    for guide in corpus.guides:
        info = guide.info
        held = f"{info.id}: edition {info.edition} of {info.date}, {len(guide.clauses)} clauses"
        findings.append(Finding(Mark.OK, "guide", held))
    return findings + list(_check_source(settings, corpus, folders))


def _check_source(settings: Settings, corpus: Corpus, folders: Sequence[Any]) -> Iterator[Finding]:
    place = settings.clausebot_sources or find_sources()
    attach = "put the guide's text (.txt) into sources/ in the checkout, or name its folder in CLAUSEBOT_SOURCES"
    if place is None or not place.exists():
        yield Finding(Mark.TO_DO, "source", "not attached: answers come without quotes", attach)
        return
    owned = {guide.info.id: (guide, folder) for guide, folder in zip(corpus.guides, folders, strict=True)}
    quotes, problems = attach_sources(owned, place)
    for name in owned:
        if name not in quotes:
            yield Finding(Mark.TO_DO, "source", f"{name}: not attached, so answers come without its quotes", attach)
        elif not quotes[name].withheld:
            found = f"{name}: attached, and all {len(quotes[name].verified)} sentences verified"
            yield Finding(Mark.OK, "source", found)
    for problem in problems:
        yield Finding(Mark.WRONG, "source", problem, "put the right text there")


async def _check_records(settings: Settings) -> list[Finding]:
    address = _reveal(settings.database_url)
    keys = [key.strip() for key in (_reveal(settings.clausebot_secret_key) or "").split(",") if key.strip()]
    place = name_place(address)
    try:
        async with asyncio.timeout(_DATABASE_WITHIN):
            found = await probe(address, keys)
    except DATABASE_FAULTS as error:
        remedy = "start it, or correct its address (DATABASE_URL), its user's rights or its folder"
        return [
            Finding(Mark.WRONG, "database", f"{place} can't be used ({describe_fault(error)})", remedy),
            *_check_key(keys, None),
        ]
    tables = {
        "current": "reached, migrated and writable",
        "outdated": "reached and writable; an older version's tables, which the next start brings up to date",
        "missing": "writable; no tables yet, which the first start makes",
    }
    return [Finding(Mark.OK, "database", f"{place}: {tables[found.tables]}"), *_check_key(keys, found)]


def _check_key(keys: Sequence[str], found: Probe | None) -> Iterator[Finding]:
    subject = "secret key"
    if found and not found.opens:
        remedy = "add the key that sealed it to CLAUSEBOT_SECRET_KEY, after the new one and a comma"
        yield Finding(Mark.WRONG, subject, "does not open what the records hold", remedy)
    elif keys:
        yield Finding(Mark.OK, subject, f"{len(keys)} set" if len(keys) > 1 else "set")
    else:
        effect = "not set: no workspace's token can be stored, and hashes of people are only as safe as the database"
        yield Finding(Mark.TO_DO, subject, effect, f"set CLAUSEBOT_SECRET_KEY; {_MAKE_KEY}")


async def _check_slack(settings: Settings, api: str) -> list[Finding]:
    bot, app = _reveal(settings.slack_bot_token), _reveal(settings.slack_app_token)
    if not (bot or settings.slack_client_id):
        remedy = (
            "for one workspace set SLACK_BOT_TOKEN, and SLACK_SIGNING_SECRET (HTTP) or SLACK_APP_TOKEN (Socket Mode); "
            "for many SLACK_CLIENT_ID, SLACK_CLIENT_SECRET and SLACK_SIGNING_SECRET"
        )
        return [Finding(Mark.TO_DO, "Slack", "off: neither a bot token nor a client id", remedy)]
    findings = list(_check_ways(settings))
    async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=_SLACK_WITHIN)) as session:
        client = AsyncWebClient(base_url=api, session=session, retry_handlers=[])
        if bot:
            findings += await _try_token("SLACK_BOT_TOKEN", client.auth_test(token=bot), _judge_bot)
        if app:
            call = client.apps_connections_open(app_token=app)
            findings += await _try_token("SLACK_APP_TOKEN", call, lambda _: [_accept("SLACK_APP_TOKEN", "")])
    return findings


def _check_ways(settings: Settings) -> Iterator[Finding]:
    """How Slack reaches the service, and whose workspaces may use it."""
    http = "over HTTP" if settings.slack_signing_secret else ""
    socket = "over Socket Mode" if settings.slack_app_token else ""
    ways = " and ".join(filter(None, (http, socket)))
    unused = "" if http and socket else " (no SLACK_APP_TOKEN)" if http else " (no SLACK_SIGNING_SECRET: not over HTTP)"
    if ways:
        yield Finding(Mark.OK, "Slack", f"reaches the service {ways}{unused}")
    if settings.slack_client_id:
        yield Finding(Mark.OK, "Slack workspaces", "any that installs the app over OAuth")
    else:
        yield Finding(Mark.OK, "Slack workspaces", "the bot token's own (no SLACK_CLIENT_ID, SLACK_CLIENT_SECRET)")


async def _try_token(variable: str, call: Awaitable[Any], judge: Callable[[Any], list[Finding]]) -> list[Finding]:
    """What Slack says of a token, and what to make of its answer."""
    remedy = "make sure that it is this app's, with its scopes, and copy it anew from api.slack.com/apps"
    try:
        return judge(await asyncio.wait_for(call, _SLACK_WITHIN))
    except SlackApiError as error:
        return [Finding(Mark.WRONG, variable, f"Slack refuses it ({_read_code(error)})", remedy)]
    except (aiohttp.ClientError, OSError) as error:  # a timeout among them
        found = f"can't be checked: Slack can't be reached ({type(error).__name__})"
        return [Finding(Mark.WRONG, variable, found, "check the network, its proxies and DNS")]


def _read_code(error: SlackApiError) -> str:
    """Slack's word for why it refuses, such as ``invalid_auth``."""
    data = getattr(error.response, "data", None)
    code = str(data.get("error")) if isinstance(data, dict) else ""
    return code if re.fullmatch("[a-z_]{1,64}", code) else "in words that can't be read"


def _judge_bot(response: Any) -> list[Finding]:
    findings = [_accept("SLACK_BOT_TOKEN", f" in workspace {_printable(str(response.get('team_id')))}")]
    told = {name.lower(): value for name, value in response.headers.items()}.get("x-oauth-scopes")
    if told is None:
        return findings
    lacking = [scope for scope in SCOPES if scope not in re.split(r"[,\s]+", told)]
    if lacking:
        remedy = 'add them under "OAuth & Permissions" at api.slack.com/apps, and install the app again'
        found = f"lacking: {'; '.join(f'{scope} ({SCOPES[scope]})' for scope in lacking)}"
        return [*findings, Finding(Mark.WRONG, "Slack scopes", found, remedy)]
    return [*findings, Finding(Mark.OK, "Slack scopes", f"all {len(SCOPES)} that are needed")]


def _accept(variable: str, where: str) -> Finding:
    return Finding(Mark.OK, variable, f"Slack accepts it{where}")


async def _check_teams(settings: Settings, microsoft: Addresses | None) -> list[Finding]:
    if not settings.has_teams:
        remedy = "set MICROSOFT_APP_ID, MICROSOFT_APP_TENANT_ID and MICROSOFT_APP_PASSWORD; see the README"
        return [Finding(Mark.TO_DO, "Teams", "off: no app's id", remedy)]
    if not settings.microsoft_app_id:
        found = "on for anybody on this machine, unsigned, to try it out"
        return [Finding(Mark.TO_DO, "Teams", found, "unset CLAUSEBOT_TEAMS_ANONYMOUS, and set MICROSOFT_APP_ID")]
    from bot.teams.addresses import Addresses
    from bot.teams.keys import Keys, KeysUnavailableError
    from bot.teams.tokens import TokenError, Tokens

    addresses = microsoft or Addresses()
    secret = settings.microsoft_app_type == "SingleTenant"
    subject = "MICROSOFT_APP_PASSWORD" if secret else "Teams identity"
    tokens, keys = Tokens(settings, addresses.authority), Keys(addresses.keys)
    findings = []
    try:
        await tokens.get()
        findings.append(Finding(Mark.OK, subject, f"Microsoft gives app {settings.microsoft_app_id} a token"))
    except TokenError as error:
        remedy = (
            "make sure that secret, app and tenant belong together and that the secret has not expired"
            if secret
            else "run the service where the managed identity is assigned"
        )
        findings.append(Finding(Mark.WRONG, subject, f"Microsoft gives no token ({error})", remedy))
    finally:
        tokens.close()
    try:
        await keys.refresh()
        findings.append(Finding(Mark.OK, "Teams", "reaches the service over HTTP; the keys that sign it can be had"))
    except KeysUnavailableError:
        remedy = "check the network, its proxies and DNS"
        findings.append(Finding(Mark.WRONG, "Teams", "the keys that sign its requests can't be had", remedy))
    return findings


def _check_rest(settings: Settings) -> Iterator[Finding]:
    if settings.public_url:
        yield Finding(Mark.OK, "public address", settings.public_url)
    else:
        effect = "not set: answers link to no source"
        yield Finding(Mark.TO_DO, "public address", effect, "set PUBLIC_URL to the https address of the service")
    yield _check_pages(settings)
    stored = "with their questions" if settings.clausebot_store_questions else "without their questions"
    days = settings.clausebot_retention_days
    if days:
        yield Finding(Mark.OK, "retention", f"answers are kept {days} days, {stored}")
    else:
        effect = f"answers are kept for ever, {stored}"
        yield Finding(Mark.TO_DO, "retention", effect, "set CLAUSEBOT_RETENTION_DAYS if they should not be")


def _check_pages(settings: Settings) -> Finding:
    """Who gets in to the pages."""
    if is_open(settings):
        host = f"[{settings.host}]" if ":" in settings.host else settings.host
        found = f"open to everybody on this machine, at http://{host}:{settings.port}"
        return Finding(Mark.OK, "pages", found)
    known = "clausebot token create makes tokens"
    if not _reveal(settings.clausebot_secret_key):
        found = f"for who signs in with a token ({known}), until a restart; each process knows only its own sessions"
        return Finding(Mark.TO_DO, "pages", found, f"set CLAUSEBOT_SECRET_KEY; {_MAKE_KEY}")
    links = ", and each page for who has an answer's link to it" if settings.public_url else ""
    return Finding(Mark.OK, "pages", f"for who signs in with a token ({known}){links}")


def _printable(text: str) -> str:
    """What came from outside, without what a terminal would obey."""
    return "".join(char if char.isprintable() else "?" for char in text[:64])


def _reveal(secret: SecretStr | None) -> str | None:
    return secret.get_secret_value() if secret else None
