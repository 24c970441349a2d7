"""``baysync queue``, ``dead`` and ``why`` as a person and a script see them."""

import asyncio
import json
from datetime import timedelta
from typing import Any

import pytest
from psycopg import AsyncConnection
from typer.testing import CliRunner, Result

from baysync.cli.main import app
from baysync.db.connection import Db
from baysync.ebay_listing import store as ebay_listing_store
from baysync.queue import dead_store, store
from baysync.queue.model import Debounce, Finish, Letter, Status
from support import engine

REFUSED = {
    "error_id": 25718,
    "message": "the title is too long",
    "parameters": {"limit": "80"},
}
PATIENT = Debounce(window=timedelta(minutes=5), longest=timedelta(minutes=5))


async def arrange(url: str) -> None:
    """One listing is dead, one waits, one is as it should be: sku-1-1, sku-1-2, sku-1-3."""
    async with await AsyncConnection.connect(url, autocommit=True) as db:
        dead, waiting, well = await engine.ebay_listings_of(db, await engine.account(db), 3)
        await engine.settled(db, [well], "a")
        await die(db, dead)
        await engine.want(db, [waiting], "b", debounce=PATIENT)


async def die(db: Db, ebay_listing_id: int) -> None:
    await engine.want(db, [ebay_listing_id], "b")
    claim_id, (row,) = await engine.claim(db)
    async with db.transaction():
        await ebay_listing_store.lock(db, [ebay_listing_id])
        answer = Finish(id=row.id, status=Status.DEAD, outcome="rejected", error=[REFUSED])
        await store.finish(db, claim_id, [answer])
        letter = Letter(
            queue_id=row.id,
            payload_hash=engine.digest("b"),
            verdict="rejected",
            errors=[REFUSED],
        )
        await dead_store.open(db, [letter])
    await db.execute(
        """
        INSERT INTO ebay_sync_log (queue_id, ebay_listing_id, account_id, claim_id,
            correlation_id, attempt, intent, outcome, verdict)
        VALUES (%(q)s, %(e)s, 1, %(c)s, 'corr', 1, 'update', 'dead', 'rejected')
        """,
        {"q": row.id, "e": ebay_listing_id, "c": claim_id},
    )
    await db.execute(
        """
        INSERT INTO ebay_call_log (account_id, correlation_id, ebay_listing_ids, operation,
            method, path, status, verdict)
        VALUES (1, 'corr', ARRAY[%s::bigint], 'updateOffer', 'PUT', '/x', 400, 'rejected')
        """,
        (ebay_listing_id,),
    )


