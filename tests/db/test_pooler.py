"""A real PgBouncer in front of the database is refused by name, before anything is done."""

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from baysync.base.errors import DatabaseError
from baysync.db import migrate

PGBOUNCER = Path("/usr/sbin/pgbouncer")
FILE = """
[databases]
{name} = {server}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = {port}
unix_socket_dir =
auth_type = any
pool_mode = {mode}
{more}
"""
# What PgBouncer refuses by itself, and what people set when it does.
OPTIONS_PASSED = "ignore_startup_parameters = extra_float_digits,options"


@pytest.fixture(params=["transaction", "session"])
def pooler(database: str, request: pytest.FixtureRequest) -> Iterator[str]:
    """Run PgBouncer in front of the database; return the address that leads there."""
    if not PGBOUNCER.exists():
        pytest.skip("needs Debian's package pgbouncer")
    server = conninfo_to_dict(database)
    name = server["dbname"]
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    home = Path(tempfile.mkdtemp(prefix="baysync-pooler-"))
    home.chmod(0o755)
    text = FILE.format(
        name=name,
        server=make_conninfo("", **server),
        port=port,
        mode=request.param,
        more=OPTIONS_PASSED,
    )
    (home / "pgbouncer.ini").write_text(text)
    owner = pwd.getpwuid(Path(str(server["host"])).stat().st_uid).pw_name  # who reaches the socket
    switch = ["-u", owner] if os.geteuid() == 0 else []
    command = [str(PGBOUNCER), *switch, str(home / "pgbouncer.ini")]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr is not None
        for line in process.stderr:
            if "process up" in line:
                break
        try:
            yield f"postgresql://baysync@127.0.0.1:{port}/{name}"
        finally:
            process.kill()
            shutil.rmtree(home)


def test_a_pooler_is_refused_at_the_first_connection(pooler: str) -> None:
    with psycopg.connect(pooler, prepare_threshold=None) as db:
        assert db.execute("SELECT count(*) FROM listing").fetchone() == (0,), "it works otherwise"
    for act in (migrate.check, migrate.upgrade):
        with pytest.raises(DatabaseError, match=r"connection pooler \(PgBouncer .* 5432"):
            act(pooler)
    with psycopg.connect(pooler, prepare_threshold=None) as db:
        held = db.execute("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'").fetchone()
    assert held == (0,), "nothing of ours is left in a session of the pooler's"
