"""``POST /api/listings/bulk``: any number of listings as NDJSON, one answer a line.

Lines are stored in batches as they arrive, each batch in a transaction of its own; sending the
same again is harmless. Answers wait in a temporary file until the last line is read: a client
that reads only after it has sent everything would otherwise block itself and us.
"""

import tempfile
from collections.abc import AsyncIterator, Iterator, Sequence
from typing import IO

from anyio import to_thread
from fastapi import APIRouter, Request
from fastapi.responses import StreamingResponse
from msgspec import Struct, json

from baysync.api.deps import Services, Shared
from baysync.api.listing_documents import ORIGIN, debounce
from baysync.intake import accept
from baysync.listing import lines
from baysync.listing.draft import Draft, LineResult
from baysync.listing.model import Problem
from baysync.listing.service import BATCH

router = APIRouter(prefix="/api/listings", tags=["listings"])
BATCH_BYTES = 8 << 20
IN_MEMORY = 1 << 20
CHUNK = 1 << 16
MEDIA_TYPE = "application/x-ndjson"

Numbered = tuple[int, bytes | None]


class Answer(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What became of one line; ``outcome`` ``send`` asks for the listing behind a hash.

    ``notes`` say what baysync decided by itself, and what the line means on eBay.
    """

    line: int
    sku: str | None
    outcome: str
    problems: tuple[Problem, ...] = ()
    stripped: int = 0
    notes: tuple[str, ...] = ()


@router.post("/bulk", response_class=StreamingResponse)
async def bulk(request: Request, shared: Shared) -> StreamingResponse:
    """Store the listings, patches and hashes of an NDJSON stream; answer each line with a line.

    A line is a listing, ``{"op": "patch", "sku": ...}`` with what changes, or ``{"sku": ...,
    "hash": ...}`` alone, answered ``unchanged`` or ``send``. Of two with one SKU the last wins.
    """
    answers = tempfile.SpooledTemporaryFile(IN_MEMORY)  # noqa: SIM115 - closed when it is sent
    async for batch in _batches(_lines(request.stream())):
        drafts = await to_thread.run_sync(_drafts, batch)
        results = await _accept(shared, drafts)
        answers.writelines(json.encode(_answer(result)) + b"\n" for result in results)
    shared.bell.ring()
    answers.seek(0)
    return StreamingResponse(_sent(answers), media_type=MEDIA_TYPE)


async def _accept(shared: Services, drafts: Sequence[Draft]) -> list[LineResult]:
    async with shared.pool.connection() as db:
        return await accept(
            db, drafts, source="api", debounce=debounce(shared.settings), origin=ORIGIN
        )


async def _lines(stream: AsyncIterator[bytes]) -> AsyncIterator[Numbered]:
    """Yield the lines that hold something, numbered; None for one that is too long to be read."""
    number, rest, skipping = 1, b"", False
    async for chunk in stream:
        *whole, rest = (rest + chunk).split(b"\n")
        for raw in whole:
            if not skipping and raw.strip():
                yield number, raw if len(raw) <= lines.LONGEST_LINE else None
            skipping = False
            number += 1
        if len(rest) > lines.LONGEST_LINE:
            if not skipping:
                yield number, None
            rest, skipping = b"", True
    if rest.strip() and not skipping:
        yield number, rest


async def _batches(numbered: AsyncIterator[Numbered]) -> AsyncIterator[list[Numbered]]:
    batch: list[Numbered] = []
    size = 0
    async for line in numbered:
        batch.append(line)
        size += len(line[1] or b"")
        if len(batch) == BATCH or size > BATCH_BYTES:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


def _drafts(batch: Sequence[Numbered]) -> list[Draft]:
    return [
        lines.too_long(number) if raw is None else lines.draft(raw, number) for number, raw in batch
    ]


def _answer(result: LineResult) -> Answer:
    return Answer(
        line=result.line,
        sku=result.sku,
        outcome=result.outcome.value,
        problems=result.problems,
        stripped=result.stripped,
        notes=result.notes,
    )


def _sent(answers: IO[bytes]) -> Iterator[bytes]:
    with answers:
        yield from iter(lambda: answers.read(CHUNK), b"")
