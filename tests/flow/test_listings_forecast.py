"""What a dry run and an import foretell: what goes live, what does not, and the command for it."""

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace
from psycopg import AsyncConnection
from typer.testing import CliRunner, Result

from baysync.account.model import Defaults
from baysync.cli.main import app
from baysync.listing import batching
from support.seller import Seller, open_shop
from support.shop import DEFAULTS

LAMP: dict[str, Any] = {
    "title": "Brass lamp",
    "description": "<p>Warm.</p>",
    "price": "34.90",
    "quantity": 5,
    "images": ["https://shop.example/lamp.jpg"],
    "brand": "Lumo",
}
TABLES = ("listing", "ebay_listing", "ebay_change_queue", "ebay_policy_cache")


@pytest.fixture
def here(database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setenv("DATABASE_URL", database)
    monkeypatch.setenv("BAYSYNC_HOME", str(tmp_path / "home"))
    monkeypatch.chdir(tmp_path)
    return database


def run(*words: str, fed: str = "", code: int = 0) -> Result:
    done = CliRunner().invoke(app, list(words), input=fed)
    assert done.exit_code == code, done.output
    return done


def lamps(*changes: dict[str, Any]) -> str:
    rows = [{"sku": f"LAMP-{n}", **LAMP, **each} for n, each in enumerate(changes, 1)]
    return "".join(json.dumps(row) + "\n" for row in rows)


def forecast(fed: str, *words: str) -> dict[str, Any]:
    return json.loads(run("listings", "import", "-", "--json", *words, fed=fed).stdout)


def dry(fed: str) -> str:
    return run("listings", "import", "-", "--dry-run", fed=fed).stderr


def world(url: str, **defaults: Defaults) -> None:
    """Connect an account that sells with ``defaults`` by marketplace."""

    async def arrange() -> None:
        async with await AsyncConnection.connect(url, autocommit=True) as db:
            shop = await open_shop(db)
            for marketplace, each in defaults.items():
                await shop.set_defaults(each, marketplace)

    asyncio.run(arrange())


def publish_all(url: str) -> None:
    async def work() -> None:
        async with await AsyncConnection.connect(url, autocommit=True) as db:
            shop = Seller(db, 0)
            await shop.publish(*[row.id for row in await shop.rows() if row.desired])
            await db.execute("DELETE FROM ebay_change_queue")

    asyncio.run(work())


def execute(url: str, statement: str) -> list[Any]:
    async def work() -> list[Any]:
        async with await AsyncConnection.connect(url, autocommit=True) as db:
            cursor = await db.execute(statement.encode())
            return await cursor.fetchall() if cursor.description else []

    return asyncio.run(work())


def test_a_dry_run_foretells_with_the_defaults_of_the_account_applied(here: str) -> None:
    world(here, EBAY_DE=replace(DEFAULTS, category=None))
    fed = lamps({"currency": "USD"}, {"images": [], "currency": "USD"}, {"quantity": 0})
    told = dry(fed)
    assert "shop on EBAY_US: 1 would be live (1 new), 1 blocked, 1 out of stock" in told
    assert "shop on EBAY_DE: 0 would be live, 3 blocked" in told
    assert "3 x missing_category" in told
    assert "baysync accounts defaults shop --marketplace EBAY_DE --set category=ID" in told
    assert "1 x missing_image: LAMP-2" in told
    assert "stored" not in told.replace("Store", ""), "nothing is, in a dry run"


def test_all_causes_of_a_listing_are_named_at_once(here: str) -> None:
    world(here, EBAY_US=Defaults())
    told = forecast(lamps({"images": [], "title": "x" * 90}), "--dry-run")
    (place,) = told["forecast"]
    assert [each["rule"] for each in place["causes"]] == [
        "missing_category",
        "missing_condition",
        "missing_image",
        "missing_location",
        *["missing_policy"] * 3,
        "title_too_long",
    ]
    assert (place["blocked"], place["unjudged"], told["blocked"]) == (1, 1, 1)
    assert "The item specifics of 1 of them are checked once" in dry(lamps({"images": []}))


def test_a_dry_run_foretells_what_the_import_then_does_and_leaves_no_trace(here: str) -> None:
    world(here)
    fed = lamps({}, {"images": []}, {"quantity": 0}, {"status": "draft"})
    before = [execute(here, f"SELECT count(*) FROM {table}") for table in TABLES]  # noqa: S608
    rehearsed = forecast(fed, "--dry-run")
    assert [execute(here, f"SELECT count(*) FROM {table}") for table in TABLES] == before  # noqa: S608
    imported = forecast(fed)
    assert rehearsed == {name: imported[name] for name in imported if name != "import"}
    (place,) = imported["forecast"]
    assert (place["new"], place["blocked"], place["out_of_stock"]) == (1, 1, 1)
    told = run("listings", "import", "-", fed=fed).stderr
    assert "shop on EBAY_US: 1 will be live (1 new), 1 blocked, 1 out of stock" in told
    assert "1 is not active, and so is offered nowhere." in told


def test_what_is_live_is_updated_ends_sells_out_or_stays(here: str) -> None:
    world(here)
    variants = [
        {"sku": f"L5-{n}", "options": {"Size": f"{n}"}, "quantity": n, "price": "5"} for n in (1, 2)
    ]
    fed = lamps({}, {}, {}, {}, {"variants": variants})
    run("listings", "import", "-", fed=fed)
    publish_all(here)
    (place,) = forecast(fed, "--dry-run")["forecast"]
    assert (place["live"], place["unchanged"]) == (5, 5)
    gone = [each | {"quantity": 0} for each in variants]
    changed = lamps(
        {"price": "30"}, {"status": "ended"}, {"quantity": 0}, {"images": []}, {"variants": gone}
    )
    (place,) = forecast(changed, "--dry-run")["forecast"]
    assert {name: place[name] for name in ("updated", "ending", "out_of_stock", "blocked")} == {
        "updated": 1,
        "ending": 1,
        "out_of_stock": 2,
        "blocked": 1,
    }
    told = dry(changed)
    assert "1 would be live (1 updated), 1 blocked (1 of them stays live as it is)" in told
    run("listings", "import", "-", fed=changed)
    publish_all(here)
    (place,) = forecast(lamps({}, {}), "--dry-run")["forecast"]
    assert (place["updated"], place["relisted"]) == (1, 1)


def test_what_was_sent_and_is_imported_again_is_unchanged_and_neither_new_nor_ending(
    here: str,
) -> None:
    world(here)
    fed = lamps({}, {})
    run("listings", "import", "-", fed=fed)
    publish_all(here)
    (place,) = forecast(fed)["forecast"]
    assert (place["live"], place["unchanged"], place["new"]) == (2, 2, 0)
    ended = lamps({"status": "ended"}, {"price": "30"})
    run("listings", "import", "-", fed=ended)
    publish_all(here)
    (place,) = forecast(ended)["forecast"]
    assert (place["ending"], place["off"], place["unchanged"]) == (0, 1, 1)


def test_an_unsaid_quantity_and_one_that_is_not_counted_are_two_causes(here: str) -> None:
    world(here)
    unsaid = {name: value for name, value in LAMP.items() if name != "quantity"}
    row = json.dumps({"sku": "LAMP-9", **unsaid}) + "\n"
    told = dry(row + lamps({"quantity": "untracked"}))
    assert told.count("1 x quantity_unknown: LAMP-") == 2
    assert "--set untracked_quantity=N`" in told


def test_what_ebay_has_not_been_asked_about_is_a_group_of_its_own(here: str) -> None:
    world(here)
    execute(here, "DELETE FROM appconfig WHERE name = 'policy.enabled'")
    told = forecast(lamps({}, {"images": []}), "--dry-run")
    (place,) = told["forecast"]
    assert (place["live"], place["waiting"], place["blocked"], place["unjudged"]) == (0, 1, 1, 1)
    assert "1 waits until eBay has been asked what it wants of their category" in dry(lamps({}))
    assert "then `baysync listings blocked`" in run("listings", "import", "-", fed=lamps({})).stderr


def test_a_state_that_ebay_refused_is_not_foretold_as_live(here: str) -> None:
    world(here)
    run("listings", "import", "-", fed=lamps({}))
    execute(
        here,
        """
        WITH q AS (UPDATE ebay_change_queue SET status = 'dead', finished_at = now()
            RETURNING id, ebay_listing_id, account_id)
        INSERT INTO ebay_failed_event
            (queue_id, ebay_listing_id, account_id, payload_hash, verdict, attempts)
        SELECT q.id, e.id, q.account_id, e.desired_hash, 'rejected', 1
        FROM q JOIN ebay_listing e ON e.id = q.ebay_listing_id
        """,
    )
    (place,) = forecast(lamps({}), "--dry-run")["forecast"]
    assert (place["live"], place["causes"][0]["rule"]) == (0, "refused_by_ebay")
    (place,) = forecast(lamps({"price": "1.00"}), "--dry-run")["forecast"]
    assert place["live"] == 1


def test_nothing_blocked_is_one_good_line(here: str) -> None:
    world(here)
    assert dry(lamps({})).splitlines()[-2:] == [
        "shop on EBAY_US: 1 would be live (1 new), 0 blocked",
        "Nothing is blocked.",
    ]


@pytest.mark.usefixtures("here")
def test_without_an_account_the_command_that_connects_one_is_named() -> None:
    told = dry(lamps({}))
    assert "nothing goes live: baysync accounts connect --help" in told


def test_an_account_that_sells_nowhere_is_named(here: str) -> None:
    world(here)
    execute(here, "DELETE FROM account_default")
    assert "No account sells on any marketplace" in dry(lamps({}))


@pytest.mark.parametrize("size", [1, 1000])
def test_a_sku_that_stands_twice_counts_once(
    here: str, size: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(batching, "BATCH", size)
    world(here)
    for words in (["--dry-run"], []):
        told = forecast(lamps({}) + lamps({"price": "5"}), *words)
        assert told["forecast"][0]["live"] == 1


def test_an_account_that_sends_nothing_now_is_named(here: str) -> None:
    world(here)
    run("accounts", "pause", "shop", "--reason", "holidays")
    told = run("listings", "import", "-", fed=lamps({})).stderr.splitlines()
    assert told[-1].startswith("shop is paused (holidays): nothing is sent until it goes on.")


def test_more_causes_than_fit_a_screen_are_counted(here: str) -> None:
    world(here, EBAY_US=Defaults())
    odd = {"condition": "ODD", "brand": "x" * 99, "mpn": "x" * 99, "subtitle": "x" * 99}
    more = {"title": "", "description": "", "images": [], "gtins": ["1"], "price": None}
    fed = lamps({**odd, **more, "condition_note": "x" * 1001, "location": "x" * 99})
    assert "more causes are not shown; --json has all." in dry(fed)


def test_what_a_whole_document_empties_is_counted_by_field(here: str) -> None:
    world(here)
    run("listings", "import", "-", fed=lamps({}, {}, {}))
    fed = lamps({"description": ""}, {"description": "", "brand": None}, {"title": "Other"})
    rehearsed = forecast(fed, "--dry-run")
    assert rehearsed["lost"] == {"description": 2, "brand": 1}
    assert "2 would lose their description.\n1 would lose its brand." in dry(fed)
    assert "2 lost their description." in run("listings", "import", "-", fed=fed).stderr
    assert forecast(fed, "--dry-run")["lost"] == {}


def test_a_patch_loses_only_what_it_empties(here: str) -> None:
    world(here)
    run("listings", "import", "-", fed=lamps({}))
    assert forecast('{"op":"patch","sku":"LAMP-1","price":"5"}', "--dry-run")["lost"] == {}
    fed = '{"op":"patch","sku":"LAMP-1","brand":null,"mpn":null}'
    assert forecast(fed, "--dry-run")["lost"] == {"brand": 1}
