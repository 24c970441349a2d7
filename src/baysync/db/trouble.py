"""Why the database cannot be used: one reason for commands, requests, health and doctor to say."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

import anyio
import psycopg
from psycopg import AsyncConnection
from psycopg.errors import ConfigurationLimitExceeded, DiskFull

from baysync.base import clock
from baysync.base.errors import DatabaseAway, DatabaseError
from baysync.db.connection import Db

LOOK_SECONDS = 0.5
RETRY_AFTER = "2"  # seconds, for who is told over HTTP that it cannot be used now
AWAY_SECONDS = 5.0  # a server that is restarted answers nobody for a moment


class Lack(StrEnum):
    """What the database lacks."""

    AWAY = "away"
    STARTING = "starting"
    CROWDED = "crowded"
    FULL = "full"
    READ_ONLY = "read_only"
    REFUSED = "refused"
    SLOW = "slow"


@dataclass(frozen=True, slots=True)
class Trouble:
    """A reason, the sentence that says it, and what to do."""

    lack: Lack
    words: str
    fix: str


TROUBLES = {
    trouble.lack: trouble
    for trouble in (
        Trouble(
            Lack.AWAY,
            "The database does not answer.",
            "check that PostgreSQL runs and that DATABASE_URL is right: psql $DATABASE_URL",
        ),
        Trouble(
            Lack.STARTING,
            "The database is starting or stopping.",
            "try again in a moment; PostgreSQL's log says what it waits for.",
        ),
        Trouble(
            Lack.CROWDED,
            "The database takes no more connections.",
            "raise max_connections of PostgreSQL, or lower BAYSYNC_POOL_SIZE.",
        ),
        Trouble(
            Lack.FULL,
            "The database cannot write: no space is left on its disk.",
            "make room on the disk of PostgreSQL; baysync goes on by itself.",
        ),
        Trouble(
            Lack.READ_ONLY,
            "The database can only be read.",
            "let DATABASE_URL name the primary, and see why PostgreSQL refuses to write.",
        ),
        Trouble(
            Lack.REFUSED,
            "The database refuses the connection.",
            "check user, password and name of the database in DATABASE_URL: psql $DATABASE_URL",
        ),
        Trouble(
            Lack.SLOW,
            "The database took too long.",
            "see what it is busy with: SELECT * FROM pg_stat_activity",
        ),
    )
}
# PostgreSQL, appendix A, "PostgreSQL Error Codes".
CODES = {
    "57P03": Lack.STARTING,
    "53300": Lack.CROWDED,
    "53100": Lack.FULL,
    "53400": Lack.FULL,
    "25006": Lack.READ_ONLY,
    "57014": Lack.SLOW,
    "55P03": Lack.SLOW,
    "25P03": Lack.SLOW,
    "25P04": Lack.SLOW,
}
# libpq keeps no code of a connection that failed, only the server's words.
WORDS = {
    "starting up": Lack.STARTING,
    "shutting down": Lack.STARTING,
    "in recovery mode": Lack.STARTING,
    "not yet accepting connections": Lack.STARTING,
    "too many clients": Lack.CROWDED,
    "too many connections": Lack.CROWDED,
    "connection slots are reserved": Lack.CROWDED,
    "No space left on device": Lack.FULL,
    "session is read-only": Lack.READ_ONLY,
    "server is in hot standby mode": Lack.READ_ONLY,
    "FATAL": Lack.REFUSED,
}


def trouble(error: BaseException) -> Trouble:
    """Return the reason behind an error of ``LOST``."""
    code = getattr(error, "sqlstate", None)
    if code in CODES:
        return TROUBLES[CODES[code]]
    said = str(error)
    lack = next((lack for words, lack in WORDS.items() if words in said), Lack.AWAY)
    return TROUBLES[lack]


async def unwritable(db: Db) -> Trouble | None:
    """Return why nothing new can be written, as far as looking tells; nothing is changed.

    A sort larger than its memory writes a file: rows that still fit in their pages are written
    long after the disk is full.
    """
    try:
        async with db.transaction():
            await db.execute("SELECT set_config('work_mem', '64kB', true)")
            cursor = await db.execute(
                """
                SELECT current_setting('transaction_read_only') = 'on', count(*)
                FROM (SELECT n FROM generate_series(1, 2000) AS n ORDER BY md5(n::text)) AS sorted
                """
            )
            ((reads_only, _),) = await cursor.fetchall()
    except (DiskFull, ConfigurationLimitExceeded) as error:
        return trouble(error)
    return TROUBLES[Lack.READ_ONLY] if reads_only else None


async def diagnose(url: str) -> Trouble | None:
    """Connect once to the database at ``url``; return why that fails, None where it does not."""
    try:
        async with await AsyncConnection.connect(url, connect_timeout=3):
            return None
    except psycopg.OperationalError as error:
        return trouble(error)


def failure(found: Trouble, said: object = "") -> DatabaseError:
    """Return the error for those who asked, with what PostgreSQL ``said``."""
    kind = DatabaseAway if found.lack in {Lack.AWAY, Lack.STARTING} else DatabaseError
    words = f" PostgreSQL says: {str(said).strip()}" if said else ""
    return kind(f"{found.words}{words}", fix=found.fix)


async def wait_started(url: str, tell: Callable[[str], None]) -> bool:
    """Wait for a database that is starting, and a moment for one that does not answer.

    Return whether it answers. ``tell`` hears once why it takes time. What is wrong even so the
    first connection says.
    """
    end, told = clock.monotonic() + AWAY_SECONDS, False
    while reason := await diagnose(url):
        waits = {Lack.STARTING: True, Lack.AWAY: clock.monotonic() < end}
        if not waits.get(reason.lack, False):
            return False
        if not told:
            tell(reason.words)
            told = True
        await anyio.sleep(LOOK_SECONDS)
    return True
