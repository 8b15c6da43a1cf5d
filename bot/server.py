"""The service: one HTTP application for every channel, from start to a stop that loses no answer."""

from __future__ import annotations

import asyncio
import gc
import logging
import os
import signal
import sys
import threading
from typing import TYPE_CHECKING

from aiohttp import web
from aiohttp.typedefs import Handler

from bot.answering import ReloadingAnswerer
from bot.desk import Desk
from bot.health import Health
from bot.limits import RateLimits
from bot.logs import configure_logging, hide_words, identify_request
from bot.places import find_sources
from bot.records.records import Records, open_records
from bot.review.jobs import Reviewing
from bot.settings import Settings, SettingsError, load_settings
from bot.web.api import Api
from bot.web.app import WebChannel
from bot.web.callers import Callers
from bot.web.mcp_bridge import McpBridge
from bot.web.problems import API, tell_problems
from bot.web.uploads import UPLOADS
from corpus.problems import CorpusError
from retrieval.answerer import Answerer, load_answerer

if TYPE_CHECKING:
    from bot.teams.addresses import Addresses

logger = logging.getLogger(__name__)

# Bytes. Slack's longest event, a message of 40,000 characters told twice as JSON escapes, stays below.
_LARGEST_BODY = 1024 * 1024

# Seconds: for a request's head, and between a connection's requests, longer than the minute after which proxies close
# one that is idle; for a request's body; for what is left of a body that was refused.
_HEAD_WITHIN = 75.0
_BODY_WITHIN = 10.0
_REST_WITHIN = 2.0

# Seconds that a stop may take as a whole, within the ten that a container is usually given; that requests under way
# are given then. Slack's answers under way have their own limit.
_STOP_WITHIN = 9.5
_REQUESTS_FINISH_WITHIN = 1.0


# By how many objects memory may grow, some megabytes, until Python looks for garbage among them.
_NEW_OBJECTS = 20_000


def create_app(
    settings: Settings,
    desk: Desk,
    records: Records,
    *,
    slack_api: str | None = None,
    microsoft: Addresses | None = None,
) -> web.Application:
    """The application that serves every channel that the settings turn on.

    Args:
        settings: see `Settings`.
        desk: answers the questions.
        records: keep what comes in until it is answered.
        slack_api: base address of Slack's Web API; None for Slack's own.
        microsoft: where to find what Teams needs; None for Microsoft's own addresses.
    """
    app = web.Application(client_max_size=_LARGEST_BODY, middlewares=[identify_request, tell_problems])
    Health(desk, records).add_routes(app)
    reviewing = Reviewing(desk, records)
    if settings.has_slack:
        from bot.slack.app import SLACK_API, SlackChannel

        slack = SlackChannel(settings, desk, records, reviewing, api_url=slack_api or SLACK_API)
        app.add_routes(slack.routes())
        app.cleanup_ctx.append(slack.run)
    else:
        app.router.add_post("/slack/events", _say_slack_is_off)
    if settings.has_teams:
        from bot.teams.addresses import Addresses
        from bot.teams.app import TeamsChannel

        teams = TeamsChannel(settings, desk, records, reviewing, addresses=microsoft or Addresses())
        app.add_subapp("/api/", teams.subapp())
    else:
        app.router.add_post("/api/messages", _say_teams_is_off)
    callers = Callers(settings, records.tokens, desk)
    app.add_subapp(API, Api(settings, desk, callers).create_app())
    McpBridge(settings, desk, callers).add_to(app)
    WebChannel(settings, desk, records, reviewing).add_to(app)
    reviewing.add_to(app)
    app.middlewares.append(_read_body)
    return app


def create_runner(app: web.Application) -> web.AppRunner:
    """What runs the application, and waits for no client for ever."""
    logging.getLogger("aiohttp.server").addFilter(hide_words)
    return web.AppRunner(
        app,
        access_log=None,  # its lines would repeat what proxies in front log already
        keepalive_timeout=_HEAD_WITHIN,
        lingering_time=_REST_WITHIN,
        shutdown_timeout=_REQUESTS_FINISH_WITHIN,
    )


