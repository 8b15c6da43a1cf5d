"""Clausebot as it is served, but for Microsoft's addresses: ``python -m bench.chat_teams_clausebot ADDRESS``.

Everything else comes from the environment's settings.
"""

from __future__ import annotations

import sys
from functools import partial

from bot import server
from bot.teams.addresses import Addresses

if __name__ == "__main__":
    microsoft = Addresses(keys=f"{sys.argv[1]}keys", connector=sys.argv[1])
    server.create_app = partial(server.create_app, microsoft=microsoft)
    sys.exit(server.serve())
