"""`make playground`: the service and Microsoft's playground before it, until Ctrl-C."""

from __future__ import annotations

import os
import signal
import sys
import tempfile
import time
from pathlib import Path

from e2e.programs import run_playground, run_service

# What a developer may want to try with, of the settings that they have.
_KEPT = ("CLAUSEBOT_SOURCES", "CLAUSEBOT_GUIDES")


def main() -> int:
    """Run both until either ends or somebody interrupts; the exit status."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    settings = {name: os.environ[name] for name in _KEPT if name in os.environ}
    with tempfile.TemporaryDirectory(prefix="clausebot-playground-") as name:
        folder = Path(name)
        print("Starting the service and the playground …", file=sys.stderr)
        try:
            with (
                run_service(folder, CLAUSEBOT_TEAMS_ANONYMOUS="1", **settings) as (service, at),
                run_playground(folder, at) as (playground, address),
            ):
                print(f"Microsoft 365 Agents Playground: {address}")
                print(f"The service: {at} (its log: {service.log}). Ctrl-C ends both.", flush=True)
                while service.runs and playground.runs:
                    time.sleep(0.5)
            print(service.said, playground.said, sep="\n", file=sys.stderr)
        except KeyboardInterrupt:
            return 0
        except RuntimeError as error:
            print(error, file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
