"""Take in listings that are new, and the same again, beside a program that does the same duties.

Run it with ``./run python bench/intake.py [--listings 1000] [--rounds 5]``. In each round three
take in the same lines of NDJSON:

- baysync, as the bulk route does: ``listing_door.accept_lines`` in batches of 1,000;
- the peer, as a careful shop would write it: Pydantic checks, nh3 cleans, a projection for each
  marketplace is hashed, SQLAlchemy stores 1,000 a commit with a row in an outbox;
- the limit: the bytes by COPY, unread.

Figures are CPU of this process and of PostgreSQL a listing; ratios are of one round each, given
as median and range. The goals are unchanged rows 10 times as cheap as the peer's, new ones 1.2
times. The last line is JSON.
"""

import argparse
import asyncio
import hashlib
import json
import os
import sys
import tempfile
from collections.abc import Callable, Sequence
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any, Literal

import nh3
import psycopg
import sqlalchemy as sa
from psycopg import AsyncConnection
from pydantic import BaseModel, ConfigDict, Field, HttpUrl, StringConstraints
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column

sys.path[0] = str(Path(__file__).resolve().parents[1] / "tests")  # and not this folder

from baysync.db import migrate
from baysync.db.embedded.cluster import EmbeddedPostgres
from baysync.listing.draft import Outcome
from baysync.listing.origin import Origin
from baysync.listing_door import accept_lines
from baysync.queue.model import Debounce
from support.bench_listings import cpu, listings, prepared, spread

BATCH = 1_000
SOON = Debounce(window=timedelta(), longest=timedelta())
GOALS = {"unchanged": 10.0, "new": 1.2}
TICKS = os.sysconf("SC_CLK_TCK")
Lines = Sequence[bytes]


Aspect = Annotated[str, StringConstraints(min_length=1, max_length=65, strip_whitespace=True)]


class Weight(BaseModel):
    """A weight as the peer reads it."""

    unit: Literal["GRAM", "KILOGRAM", "OUNCE", "POUND"]
    value: Annotated[Decimal, Field(ge=0)]


class Listing(BaseModel):
    """A listing as the peer reads it, within eBay's limits."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)

    sku: Annotated[str, StringConstraints(min_length=1, max_length=50)]
    title: Annotated[str, StringConstraints(min_length=1, max_length=80)]
    description: Annotated[str, StringConstraints(min_length=1, max_length=500_000)]
    price: Annotated[Decimal, Field(gt=0, decimal_places=2)]
    currency: Annotated[str, StringConstraints(pattern="^[A-Z]{3}$")]
    quantity: Annotated[int, Field(ge=0)]
    images: Annotated[list[HttpUrl], Field(min_length=1, max_length=24)]
    brand: Annotated[str, StringConstraints(max_length=65)]
    mpn: Annotated[str, StringConstraints(max_length=65)]
    condition: Literal["NEW", "LIKE_NEW", "USED_GOOD", "USED_ACCEPTABLE"]
    category: Annotated[str, StringConstraints(pattern="^[0-9]+$")]
    aspects: dict[Aspect, Annotated[list[Aspect], Field(max_length=30)]]
    weight: Weight


class Base(DeclarativeBase):
    """The peer's tables."""


class Stored(Base):
    """A listing of the peer's."""

    __tablename__ = "peer_listing"
    sku: Mapped[str] = mapped_column(primary_key=True)
    hash: Mapped[bytes]
    body: Mapped[bytes]
    projection: Mapped[bytes]


class Outbox(Base):
    """What the peer has to publish."""

    __tablename__ = "peer_outbox"
    id: Mapped[int] = mapped_column(sa.BigInteger, sa.Identity(always=True), primary_key=True)
    sku: Mapped[str]
    hash: Mapped[bytes]


def peer(engine: sa.Engine, lines: Lines) -> None:
    """Take in lines as a careful shop's own program does."""
    for start in range(0, len(lines), BATCH):
        with Session(engine) as session:
            read = [Listing.model_validate_json(raw) for raw in lines[start : start + BATCH]]
            known = {
                row.sku: row
                for row in session.scalars(
                    sa.select(Stored).where(Stored.sku.in_([one.sku for one in read]))
                )
            }
            for listing in read:
                _keep(session, listing, known.get(listing.sku))
            session.commit()


