"""No secret and no buyer gets into a table, a log, a page, a metric or a command's output."""

import base64
import io
import re
from pathlib import Path

import anyio.to_thread
import pytest
from psycopg import connect, sql
from typer.testing import CliRunner

from baysync.app import orders
from baysync.base.packing import pack, unpack
from baysync.base.secrets import Keyring
from baysync.cli.main import app
from baysync.ebay.redact import redact
from baysync.telemetry import logs
from mockbay.buyers import canary_phone
from mockbay.client import MockServer
from support.leaks import CANARY, KEY, leaks
from support.leaks import shown as shown_by_any
from support.live_shop import Shop, document, open_shop
from support.served import ask, request, served

BYTES = re.compile(r'"\\\\x([0-9a-f]+)"')  # how to_jsonb shows bytea
FRAME = bytes.fromhex("28b52ffd")  # of zstd
KINDS = (
    *("access", "secret", "refresh", "password", "code", "jwt"),
    *("name", "email", "phone", "street", "username", "database"),
)
PAGES = (
    *("/", "/listings", "/listings/LAMP-1", "/listings/LAMP-2", "/log", "/metrics", "/api/health"),
    *("/api/ebay/metrics", "/api/ebay/orders", "/api/listings", "/api/admin/ebay/accounts"),
    *("/api/admin/ebay/queue", "/api/admin/ebay/queue/dead-letter", "/api/admin/ebay/sync-logs"),
    *(
        "/api/ebay/listings/LAMP-1",
        "/api/ebay/listings/LAMP-2",
        "/api/ebay/listings/LAMP-1/snapshots",
    ),
)
BUYER = "buyer-one"
COMMANDS = (
    *("status", "status --json", "doctor", "accounts list", "dead list", "dead list --json"),
    *("why LAMP-1", "why LAMP-2", "orders list", "queue list", "snapshots list LAMP-1"),
)


def drawn() -> dict[str, str]:
    """Return a canary of each kind, with the run's in it; the phone number is digits only."""
    canaries = {kind: f"canary{kind}{CANARY}" for kind in KINDS}
    return canaries | {"phone": canary_phone(CANARY)[5:]}


def told(canary: dict[str, str]) -> str:
    """Return an error text as no eBay should write it, with every canary in it."""
    return (
        f"token v^1.1#i^1#{canary['access']} client_secret={canary['secret']} "
        f'{{\\"refresh_token\\": \\"{canary["refresh"]}\\"}} password: {canary["password"]} '
        f"code%3D{canary['code']} eyJhbGciOiJIUzI1NiJ9.{canary['jwt']}.c2ln "
        f"{canary['email']}@example.com +49 151 {canary['phone']} "
        f"postgresql://baysync:{canary['database']}@db/x buyerName={canary['name']}"
    )


def failing(op: str, message: str, **parameters: str) -> dict[str, object]:
    """Return a rule by which a call fails with an error that talks."""
    effect = {"kind": "error", "status": 400, "error_id": 25003, "message": message}
    return {"match": {"op": op}, "times": 0, "effects": [effect | {"parameters": parameters}]}


async def stored(shop: Shop) -> str:
    """Return every row of every table as text, with what is packed in it unpacked."""
    rows: list[str] = []
    async with shop.runtime.db() as db:
        names = await db.execute(
            "SELECT relname FROM pg_class WHERE relkind IN ('r', 'p')"
            " AND relnamespace = 'public'::regnamespace"
        )
        for (name,) in await names.fetchall():
            table = sql.Identifier(name)
            found = await db.execute(sql.SQL("SELECT to_jsonb(t)::text FROM {} t").format(table))
            rows += [row for (row,) in await found.fetchall()]
    return "\n".join([*rows, *(readable(packed) for row in rows for packed in BYTES.findall(row))])


def readable(packed: str) -> str:
    """Return the bytes of a column as text; hashes and ciphertexts are no frames."""
    raw = bytes.fromhex(packed)
    return (unpack(raw) if raw.startswith(FRAME) else raw).decode("utf-8", "replace")


async def shown(database: str) -> str:
    """Return what pages, metrics and commands show."""
    texts: list[str] = []
    async with served(database) as port:
        for page in PAGES:
            answer = await ask(port, request("GET", page))
            assert answer.status in {200, 503}, (page, answer.body)
            texts.append(answer.body)
    for command in COMMANDS:
        done = await anyio.to_thread.run_sync(CliRunner().invoke, app, command.split())
        assert done.exit_code in {0, 1}, (command, done.output)
        texts += [done.stdout, done.stderr]
    return "\n".join(texts)


