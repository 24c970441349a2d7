"""``baysync snapshots``."""

from pathlib import Path

import anyio
import msgspec
import pytest
from msgspec.structs import replace
from psycopg import AsyncConnection
from typer.testing import CliRunner

from baysync.cli.main import app
from baysync.ebay_listing.document import document
from baysync.ebay_listing.model import Enrolment
from baysync.ebay_listing.service import enrol
from baysync.projection.model import Axis, Content, Group, Projection, Variant
from baysync.snapshot import service
from baysync.snapshot.model import NewSnapshot, SourceEvent
from support.engine import account, ebay_listings_of
from support.projections import LAMP

cli = CliRunner()
HISTORY = (LAMP, replace(LAMP, quantity=3), replace(LAMP, quantity=3))


@pytest.fixture
def lamp(
    database: str, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> str:
    """A SKU with three snapshots, the last two equal."""
    monkeypatch.setenv("DATABASE_URL", database)
    monkeypatch.setenv("BAYSYNC_HOME", str(tmp_path_factory.mktemp("home")))
    return anyio.run(arrange, database, HISTORY)


async def arrange(database: str, history: tuple[Projection, ...]) -> str:
    async with await AsyncConnection.connect(database, autocommit=True) as db:
        (lamp,) = await ebay_listings_of(db, await account(db))
        for state in history:
            new = NewSnapshot(
                ebay_listing_id=lamp,
                document=document(state),
                source_event=SourceEvent.PUBLISH_SUCCESS,
            )
            await service.record(db, [new], correlation_id="c")
        cursor = await db.execute("SELECT sku FROM listing")
        return (await cursor.fetchall())[0][0]


async def sell_in_france_too(database: str) -> None:
    async with await AsyncConnection.connect(database, autocommit=True) as db:
        cursor = await db.execute("SELECT listing_id, account_id FROM ebay_listing")
        listing_id, account_id = (await cursor.fetchall())[0]
        sold = Enrolment(listing_id=listing_id, account_id=account_id, marketplace="EBAY_FR")
        await enrol(db, [sold])


def test_snapshots_are_listed_newest_first(lamp: str) -> None:
    done = cli.invoke(app, ["snapshots", "list", lamp])
    assert done.exit_code == 0, done.output
    lines = [line.split("\t") for line in done.stdout.splitlines()]
    assert [(seq, changes, equal) for seq, _, _, changes, equal in lines] == [
        ("3", "0", "2"),
        ("2", "1", "-"),
        ("1", "5", "-"),
    ]


def test_a_list_as_json_carries_the_differences(lamp: str) -> None:
    done = cli.invoke(app, ["snapshots", "list", lamp, "--json", "--limit", "2"])
    newest, second = msgspec.json.decode(done.stdout)
    assert newest["diff"] == {}
    assert second["diff"] == {"/quantity": {"op": "replace", "before": 5, "after": 3}}


def test_a_snapshot_is_shown_as_it_was(lamp: str) -> None:
    newest = cli.invoke(app, ["snapshots", "show", lamp])
    assert msgspec.json.decode(newest.stdout)["quantity"] == 3
    first = cli.invoke(app, ["snapshots", "show", lamp, "1"])
    assert msgspec.json.decode(first.stdout, type=Projection) == LAMP


def test_a_difference_ends_with_1_and_none_with_0(lamp: str) -> None:
    done = cli.invoke(app, ["snapshots", "diff", lamp, "1", "2"])
    assert done.exit_code == 1
    assert done.stdout == "replace\t/quantity\t5\t3\n"
    assert cli.invoke(app, ["snapshots", "diff", lamp]).exit_code == 0
    as_json = cli.invoke(app, ["snapshots", "diff", lamp, "1", "--json"])
    assert msgspec.json.decode(as_json.stdout)["/quantity"]["after"] == 3


def test_a_difference_in_a_variant_names_its_options(
    database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", database)
    monkeypatch.setenv("BAYSYNC_HOME", str(tmp_path))
    group = Group(
        axes=(Axis(name="Size", values=("M",)),), variants={"K": Variant(options={"Size": "M"})}
    )
    shirt = replace(LAMP, content=Content(group=group), quantities={"K": 5})
    sku = anyio.run(arrange, database, (shirt, replace(shirt, quantities={"K": 3})))
    done = cli.invoke(app, ["snapshots", "diff", sku])
    assert done.stdout == "replace\tM\t/quantities/K\t5\t3\n"


def test_a_sku_sold_in_several_places_must_be_told_apart(lamp: str, database: str) -> None:
    anyio.run(sell_in_france_too, database)
    done = cli.invoke(app, ["snapshots", "list", lamp])
    assert done.exit_code == 2
    assert "--marketplace: shop EBAY_FR, shop EBAY_US" in done.stderr
    there = cli.invoke(app, ["snapshots", "list", lamp, "--marketplace", "EBAY_US"])
    assert len(there.stdout.splitlines()) == 3
    none_yet = cli.invoke(app, ["snapshots", "show", lamp, "--marketplace", "EBAY_FR"])
    assert none_yet.exit_code == 5
    assert "no snapshot yet" in none_yet.stderr


def test_a_snapshot_of_what_was_never_shown_is_refused(lamp: str, database: str) -> None:
    anyio.run(sell_in_france_too, database)
    refused = cli.invoke(app, ["snapshots", "create", lamp, "--marketplace", "EBAY_FR"])
    assert (refused.exit_code, "Nothing is known of EBAY_FR" in refused.stderr) == (1, True)
    made = cli.invoke(app, ["snapshots", "create", lamp, "--marketplace", "EBAY_US", "--json"])
    assert msgspec.json.decode(made.stdout)["seq"] == 4, made.output


@pytest.mark.usefixtures("lamp")
def test_an_unknown_sku_ends_with_5() -> None:
    assert cli.invoke(app, ["snapshots", "list", "nobody"]).exit_code == 5
