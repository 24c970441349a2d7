"""Count now and then, and read what was counted last; a small shop is counted for each look."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

import msgspec

from baysync.base import clock
from baysync.db.connection import Db
from baysync.insight import invariant_store
from baysync.insight.census import store
from baysync.insight.census.model import Census, CensusPart, Figures, Violation
from baysync.telemetry import metric_store, rollup
from baysync.telemetry.metric_store import Values
from baysync.telemetry.metrics import Series

Totals = list[tuple[Series, float]]
PATIENCE = timedelta(seconds=50)


@dataclass(frozen=True, slots=True)
class _Counting:
    """How a part is counted, and what as."""

    count: Callable[[Db], Awaitable[object]]
    kind: Any


async def _totals(db: Db) -> Totals:
    return list((await metric_store.totals(db)).items())


COUNTING: Mapping[CensusPart, _Counting] = {
    CensusPart.FIGURES: _Counting(store.figures, Figures),
    CensusPart.PROMISES: _Counting(invariant_store.broken, list[Violation]),
    CensusPart.TOTALS: _Counting(_totals, Totals),
}


async def read(db: Db) -> Census:
    """Return what there is and what is broken, as it was counted last."""
    found, broken = await figures(db), await _last(db, CensusPart.PROMISES)
    return replace(
        found,
        broken=tuple(broken.what or ()),
        as_of=min(found.as_of, broken.as_of) if found.as_of and broken.as_of else None,
        fresh=found.fresh and broken.fresh,
    )


async def figures(db: Db) -> Census:
    """Return what there is, as it was counted last; not what is broken."""
    last = await _last(db, CensusPart.FIGURES)
    return Census(figures=last.what or Figures(), as_of=last.as_of, fresh=last.fresh)


async def totals(db: Db) -> Values:
    """Return every counter and timer of all processes, as they were added up last."""
    await rollup.hand_over(db)
    return dict((await _last(db, CensusPart.TOTALS)).what or ())


async def take_due(db: Db, *, beyond: timedelta = timedelta()) -> None:
    """Count what is to be counted again and is older than ``beyond``, unless another does."""
    for part in CensusPart:
        if (await store.read(db, part)).is_due(beyond):
            await _take(db, part, beyond)


async def _take(db: Db, part: CensusPart, beyond: timedelta) -> None:
    began, counting = clock.monotonic(), COUNTING[part]
    async with db.transaction():
        is_ours = await store.begin(db, part, patience=PATIENCE)
        if is_ours and (await store.read(db, part)).is_due(beyond):
            body = msgspec.json.encode(await counting.count(db))
            took = timedelta(seconds=clock.monotonic() - began)
            await store.put(db, part, took=took, body=body)


@dataclass(frozen=True, slots=True)
class _Last:
    """A part as it was counted last; None: never."""

    what: Any
    as_of: datetime | None
    fresh: bool


async def _last(db: Db, part: CensusPart) -> _Last:
    stored, counting = await store.read(db, part), COUNTING[part]
    if stored.is_small:
        return _Last(await counting.count(db), stored.now, fresh=True)
    what = None if stored.body is None else msgspec.json.decode(stored.body, type=counting.kind)
    return _Last(what, stored.taken_at, fresh=False)
