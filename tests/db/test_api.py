"""The HTTP interface over real HTTP: who may ask, what is answered, how errors look."""

import json
from collections.abc import AsyncGenerator, Callable
from pathlib import Path

import pytest
from fastapi import APIRouter

from baysync.account import connection_store
from baysync.account.connection_store import NewAccount
from baysync.account.model import Environment
from baysync.api.app import create
from baysync.api.cursors import cursor
from baysync.api.deps import Db as Transaction
from baysync.api.guard import is_loopback
from baysync.api.server import listen
from baysync.base.errors import Conflict, NotFound, Refused
from baysync.db.connection import Db
from baysync.telemetry import metrics
from baysync.telemetry.metrics import GATHERED
from support.api_site import Site, site_on
from support.engine import account, sell

GOLDEN = Path(__file__).parents[1] / "golden" / "openapi.json"
failing = APIRouter()


@failing.get("/fail/{kind}")
async def fail(kind: str, db: Transaction) -> int:
    """Fail in one of several ways."""
    kinds: dict[str, Exception] = {
        "missing": NotFound("There is no lamp.", fix="make one."),
        "conflict": Conflict("It is gone.", fix="look."),
        "refused": Refused("It is not safe.", fix="do not."),
        "broken": RuntimeError("CANARY"),
    }
    if kind == "lost":
        await db.execute("SELECT pg_terminate_backend(pg_backend_pid())")
    if kind in kinds:
        raise kinds[kind]
    return int(kind)


@failing.post("/accounts/{name}")
async def add(name: str, db: Transaction) -> int:
    """Write something, then fail if the name says so."""
    new = NewAccount(
        name=name,
        environment=Environment.MOCK,
        ebay_user_id=name,
        username=name,
        client_id="c",
        ru_name="r",
        base_urls={},
    )
    account = await connection_store.insert(db, new)
    if name == "bad":
        raise Refused("Not that one.", fix="another.")
    return account


@pytest.fixture
async def site(database: str) -> AsyncGenerator[Site]:
    async with site_on(database, more=[failing]) as served:
        yield served


def test_the_committed_description_is_that_of_the_code(
    golden: Callable[[Path, str], None],
) -> None:
    golden(GOLDEN, json.dumps(create(None).openapi(), indent=1, sort_keys=True) + "\n")


async def test_health_says_what_is_so(site: Site) -> None:
    await site.watch.look()
    status, headers, body = await site.get("/api/health")
    health = json.loads(body)
    assert (status, health["status"], health["database"]) == (200, "ok", "up")
    assert health["problems"] == []
    assert headers["Content-Type"] == "application/json"
    assert (await site.get("/api/ready"))[0] == 200


async def test_health_answers_at_once_when_the_database_is_down(site: Site) -> None:
    await site.watch.look()
    await site.pool.close()
    await site.watch.look()
    status, _, body = await site.get("/api/health")
    assert (status, json.loads(body)["status"]) == (503, "down")
    assert (await site.get("/api/ready"))[0] == 503
    status, headers, body = await site.get("/api/ebay/metrics")
    assert (status, headers["Content-Type"]) == (503, "application/problem+json")


@pytest.mark.breaks_invariants
async def test_a_broken_promise_and_open_letters_degrade_health(site: Site, db: Db) -> None:
    await db.execute(
        """
        CREATE OR REPLACE VIEW v_invariant_violations AS
        SELECT 'I1'::text AS invariant, NULL::bigint AS ebay_listing_id,
            'x'::text COLLATE "C" AS detail
        """
    )
    await site.watch.look()
    found = site.watch.now()
    assert (found.status, found.invariants_broken) == ("degraded", {"I1": 1})
    assert found.problems == [
        "1 row breaks the promise I1. Run `baysync status`. Please report it with the log."
    ]


async def test_metrics_are_those_of_all_processes(site: Site) -> None:
    GATHERED.take()
    metrics.count("queue.enqueue", 3)
    metrics.count("queue.enqueue_skipped_hash")
    metrics.happened("publish.last_success", 1_700_000_000.0)
    shown = json.loads((await site.get("/api/ebay/metrics"))[2])
    assert shown["queue.enqueue"] == 3
    assert shown["projection.hash_miss_ratio"] == 0.75
    assert shown["publish.last_success"] == "2023-11-14T22:13:20.000+00:00"
    status, headers, text = await site.get("/metrics")
    assert (status, headers["Content-Type"]) == (200, "text/plain; version=0.0.4; charset=utf-8")
    assert b"baysync_queue_enqueue_total 3.0" in text