@web.middleware
async def _read_body(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Have the whole body before a handler starts, so that one that trickles in holds up nothing but itself."""
    if request.method == "POST" and request.path == UPLOADS:  # a file, which is read as it comes
        return await handler(request)
    try:
        async with asyncio.timeout(_BODY_WITHIN):
            await request.read()
    except TimeoutError:
        raise web.HTTPRequestTimeout(text="The body took too long to come.\n") from None
    except web.RequestPayloadError:
        raise web.HTTPBadRequest(text="The body can't be read.\n") from None
    return await handler(request)


async def _say_slack_is_off(_: web.Request) -> web.Response:
    raise web.HTTPNotFound(text="Slack is off: the service has no SLACK_BOT_TOKEN.\n")


async def _say_teams_is_off(_: web.Request) -> web.Response:
    raise web.HTTPNotFound(text="Teams is off: the service has no MICROSOFT_APP_ID.\n")


def serve() -> int:
    """Serve until SIGTERM or SIGINT, load the corpus anew on SIGHUP, and say on stderr what prevents the start.

    Returns:
        The exit status: 0 after a stop that was asked for; 2 where a setting, the corpus or the address
        can't be used.
    """
    configure_logging()
    asked_early = threading.Event()
    # From the first moment on: unhandled, the signal would end the process.
    signal.signal(signal.SIGHUP, lambda *_: asked_early.set())
    try:
        settings = load_settings()
        answerer = ReloadingAnswerer(lambda: _load(settings))
        _collect_seldom()
        asyncio.run(_serve(settings, answerer, asked_early))
    except (SettingsError, CorpusError) as error:
        print(error, file=sys.stderr)
        return 2
    return 0


def _load(settings: Settings) -> tuple[Answerer, list[str]]:
    return load_answerer(settings.clausebot_sources or find_sources(), settings.clausebot_guides)


def _collect_seldom() -> None:
    """Have Python look for garbage less often, and never among what was loaded: it took a tenth of the time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(_NEW_OBJECTS, 20, 20)


async def _serve(settings: Settings, answerer: ReloadingAnswerer, asked_early: threading.Event) -> None:
    stop, reload = asyncio.Event(), asyncio.Event()
    loop = asyncio.get_running_loop()
    loop.add_signal_handler(signal.SIGHUP, reload.set)
    if asked_early.is_set():
        reload.set()
    for signum in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(signum, _stop, stop)
    records = await open_records(settings)
    beside = [asyncio.create_task(records.keep_up()), asyncio.create_task(_reload_on(reload, answerer))]
    limits = RateLimits(person=settings.clausebot_person_limit, workspace=settings.clausebot_workspace_limit)
    runner = create_runner(create_app(settings, Desk(answerer, records.answers, limits), records))
    try:
        await runner.setup()
        await _listen(runner, settings)
        await stop.wait()
    finally:
        await runner.cleanup()
        for task in beside:
            task.cancel()
        await asyncio.wait(beside)
        await records.close()


def _stop(asked: asyncio.Event) -> None:
    """Stop, and end in time whatever holds that up: a thread that waits for a database can't be cancelled."""
    if not asked.is_set():
        asked.set()
        watchdog = threading.Timer(_STOP_WITHIN, _end)
        watchdog.daemon = True
        watchdog.start()


def _end() -> None:
    logger.warning("Something holds up the stop; ending all the same, what has no answer stays in the inbox")
    os._exit(0)


async def _reload_on(asked: asyncio.Event, answerer: ReloadingAnswerer) -> None:
    """Reload whenever it is asked for: once more, however often, if it is while a reload is under way."""
    while True:
        await asked.wait()
        asked.clear()
        await answerer.reload()


async def _listen(runner: web.AppRunner, settings: Settings) -> None:
    site = web.TCPSite(runner, settings.host, settings.port)
    try:
        await site.start()
    except OSError as error:
        raise SettingsError((f"HOST, PORT: {error.strerror}; choose another address or port",)) from None
    if not settings.has_slack:
        logger.info("Slack is off: set SLACK_BOT_TOKEN and SLACK_SIGNING_SECRET (Socket Mode: SLACK_APP_TOKEN)")
    if not settings.has_teams:
        logger.info("Teams is off: set MICROSOFT_APP_ID, MICROSOFT_APP_TENANT_ID and MICROSOFT_APP_PASSWORD")
    logger.info("Listening on http://%s:%d", f"[{settings.host}]" if ":" in settings.host else settings.host, site.port)