def _keep(session: Session, listing: Listing, stored: Stored | None) -> None:
    listing.description = nh3.clean(listing.description)
    body = listing.model_dump_json().encode()
    projection = json.dumps(
        {
            "content": listing.model_dump(mode="json", exclude={"price", "quantity", "sku"}),
            "offer": {"price": str(listing.price), "currency": listing.currency},
            "quantity": listing.quantity,
        },
        sort_keys=True,
    ).encode()
    digest = hashlib.sha256(projection).digest()
    if stored is None:
        session.add(Stored(sku=listing.sku, hash=digest, body=body, projection=projection))
    elif stored.hash != digest:
        stored.hash, stored.body, stored.projection = digest, body, projection
    else:
        return
    session.add(Outbox(sku=listing.sku, hash=digest))


def limit(url: str, lines: Lines) -> None:
    """Store the bytes of lines, unread."""
    with psycopg.connect(url, autocommit=True) as db:
        db.execute("CREATE TEMPORARY TABLE raw (body bytea)")
        with db.cursor() as cursor, cursor.copy("COPY raw FROM STDIN (FORMAT binary)") as copy:
            copy.set_types(["bytea"])
            for raw in lines:
                copy.write_row((raw,))


async def ours(url: str, lines: Lines, outcome: Outcome) -> None:
    """Take in lines as the bulk route does."""
    async with await AsyncConnection.connect(url, autocommit=True) as db:
        for start in range(0, len(lines), BATCH):
            batch = list(enumerate(lines[start : start + BATCH], start=1))
            results = await accept_lines(db, batch, origin=Origin("api"), debounce=SOON)
            if {result.outcome for result in results} != {outcome}:
                raise SystemExit(f"not every line is {outcome}")


async def queued(url: str) -> int:
    """Return how many listings wait to be published."""
    async with await AsyncConnection.connect(url, autocommit=True) as db:
        cursor = await db.execute("SELECT count(*) FROM ebay_change_queue WHERE status = 'pending'")
        return int((await cursor.fetchall())[0][0])


def server_cpu(home: Path) -> float:
    """Return the seconds of CPU of PostgreSQL's processes, those that ended too."""
    master = int((home / "data" / "postmaster.pid").read_text().split()[0])
    total = 0
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            fields = (folder / "stat").read_text().rsplit(")", 1)[1].split()
        except OSError:
            continue
        if int(folder.name) == master:
            total += sum(int(fields[at]) for at in (11, 12, 13, 14))
        elif int(fields[1]) == master:
            total += int(fields[11]) + int(fields[12])
    return total / TICKS


def cost(home: Path, work: Callable[[], object]) -> float:
    """Return the seconds of CPU, the server's included, that ``work`` takes."""
    before = cpu() + server_cpu(home)
    work()
    return cpu() + server_cpu(home) - before


def one_round(server: EmbeddedPostgres, home: Path, lines: Lines, number: int) -> dict[str, Any]:
    """Return the seconds that each of the three took, new and unchanged."""
    url, other = server.create(f"ours_{number}"), server.create(f"peer_{number}")
    migrate.upgrade(url)
    asyncio.run(prepared(url))
    engine = sa.create_engine(other.replace("postgresql://", "postgresql+psycopg://"))
    Base.metadata.create_all(engine)
    result = {
        "limit": cost(home, lambda: limit(other, lines)),
        "new": (
            cost(home, lambda: asyncio.run(ours(url, lines, Outcome.CREATED))),
            cost(home, lambda: peer(engine, lines)),
        ),
        "unchanged": (
            cost(home, lambda: asyncio.run(ours(url, lines, Outcome.UNCHANGED))),
            cost(home, lambda: peer(engine, lines)),
        ),
    }
    engine.dispose()
    if asyncio.run(queued(url)) != len(lines):
        raise SystemExit("not every listing is queued")
    return result


def main() -> None:
    """Measure and report."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--listings", type=int, default=1_000)
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    lines = [json.dumps(one).encode() for one in listings(options.listings)]
    with tempfile.TemporaryDirectory(prefix="baysync-bench-") as folder:
        home = Path(folder)
        home.chmod(0o755)  # as root, the user who runs PostgreSQL must pass through
        with EmbeddedPostgres(home / "pg", durable=False) as server:
            rounds = [
                one_round(server, home / "pg", lines, number) for number in range(options.rounds)
            ]
    report: dict[str, Any] = {"listings": options.listings, "rounds": options.rounds}
    for kind, goal in GOALS.items():
        ratios = [theirs / mine for mine, theirs in (one[kind] for one in rounds)]
        micro = [one[kind][0] / len(lines) * 1e6 for one in rounds]
        report[kind] = {
            "times_the_peer": spread(ratios),
            "goal": goal,
            "us_a_listing": spread(micro),
            "times_the_limit": spread([one[kind][0] / one["limit"] for one in rounds]),
        }
    print(json.dumps(report))


if __name__ == "__main__":
    main()