async def test_what_was_sold_is_paged_by_a_cursor_and_chosen_by_sku(site: Site, db: Db) -> None:
    shop = await account(db)
    for number in range(3):
        await sell(db, shop, f"LAMP-{number % 2}", str(number))
    first = json.loads((await site.get("/api/ebay/orders?limit=2"))[2])
    assert [(row["order_id"], row["total"]) for row in first["items"]] == [
        ("2", "19.90"),
        ("1", "19.90"),
    ]
    onward = f"/api/ebay/orders?limit=2&cursor={first['next_cursor']}"
    last = json.loads((await site.get(onward))[2])
    assert ([row["order_id"] for row in last["items"]], last["next_cursor"]) == (["0"], None)
    chosen = json.loads((await site.get("/api/ebay/orders?sku=LAMP-0"))[2])["items"]
    assert [row["order_id"] for row in chosen] == ["2", "0"]
    for wrong in ("nonsense", cursor("sku", "1"), cursor("sale", "x"), cursor("sale", "9" * 30)):
        assert (await site.get(f"/api/ebay/orders?cursor={wrong}"))[0] == 400


async def test_an_operator_sees_accounts_queue_and_dead_letters(site: Site) -> None:
    assert (await site.post("/accounts/shop"))[0] == 200
    (account,) = json.loads((await site.get("/api/admin/ebay/accounts"))[2])
    assert (account["name"], account["marketplaces"]) == ("shop", [])
    queue = json.loads((await site.get("/api/admin/ebay/queue"))[2])
    assert (queue["items"], queue["lanes"][0]["account"]) == ([], "shop")
    none: dict[str, object] = {"items": [], "next_cursor": None}
    gave_up = await site.read("/api/admin/ebay/queue/dead-letter")
    assert gave_up == {"deadQueue": none, "failedEvents": none}


@pytest.mark.parametrize(
    ("path", "status", "code"),
    [
        ("/fail/missing", 404, "not_found"),
        ("/fail/conflict", 409, "conflict"),
        ("/fail/refused", 422, "refused"),
        ("/fail/broken", 500, "internal_server_error"),
        ("/fail/lost", 503, "service_unavailable"),
        ("/nowhere", 404, "not_found"),
        ("/api/admin/ebay/queue?limit=0", 422, "invalid_request"),
    ],
)
async def test_every_error_is_a_problem_with_a_correlation_id(
    site: Site, path: str, status: int, code: str
) -> None:
    found, headers, body = await site.get(path, **{"X-Correlation-Id": "c0ffee-c0ffee"})
    problem = json.loads(body)
    assert (found, problem["status"], problem["code"]) == (status, status, code)
    assert headers["Content-Type"] == "application/problem+json"
    assert problem["correlation_id"] == headers["X-Correlation-Id"] == "c0ffee-c0ffee"
    assert "CANARY" not in body.decode()


async def test_a_wrong_field_is_named_by_its_pointer(site: Site) -> None:
    problem = json.loads((await site.get("/api/admin/ebay/queue?limit=0"))[2])
    assert problem["errors"][0]["pointer"] == "/query/limit"


async def test_an_answer_leaves_after_its_commit_and_an_error_rolls_back(
    site: Site, db: Db
) -> None:
    assert (await site.post("/accounts/good"))[0] == 200
    assert (await site.post("/accounts/bad"))[0] == 422
    cursor = await db.execute("SELECT name FROM account")
    assert await cursor.fetchall() == [("good",)]


@pytest.mark.parametrize(
    "headers",
    [
        {"Host": "evil.example"},
        {"Host": "evil.example:8077"},
        {"Host": "127.0.0.1.evil.example"},
        *({"Host": host} for host in ("a@localhost", "localhost/x", "localhost#", "localhost:x")),
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://127.0.0.1:1"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
    ],
)
async def test_another_site_may_change_nothing(site: Site, headers: dict[str, str]) -> None:
    status, body = await site.post("/accounts/shop", **headers)
    assert (status, json.loads(body)["code"]) == (403, "foreign_request")


async def test_our_own_pages_and_programs_may(site: Site) -> None:
    own = {"Origin": site.url, "Sec-Fetch-Site": "same-origin"}
    assert (await site.post("/accounts/one", **own))[0] == 200
    assert (await site.post("/accounts/two"))[0] == 200
    for host in ("localhost:1", "LOCALHOST", "127.0.0.1:", "[::1]:8077", "[::1]"):
        assert (await site.get("/api/ready", Host=host))[0] == 503


async def test_every_answer_forbids_frames_and_sniffing(site: Site) -> None:
    _, headers, _ = await site.get("/nowhere")
    assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert "Server" not in headers


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.1.2", "shop.example"])  # noqa: S104
def test_an_address_that_others_reach_is_refused_with_the_reason(host: str) -> None:
    with pytest.raises(Refused, match="until operators and roles exist"):
        listen(host, 0)


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "::1", "[::1]", "127.9.9.9"])
def test_loopback_is_known_in_all_its_spellings(host: str) -> None:
    assert is_loopback(host)


def test_a_port_that_is_taken_is_said_so() -> None:
    with (
        listen("127.0.0.1", 0) as first,
        pytest.raises(Refused, match=r"Cannot listen on 127.0.0.1 port"),
    ):
        listen("127.0.0.1", int(first.getsockname()[1]))
