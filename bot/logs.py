"""The log: a JSON object a line, plain lines on a terminal, and no key that would let its reader act as the app."""

from __future__ import annotations

import logging
import os
import re
import sys
import uuid
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import Any

from aiohttp import web
from aiohttp.typedefs import Handler
from pythonjsonlogger.json import JsonFormatter

from bot.faults import describe_error

logger = logging.getLogger(__name__)

# What a line is about: the HTTP request that is being handled, and the answer that is being worked on (its event's
# key). Tasks that a request starts carry its id on.
request_id: ContextVar[str | None] = ContextVar("request_id", default=None)
answer_id: ContextVar[str | None] = ContextVar("answer_id", default=None)

# Secrets that their form gives away: tokens; the key in the address of a socket or a response; an address's
# password; a client secret that is named, in a form or in a dictionary.
_SECRET_FORMS = (
    re.compile(r"()xox[a-z]-[\w-]+"),
    re.compile(r"()xapp-[\w-]+"),
    re.compile(r"()clausebot_[0-9a-f]{12}_[\w-]+"),
    re.compile(r"()eyJ[\w-]{8,}\.[\w-]+\.[\w-]*"),
    re.compile(r"(ticket=)[^&\s'\"]+"),
    re.compile(r"(hooks\.slack\.com/)[^\s'\"]+"),
    re.compile(r"(://[^:/@\s]*:)[^@\s]+(?=@)"),
    re.compile(r"(client_?secret(?:=|['\"]: ?['\"]))[^&\s'\"]+", re.IGNORECASE),
)

# Secrets that look like any other word, known by their value only, and how short a value is none: hiding it would
# star out half the log.
_SECRET_VARIABLES = ("SLACK_SIGNING_SECRET", "SLACK_CLIENT_SECRET", "MICROSOFT_APP_PASSWORD", "CLAUSEBOT_SECRET_KEY")
_SHORTEST_SECRET = 8


# What stays in a line for people, though a terminal would not print it.
_QUOTED = {"\n": "\n    ", "\t": "\t", "\u3000": "\u3000"}


class Redaction:
    """Stars out what would let a reader of the log act as the app.

    The SDK's own errors name the address of the connection that failed, and a driver's name the database's.
    """

    def __init__(self) -> None:
        """Know the secrets in the environment, besides those that their form gives away."""
        held = {part.strip() for name in _SECRET_VARIABLES for part in os.environ.get(name, "").split(",")}
        self._values = sorted((value for value in held if len(value) >= _SHORTEST_SECRET), key=len, reverse=True)

    def redact(self, text: str) -> str:
        """The text with every secret starred out."""
        for value in self._values:
            text = text.replace(value, "***")
        for form in _SECRET_FORMS:
            text = form.sub(r"\1***", text)
        return text


class RedactingFormatter(logging.Formatter):
    """Plain lines, for people at a terminal."""

    def __init__(self, fmt: str = "%(asctime)s %(levelname)s %(name)s: %(message)s") -> None:
        super().__init__(fmt)
        self._redaction = Redaction()

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802 (logging's name)
        """The record's line, in which nothing that was quoted looks like another line or moves the cursor."""
        line = super().formatMessage(record)
        return "".join(each if each.isprintable() else _QUOTED.get(each) or f"\\x{ord(each):02x}" for each in line)

    def format(self, record: logging.LogRecord) -> str:
        """The record's line, its traceback included, without secrets."""
        return self._redaction.redact(super().format(record))


class JsonLineFormatter(JsonFormatter):
    """A JSON object a line: time (UTC), level, logger, message, the ids where there are any, and the traceback."""

    def __init__(self) -> None:
        super().__init__(json_ensure_ascii=False)
        self._redaction = Redaction()

    def add_fields(self, log_data: dict[str, Any], record: logging.LogRecord, message_dict: dict[str, Any]) -> None:
        """Fill in the line's fields, and no others: what a library adds to its records may quote anything."""
        told = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
            "request_id": request_id.get(),
            "answer_id": answer_id.get(),
            "exception": self.formatException(record.exc_info) if record.exc_info else record.exc_text,
            "stack": record.stack_info,
        }
        log_data.update({name: self._redaction.redact(str(value)) for name, value in told.items() if value})


def configure_logging() -> None:
    """Log to stderr from INFO on: JSON lines, or plain ones where stderr is a terminal."""
    handler = logging.StreamHandler()
    handler.setFormatter(RedactingFormatter() if sys.stderr.isatty() else JsonLineFormatter())
    logging.basicConfig(level=logging.INFO, handlers=[handler])


def hide_words(record: logging.LogRecord) -> bool:
    """A filter for aiohttp's own lines on connections: it quotes what it can't read, such as the rest of a body."""
    if record.exc_info and record.exc_info[1]:
        record.msg, record.args = "A connection failed: %s", (describe_error(record.exc_info[1]),)
        record.exc_info = None
    return True


@web.middleware
async def identify_request(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Give a request an id of our own, which its log lines and its response (``X-Request-Id``) bear.

    What no handler catches is logged here, where the id is still known, and without the error's message.
    """
    own = uuid.uuid4().hex
    token = request_id.set(own)
    try:
        response = await handler(request)
    except web.HTTPException as refusal:
        refusal.headers["X-Request-Id"] = own
        raise
    except Exception as error:
        logger.error("A request failed: %s", describe_error(error))
        response = web.Response(status=500, text="500: Internal Server Error\n")
    finally:
        request_id.reset(token)
    if not response.prepared:
        response.headers["X-Request-Id"] = own
    return response
