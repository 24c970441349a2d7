"""SQL of ``metric_minute``: what all processes counted, by minute."""

from collections.abc import Mapping, Sequence
from datetime import timedelta

from baysync.db.connection import Db
from baysync.telemetry.metrics import Series

Values = dict[Series, float]

# Sorted, so that two processes that hand over at once take their row locks in the same order.
ADD = """
    INSERT INTO metric_minute AS m (minute, name, labels, value)
    SELECT date_trunc('minute', clock_timestamp()), name, label, value
    FROM unnest(%(names)s::text[], %(labels)s::text[], %(values)s::float8[])
        AS new (name, label, value)
    ORDER BY name, label
    ON CONFLICT (minute, name, labels) DO UPDATE SET value = m.value + excluded.value
"""
MOVE = """
    INSERT INTO metric_minute AS m (minute, name, labels, value)
    SELECT '-infinity', name, label, value
    FROM unnest(%(names)s::text[], %(labels)s::text[], %(values)s::float8[])
        AS new (name, label, value)
    ORDER BY name, label
    ON CONFLICT (minute, name, labels) DO UPDATE SET value = greatest(m.value, excluded.value)
"""
# What is older than the graphs reach is kept as one sum, so that totals never fall.
FOLD = """
    WITH old AS (
        DELETE FROM metric_minute
        WHERE minute > '-infinity' AND minute < date_trunc('minute', now() - %(keep)s::interval)
        RETURNING name, labels, value
    )
    INSERT INTO metric_minute AS m (minute, name, labels, value)
    SELECT '-infinity', name, labels, sum(value) FROM old GROUP BY name, labels ORDER BY 2, 3
    ON CONFLICT (minute, name, labels) DO UPDATE SET value = m.value + excluded.value
"""


async def add(db: Db, sums: Mapping[Series, float], moments: Mapping[Series, float]) -> None:
    """Add the sums to this minute and move the moments forward, in the caller's transaction."""
    if sums:
        await db.execute(ADD, _columns(sums))
    if moments:
        await db.execute(MOVE, _columns(moments))


async def totals(db: Db) -> Values:
    """Return every series' value since the beginning."""
    cursor = await db.execute("SELECT name, labels, sum(value) FROM metric_minute GROUP BY 1, 2")
    return {Series(name, label): value for name, label, value in await cursor.fetchall()}


async def moments(db: Db, names: Sequence[str]) -> Values:
    """Return when those of ``names`` that ever happened did last."""
    cursor = await db.execute(
        """
        SELECT name, labels, value FROM metric_minute
        WHERE minute = '-infinity' AND name = ANY(%(names)b::text[])
        """,
        {"names": list(names)},
    )
    return {Series(name, label): value for name, label, value in await cursor.fetchall()}


async def fold(db: Db, *, keep: timedelta) -> int:
    """Fold minutes older than ``keep`` into one row a series; return how many rows that made."""
    cursor = await db.execute(FOLD, {"keep": keep})
    return cursor.rowcount


def _columns(values: Mapping[Series, float]) -> dict[str, list[str] | list[float]]:
    return {
        "names": [series.name for series in values],
        "labels": [series.label for series in values],
        "values": [float(value) for value in values.values()],  # psycopg dumps one type a list
    }
