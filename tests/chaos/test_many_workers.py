"""Four worker processes at once, with edits arriving while they run, and no faults."""

from random import Random
from typing import cast

from agreement import at_once, shown, wanted
from chaos.workers import Workers, all_done
from live_shop import Document, Shop, body_of, document

WORKERS = 4
EDITS, LISTINGS, AT_ONCE = 5_000, 250, 50
WINDOW = {"BAYSYNC_DEBOUNCE_WINDOW": "100ms", "BAYSYNC_DEBOUNCE_LONGEST": "500ms"}
NEW_LISTING = {"bulkPublishOffer", "withdrawOffer"}
PRICED = "bulkUpdatePriceQuantity"


def edited(listing: Document, luck: Random) -> Document:
    """Return the listing after one random edit; now and then it is ended or sold out."""
    changes: list[Document] = [
        {"title": f"Lamp {luck.randrange(5)}"},
        {"price": f"{luck.randrange(10, 15)}.50"},
        {"quantity": luck.randrange(1, 9)},
        {"description": f"<p>Light {luck.randrange(3)}.</p>"},
        {"quantity": 0},
        {"status": luck.choice(["active", "ended"])},
    ]
    [edit] = luck.choices(changes, weights=[6, 6, 6, 3, 1, 1])
    return listing | edit


def repeated(shop: Shop) -> list[tuple[str, str]]:
    """Return each write whose body eBay already had for that SKU and call.

    A new listing starts from nothing; a new price or quantity changes what item and offer hold.
    """
    offers = {offer["offerId"]: offer["sku"] for offer in shop.mock.offers().values()}
    last: dict[str, dict[str, Document]] = {}
    found: list[tuple[str, str]] = []
    for call in shop.calls():
        if call["method"] == "GET" or call["op"] == "bulkGetInventoryItem":
            continue
        for sku, row in rows_of(call, offers):
            held = last.setdefault(sku, {})
            if held.get(call["op"]) == row:
                found.append((sku, call["op"]))
            if call["op"] in NEW_LISTING or call["op"] == PRICED:
                held.clear()
            held[call["op"]] = row
    return found


def rows_of(call: Document, offers: dict[str, str]) -> list[tuple[str, Document]]:
    """Return what a write says, by SKU."""
    body = cast("Document", body_of(call) or {})
    rows: list[Document] = body.get("requests") or [body]
    of_path = offers.get(call["path"].removesuffix("/withdraw").rpartition("/")[2], "")
    return [(row.get("sku") or offers.get(row.get("offerId", ""), of_path), row) for row in rows]


async def test_many_workers_send_no_body_twice_and_leave_nothing_undone(
    shop: Shop, crew: Workers
) -> None:
    luck = Random(7)  # noqa: S311 -- reproducible, not secret
    state = {sku: document(sku) for sku in (f"SKU-{n:03}" for n in range(LISTINGS))}
    await shop.put(*state.values())
    for _ in range(WORKERS):
        crew.start(**WINDOW)
    for _ in range((EDITS - LISTINGS) // AT_ONCE):
        busy = luck.sample(sorted(state), AT_ONCE)
        state |= {sku: edited(state[sku], luck) for sku in busy}
        await shop.put(*[state[sku] for sku in busy])
    await all_done(shop)

    there = shown(shop.mock)
    told = wanted(state.values())
    gone = {sku for sku, row in told.items() if row.stock == (0, 0) and sku not in there}
    assert there == {sku: row for sku, row in told.items() if sku not in gone}
    assert at_once(shop.mock) == set()
    assert repeated(shop) == []