@pytest.fixture(autouse=True)
def here(
    database: str, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An environment whose database has one of each kind."""
    monkeypatch.setenv("DATABASE_URL", database)
    monkeypatch.setenv("BAYSYNC_HOME", str(tmp_path_factory.mktemp("home")))
    asyncio.run(arrange(database))


def baysync(*words: str) -> Result:
    return CliRunner().invoke(app, list(words))


def answer(*words: str) -> Any:  # noqa: ANN401 -- JSON
    done = baysync(*words, "--json")
    assert done.exit_code == 0, done.output
    return json.loads(done.stdout.splitlines()[-1])


def test_the_queue_is_listed_as_lines_of_fields() -> None:
    done = baysync("queue", "list")
    assert done.exit_code == 0, done.output
    (line,) = done.stdout.splitlines()
    assert line.split("\t")[1:5] == ["sku-1-2", "shop", "EBAY_US", "update"]
    assert "1 change shown" in done.stderr
    assert [row["status"] for row in answer("queue", "list", "--status", "dead")] == ["dead"]
    assert answer("queue", "list", "--account", "nobody") == []


def test_the_lanes_are_counted_and_the_dead_pointed_at() -> None:
    (lane,) = answer("queue", "stats")
    assert (lane["waiting"], lane["dead"], lane["due"]) == (1, 1, 0)
    assert "baysync dead list" in baysync("queue", "stats").stderr


def test_what_waits_is_sent_now_after_saying_which() -> None:
    assert baysync("queue", "retry").exit_code == 2
    refused = baysync("queue", "retry", "--all")
    assert refused.exit_code == 2
    assert "This would send 1 waiting change now" in refused.stderr
    assert len(answer("queue", "retry", "--all", "--yes")["ids"]) == 1
    assert answer("queue", "stats")[0]["due"] == 1


def test_a_cancelled_change_blocks_until_it_is_ended() -> None:
    (change,) = answer("queue", "list")
    assert answer("queue", "cancel", str(change["id"]), "--yes")["ids"] == [change["id"]]
    assert baysync("queue", "cancel", str(change["id"]), "--yes").exit_code == 1
    assert baysync("queue", "cancel", "4711", "--yes").exit_code == 5
    why = answer("why", "sku-1-2")
    assert why["listings"][0]["why"] == "everything is blocked: cancelled"
    assert answer("queue", "resume", "sku-1-2")["ids"] == []
    assert len(answer("queue", "resume", "sku-1-2", "--blocked")["ids"]) == 1
    assert len(answer("queue", "list")) == 1


def test_a_paused_sku_is_resumed() -> None:
    done = baysync("queue", "pause", "sku-1-2", "--reason", "photos")
    assert "baysync queue resume sku-1-2" in done.stderr
    assert answer("queue", "list") == []
    assert "everything is blocked: paused" in baysync("why", "sku-1-2").stdout
    (act,) = [link for link in answer("why", "sku-1-2")["chain"] if link["kind"] == "act"]
    assert act["of"].startswith("cli:")
    assert act["words"].startswith("listing.pause")
    nowhere = baysync("queue", "resume", "sku-1-2", "--marketplace", "EBAY_DE", "--json")
    assert (nowhere.exit_code, "sku-1-2 on EBAY_DE" in nowhere.stderr) == (5, True)
    there = ("--marketplace", "EBAY_US")
    assert len(answer("queue", "resume", "sku-1-2", *there)["ids"]) == 1


def test_why_says_that_the_account_is_paused_and_until_when_a_change_waits() -> None:
    waiting = answer("why", "sku-1-2")["listings"][0]["why"]
    assert waiting.startswith("a change waits: update pending, not before 20")
    assert waiting.endswith(" UTC. No worker is alive: nothing reaches eBay.")
    assert "Run `baysync work`." in baysync("why", "sku-1-2").stderr
    assert baysync("accounts", "pause", "shop", "--reason", "stocktaking").exit_code == 0
    done = baysync("why", "sku-1-2")
    assert "a change waits: the account is paused (stocktaking)" in done.stdout
    assert "baysync accounts resume shop" in done.stderr
    assert "eBay shows what is wanted" in baysync("why", "sku-1-3").stdout


def test_what_gave_up_is_listed_shown_and_retried() -> None:
    done = baysync("dead", "list")
    assert "25718 the title is too long" in done.stdout
    assert "1 of 1 shown" in done.stderr
    (letter,) = answer("dead", "list", "--error", "25718")
    (same,) = answer("dead", "list", "--verdict", "rejected")
    assert same == letter
    assert baysync("dead", "list", "--verdict", "expired").exit_code == 2
    shown = json.loads(baysync("dead", "show", str(letter["id"])).stdout)
    assert shown["errors"] == [REFUSED]
    (explained,) = shown["explained"]
    assert (explained["error_id"], explained["hints"]) == (25718, ["limit: 80"])
    assert explained["cause"]
    assert explained["fix"] in baysync("dead", "show", str(letter["id"])).stderr
    assert baysync("dead", "show", "99").exit_code == 5
    assert answer("dead", "retry", "--verdict", "rejected", "--yes")[0]["fate"] == "queued"
    assert baysync("dead", "retry", "--all", "--yes").exit_code == 5


def test_what_gave_up_is_discarded_only_on_purpose() -> None:
    assert baysync("dead", "discard").exit_code == 2
    (letter,) = answer("dead", "list")
    assert baysync("dead", "discard", str(letter["id"])).exit_code == 2
    assert [row["sku"] for row in answer("dead", "discard", str(letter["id"]), "--yes")] == [
        "sku-1-1"
    ]
    assert answer("dead", "list") == []


def test_why_shows_the_chain_from_edit_to_answer() -> None:
    why = answer("why", "sku-1-1")
    assert why["listings"][0]["why"] == "eBay refused what is wanted: see the dead letter"
    chain = {link["kind"]: link for link in why["chain"]}
    assert next(iter(chain)) == "edit"
    assert chain["attempt"]["of"] == f"change {chain['change']['id']}"
    assert chain["call"]["of"] == f"attempt {chain['attempt']['id']}"
    assert chain["dead letter"]["of"] == f"change {chain['change']['id']}"
    assert chain["dead letter"]["explained"][0]["error_id"] == 25718
    told = baysync("why", "sku-1-1").stderr
    assert "baysync dead retry --sku sku-1-1" in told
    assert "eBay 25718 (limit: 80): " in told
    assert "eBay shows what is wanted" in baysync("why", "sku-1-3").stdout
    assert "a change waits: update pending" in baysync("why", "sku-1-2").stdout


def test_why_about_a_stranger_ends_with_5() -> None:
    done = baysync("why", "nothing")
    assert done.exit_code == 5
    assert "There is no listing nothing" in done.stderr


def test_a_retry_of_what_is_not_there_ends_with_5_and_the_reason() -> None:
    for words, reason in (
        (["--sku", "NOPE"], "There is no listing NOPE."),
        (["--account", "nobody"], "nobody"),
    ):
        done = CliRunner().invoke(app, ["queue", "retry", *words, "--yes"])
        assert (done.exit_code, done.stdout) == (5, "")
        assert reason in done.stderr
    none = CliRunner().invoke(app, ["queue", "retry", "--sku", "sku-1-3", "--json"])
    assert (none.exit_code, json.loads(none.stdout)) == (0, {"asked": 0, "ids": []})
    assert "Nothing waits. Why: baysync why sku-1-3" in none.stderr
