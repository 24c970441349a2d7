"""``GET /api/admin/ebay/sync-logs``: each try of each change, as JSON, CSV or NDJSON."""

import csv
import io
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, fields
from enum import StrEnum
from typing import Annotated
from urllib.parse import urlencode

import msgspec
from anyio import to_thread
from fastapi import APIRouter, Query, Request, Response
from pydantic import AwareDatetime

from baysync.api import cursors
from baysync.api.deps import Db
from baysync.ebay.model import Verdict
from baysync.ebay_listing.model import Intent
from baysync.listing.sku import SkuParameter
from baysync.publish import attempt_store
from baysync.publish.attempt_store import Attempt, AttemptFilter

router = APIRouter(prefix="/api/admin/ebay", tags=["operating"])


class Format(StrEnum):
    """What an answer is written as."""

    JSON = "json"
    CSV = "csv"
    NDJSON = "ndjson"


MEDIA_TYPES = {
    Format.JSON: "application/json",
    Format.CSV: "text/csv",
    Format.NDJSON: "application/x-ndjson",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class SyncLogs:
    """Some attempts, newest first; ``next_cursor`` leads to older ones."""

    items: list[Attempt]
    next_cursor: str | None


@router.get(
    "/sync-logs",
    response_model=SyncLogs,
    responses={200: {"content": {MEDIA_TYPES[Format.CSV]: {}, MEDIA_TYPES[Format.NDJSON]: {}}}},
)
async def sync_logs(  # noqa: PLR0913 -- each is one parameter of the address
    request: Request,
    db: Db,
    *,
    sku: SkuParameter | None = None,
    account: str | None = None,
    marketplace: str | None = None,
    intent: Intent | None = None,
    outcome: str | None = None,
    verdict: Verdict | None = None,
    since: AwareDatetime | None = None,
    until: AwareDatetime | None = None,
    limit: Annotated[int, Query(ge=1, le=1_000)] = 50,
    cursor: str = "",
    format: Format | None = None,  # noqa: A002 -- as the address says
) -> Response:
    """Return a page of the sync log, newest first; a ``Link`` header leads to older attempts.

    ``Accept`` or ``format`` asks for CSV or NDJSON; there the errors of a row are JSON.
    """
    chosen = AttemptFilter(
        sku=sku,
        account=account,
        marketplace=marketplace,
        intent=intent,
        outcome=outcome,
        verdict=verdict,
        since=since,
        until=until,
    )
    before = cursors.number("attempt", cursor)
    rows = await attempt_store.page(db, chosen, before=before, limit=limit + 1)
    items = rows[:limit]
    onward = cursors.cursor("attempt", str(items[-1].id)) if len(rows) > limit else None
    written = format or _accepted(request.headers.get("accept", ""))
    body = await to_thread.run_sync(WRITERS[written], SyncLogs(items=items, next_cursor=onward))
    asked = [pair for pair in request.query_params.multi_items() if pair[0] != "cursor"]
    link = {"Link": f'<{request.url.path}?{urlencode([*asked, ("cursor", onward)])}>; rel="next"'}
    return Response(body, 200, link if onward else None, MEDIA_TYPES[written])


def _accepted(header: str) -> Format:
    """Return the first format that an Accept header names; JSON where it names none."""
    named = (part.partition(";")[0].strip().lower() for part in header.split(","))
    formats = {kind: written for written, kind in MEDIA_TYPES.items()}
    return next((formats[kind] for kind in named if kind in formats), Format.JSON)


def _csv(page: SyncLogs) -> bytes:
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, [field.name for field in fields(Attempt)])
    writer.writeheader()
    writer.writerows(_cells(row) for row in page.items)
    return text.getvalue().encode()


def _cells(row: Attempt) -> Mapping[str, object]:
    return asdict(row) | {
        "at": row.at.isoformat(),
        "errors": msgspec.json.encode(row.errors).decode(),
        "steps": " ".join(map(str, row.steps)),
    }


def _ndjson(page: SyncLogs) -> bytes:
    return b"".join(msgspec.json.encode(row) + b"\n" for row in page.items)


WRITERS: Mapping[Format, Callable[[SyncLogs], bytes]] = {
    Format.JSON: msgspec.json.encode,
    Format.CSV: _csv,
    Format.NDJSON: _ndjson,
}
