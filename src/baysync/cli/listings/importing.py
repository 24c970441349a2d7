"""``baysync listings import``: a file of listings, batch by batch, every row accounted for."""

import os
import shutil
import sys
import tempfile
from collections.abc import Awaitable, Callable, Generator, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path
from typing import BinaryIO, TypeAlias, cast

from baysync.base.errors import NotFound, Refused
from baysync.base.wording import counted
from baysync.cli.listings.currency import unsaid, with_currency
from baysync.cli.listings.decimal_sign import with_decimal
from baysync.cli.listings.forecast import Foresight
from baysync.cli.listings.import_guard import Taking, as_asked, guard, kept
from baysync.cli.listings.tally import Tally
from baysync.cli.terminal.output import note, print_json
from baysync.cli.terminal.person import actor
from baysync.cli.terminal.progress import progress
from baysync.db.connection import Db
from baysync.files import reading as files
from baysync.files.reading import FileFormat, Reading, Wishes
from baysync.jobs.publishing import debounce
from baysync.listing import batching, missing_store, service
from baysync.listing.draft import Draft, LineResult, Op
from baysync.listing.imports import store as imports
from baysync.listing.model import ListingStatus
from baysync.listing.origin import Origin
from baysync.listing_door import accept
from baysync.ownership import kind_change
from baysync.runtime import Runtime

MOST_MISSING = 0.05
WHOLE_PRODUCTS = frozenset({FileFormat.SHOPIFY, FileFormat.WOOCOMMERCE})
Save: TypeAlias = Callable[[Sequence[Draft], str], Awaitable[list[LineResult]]]


class MissingRows(StrEnum):
    """What becomes of listings that the file does not name."""

    IGNORE = "ignore"
    END = "end"
    ARCHIVE = "archive"


_JUDGED = {
    MissingRows.END: frozenset({ListingStatus.ACTIVE}),
    MissingRows.ARCHIVE: frozenset(
        {ListingStatus.ACTIVE, ListingStatus.DRAFT, ListingStatus.ENDED}
    ),
}
_BECOMES = {MissingRows.END: ListingStatus.ENDED, MissingRows.ARCHIVE: ListingStatus.ARCHIVED}


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportJob:
    """What the user asked for; ``wishes`` are about reading the file.

    ``currency`` is that of prices that name none, empty where nobody said. ``taking`` is what the
    file may take away.
    """

    path: str
    wishes: Wishes
    currency: str
    rejects: Path | None
    dry_run: bool
    missing: MissingRows
    taking: Taking
    yes: bool
    as_json: bool


async def import_file(runtime: Runtime, job: ImportJob) -> tuple[Tally, Foresight]:
    """Store the listings of a file; what is refused goes to the file of rejects.

    Returns the counts and the forecast of what becomes of the listings on each marketplace.

    Raises:
        NotFound: there is no such file.
        ListingFileError: it cannot be read as rows; batches before the bad row are stored.
        Refused: it leaves out more listings than may be ended without ``--yes``, or would empty
            fields or take away variants; nobody trades in the ``currency``.
    """
    async with runtime.db() as db:
        job = replace(job, wishes=await with_decimal(db, job.wishes))
    with opened(job.path) as (stream, size):
        reading, drafts = _read(stream, job)
        layout = reading.layout
        for words in (job.taking.words(reading), *reading.notices):
            note(words)
        keeps = None if job.dry_run else _rejects(job, layout)
        tally = Tally(header=reading.header, rejects=keeps, as_json=job.as_json)
        async with runtime.db() as db:
            takes = job.taking.empties or layout in WHOLE_PRODUCTS
            await guard(db, _read(stream, job)[1], job.taking, takes=takes)
            stream.seek(0)
            foresight = Foresight(rehearsed=job.dry_run)
            save = await _saving(runtime, db, job, tally, foresight, kind=layout)
            with progress("importing", size, shown=not job.as_json) as advance:
                for batch in batching.batches(drafts):
                    results = await save(batch, layout)
                    tally.add(batch, results)
                    tally.kept += await kept(db, results)
                    advance(stream.tell(), counted(tally.outcomes.total(), "listing"))
            tally.currencies = await unsaid(db) if tally.no_currency else []
            if tally.import_id:
                await imports.finish(db, tally.import_id, tally.counts())
            if job.missing is not MissingRows.IGNORE:
                await _retire(db, job, tally, save)
            await foresight.end(db)
            if not job.dry_run:
                await runtime.bell.tell(db)  # publishers need not wait for their poll
    return tally, foresight


