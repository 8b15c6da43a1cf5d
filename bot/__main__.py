"""``python -m bot`` serves: what the Procfile's ``web`` runs."""

import sys

from bot.server import serve

if len(sys.argv) > 1:
    sys.exit("python -m bot only serves and takes no arguments; for questions there is: clausebot ask")
sys.exit(serve())
