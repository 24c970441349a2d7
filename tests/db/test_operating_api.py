"""What an operator does over HTTP: health in figures, queue, dead letters, sync log."""

import csv
import io
import json
from collections.abc import AsyncGenerator
from datetime import timedelta
from urllib.parse import quote

import pytest

from baysync.api.cursors import cursor
from baysync.base import clock
from baysync.db.connection import Db
from baysync.publish import store as publish_store
from baysync.queue import dead_letters, service
from baysync.queue.model import Debounce, Selection
from baysync.telemetry import metrics
from baysync.telemetry.metrics import GATHERED
from support.api_site import Site, site_on
from support.engine import account, claim, ebay_listings_of, refuse, want


@pytest.fixture
async def site(database: str) -> AsyncGenerator[Site]:
    async with site_on(database) as served:
        yield served


async def test_health_has_the_way_to_ebay_in_figures(site: Site, db: Db) -> None:
    await site.watch.look()
    never = (await site.read("/api/health"))["ebay"]
    assert never == {
        "queue_depth": 0,
        "last_publish_success_age_ms": None,
        "last_publish_error_age_ms": None,
        "reconciliation": {"last_run_ms": None},
        "audit": {"last_run_ms": None},
        "dead_queue_count": 0,
        "failed_event_count": 0,
        "rate": {"near_depletion": False, "remaining": None},
    }
    lamps = await ebay_listings_of(db, await account(db), 3)
    first, *_ = await refuse(db, lamps[:2])
    await dead_letters.discard(db, Selection(ids=(first,)), by="cli:ann")
    await want(db, lamps[2:], "b")
    await db.execute(
        """
        INSERT INTO rate_bucket (key, tokens, capacity, refill_per_s, daily_remaining,
            daily_limit, daily_reset_at)
        SELECT 'mock/' || app || '/inventory', 1, 1, 1, left_over, 100, now() + interval '1 h'
        FROM (VALUES ('one', 90), ('two', 7)) AS x (app, left_over)
        """
    )
    GATHERED.take()
    metrics.happened("publish.last_success", clock.now().timestamp() - 2)
    metrics.happened("publish.last_error", clock.now().timestamp() + 2)
    await site.watch.look()
    found = (await site.read("/api/health"))["ebay"]
    assert 2_000 <= found.pop("last_publish_success_age_ms") < 30_000
    assert found == {
        "queue_depth": 1,
        "last_publish_error_age_ms": 0,
        "reconciliation": {"last_run_ms": None},
        "audit": {"last_run_ms": None},
        "dead_queue_count": 1,
        "failed_event_count": 1,
        "rate": {"near_depletion": True, "remaining": 7},
    }
    await site.pool.close()
    await site.watch.look()
    down = json.loads((await site.get("/api/health"))[2])["ebay"]
    assert (down["queue_depth"], down["rate"]["near_depletion"]) == (None, None)


QUEUE = "/api/admin/ebay/queue"
LETTERS = f"{QUEUE}/dead-letter"
RETRY = f"{LETTERS}/retry"


async def test_the_queue_is_paged_by_a_cursor_and_chosen_by_each_filter(site: Site, db: Db) -> None:
    shop, other = await account(db), await account(db, "other")
    lamps = await ebay_listings_of(db, shop, 3)
    await want(db, [*lamps, *await ebay_listings_of(db, other)], "b")
    await db.execute("UPDATE ebay_listing SET marketplace = 'EBAY_DE' WHERE id = %s", (lamps[0],))
    ended = await db.execute(
        "UPDATE ebay_change_queue SET intent = 'end' WHERE ebay_listing_id = %s RETURNING id",
        (lamps[1],),
    )
    await service.cancel(db, [(await ended.fetchall())[0][0]], by="cli:ann")
    first = await site.read(f"{QUEUE}?limit=2")
    assert [lane["account"] for lane in first["lanes"]] == ["other", "shop"]
    last = await site.read(f"{QUEUE}?limit=2&cursor={first['next_cursor']}")
    assert last["next_cursor"] is None
    seen = [row["id"] for row in first["items"] + last["items"]]
    assert (len(seen), seen) == (3, sorted(seen, reverse=True))
    for filters, count in {
        "account=shop": 2,
        "account=shop&status=cancelled&status=pending": 3,
        f"sku=sku-{other}-1": 1,
        "marketplace=EBAY_DE": 1,
        "intent=end": 0,
        "intent=end&status=cancelled": 1,
    }.items():
        assert len((await site.read(f"{QUEUE}?{filters}"))["items"]) == count, filters


