"""The service as `clausebot serve` runs it, with a fake in Slack's place: ``slack_replica.py SLACK_API LEASE AHEAD``.

The lease is in seconds: short where a test kills a process, so that what it held is soon another's. AHEAD is how many
seconds the inbox's clock is ahead of the machine's.
"""

from __future__ import annotations

import sys
import time
from types import SimpleNamespace

import bot.records.inbox
import bot.records.worker
import bot.slack.app
from bot.server import serve

if __name__ == "__main__":
    bot.slack.app.SLACK_API = sys.argv[1]
    bot.records.inbox.LEASE = bot.records.worker.LEASE = float(sys.argv[2])
    ahead = float(sys.argv[3])
    bot.records.inbox.time = SimpleNamespace(time=lambda: time.time() + ahead)
    sys.exit(serve())
