"""What the mission names of routes, of health and of metrics: a test for each row of its list.

Rows about the jobs that do not exist yet (reconciliation, audit) show only that they have not run.
"""

import json
from typing import Any

import pytest

from baysync.account import store as accounts
from baysync.account.model import PauseKind
from baysync.jobs import publishing
from baysync.telemetry.metrics import GATHERED
from support.api_site import Site
from support.live_shop import Shop, document

ADMIN, LISTINGS = "/api/admin/ebay", "/api/ebay/listings"
DEAD = f"{ADMIN}/queue/dead-letter"
Health = dict[str, Any]


@pytest.fixture
async def metrics(doors: Site) -> dict[str, Any]:
    return await doors.read("/api/ebay/metrics")


@pytest.fixture
async def health(doors: Site) -> Health:
    return (await doors.read("/api/health"))["ebay"]


async def test_t6b_what_would_be_sent_is_said_without_sending(doors: Site) -> None:
    status, found = await doors.send(f"{LISTINGS}/BOX-1/dry-run")
    assert (status, found["listings"][0]["outcome"], len(found["calls"])) == (200, "sends", 3)


async def test_t7e_t7f_an_equal_state_refers_to_the_earlier_with_an_empty_diff(doors: Site) -> None:
    before = (await doors.read(f"{LISTINGS}/CUP-1/snapshots"))["items"][0]
    status, made = await doors.send(f"{LISTINGS}/CUP-1/snapshots")
    assert (status, made["dedup_of"], made["diff"]) == (201, before["seq"], {})
    assert (await doors.read("/api/ebay/metrics"))["snapshot.dedup_hit"] == 1


async def test_t9b_creates_and_updates_are_counted_as_publish_success(metrics: Health) -> None:
    assert metrics["snapshot.created"] == {"total": 8, "publish_success": 8}


async def test_t13b_dead_letters_are_listed_as_dead_queue_and_failed_events(doors: Site) -> None:
    found = await doors.read(f"{DEAD}?limit=1")
    assert [found[name]["items"][0]["sku"] for name in ("deadQueue", "failedEvents")] == [
        "MUG-2",
        "MUG-2",
    ]
    dead, failed = found["deadQueue"]["next_cursor"], found["failedEvents"]["next_cursor"]
    rest = await doors.read(f"{DEAD}?dead_queue_cursor={dead}&failed_events_cursor={failed}")
    assert [rest[name]["items"][0]["sku"] for name in ("deadQueue", "failedEvents")] == [
        "MUG-1",
        "MUG-1",
    ]


async def test_t13c_a_change_that_waits_is_retried(doors: Site) -> None:
    (waits,) = (await doors.read(f"{ADMIN}/queue"))["items"]
    status, _ = await doors.send(f"{ADMIN}/queue/{waits['id']}/retry")
    assert status == 200
    assert (await doors.post(f"{ADMIN}/queue/7/retry"))[0] == 409


async def test_t13d_dead_letters_are_retried_in_bulk(doors: Site) -> None:
    status, found = await doors.send(f"{DEAD}/retry", {"filter": {"error_id": 25007}})
    assert (status, {one["sku"]: one["fate"] for one in found["items"]}) == (
        200,
        {"MUG-1": "queued", "MUG-2": "queued"},
    )


async def test_t13e_sync_logs_are_listed_and_exported(doors: Site) -> None:
    found = await doors.read(f"{ADMIN}/sync-logs?outcome=rejected")
    assert [row["sku"] for row in found["items"]] == ["MUG-2", "MUG-1"]
    status, _, table = await doors.get(f"{ADMIN}/sync-logs?outcome=rejected&format=csv")
    assert (status, len(table.splitlines())) == (200, 3)


async def test_t14a_t14b_t14c_snapshots_are_listed_read_and_compared(doors: Site) -> None:
    listed = await doors.read(f"{LISTINGS}/CUP-1/snapshots")
    assert [one["seq"] for one in listed["items"]] == [2, 1]
    one = await doors.read(f"{LISTINGS}/CUP-1/snapshots/2")
    assert one["document"]["content"]["title"] == "Blue cup"
    two = await doors.read(f"{LISTINGS}/CUP-1/diff?a=1&b=2")
    assert list(two["edits"]) == ["/content/title"]


async def test_t16c_policies_are_read_anew_when_somebody_asks(doors: Site) -> None:
    assert (await doors.post(f"{ADMIN}/jobs/policy.refresh/run"))[0] == 202


async def test_r1d_reading_policies_is_timed_and_its_last_success_known(metrics: Health) -> None:
    assert metrics["job.run"]["policy.refresh"] == 1
    assert metrics["policy.fetch_ms"]["count"] > 0
    assert metrics["policy.last_fetch"] is not None


async def test_r1e_each_job_says_when_it_ran_last(doors: Site) -> None:
    jobs = (await doors.read(f"{ADMIN}/jobs"))["items"]
    assert len(jobs) == 8
    assert all(job["last_started_at"] and job["last_finished_at"] for job in jobs)


async def test_r1g_a_dead_token_is_in_health_and_metrics_at_once(shop: Shop, doors: Site) -> None:
    async with doors.pool.connection() as db:
        (account,) = await accounts.read_all(db)
        await accounts.hold(db, account.id, PauseKind.REAUTH)
    await doors.watch.look()
    found = await doors.read("/api/health")
    assert (found["status"], [light["cause"] for light in found["lights"]][:2]) == (
        "degraded",
        ["no_worker", "account_paused"],
    )
    assert (await doors.read("/api/ebay/metrics"))["account.paused"]["reauth"] == 1
    assert shop.calls() == []


