"""The PostgreSQL that the tests run: where none is installed, the one among the Python packages does."""

from __future__ import annotations

import asyncpg

from bench.postgresql import open_server


async def test_the_packaged_server_does_where_none_is_installed() -> None:
    """The programs that the tests' requirements bring start, stop and start again with what was stored."""
    with open_server(packaged=True) as server:
        for statement in ("CREATE TABLE kept ()", "DROP TABLE kept"):
            connection = await asyncpg.connect(server.address)
            await connection.execute(statement)
            await connection.close()
            server.stop()
            server.start()
