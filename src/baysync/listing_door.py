"""The listing door of our own entrances: rows stored and queued, in transactions of our own.

A row that was accepted before, of a listing that has not changed since, is known by its digest: it
is not read, checked or written again.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from anyio import to_thread
from psycopg.errors import UniqueViolation

from baysync.change.service import detect, detect_all, detect_some
from baysync.db.connection import Db
from baysync.listing import accepted, accepted_store, batching, lines, service
from baysync.listing.accepted import Known
from baysync.listing.draft import Draft, LineResult, Outcome
from baysync.listing.origin import Origin
from baysync.listing.placing import named
from baysync.ownership import kind_change
from baysync.queue.model import Debounce
from baysync.telemetry import metrics

BATCH = batching.BATCH
TRIES = 2  # merges outside a lock, after the first was overtaken


@dataclass(frozen=True, slots=True)
class Row:
    """A row at ``line``, read or raw, with its digest; None: it is never known.

    A row that is neither is a line too long to be read.
    """

    line: int
    digest: bytes | None = None
    draft: Draft | None = None
    raw: bytes | None = None

    def read(self) -> Draft:
        """Return the row as a draft that keeps the digest."""
        if self.draft is not None:
            return replace(self.draft, digest=self.digest)
        if self.raw is None:
            return lines.too_long(self.line)
        return replace(lines.draft(self.raw, self.line), digest=self.digest)


async def accept(
    db: Db,
    drafts: Sequence[Draft],
    *,
    source: str,
    debounce: Debounce,
    origin: Origin | None = None,
) -> list[LineResult]:
    """Store drafts and queue what they change, 1,000 a transaction; return one result for each.

    The connection is in autocommit mode, outside a transaction. ``source`` names the entrance,
    ``origin`` who wrote and for which import; each accepted version is kept with it.
    """
    origin = origin or Origin(source)
    results: list[LineResult] = []
    for start in range(0, len(drafts), BATCH):
        batch = drafts[start : start + BATCH]
        rows = await to_thread.run_sync(lambda batch=batch: list(_of_drafts(batch, origin)))
        results += await _accepted(db, rows, origin, debounce)
    return results


async def accept_lines(
    db: Db, numbered: Sequence[tuple[int, bytes | None]], *, origin: Origin, debounce: Debounce
) -> list[LineResult]:
    """Do as ``accept`` with at most 1,000 lines of NDJSON; None is a line too long to be read."""
    rows = await to_thread.run_sync(lambda: list(_of_lines(numbered)))
    return await _accepted(db, rows, origin, debounce)


def _of_drafts(drafts: Sequence[Draft], origin: Origin) -> Iterator[Row]:
    for draft in drafts:
        yield Row(draft.line, accepted.of_draft(draft, origin), draft=draft)


def _of_lines(numbered: Sequence[tuple[int, bytes | None]]) -> Iterator[Row]:
    for number, raw in numbered:
        yield Row(number, accepted.of_line(raw) if raw is not None else None, raw=raw)


async def _accepted(
    db: Db, rows: Sequence[Row], origin: Origin, debounce: Debounce
) -> list[LineResult]:
    digests = [row.digest for row in rows if row.digest is not None]
    known = await accepted_store.read(db, digests) if digests else {}
    results, drafts = await to_thread.run_sync(_sorted_out, rows, known)
    if drafts:
        judged = await _judged(db, list(drafts.values()), origin, debounce)
        results |= dict(zip(drafts, judged, strict=True))
    for result in results.values():
        metrics.count("listing.accepted", label=result.outcome)
    return [results[index] for index in range(len(rows))]


def _sorted_out(
    rows: Sequence[Row], known: Mapping[bytes, Known]
) -> tuple[dict[int, LineResult], dict[int, Draft]]:
    """Return by index what is said of known rows, and the drafts of the others.

    A known row of a listing that another row of the batch speaks of is judged with it.
    """
    drafts = {index: row.read() for index, row in enumerate(rows) if row.digest not in known}
    spoken_of = {
        name for draft in drafts.values() for name in (*named(draft), draft.identity, draft.parent)
    }
    times = Counter(row.digest for row in rows)
    results: dict[int, LineResult] = {}
    for index, row in enumerate(rows):
        listing = known.get(row.digest or b"")
        if listing is None:
            continue
        if times[listing.digest] == 1 and spoken_of.isdisjoint(listing.names):
            results[index] = listing.result(row.line)
        else:
            drafts[index] = row.read()
    return results, dict(sorted(drafts.items()))


async def _judged(
    db: Db, drafts: Sequence[Draft], origin: Origin, debounce: Debounce
) -> list[LineResult]:
    """Judge, store and queue drafts, those that were overtaken once more and singly."""
    written = await _written(db, drafts, origin, debounce)
    results = list(written.results)
    for index in written.stale:
        results[index] = await _again(db, drafts[index], origin, debounce)
    return await kind_change.with_words(db, results)


async def _written(
    db: Db, batch: Sequence[Draft], origin: Origin, debounce: Debounce
) -> service.Written:
    """Judge a batch outside any transaction, then write what has not changed meanwhile."""
    known = await service.catalogue(db, batch, revive=origin.is_file)
    judged = await service.judge_all(batch, known)
    try:
        async with db.transaction():
            written = await service.write(db, judged, origin=origin)
            changed = service.changed(written.results)
            left = await detect_some(db, changed, debounce=debounce, fresh=written.fresh)
    except UniqueViolation:  # somebody made a product of the batch meanwhile, under another SKU
        return service.Written(
            results=[
                LineResult(line=one.line, sku=None, outcome=Outcome.REJECTED) for one in batch
            ],
            stale=tuple(range(len(batch))),
        )
    await detect_all(db, left, debounce=debounce)
    return written


async def _again(db: Db, draft: Draft, origin: Origin, debounce: Debounce) -> LineResult:
    """Judge and write one draft once more; in the end under the lock of what it is merged into."""
    for _ in range(TRIES):
        written = await _written(db, [draft], origin, debounce)
        if not written.stale:
            return written.results[0]
    async with db.transaction():
        (result,) = await service.save(db, [draft], source=origin.kind, origin=origin)
        if changed := service.changed([result]):
            await detect(db, changed, debounce=debounce)
    return result
