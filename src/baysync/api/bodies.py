"""Bodies of requests, read with a deadline, and before anything that others may want is taken.

The only place that reads one. Who is too slow is answered 408, and the connection is closed.
"""

import re
from collections.abc import AsyncIterator, Iterator, Mapping
from typing import TypeVar, cast

import anyio
import msgspec
from fastapi import HTTPException, Request
from fastapi.exceptions import RequestValidationError

from baysync.base import clock
from baysync.base.threads import work_on
from baysync.listing.decode import SURROGATE
from baysync.listing.lines import LONGEST_LINE
from baysync.listing.strict_json import parse

T = TypeVar("T")
TOO_LARGE = 413
TOO_SLOW = 408
SLOWEST = 10_000  # bytes a second


async def document(request: Request, *, seconds: float) -> object:
    """Return the JSON value of a request's body, which has ``seconds`` to arrive.

    Raises:
        HTTPException: 413, before anything is parsed, for more than 4 MiB; 408 for one too slow.
        Malformed: it is not JSON, or JSON with two meanings.
    """
    announced = request.headers.get("content-length", "")
    if announced.isdigit() and int(announced) > LONGEST_LINE:
        raise _too_large()
    try:
        with anyio.fail_after(seconds):
            raw = await _bounded(request.stream())
    except TimeoutError as error:
        raise _too_slow(f"The body did not arrive within {seconds:g} s.") from error
    return await work_on(raw, parse)


async def typed(request: Request, shape: type[T], *, seconds: float) -> T:
    """Return a request's body as ``shape``, a struct.

    Raises:
        HTTPException, Malformed: as ``document`` does.
        RequestValidationError: 422, with the pointer to what does not fit.
    """
    value = await document(request, seconds=seconds)
    if (half := next(_halves(value, ()), None)) is not None:
        words = "Text has half a character (a lone surrogate)"
        raise RequestValidationError([{"loc": half, "msg": words}])
    try:
        return msgspec.convert(value, shape)
    except msgspec.ValidationError as error:
        words, _, path = str(error).partition(" - at `$")
        loc = [part for part in re.split(r"[.\[\]`]+", path) if part]
        raise RequestValidationError([{"loc": loc, "msg": words}]) from error


def _halves(node: object, at: tuple[object, ...]) -> Iterator[tuple[object, ...]]:
    """Yield where text has half a character, which JSON can spell and nothing else can."""
    if isinstance(node, str) and not node.isascii() and SURROGATE.search(node):
        yield at
    elif isinstance(node, dict):
        for key, inner in cast("dict[str, object]", node).items():
            yield from _halves(inner, (*at, key))
    elif isinstance(node, list):
        for number, inner in enumerate(cast("list[object]", node)):
            yield from _halves(inner, (*at, number))


def described(shape: type) -> dict[str, object]:
    """Return what OpenAPI says of a request whose body is read as ``shape``."""
    schema = msgspec.json.schema(shape)
    name = schema.pop("$ref").rpartition("/")[2]
    inner = {key: _inlined(value, schema["$defs"]) for key, value in schema["$defs"][name].items()}
    return {"requestBody": {"required": True, "content": {"application/json": {"schema": inner}}}}


def _inlined(node: object, shapes: Mapping[str, object]) -> object:
    if isinstance(node, list):
        return [_inlined(part, shapes) for part in cast("list[object]", node)]
    if not isinstance(node, dict):
        return node
    fields = cast("dict[str, object]", node)
    if isinstance(ref := fields.get("$ref"), str):
        return _inlined(shapes[ref.rpartition("/")[2]], shapes)
    return {key: _inlined(value, shapes) for key, value in fields.items()}


async def stream(request: Request, *, seconds: float) -> AsyncIterator[bytes]:
    """Yield a body of any length as it arrives.

    Only the time counts that we wait for it: at most ``seconds`` for a byte, and after as long in
    all only while at least 10 kB a second have come.

    Raises:
        HTTPException: 408, the body is too slow.
    """
    chunks = aiter(request.stream())
    received, waited = 0, 0.0
    while True:
        patience = seconds + received / SLOWEST - waited
        started = clock.monotonic()
        try:
            with anyio.fail_after(min(seconds, patience)):
                chunk = await anext(chunks, None)
        except TimeoutError as error:
            raise _too_slow(
                f"The body is slower than {SLOWEST // 1000} kB a second, or silent for "
                f"{seconds:g} s. Whole batches that came before are stored."
            ) from error
        if chunk is None:
            return
        waited += clock.monotonic() - started
        received += len(chunk)
        yield chunk


async def _bounded(chunks: AsyncIterator[bytes]) -> bytes:
    read = bytearray()
    async for chunk in chunks:
        read += chunk
        if len(read) > LONGEST_LINE:
            raise _too_large()
    return bytes(read)


def _too_large() -> HTTPException:
    return HTTPException(TOO_LARGE, f"A body has at most {LONGEST_LINE:,} bytes.")


def _too_slow(detail: str) -> HTTPException:
    return HTTPException(TOO_SLOW, detail, headers={"Connection": "close"})