async def test_a_change_that_waits_is_made_due_and_others_are_refused(site: Site, db: Db) -> None:
    (lamp,) = await ebay_listings_of(db, await account(db))
    patient = Debounce(window=timedelta(hours=1), longest=timedelta(hours=1))
    await want(db, [lamp], "b", debounce=patient)
    (change,) = (await site.read(QUEUE))["items"]
    at = f"{QUEUE}/{change['id']}/retry"
    assert await site.send(at) == (200, {"id": change["id"], "outcome": "due"})
    (hurried,) = (await site.read(QUEUE))["items"]
    assert hurried["run_at"] < change["run_at"]
    assert await audit(db) == [("http:local", "queue.retry", f"listing {change['sku']}", None)]
    await service.cancel(db, [change["id"]], by="cli:ann")
    status, problem = await site.send(at)
    assert (status, problem["detail"]) == (409, f"Change {change['id']} does not wait.")
    assert (await site.send(f"{QUEUE}/99/retry"))[0] == 404


async def test_what_gave_up_is_listed_as_changes_and_as_letters_each_with_a_cursor(
    site: Site, db: Db
) -> None:
    letters = await refuse(db, await ebay_listings_of(db, await account(db), 3))
    await dead_letters.discard(db, Selection(ids=(letters[0],)), by="cli:ann")
    found = await site.read(f"{LETTERS}?limit=1")
    changes, events = found["deadQueue"], found["failedEvents"]
    onward = await site.read(
        f"{LETTERS}?limit=1&dead_queue_cursor={changes['next_cursor']}"
        f"&failed_events_cursor={quote(events['next_cursor'])}"
    )
    rows = [*changes["items"], *onward["deadQueue"]["items"]]
    open_ = [*events["items"], *onward["failedEvents"]["items"]]
    assert (onward["deadQueue"]["next_cursor"], onward["failedEvents"]["next_cursor"]) == (
        None,
        None,
    )
    assert [letter["id"] for letter in open_] == [letters[2], letters[1]]
    assert [row["id"] for row in rows] == [letter["queue_id"] for letter in open_]
    assert {row["status"] for row in rows} == {"dead"}
    sku = open_[0]["sku"]
    for filters, count in {
        f"sku={sku}": 1,
        "account=shop&verdict=rejected&error_id=25718": 2,
        "marketplace=EBAY_DE": 0,
        "error_id=1": 0,
    }.items():
        chosen = await site.read(f"{LETTERS}?{filters}")
        counted = [len(chosen[name]["items"]) for name in ("deadQueue", "failedEvents")]
        assert counted == [count, count], filters


async def test_letters_are_retried_by_id_or_by_filter(site: Site, db: Db) -> None:
    one, two, three = await refuse(db, await ebay_listings_of(db, await account(db), 3))
    status, answer = await site.send(RETRY, {"ids": [one, 999], "reason": "fixed at eBay"})
    assert (status, [(row["id"], row["fate"]) for row in answer["items"]]) == (
        200,
        [(one, "queued")],
    )
    assert [row[:2] + row[3:] for row in await audit(db)] == [
        ("http:local", "dead.retry", "fixed at eBay")
    ]
    nothing = await site.send(RETRY, {"filter": {"marketplace": "EBAY_DE"}})
    assert nothing == (200, {"items": []})
    status, answer = await site.send(RETRY, {"filter": {"account": "shop", "error_id": 25718}})
    assert [row["id"] for row in answer["items"]] == [two, three]


async def test_a_letter_is_replayed_as_a_fresh_change_with_no_attempt_spent(
    site: Site, db: Db
) -> None:
    (letter,) = await refuse(db, await ebay_listings_of(db, await account(db)))
    at = f"/api/admin/ebay/failed-events/{letter}/replay"
    status, answer = await site.send(f"{at}?reason=mended")
    assert (status, answer["fate"]) == (200, "queued")
    (change,) = (await site.read(QUEUE))["items"]
    assert (change["sku"], change["attempts"]) == (answer["sku"], 0)
    (entry,) = await audit(db)
    assert entry == ("http:local", "dead.retry", f"listing {answer['sku']}", "mended")
    status, problem = await site.send(at)
    assert (status, problem["detail"]) == (409, f"Dead letter {letter} is closed: replayed.")
    assert (await site.send("/api/admin/ebay/failed-events/99/replay"))[0] == 404


LOGS = "/api/admin/ebay/sync-logs"


