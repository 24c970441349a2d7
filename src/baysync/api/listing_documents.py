"""What the listing routes share: entity tags and problems."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass

import msgspec
from fastapi import Request, Response
from fastapi.responses import JSONResponse

from baysync.api.problems import problem
from baysync.base.errors import Conflict, NotFound
from baysync.base.segment import segment
from baysync.base.threads import work_on
from baysync.config.settings import Settings
from baysync.db.connection import Db
from baysync.listing import shown
from baysync.listing.body import document as document_of
from baysync.listing.catalogue import Catalogue, Entry
from baysync.listing.draft import LineResult, Outcome
from baysync.listing.entry_store import entries
from baysync.listing.judge import CHANGED_MEANWHILE
from baysync.listing.model import Problem
from baysync.listing.origin import HTTP, Origin
from baysync.listing.store import StoredBody
from baysync.queue.model import Debounce

ORIGIN = Origin("api", HTTP)


@dataclass(frozen=True, slots=True, kw_only=True)
class Saved:
    """What became of one listing.

    ``problems`` name what keeps it off eBay, and warnings; ``notes`` say what baysync decided by
    itself, and what the edit means on eBay beyond the fields that it names.
    """

    sku: str
    outcome: Outcome
    problems: tuple[Problem, ...]
    stripped: int
    notes: tuple[str, ...] = ()


def debounce(settings: Settings) -> Debounce:
    """Return how long a change waits for more edits."""
    return Debounce(window=settings.debounce_window, longest=settings.debounce_longest)


async def means(db: Db, sku: str) -> Entry | None:
    """Return the listing that a SKU means, its own or that of a variant; None if there is none.

    Raises:
        Conflict: it means several.
    """
    if not sku.isprintable():
        return None
    places = Catalogue(await entries(db, [sku], [], lock=False)).places(sku)
    own = [each for each in places if each.sku == sku]
    if len(places) > 1 and not own:
        words = " and ".join(each.sku for each in places)
        raise Conflict(
            f"The SKU {sku} is that of variants of {words}.", fix="name one of those listings."
        )
    return (own or places or [None])[0]


async def named(db: Db, sku: str) -> str:
    """Return the SKU of the listing that a SKU means.

    Raises:
        NotFound: there is none.
        Conflict: it means several.
    """
    entry = await means(db, sku)
    if entry is None:
        raise NotFound(
            f"There is no listing {sku}.", fix="GET /api/listings names those there are."
        )
    return entry.sku


async def refuse_variant(db: Db, sku: str) -> None:
    """Return if a SKU is not that of a variant.

    Raises:
        Conflict: it is; only its listing can be replaced or archived.
    """
    entry = await means(db, sku)
    if entry and entry.sku != sku:
        raise Conflict(
            f"{sku} is a variant of {entry.sku}, no listing of its own.",
            fix=f"to take it away, PATCH {location(entry.sku)} with "
            f'{{"variants": [{{"sku": "{sku}", "remove": true}}]}}.',
        )


def location(sku: str) -> str:
    """Return the address of a listing."""
    return f"/api/listings/{segment(sku)}"


def saved(result: LineResult) -> Response:
    """Answer a listing that is stored: what became of it, where it is, and its entity tag."""
    answer = Saved(
        sku=result.sku or "",
        outcome=result.outcome,
        problems=result.problems,
        stripped=result.stripped,
        notes=result.notes,
    )
    created = result.outcome is Outcome.CREATED
    headers = {"Location": location(answer.sku)} if created else {}
    if result.digest:
        headers["ETag"] = _tag(result.digest)
    body = msgspec.json.encode(answer)
    return Response(body, 201 if created else 200, headers, "application/json")


async def precondition_failed(request: Request, stored: StoredBody | None) -> JSONResponse:
    """Answer a change meant for another state: 412, with what is stored now."""
    fix = CHANGED_MEANWHILE.fix
    if stored is None:
        return problem(request, 412, "There is no such listing.", fix=fix, current=None)

    def answered(body: bytes) -> JSONResponse:
        current = shown.document(document_of(body))
        return problem(request, 412, "The listing is not as it was.", fix=fix, current=current)

    answer = await work_on(stored.body, answered)
    answer.headers["ETag"] = etag(stored)
    return answer


def refused(request: Request, result: LineResult) -> JSONResponse:
    """Answer a listing that is not stored: 404 and 409 for its SKU, 422 with every problem."""
    if any(found.rule == "ambiguous_sku" and found.pointer == "/sku" for found in result.problems):
        detail = f"The SKU {result.sku} is taken."
        return problem(request, 409, detail, code="conflict", errors=errors(result.problems))
    if any(found.rule == "unknown_sku" for found in result.problems):
        return problem(request, 404, f"There is no listing {result.sku}.", code="not_found")
    count = len(result.problems)
    detail = "One field does not fit." if count == 1 else f"{count} fields do not fit."
    return problem(request, 422, detail, code="refused", errors=errors(result.problems))


def errors(problems: Sequence[Problem]) -> list[dict[str, str]]:
    """Return problems as RFC 9457 extends them: a pointer, what is wrong, how to mend it."""
    return [
        {"detail": found.message, **{k: v for k, v in asdict(found).items() if k != "message"}}
        for found in problems
    ]


def etag(stored: StoredBody) -> str:
    """Return the entity tag of what is stored: it changes when, and only when, the body does."""
    return _tag(stored.body_hash)


def _tag(digest: bytes) -> str:
    return f'"{digest.hex()}"'


def digests(header: str | None, *, weak: bool = False) -> frozenset[str] | None:
    """Return the digests that an If-Match header names (RFC 9110 13.1.1); None without one.

    A weak tag names none, as a strong comparison wants it, unless ``weak``, for If-None-Match.
    """
    if header is None:
        return None
    tags = {tag.strip().removeprefix("W/" if weak else "") for tag in header.split(",")}
    strong = {tag[1:-1] for tag in tags if len(tag) > 1 and tag[0] == tag[-1] == '"'}
    return frozenset(strong | (tags & {"*"}))


def matches(header: str, stored: StoredBody) -> bool:
    """Tell whether an If-None-Match header names what is stored (RFC 9110 13.1.2)."""
    return not (digests(header, weak=True) or frozenset[str]()).isdisjoint(
        {"*", stored.body_hash.hex()}
    )


def is_unmet(result: LineResult) -> bool:
    """Tell whether a change was meant for another state than the one that is stored."""
    return any(found.rule in {CHANGED_MEANWHILE.rule, "unknown_sku"} for found in result.problems)
