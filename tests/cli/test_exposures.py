"""Where a person and a script see what was for sale twice."""

import json

import anyio
import pytest
from psycopg import AsyncConnection
from typer.testing import CliRunner

from baysync.cli.main import app
from baysync.ebay_listing import exposure_store
from baysync.ebay_listing.exposure_store import Exposure
from support.engine import account, ebay_listings_of

cli = CliRunner()


@pytest.fixture(params=[True, False], ids=["taken back", "still on sale"])
def exposed(here: str, request: pytest.FixtureRequest) -> tuple[str, bool]:
    """A SKU of which two units were for sale twice, and whether they are no more."""

    async def arrange() -> str:
        async with await AsyncConnection.connect(here, autocommit=True) as db:
            (id_,) = await ebay_listings_of(db, await account(db))
            twice = Exposure(ebay_listing_id=id_, ebay_sku="LAMP-S", units=2, at_once=True)
            await exposure_store.expose(db, [twice], correlation_id="corr")
            if request.param:
                await exposure_store.take_back(db, [id_])
            cursor = await db.execute("SELECT sku FROM listing")
            return (await cursor.fetchall())[0][0]

    return anyio.run(arrange), request.param


def test_why_names_what_was_for_sale_twice(exposed: tuple[str, bool]) -> None:
    sku, taken_back = exposed
    told = cli.invoke(app, ["why", sku])
    assert told.exit_code == 0, told.output
    [line] = [line for line in told.stdout.splitlines() if "\texposure\t" in line]
    assert "2 sold of LAMP-S, on sale once more from 20" in line
    assert line.endswith(", then taken back" if taken_back else ", not taken back yet")
    assert "baysync orders list --sku" in told.stderr
    asked = cli.invoke(app, ["why", sku, "--json"])
    chain = json.loads(asked.stdout)["chain"]
    [link] = [link["detail"] for link in chain if link["kind"] == "exposure"]
    assert (link["ebay_sku"], link["units"]) == ("LAMP-S", 2)
    assert link["since"] <= link["found_at"]
    assert (link["taken_back_at"] is not None) is taken_back


def test_status_counts_what_was_for_sale_twice(exposed: tuple[str, bool]) -> None:
    sku, taken_back = exposed
    [line] = [line for line in cli.invoke(app, ["status"]).stdout.splitlines() if "exposed" in line]
    assert "2 units sold were on sale once more" in line
    assert ("taken back" if taken_back else "2 of them NOW") in line
    assert sku in line
    found = json.loads(cli.invoke(app, ["status", "--json"]).stdout)["exposed"]
    assert found == {"units": 2, "on_sale": 0 if taken_back else 2, "skus": [sku]}


@pytest.mark.usefixtures("here")
def test_status_is_silent_where_nothing_was() -> None:
    assert "exposed" not in cli.invoke(app, ["status"]).stdout