async def test_the_sync_log_is_chosen_paged_and_written_in_three_formats(
    site: Site, db: Db
) -> None:
    lamps = await ebay_listings_of(db, await account(db), 3)
    await want(db, lamps, "b")
    claim_id, claimed = await claim(db)
    attempts = [
        publish_store.NewAttempt(
            queue_id=one.id,
            ebay_listing_id=one.ebay_listing_id,
            account_id=one.account_id,
            attempt=one.attempts,
            intent=one.intent,
            sent_hash=None,
        )
        for one in claimed
    ]
    await publish_store.begin_attempts(db, attempts, claim_id=claim_id, correlation_id="test")
    await db.execute("UPDATE listing SET title = E'Lamp, \"brass\"\nnew' WHERE id = 1")
    first = await site.read(f"{LOGS}?limit=2&account=shop")
    assert [row["outcome"] for row in first["items"]] == ["started", "started"]
    _, headers, _ = await site.get(f"{LOGS}?limit=2&account=shop")
    onward = headers["Link"].partition("<")[2].partition(">")[0]
    assert onward == f"{LOGS}?limit=2&account=shop&cursor={quote(first['next_cursor'])}"
    last = await site.read(onward)
    assert (len(last["items"]), last["next_cursor"]) == (1, None)
    rows = first["items"] + last["items"]
    _, headers, text = await site.get(LOGS, Accept="text/csv;q=1, */*")
    assert headers["Content-Type"] == "text/csv; charset=utf-8"
    read = list(csv.DictReader(io.StringIO(text.decode(), newline="")))
    assert [(row["id"], row["title"]) for row in read] == [
        (str(row["id"]), row["title"]) for row in rows
    ]
    _, headers, text = await site.get(f"{LOGS}?format=ndjson", Accept="text/csv")
    assert headers["Content-Type"] == "application/x-ndjson"
    assert [json.loads(line) for line in text.splitlines()] == rows
    for filters, count in {
        f"sku={rows[0]['sku']}": 1,
        "intent=end": 0,
        "outcome=started&marketplace=EBAY_US": 3,
        "verdict=rejected": 0,
        "since=2020-01-01T00:00:00Z": 3,
        "until=2020-01-01T00:00:00Z": 0,
    }.items():
        assert len((await site.read(f"{LOGS}?{filters}"))["items"]) == count, filters
    for wrong in ("since=yesterday", "since=2020-01-01T00:00:00", "format=xml", "limit=1001"):
        status, _, body = await site.get(f"{LOGS}?{wrong}")
        pointer = f"/query/{wrong.partition('=')[0]}"
        assert (status, json.loads(body)["errors"][0]["pointer"]) == (422, pointer), wrong
    assert (await site.get(f"{LOGS}?cursor=x"))[0] == 400


WRONG: list[tuple[object, str]] = [
    ({"ids": "1"}, "/ids"),
    ({"ids": [1, 0]}, "/ids/1"),
    ({"ids": []}, "/ids"),
    ({"ids": [2**63]}, "/ids/0"),
    ({"filter": {"sku": "a\0"}}, "/filter/sku"),
    ({"filter": {"account": ""}}, "/filter/account"),
    ({"filter": {"verdict": "expired"}}, "/filter/verdict"),
    ({"filter": {"colour": "red"}}, "/filter"),
    ({"all": True}, ""),
    ([], ""),
    ({"filter": {}, "reason": "\ud800"}, "/reason"),
]


async def test_a_body_that_does_not_fit_is_refused_with_its_pointer(site: Site) -> None:
    for body, pointer in WRONG:
        status, problem = await site.send(RETRY, body)
        assert (status, problem["errors"][0]["pointer"]) == (422, pointer), body
    assert (await site.send(RETRY, {}))[0] == 422
    assert (await site.send(RETRY, {"ids": [1], "filter": {}}))[0] == 422
    assert (await site.post(RETRY))[0] == 400
    for target, status in {
        f"{QUEUE}?status=gone": 422,
        f"{QUEUE}?intent=x": 422,
        f"{LETTERS}?verdict=expired": 422,
        "/api/admin/ebay/sync-logs?verdict=expired": 422,
        f"{QUEUE}?cursor=x": 400,
        f"{QUEUE}?cursor={cursor('change', 'x')}": 400,
        f"{LETTERS}?failed_events_cursor={cursor('letter', 'x/1')}": 400,
        f"{LETTERS}?failed_events_cursor={cursor('letter', '2026-01-01/1')}": 400,
        f"{LETTERS}?failed_events_cursor={cursor('letter', '2026-01-01T00:00Z/x')}": 400,
        f"{LETTERS}?error_id={2**64}": 422,
    }.items():
        assert (await site.get(target))[0] == status, target
    assert (await site.post(f"{QUEUE}/{2**64}/retry"))[0] == 422


async def audit(db: Db) -> list[tuple[str, str, str, str | None]]:
    rows = await db.execute("SELECT actor, action, target, reason FROM audit_log ORDER BY id")
    return await rows.fetchall()
