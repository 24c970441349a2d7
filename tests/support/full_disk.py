"""A database whose server refuses each new file, as on a disk that is full."""

from psycopg import AsyncConnection
from psycopg.conninfo import make_conninfo
from psycopg.sql import SQL, Identifier

from baysync.db.embedded.roles import SUPERUSER

LEFT = """
    SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity
    WHERE datname = %s AND usename <> %s
"""


async def fill_disk(database: str) -> None:
    """Let new sessions have no room, and end those that still have."""
    await _alter(database, SQL("ALTER DATABASE {} SET temp_file_limit = 0"))


async def make_room(database: str) -> None:
    """Let new sessions write again, and end those that cannot."""
    await _alter(database, SQL("ALTER DATABASE {} RESET temp_file_limit"))


async def _alter(database: str, statement: SQL) -> None:
    admin = make_conninfo(database, user=SUPERUSER)
    async with await AsyncConnection.connect(admin, autocommit=True) as db:
        await db.execute(statement.format(Identifier(db.info.dbname)))
        await db.execute(LEFT, (db.info.dbname, SUPERUSER))
