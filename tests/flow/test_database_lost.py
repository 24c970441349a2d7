"""The database is lost between a claim and its first call: nothing waits for a lease."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import cast

import pytest
from psycopg import OperationalError
from psycopg.errors import DuplicatePreparedStatement

from baysync.db.connection import Db
from baysync.db.pool import Pool
from baysync.publish.sending.claim_door import Session
from baysync.telemetry import turns
from support.live_shop import Shop, document


class Losing:
    """A pool whose first connection is lost once its work was committed."""

    def __init__(self, inner: Pool) -> None:
        self.inner, self.lost = inner, False

    @asynccontextmanager
    async def connection(self) -> AsyncGenerator[Db]:
        async with self.inner.connection() as db:
            yield db
        if not self.lost:
            self.lost = True
            raise OperationalError("the server closed the connection unexpectedly")


async def test_a_claim_whose_commit_was_never_confirmed_goes_back_unspent(shop: Shop) -> None:
    await shop.put(document())
    shop.publisher.pool = cast("Pool", Losing(shop.publisher.pool))
    await shop.publisher.publish_once()
    await goes_on(shop)


@pytest.mark.parametrize("edit", [False, True])
async def test_what_was_claimed_when_the_database_was_lost_goes_back_unspent(
    shop: Shop, *, edit: bool
) -> None:
    await shop.put(document())
    healthy, lost = shop.publisher.session, list[bool]()

    async def session(account_id: int) -> Session:
        if not lost:
            lost.append(True)
            if edit:
                await shop.put(document(title="A lamp edited meanwhile"))
            raise OperationalError("the server closed the connection unexpectedly")
        return await healthy(account_id)

    shop.publisher.session = session
    await shop.publisher.publish_once()
    await goes_on(shop)
    title = shop.mock.items()["LAMP-1"]["product"]["title"]
    assert title == ("A lamp edited meanwhile" if edit else "Lamp LAMP-1")


async def test_a_claim_that_breaks_ends_no_worker(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(turns, "BROKEN_SECONDS", 0.01)
    await shop.put(document())
    healthy, broken = shop.publisher.pool, list[bool]()

    class Breaking:
        @asynccontextmanager
        async def connection(self) -> AsyncGenerator[Db]:
            if not broken:
                broken.append(True)
                raise DuplicatePreparedStatement("as behind a pooler")
            async with healthy.connection() as db:
                yield db

    shop.publisher.pool = cast("Pool", Breaking())
    shop.publisher.done = lambda _works, _decisions: shop.publisher.stopping.set()
    await shop.publisher.run()
    assert (await shop.row("LAMP-1"))["in_step"]


async def goes_on(shop: Shop) -> None:
    """See that the change waits as if never claimed, and is published with no time passing."""
    async with shop.runtime.db() as db:
        cursor = await db.execute("SELECT status, attempts, crashes FROM ebay_change_queue")
        assert await cursor.fetchall() == [("pending", 0, 0)]
    assert (await shop.row("LAMP-1"))["verify_at"] is None, "nothing was sent"
    await shop.publish_due()
    assert set(shop.live()) == {"LAMP-1"}
