"""SQL of what every page shows beside its own: the accounts; nothing here writes."""

from psycopg import sql
from psycopg.rows import class_row

from baysync.db.connection import Db
from baysync.insight.condition_store import STOPPED_BY
from baysync.insight.overview import AccountState

ACCOUNTS = sql.SQL("""
    SELECT a.name, a.environment, a.username,
        array(SELECT d.marketplace FROM account_default d
            WHERE d.account_id = a.id ORDER BY d.marketplace) AS marketplaces,
        {stopped_by} AS paused_reason, p.polled_at AS orders_polled_at, p.error AS orders_error
    FROM account a LEFT JOIN order_poll p ON p.account_id = a.id
    WHERE a.state = 'connected' ORDER BY a.id
""").format(stopped_by=STOPPED_BY)


async def accounts(db: Db) -> list[AccountState]:
    """Return the connected accounts with the marketplaces they have defaults for."""
    cursor = db.cursor(row_factory=class_row(AccountState))
    await cursor.execute(ACCOUNTS)
    return await cursor.fetchall()
