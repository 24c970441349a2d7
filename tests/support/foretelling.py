"""A dry run beside what is then sent: the calls of both, and what must stay as it was."""

import copy
import re
from collections.abc import Sequence
from datetime import timedelta
from typing import Any
from urllib.parse import unquote

import msgspec

from baysync.insight.dry_run import DryRun, Publishing, dry_run_of
from baysync.publish.rehearsal import PlannedCall
from support.live_shop import CALM, Document, Shop, body_of
from support.sellers_lamp import LAMP

US = Publishing(limits=CALM)
EXPIRED = 401
TABLES = """
    SELECT relname FROM pg_class
    WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace ORDER BY 1
"""


async def digests(shop: Shop) -> list[tuple[object, ...]]:
    """Return a digest of all rows of each table."""
    async with shop.runtime.db() as db:
        tables = [name for (name,) in await (await db.execute(TABLES)).fetchall()]
        each = (
            f"SELECT '{name}', md5(string_agg(t::text, ',' ORDER BY t::text)) FROM {name} t"  # noqa: S608 -- a table's name
            for name in tables
        )
        query = " UNION ALL ".join(each)
        return await (await db.execute(query.encode())).fetchall()


async def foretold(shop: Shop, sku: str = LAMP["sku"], how: Publishing = US) -> DryRun:
    """Return a dry run, which leaves database and eBay as they are."""
    stored, calls = await digests(shop), len(shop.mock.journal())
    async with shop.runtime.db() as db, db.transaction():
        found = await dry_run_of(db, sku, how)
    assert await digests(shop) == stored
    assert len(shop.mock.journal()) == calls
    return found


async def sent(shop: Shop) -> list[Document]:
    """Publish what is due; return the calls, without those that a new token repeated."""
    before = len(shop.calls())
    await shop.publish_due()
    return [call for call in shop.calls()[before:] if call["status"] != EXPIRED]


Sent = tuple[str, str, str, object]
Pointers = Sequence[Sequence[str]]


def planned(shop: Shop, calls: Sequence[PlannedCall], ignored: Pointers) -> list[Sent]:
    """Return operation, method, address and body of calls, with the ids that eBay gave."""
    ids = {offer["sku"]: id_ for id_, offer in shop.mock.offers().items()}

    def given(text: str) -> str:
        return re.sub("<offer of ([^>]+)>", lambda found: ids[found[1]], text)

    return [
        (
            str(call.operation),
            call.method,
            given(unquote(call.path)),
            without(msgspec.json.decode(given(msgspec.json.encode(call.body).decode())), leaves),
        )
        for call, leaves in zip(calls, ignored, strict=True)
    ]


def journalled(calls: Sequence[Document], ignored: Pointers) -> list[Sent]:
    return [
        (
            call["op"],
            call["method"],
            unquote(address(call)),
            without(body_of(call) if call["body"] else None, leaves),
        )
        for call, leaves in zip(calls, [*ignored, *[()] * len(calls)], strict=False)
    ]


def address(call: Document) -> str:
    return f"{call['path']}?{call['query']}" if call.get("query") else call["path"]


def without(body: object, pointers: Sequence[str]) -> object:
    """Return a body without some leaves."""
    left: Any = copy.deepcopy(body)
    for pointer in pointers:
        above, _, last = pointer.rpartition("/")
        del at(left, above)[last]
    return left


async def edit(shop: Shop, *documents: Document) -> None:
    await shop.pass_time(timedelta(minutes=20))
    await shop.put(*documents)


def at(body: Any, pointer: str) -> Any:  # noqa: ANN401 -- any JSON
    """Return what a body says at a JSON pointer."""
    for name in pointer.split("/")[1:]:
        body = body[int(name)] if name.isdecimal() else body[name]
    return body
