"""Clausebot as it is served, but for Slack's address: ``python -m bench.chat_clausebot SLACK_API``.

Everything else comes from the environment's settings.
"""

from __future__ import annotations

import sys

from bot import server
from bot.slack import app

if __name__ == "__main__":
    app.SLACK_API = sys.argv[1]
    sys.exit(server.serve())
