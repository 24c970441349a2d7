"""The roles of an embedded server: a superuser for its upkeep, a plain role for our work.

Homes of earlier releases have one role for both. There the role ``baysync`` is the superuser that
initdb made, which PostgreSQL neither demotes nor lets give away what it owns in one statement.
"""

import time
from collections.abc import Callable
from typing import Any

import psycopg
from psycopg import sql

from baysync.base import clock

SUPERUSER = "baysync_superuser"
USER = "baysync"
MOVER = "baysync_mover"  # no session can rename its own role: it renames for one, and is dropped
ROLES = (SUPERUSER, USER, MOVER)
RELOAD_SECONDS = 10.0
POLL_SECONDS = 0.02

_EXISTS = "SELECT FROM pg_roles WHERE rolname = %s"
_CREATE_PLAIN = sql.SQL("CREATE ROLE {} LOGIN").format(sql.Identifier(USER))
# 10 is the role that initdb made, which owned everything; every database has its own transaction.
_LEFT_BEHIND = """
    SELECT datname FROM pg_database
    WHERE datdba = 10 AND NOT datistemplate AND datallowconn AND datname <> 'postgres'
"""
# 16384 is the first id that initdb gives to nothing of its own. Indexes follow their table, and
# so do sequences of its columns.
_HAND_OVER = """
    DO $$ DECLARE statement text; BEGIN
        FOR statement IN
            SELECT format('ALTER SCHEMA %I OWNER TO baysync', nspname)
            FROM pg_namespace WHERE nspowner = 10 AND oid >= 16384
            UNION ALL
            SELECT format('ALTER %s %s OWNER TO baysync',
                CASE relkind WHEN 'v' THEN 'VIEW' WHEN 'm' THEN 'MATERIALIZED VIEW'
                    WHEN 'S' THEN 'SEQUENCE' ELSE 'TABLE' END, c.oid::regclass)
            FROM pg_class c
            WHERE relowner = 10 AND c.oid >= 16384 AND relkind IN ('r', 'p', 'v', 'm', 'S')
                AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = c.oid
                    AND d.classid = 'pg_class'::regclass AND d.deptype IN ('a', 'i')
                    AND c.relkind = 'S')
                AND relnamespace <> 'pg_toast'::regnamespace
            UNION ALL
            SELECT format('ALTER ROUTINE %s OWNER TO baysync', oid::regprocedure)
            FROM pg_proc WHERE proowner = 10 AND oid >= 16384
            UNION ALL
            SELECT format('ALTER TYPE %s OWNER TO baysync', t.oid::regtype)
            FROM pg_type t LEFT JOIN pg_class c ON c.oid = t.typrelid
            WHERE typowner = 10 AND t.oid >= 16384
                AND (typtype IN ('e', 'd', 'r') OR c.relkind = 'c')
        LOOP EXECUTE statement; END LOOP;
    END $$
"""

Url = Callable[[str, str], str]


def ident(logins: list[str]) -> str:
    """Return the user map by which each of ``logins``, and nobody else, may take each role."""
    return "".join(f'{USER} "{login}" {role}\n' for login in logins for role in ROLES)


def settle(url: Url, admit: Callable[[], object]) -> None:
    """Bring the roles of a server to what they must be, whatever an earlier release left.

    ``url`` names a database and a role, ``admit`` writes the user map. May be cut at any point and
    run again: each step is one transaction, and looks at what is there.
    """
    if _is_superuser(url):
        _rename_superuser(url, admit)
    with _connect(url, "postgres", SUPERUSER) as db:
        db.execute(sql.SQL("DROP ROLE IF EXISTS {}").format(sql.Identifier(MOVER)))
        if not db.execute(_EXISTS, (USER,)).rowcount:
            db.execute(_CREATE_PLAIN)
        left_behind = [row[0] for row in db.execute(_LEFT_BEHIND)]
    for database in left_behind:
        _hand_over(url, database)


def _connect(url: Url, database: str, role: str) -> psycopg.Connection[Any]:
    return psycopg.connect(url(database, role), autocommit=True)


def _is_superuser(url: Url) -> bool:
    """Say whether our work's role is a superuser: so it is in homes of earlier releases only."""
    try:
        with _connect(url, "postgres", USER) as db:
            found = db.execute("SELECT rolsuper FROM pg_roles WHERE rolname = current_user")
            return found.fetchall() == [(True,)]
    except psycopg.OperationalError:  # a new home has no such role yet
        return False


def _rename_superuser(url: Url, admit: Callable[[], object]) -> None:
    admit()
    with _connect(url, "postgres", USER) as db:
        if not db.execute(_EXISTS, (MOVER,)).rowcount:
            db.execute(sql.SQL("CREATE ROLE {} SUPERUSER LOGIN").format(sql.Identifier(MOVER)))
        db.execute("SELECT pg_reload_conf()")  # it may have been started with the older map
    with _connect_soon(url, MOVER) as db, db.transaction():
        names = sql.Identifier(USER), sql.Identifier(SUPERUSER)
        db.execute(sql.SQL("ALTER ROLE {} RENAME TO {}").format(*names))
        db.execute(_CREATE_PLAIN)


def _connect_soon(url: Url, role: str) -> psycopg.Connection[Any]:
    """Connect as a role that the server lets in once it has read its user map again."""
    deadline = clock.monotonic() + RELOAD_SECONDS
    while True:
        try:
            return _connect(url, "postgres", role)
        except psycopg.OperationalError:
            if clock.monotonic() > deadline:
                raise
            time.sleep(POLL_SECONDS)


def _hand_over(url: Url, database: str) -> None:
    with _connect(url, database, SUPERUSER) as db, db.transaction():
        names = sql.Identifier(database), sql.Identifier(USER)
        db.execute(sql.SQL("ALTER DATABASE {} OWNER TO {}").format(*names))
        db.execute(_HAND_OVER)