async def _saving(
    runtime: Runtime, db: Db, job: ImportJob, tally: Tally, foresight: Foresight, *, kind: str
) -> Save:
    """Begin the import, unless it is a dry run; return how batches are stored."""
    if job.dry_run:
        return _rehearsal(db, foresight)
    name = Path(job.path).name
    tally.import_id = await imports.begin(db, kind=kind, name=name, actor=actor())
    return _door(runtime, db, foresight, tally.import_id)


def _read(stream: BinaryIO, job: ImportJob) -> tuple[Reading, Iterator[Draft]]:
    """Begin to read the file; return what it is, and its drafts as the person wants them taken."""
    reading = files.read(stream, job.wishes, job.path)
    drafts = with_currency(reading.drafts, job.currency) if job.currency else reading.drafts
    return reading, as_asked(drafts, job.taking)


@contextmanager
def opened(path: str) -> Generator[tuple[BinaryIO, int]]:
    """Yield a file, or standard input for ``-``, as a seekable stream, and its size in bytes."""
    if path == "-":
        with tempfile.TemporaryFile() as copy:
            shutil.copyfileobj(sys.stdin.buffer, copy)
            size = copy.tell()
            copy.seek(0)
            yield cast("BinaryIO", copy), size
        return
    try:
        with Path(path).open("rb") as stream:
            yield stream, Path(path).stat().st_size
    except OSError as error:
        raise NotFound(
            f"Cannot read {path}: {error.strerror}.", fix="check the name of the file."
        ) from error


def _rejects(job: ImportJob, layout: FileFormat) -> Path:
    """Return where rejects go unless the user says: in this folder, named for the file.

    What is there already stays, be it rejects that are being corrected: the name gets a number.
    """
    end = ".jsonl" if layout is FileFormat.JSONL else ".csv"
    stem = "standard-input" if job.path == "-" else Path(job.path).stem
    rejects = job.rejects or Path(f"{stem}.rejected{end}")
    if rejects.resolve() == Path(job.path).resolve():
        raise Refused(f"{rejects} is the file itself.", fix="give another name to --rejects.")
    if job.rejects and os.path.lexists(job.rejects):
        raise Refused(f"{rejects} exists already.", fix="give another name to --rejects.")
    names = (rejects, *(Path(f"{stem}.rejected-{number}{end}") for number in range(2, 1000)))
    return next((name for name in names if not os.path.lexists(name)), rejects)


def _door(runtime: Runtime, db: Db, foresight: Foresight, import_id: int) -> Save:
    """Return how batches are stored for an import, their changes queued, and what was decided."""
    person = actor()

    async def save(batch: Sequence[Draft], source: str) -> list[LineResult]:
        wait = debounce(runtime.settings)
        origin = Origin(source, person, import_id)
        results = await accept(db, batch, source=source, debounce=wait, origin=origin)
        await foresight.read(db, results)
        return results

    return save


def _rehearsal(db: Db, foresight: Foresight) -> Save:
    """Return how batches are stored only to see what would become of them."""

    async def save(batch: Sequence[Draft], source: str) -> list[LineResult]:
        async with db.transaction(force_rollback=True):
            results = await service.save(db, batch, source=source)
            results = await kind_change.with_words(db, results)
            await foresight.rehearse(db, results)
            return results

    return save


async def _retire(db: Db, job: ImportJob, tally: Tally, save: Save) -> None:
    """End or archive what the file does not name, unless that looks like a mistake."""
    missing, total = await missing_store.unnamed(db, tally.named, statuses=_JUDGED[job.missing])
    verb = "is" if len(missing) == 1 else "are"
    words = f"{len(missing):,} of {counted(total, 'listing')} {verb} not in the file"
    if not job.yes and not job.dry_run:
        _guard(len(missing), total, tally, words)
    status = _BECOMES[job.missing]
    note(f"{words} and {'would be' if job.dry_run else f'{verb} now'} {status.value}.")
    for batch in batching.batches(_retired(sku, status) for sku in missing):
        await save(batch, f"missing:{job.missing.value}")
    if job.as_json:
        print_json({"missing": len(missing), "of": total})


def _guard(missing: int, total: int, tally: Tally, words: str) -> None:
    if missing > MOST_MISSING * total:
        raise Refused(
            f"{words} ({missing / total:.0%}); nothing is ended, the rows are stored.",
            fix="check that the file is whole, then add --yes.",
        )
    if missing and tally.nameless:
        raise Refused(
            f"{words}, but {_nameless(tally.nameless)}; nothing is ended.",
            fix="correct the rejected rows, or add --yes.",
        )


def _nameless(rows: int) -> str:
    return counted(
        rows,
        "rejected row has no readable SKU and may be that",
        "rejected rows have no readable SKU and may be those",
    )


def _retired(sku: str, status: ListingStatus) -> Draft:
    return Draft(line=0, document={"sku": sku, "status": status.value}, op=Op.PATCH)
