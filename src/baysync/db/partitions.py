"""Daily partitions of the logs of attempts and calls, made ahead of time."""

from baysync.db.connection import Db

# A day that has rows in the default partition already stays there: PostgreSQL would refuse.
KEEP_AHEAD = """
    DO $$
    DECLARE
        log text;
        day date;
        taken boolean;
    BEGIN
        PERFORM set_config('lock_timeout', '300ms', true);
        FOREACH log IN ARRAY ARRAY['ebay_sync_log', 'ebay_call_log'] LOOP
            FOR ahead IN 0..3 LOOP
                day := (now() AT TIME ZONE 'UTC')::date + ahead;
                CONTINUE WHEN to_regclass(log || to_char(day, '"_"YYYYMMDD')) IS NOT NULL;
                EXECUTE format(
                    'SELECT EXISTS (SELECT FROM %I WHERE created_at >= %L AND created_at < %L)',
                    log || '_default', day::timestamp AT TIME ZONE 'UTC',
                    (day + 1)::timestamp AT TIME ZONE 'UTC') INTO taken;
                CONTINUE WHEN taken;
                EXECUTE format(
                    'CREATE TABLE IF NOT EXISTS %I PARTITION OF %I FOR VALUES FROM (%L) TO (%L)',
                    log || to_char(day, '"_"YYYYMMDD'), log,
                    day::timestamp AT TIME ZONE 'UTC', (day + 1)::timestamp AT TIME ZONE 'UTC');
            END LOOP;
        END LOOP;
    END $$
"""


async def keep_ahead(db: Db) -> None:
    """Give both logs a partition for today and each of the next three days (UTC).

    Safe to run as often as you like; one job at a time. Who waits for a log keeps all others out
    of it, so a log that somebody reads, as a backup does, is left to the next time.

    Raises:
        OperationalError: somebody holds a log.
    """
    await db.execute(KEEP_AHEAD)
