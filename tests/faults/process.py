"""The service as a process of its own, which a test may kill, start again, and look at from outside."""

from __future__ import annotations

import asyncio
import os
import resource
import signal
import socket
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import aiohttp
from fakes import slack_replica
from fakes.leaks import note_file
from fakes.slack import BOT_TOKEN
from fakes.slack_requests import SIGNING_SECRET

START_WITHIN = 60

_ROOT = Path(__file__).parents[2]
_VARIABLES = {
    "PYTHONPATH": os.pathsep.join([str(_ROOT), str(_ROOT / "tests")]),
    "SLACK_BOT_TOKEN": BOT_TOKEN,
    "SLACK_SIGNING_SECRET": SIGNING_SECRET,
    "CLAUSEBOT_PERSON_LIMIT": "1000000000",
    "CLAUSEBOT_WORKSPACE_LIMIT": "1000000000",
}


class ServiceProcess:
    """One process of the service, on a port that it keeps when it is started again; ``log`` is what it wrote."""

    def __init__(
        self, slack_api: str, database: str, folder: Path, *, lease: float = 60.0, clock_ahead: float = 0.0
    ) -> None:
        with socket.create_server(("127.0.0.1", 0)) as free:
            port = free.getsockname()[1]
        self.address = f"http://127.0.0.1:{port}"
        self._arguments = [sys.executable, slack_replica.__file__, slack_api, str(lease), str(clock_ahead)]
        self._variables = os.environ | _VARIABLES | {"DATABASE_URL": database, "PORT": str(port)}
        self._output = folder / f"{port}.log"
        note_file(self._output)
        self._process: asyncio.subprocess.Process | None = None

    @property
    def pid(self) -> int:
        """Its number."""
        assert self._process
        return self._process.pid

    @property
    def log(self) -> str:
        """What it wrote since it was first started."""
        return self._output.read_text()

    async def start(self) -> None:
        """Start it, and return once it answers."""
        # It does not write the file itself, whose size a test may limit.
        pipe, both = asyncio.subprocess.PIPE, asyncio.subprocess.STDOUT
        self._process = await asyncio.create_subprocess_exec(
            *self._arguments, env=self._variables, stdout=pipe, stderr=both
        )
        self._reading = asyncio.create_task(self._read(self._process))
        async with asyncio.timeout(START_WITHIN), aiohttp.ClientSession() as session:
            while True:
                if self._process.returncode is not None:
                    await self._reading
                    raise AssertionError(self.log)
                try:
                    async with session.get(f"{self.address}/healthz") as response:
                        assert response.status == 200
                        return
                except aiohttp.ClientConnectionError:
                    await asyncio.sleep(0.05)

    async def _read(self, process: asyncio.subprocess.Process) -> None:
        assert process.stdout
        with self._output.open("ab", buffering=0) as output:
            while written := await process.stdout.read(2**16):
                output.write(written)

    async def kill(self) -> None:
        """End it as ``kill -9`` does."""
        assert self._process
        assert self._reading
        self._process.kill()
        await self._process.wait()
        await self._reading

    async def stop(self) -> int | None:
        """End it as an operator does, if it runs; its exit status."""
        if not self._process or not self._reading:
            return None
        if self._process.returncode is None:
            self._process.send_signal(signal.SIGTERM)
            await self._process.wait()
        await self._reading
        return self._process.returncode

    def resident(self) -> int:
        """Bytes of memory that it holds now."""
        pages = int(Path(f"/proc/{self.pid}/statm").read_text().split()[1])
        return pages * resource.getpagesize()

    @asynccontextmanager
    async def watch_memory(self, every: float = 0.1) -> AsyncIterator[list[int]]:
        """What it holds, looked at every so many seconds during the block."""
        samples: list[int] = []

        async def watch() -> None:
            while True:
                samples.append(self.resident())
                await asyncio.sleep(every)

        watching = asyncio.create_task(watch())
        try:
            yield samples
        finally:
            watching.cancel()
            await asyncio.wait([watching])
