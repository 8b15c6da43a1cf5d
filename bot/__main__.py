"""``python -m bot`` serves: what the Procfile's ``web`` runs."""

import sys

from bot.server import serve

sys.exit(serve())
