"""The service: one HTTP application for every channel, from start to a stop that loses no answer."""

from __future__ import annotations

import asyncio
import logging
import signal
import sys

from aiohttp import web

from bot.desk import Answers, Desk
from bot.logs import configure_logging, identify_request
from bot.places import find_sources
from bot.records.records import Records, open_records
from bot.settings import Settings, SettingsError, load_settings

logger = logging.getLogger(__name__)

# Bytes. Slack's longest event, a message of 40,000 characters told twice as JSON escapes, stays below.
_LARGEST_BODY = 1024 * 1024

# Seconds that requests under way are given at a stop; Slack's answers under way have their own limit.
_REQUESTS_FINISH_WITHIN = 1.0


def create_app(settings: Settings, desk: Desk, records: Records, *, slack_api: str | None = None) -> web.Application:
    """The application that serves every channel that the settings turn on.

    Args:
        settings: see `Settings`.
        desk: answers the questions.
        records: keep what comes in until it is answered.
        slack_api: base address of Slack's Web API; None for Slack's own.
    """
    app = web.Application(client_max_size=_LARGEST_BODY, middlewares=[identify_request])
    app.router.add_get("/healthz", _report_health)
    if settings.slack_bot_token is None:
        app.router.add_post("/slack/events", _say_slack_is_off)
        return app
    from bot.slack.app import SLACK_API, SlackChannel

    slack = SlackChannel(settings, desk, records.inbox("slack"), api_url=slack_api or SLACK_API)
    app.router.add_post("/slack/events", slack.handle)
    app.cleanup_ctx.append(slack.run)
    return app


async def _report_health(_: web.Request) -> web.Response:
    return web.json_response({"status": "ok"})


async def _say_slack_is_off(_: web.Request) -> web.Response:
    raise web.HTTPNotFound(text="Slack is off: the service has no SLACK_BOT_TOKEN.\n")


def serve() -> int:
    """Serve until SIGTERM or SIGINT, and say on stderr what keeps the service from starting.

    Returns:
        The exit status: 0 after a stop that was asked for; 2 where a setting, the corpus or the address
        can't be used.
    """
    from corpus.problems import CorpusError
    from retrieval.answerer import load_answerer

    configure_logging()
    try:
        settings = load_settings()
        answerer, problems = load_answerer(settings.clausebot_sources or find_sources(), settings.clausebot_guides)
        for problem in problems:
            logger.warning("%s", problem)
        asyncio.run(_serve(settings, answerer))
    except (SettingsError, CorpusError) as error:
        print(error, file=sys.stderr)
        return 2
    return 0


async def _serve(settings: Settings, answerer: Answers) -> None:
    stop = asyncio.Event()
    for signum in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(signum, stop.set)
    records = await open_records(settings)
    upkeep = asyncio.create_task(records.keep_up())
    app = create_app(settings, Desk(answerer, records.answers), records)
    # Access lines would repeat what proxies in front log already.
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=_REQUESTS_FINISH_WITHIN)
    try:
        await runner.setup()
        await _listen(runner, settings)
        await stop.wait()
    finally:
        await runner.cleanup()
        upkeep.cancel()
        await asyncio.wait([upkeep])
        await records.close()


async def _listen(runner: web.AppRunner, settings: Settings) -> None:
    site = web.TCPSite(runner, settings.host, settings.port)
    try:
        await site.start()
    except OSError as error:
        raise SettingsError((f"HOST, PORT: {error.strerror}; choose another address or port",)) from None
    if settings.slack_bot_token is None:
        logger.info("Slack is off: set SLACK_BOT_TOKEN and SLACK_SIGNING_SECRET (Socket Mode: SLACK_APP_TOKEN)")
    logger.info("Teams is off: this version has no Teams channel")
    logger.info("Listening on http://%s:%d", settings.host, site.port)
