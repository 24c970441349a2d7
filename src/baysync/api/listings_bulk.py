"""``POST /api/listings/bulk``: very many listings as NDJSON, one answer a line.

Lines are stored in batches as they arrive, each batch in a transaction of its own; sending the
same again is harmless. Answers wait in a temporary file until the last line is read: a client
that reads only after it has sent everything would otherwise block itself and us.
"""

import tempfile
from collections.abc import AsyncIterator, Iterator, Sequence
from typing import IO

from anyio import WouldBlock
from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import StreamingResponse
from msgspec import Struct, json

from baysync.api import bodies
from baysync.api.deps import Services, Shared
from baysync.api.listing_documents import ORIGIN, debounce
from baysync.api.openapi import body
from baysync.db.trouble import RETRY_AFTER
from baysync.listing import lines
from baysync.listing.batching import BATCH
from baysync.listing.draft import LineResult, Outcome
from baysync.listing.model import Problem
from baysync.listing_door import accept_lines

router = APIRouter(prefix="/api/listings", tags=["listings"])
BATCH_BYTES = 8 << 20
IN_MEMORY = 1 << 20
CHUNK = 1 << 16
MOST_LINES = 1_000_000
MOST_ANSWERED = 64 << 20  # bytes
MEDIA_TYPE = "application/x-ndjson"

Numbered = tuple[int, bytes | None]


class LineAnswer(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What became of one line; ``outcome`` ``send`` asks for the listing behind a hash.

    ``notes`` say what baysync decided by itself, and what the line means on eBay.
    """

    line: int
    sku: str | None
    outcome: str
    problems: tuple[Problem, ...] = ()
    stripped: int = 0
    notes: tuple[str, ...] = ()


@router.post(
    "/bulk",
    response_class=StreamingResponse,
    responses={200: {"content": {MEDIA_TYPE: {"schema": {"type": "string"}}}}},
    openapi_extra=body("Line", media_type=MEDIA_TYPE),
)
async def bulk(request: Request, shared: Shared) -> StreamingResponse:
    """Store the listings, patches and hashes of an NDJSON stream; answer each line with a line.

    A line is a listing, ``{"op": "patch", "sku": ...}`` with what changes, or ``{"sku": ...,
    "hash": ...}`` alone, answered ``unchanged`` or ``send``. Of two with one SKU the last wins.
    """
    try:
        shared.bulk.acquire_nowait()
    except WouldBlock as full:
        raise HTTPException(
            503, "Too many bulk requests at once.", headers={"Retry-After": RETRY_AFTER}
        ) from full
    answers = tempfile.SpooledTemporaryFile(IN_MEMORY)  # noqa: SIM115 - closed when it is sent
    try:
        stream = bodies.stream(request, seconds=shared.body_seconds)
        await _answer_all(shared, stream, answers)
    except BaseException:
        answers.close()
        raise
    finally:
        shared.bulk.release()
        shared.bell.ring()  # whatever comes after it, a batch is stored
    answers.seek(0)
    return StreamingResponse(_sent(answers), media_type=MEDIA_TYPE)


async def _answer_all(shared: Services, stream: AsyncIterator[bytes], answers: IO[bytes]) -> None:
    """Store what comes, batch by batch; write the answers, up to as many as may be asked for."""
    async for batch in _batches(read_lines(stream)):
        if batch[-1][0] > MOST_LINES or answers.tell() > MOST_ANSWERED:
            answers.write(json.encode(_answer(_unread(batch[0][0]))) + b"\n")
            return
        results = await _accept(shared, batch)
        answers.writelines(json.encode(_answer(result)) + b"\n" for result in results)


async def _accept(shared: Services, batch: Sequence[Numbered]) -> list[LineResult]:
    async with shared.heavy, shared.pool.connection() as db:
        wait = debounce(shared.settings)
        return await accept_lines(db, batch, origin=ORIGIN, debounce=wait)


async def read_lines(stream: AsyncIterator[bytes]) -> AsyncIterator[Numbered]:
    """Yield the lines that hold something, numbered; None for one that is too long to be read.

    Each byte is looked at once, however few of them a chunk brings.
    """
    number, line = 1, bytearray()
    async for chunk in stream:
        *ended, last = chunk.split(b"\n")
        for part in ended:
            _add(line, part)
            if line.strip():
                yield number, _whole(line)
            number += 1
            line = bytearray()
        _add(line, last)
    if line.strip():
        yield number, _whole(line)


def _add(line: bytearray, part: bytes) -> None:
    """Add to a line, of one that is too long no more than shows that it is."""
    line += part[: lines.LONGEST_LINE + 1 - len(line)]


def _whole(line: bytearray) -> bytes | None:
    return bytes(line) if len(line) <= lines.LONGEST_LINE else None


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


def _unread(line: int) -> LineResult:
    """Return the answer to the first line of those that a request may not have any more."""
    problem = Problem(
        pointer="",
        rule="too_many_lines",
        message=f"is not read, nor what follows: a request has at most {MOST_LINES:,} lines, and "
        f"{MOST_ANSWERED >> 20} MiB of answers",
        fix="send this line and all that follow in another request",
    )
    return LineResult(line=line, sku=None, outcome=Outcome.REJECTED, problems=(problem,))


def _answer(result: LineResult) -> LineAnswer:
    return LineAnswer(
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