async def test_r1h_depth_and_last_success_are_exported(doors: Site, metrics: Health) -> None:
    assert metrics["queue.pending_depth"]["create"] == 1
    _, _, text = await doors.get("/metrics")
    assert b'baysync_queue_depth{intent="create"} 1.0' in text
    assert b"baysync_publish_last_success_timestamp_seconds " in text


async def test_r1k_each_change_is_timed_from_claimed_to_settled(metrics: Health) -> None:
    assert (metrics["publish.item_ms"]["count"], metrics["publish.attempt"]) == (8, 8)


async def test_r1n_calls_are_counted_by_how_they_ended(metrics: Health) -> None:
    assert (metrics["adapter.success"], metrics["adapter.failure"]) == (12, 3)


@pytest.mark.parametrize(
    ("field", "least", "most"),
    [
        pytest.param("queue_depth", 1, 1, id="r1p-queue-depth"),
        pytest.param("last_publish_success_age_ms", 1, 1e9, id="r1q-last-success"),
        pytest.param("last_publish_error_age_ms", 1, 1e9, id="r1r-last-error"),
        pytest.param("reconciliation.last_run_ms", None, None, id="r1s-reconciliation"),
        pytest.param("audit.last_run_ms", None, None, id="r1t-audit"),
        pytest.param("dead_queue_count", 2, 2, id="r2i-dead-queue-count"),
        pytest.param("failed_event_count", 2, 2, id="r2i-failed-event-count"),
        pytest.param("rate.near_depletion", False, False, id="r3d-rate-near-depletion"),
        pytest.param("rate.remaining", 4_000, 4_999, id="r3d-rate-remaining"),
    ],
)
async def test_health_has_the_block_ebay(
    health: Health, field: str, least: float | None, most: float | None
) -> None:
    value: Any = health
    for name in field.split("."):
        value = value[name]
    if least is None or most is None:
        assert value is None, "the job does not exist yet"
    else:
        assert least <= value <= most


async def test_r1y_metrics_appear_and_count_truly(doors: Site, metrics: Health) -> None:
    assert metrics["listing.accepted"] == {"total": 7, "created": 5, "updated": 2}
    await doors.send("/api/listings", document("NEW-1"))
    async with doors.http.patch(f"{doors.url}/api/listings/NEW-1", json={"quantity": 1}) as answer:
        assert answer.status == 200
    now = (await doors.read("/api/ebay/metrics"))["listing.accepted"]
    assert now == {"total": 9, "created": 6, "updated": 3}


async def test_r2g_a_failed_event_is_replayed_as_a_fresh_change(doors: Site) -> None:
    status, found = await doors.send(f"{ADMIN}/failed-events/1/replay?reason=corrected")
    assert (status, found["sku"], found["fate"]) == (200, "MUG-1", "queued")
    fresh = (await doors.read(f"{ADMIN}/queue?sku=MUG-1"))["items"]
    assert [(change["status"], change["attempts"]) for change in fresh] == [("pending", 0)]
    assert (await doors.post(f"{ADMIN}/failed-events/1/replay"))[0] == 409


async def test_r3g_what_is_left_of_the_quota_is_exported_once_it_is_known(
    doors: Site, metrics: Health
) -> None:
    assert 0 < metrics["rate.remaining"] < 5000
    async with doors.pool.connection() as db:
        await db.execute("UPDATE rate_bucket SET daily_remaining = NULL")
    assert (await doors.read("/api/ebay/metrics"))["rate.remaining"] is None
    assert b"\nbaysync_rate_remaining" not in (await doors.get("/metrics"))[2]


@pytest.mark.breaks_invariants
async def test_r4b_a_change_that_ebay_shows_already_is_skipped_and_counted(shop: Shop) -> None:
    await shop.put(document("LAMP-1"))
    async with shop.runtime.db() as db:
        await db.execute(
            "UPDATE ebay_listing SET published_hash = desired_hash, published_blob = desired_blob"
        )
    GATHERED.take()
    shop.publisher.done = publishing.count
    await shop.publish_due()
    counted = {series.name: amount for series, amount in GATHERED.take()[0].items()}
    assert (counted["publish.idempotent_skip"], shop.calls()) == (1, [])


async def test_r7a_a_snapshot_is_forced(doors: Site) -> None:
    status, made = await doors.send(f"{LISTINGS}/LAMP-1/snapshots?marketplace=EBAY_DE")
    assert (status, made["source_event"]) == (201, "manual")


async def test_r7b_a_dry_run_validates_and_shows_payload_and_cost(doors: Site) -> None:
    async with doors.http.patch(
        f"{doors.url}/api/listings/CUP-1", json={"title": "x" * 81, "quantity": 1}
    ) as answer:
        assert answer.status == 200
    status, found = await doors.send(f"{LISTINGS}/CUP-1/dry-run")
    assert status == 200
    assert [cause["pointer"] for cause in found["listings"][0]["causes"]] == ["/title"]
    assert found["listings"][0]["steps"] == ["quantity_down"]
    assert found["calls"][0]["body"]["requests"][0]["sku"] == "CUP-1"
    assert found["cost"][0]["calls"] == len(found["calls"]) == 1


async def test_r8c_a_job_is_run_when_somebody_asks(doors: Site) -> None:
    status, body = await doors.post(f"{ADMIN}/jobs/quota.sync/run")
    assert (status, json.loads(body)) == (202, {"name": "quota.sync", "outcome": "requested"})
    jobs = {job["name"]: job for job in (await doors.read(f"{ADMIN}/jobs"))["items"]}
    assert jobs["quota.sync"]["requested_at"]
    assert (await doors.post(f"{ADMIN}/jobs/none/run"))[0] == 404