async def test_a_secret_that_any_test_leaves_in_the_clear_is_found(
    shop: Shop, database: str
) -> None:
    await shop.put(document("LAMP-1"))
    await shop.drain()
    with connect(database, autocommit=True) as db:
        assert leaks(db) == []
        token = shop.mock.credentials["user_token"]
        db.execute("UPDATE account SET username = %s", (token,))
        db.execute(
            "UPDATE ebay_call_log SET response = %s WHERE id = (SELECT max(id) FROM ebay_call_log)",
            (pack(f'{{"buyer": {{"username": "{BUYER}"}}}}'.encode()),),
        )
        db.execute("UPDATE listing SET body = %s", (pack(f'{{"sku": "{CANARY}"}}'.encode()),))
        assert {secret for _, secret in leaks(db)} >= {token[:9], BUYER, CANARY}
        db.execute("DELETE FROM ebay_call_log")


@pytest.mark.parametrize(
    "text",
    [
        CANARY,
        f"v%5E1.1%23i%5E1%23t%5EAT{CANARY}00",
        base64.b64encode(f"client:SBX-{CANARY}-1".encode()).decode(),
        base64.b64encode(f"a client:SBX-{CANARY}-1".encode()).decode(),
        base64.b64encode(f"my client:SBX-{CANARY}-1".encode()).decode(),
        f"Robin Sample {CANARY}".encode().hex(),
        canary_phone(CANARY),
        KEY,
        base64.b64decode(KEY).hex(),
    ],
)
def test_the_canary_of_the_run_is_known_in_every_spelling(text: str) -> None:
    with pytest.raises(AssertionError, match="is shown"):
        shown_by_any(f"said: {text}.")
    assert shown_by_any("SBX- canary +999 v^1") == "SBX- canary +999 v^1"


async def test_what_a_seller_and_a_buyer_of_the_run_have_carries_the_canary(shop: Shop) -> None:
    await shop.put(document("LAMP-1"))
    await shop.drain()
    shop.mock.buy("LAMP-1")
    keys = shop.mock.credentials
    secrets = [keys[name] for name in ("client_secret", "refresh_token", "user_token")]
    async with shop.runtime.db() as db:
        assert all(CANARY in secret for secret in secrets)
        assert CANARY in str(db.info.password)
    assert shop.runtime.keyring.kid == Keyring(base64.b64decode(KEY)).kid


async def test_no_canary_is_anywhere(
    database: str, mockbay: MockServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    canary, url = drawn(), database
    monkeypatch.setenv("DATABASE_URL", url)
    monkeypatch.setenv("BAYSYNC_HOME", str(tmp_path))
    log = io.StringIO()
    logs.configure(level="debug", form="json", redact=redact, stream=log)
    async with open_shop(url, mockbay, tmp_path) as shop:
        await shop.put(document("LAMP-1"))
        await shop.drain()
        mockbay.buy("LAMP-1")
        speaking = f"Order of buyer {canary['name']} ({canary['username']}), {canary['street']} 5"
        mockbay.faults(failing("getOrders", speaking + told(canary), buyerName=canary["name"]))
        await orders(shop.runtime).run()
        mockbay.clear_faults()
        for op in ("createOffer", "bulkCreateOffer", "publishOffer", "bulkPublishOffer"):
            mockbay.faults(failing(op, told(canary), buyerName=canary["name"], sku="LAMP-2"))
        await shop.put(document("LAMP-2"))
        await shop.drain()
        row = await shop.row("LAMP-2")
        assert row["letters"] == 1, (row, [call["op"] for call in shop.calls()])
        everything = await stored(shop) + await shown(url) + log.getvalue()
        assert "[redacted]" in everything, "eBay's words came this far, without what is secret"
        granted = ("client_secret", "refresh_token", "user_token")
        secrets = {**canary, "key": KEY, **{name: mockbay.credentials[name] for name in granted}}
        assert {kind for kind, value in secrets.items() if value in everything} == set()
        async with shop.runtime.db() as db:
            await db.execute("UPDATE account SET username = %s", (canary["name"],))
            assert canary["name"] in await stored(shop), "a canary that is there is found"
            await db.execute("UPDATE account SET username = 'seller-one'")
