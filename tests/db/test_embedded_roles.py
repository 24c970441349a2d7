"""Our work in an embedded server is no superuser's; homes where it was one are taken over."""

import subprocess
from collections.abc import Callable, Generator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest

from baysync.db.embedded import owner as owners
from baysync.db.embedded.binaries import Binaries
from baysync.db.embedded.cluster import EmbeddedPostgres
from baysync.db.embedded.owner import pick_owner
from baysync.db.embedded.roles import MOVER, SUPERUSER, USER
from baysync.db.embedded.server import Server, clean_environment

OLD = """
    CREATE TABLE kept (id bigint GENERATED ALWAYS AS IDENTITY, day date) PARTITION BY RANGE (day);
    CREATE TABLE kept_now PARTITION OF kept FOR VALUES FROM ('2026-01-01') TO ('2027-01-01');
    CREATE VIEW seen AS SELECT id FROM kept;
    CREATE SEQUENCE numbers;
    CREATE TYPE colour AS ENUM ('red');
    CREATE SCHEMA "Own";
    CREATE FUNCTION "Own".twice(n integer) RETURNS integer LANGUAGE sql RETURN n * 2;
    INSERT INTO kept (day) VALUES ('2026-05-05');
"""
OWNED_BY_SUPERUSER = """
    SELECT relname FROM pg_class WHERE relowner = 10 AND oid >= 16384
    UNION ALL SELECT proname FROM pg_proc WHERE proowner = 10 AND oid >= 16384
    UNION ALL SELECT typname FROM pg_type WHERE typowner = 10 AND oid >= 16384
    UNION ALL SELECT nspname FROM pg_namespace WHERE nspowner = 10 AND oid >= 16384
    UNION ALL SELECT datname FROM pg_database WHERE datdba = 10 AND datname = 'baysync'
"""
CUTS = {
    "untouched": [],
    "a mover was made": [f"CREATE ROLE {MOVER} SUPERUSER LOGIN"],
    "renamed, nothing handed over": [
        f"CREATE ROLE {MOVER} SUPERUSER LOGIN",
        f"UPDATE pg_authid SET rolname = '{SUPERUSER}' WHERE rolname = '{USER}'",  # noqa: S608 -- ours
        f"CREATE ROLE {USER} LOGIN",
    ],
}


@pytest.fixture
def old(home: Path, binaries: Binaries) -> Path:
    """A home with data as an earlier release made it: ``initdb -U baysync``, everybody trusted."""
    owner = pick_owner(print)
    home.mkdir(mode=0o755)
    for folder in (home / "data", home / "socket"):
        owner.own_directory(folder)
    data = ["-D", str(home / "data")]
    run(binaries, ["initdb", *data, "-U", USER, "-A", "trust", "-E", "UTF8", "--locale=C"])
    with older_server(home, binaries) as url:
        with psycopg.connect(url("postgres"), autocommit=True) as db:
            db.execute(f"CREATE DATABASE {USER}".encode())
        with psycopg.connect(url(USER)) as db:
            db.execute(OLD)
    return home


@contextmanager
def older_server(home: Path, binaries: Binaries, more: str = "") -> Generator[Callable[[str], str]]:
    """Run the server as an earlier release did; yield its databases' addresses."""
    data = ["pg_ctl", "-D", str(home / "data"), "-w"]
    options = f"-k '{home / 'socket'}' -c listen_addresses= {more}"
    run(binaries, [*data, "-l", str(home / "socket" / "log"), "-o", options, "start"])
    yield Server(home, home / "socket", binaries, pick_owner(print), durable=True).url
    if (home / "data" / "postmaster.pid").exists():
        run(binaries, [*data, "stop"])


def run(binaries: Binaries, command: list[str]) -> None:
    name, *rest = command
    subprocess.run(
        [binaries.program(name), *rest],
        stdout=subprocess.DEVNULL,
        cwd="/",
        env=clean_environment(),
        check=True,
        **pick_owner(print).as_process(),
    )


def as_superuser(home: Path, binaries: Binaries, *statements: str) -> None:
    """Run statements as the superuser of an older home."""
    with (
        older_server(home, binaries) as url,
        psycopg.connect(url("postgres"), autocommit=True) as db,
    ):
        for statement in statements:
            db.execute(statement.encode())


def role(url: str) -> tuple[object, ...]:
    """Return who a connection is, and what that role may."""
    with psycopg.connect(url) as db:
        asked = db.execute(
            "SELECT rolname, rolsuper, rolcreaterole, rolcreatedb, rolbypassrls, rolreplication "
            "FROM pg_roles WHERE rolname = current_user"
        )
        return asked.fetchall()[0]


def test_our_work_is_no_superuser_s(home: Path, binaries: Binaries) -> None:
    with EmbeddedPostgres(home, durable=False, binaries=binaries) as server:
        assert role(server.url()) == (USER, *[False] * 5)
        with psycopg.connect(server.url(), autocommit=True) as db:
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                db.execute("COPY (SELECT 1) TO PROGRAM 'true'")
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                db.execute("SELECT rolpassword FROM pg_authid")
            db.execute("CREATE TABLE made (id integer)")


@pytest.mark.parametrize("cut", CUTS)
def test_a_home_whose_role_was_the_superuser_is_taken_over_with_its_data(
    old: Path, binaries: Binaries, cut: str
) -> None:
    as_superuser(old, binaries, *CUTS[cut])
    starts_as_plain(old, binaries)
    starts_as_plain(old, binaries)


def test_a_server_that_an_earlier_release_runs_is_taken_over_as_it_runs(
    old: Path, binaries: Binaries
) -> None:
    (old / "pg_hba.conf").write_text(f"local all all peer map={USER}\n")
    logins = owners.logins(pick_owner(print))
    (old / "pg_ident.conf").write_text("".join(f"{USER} {name} {USER}\n" for name in logins))
    files = f"-c hba_file='{old / 'pg_hba.conf'}' -c ident_file='{old / 'pg_ident.conf'}'"
    with older_server(old, binaries, files):
        starts_as_plain(old, binaries)
    starts_as_plain(old, binaries)


def starts_as_plain(home: Path, binaries: Binaries) -> None:
    """Start the server; our role is plain, owns all that is ours and can work with it."""
    with EmbeddedPostgres(home, durable=False, binaries=binaries) as server:
        assert role(server.url()) == (USER, *[False] * 5)
        with psycopg.connect(server.url(), autocommit=True) as db:
            assert db.execute(OWNED_BY_SUPERUSER).fetchall() == []
            assert db.execute("SELECT count(*) FROM seen").fetchone() == (1,)
            assert db.execute('SELECT "Own".twice(nextval($$numbers$$)::integer) > 0').fetchone()
            with db.transaction(force_rollback=True):
                db.execute("INSERT INTO kept (day) VALUES ('2026-06-06')")
                db.execute("ALTER TABLE kept ADD COLUMN more colour")
                db.execute("DROP TABLE kept_now")
            roles = db.execute("SELECT rolname FROM pg_roles WHERE rolname !~ '^pg_' ORDER BY 1")
            assert roles.fetchall() == [(USER,), (SUPERUSER,)]
        assert role(server.server.url(USER, SUPERUSER))[:2] == (SUPERUSER, True)
    EmbeddedPostgres(home).wait_stopped()
