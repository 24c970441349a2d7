"""One listing that takes every worker down: its neighbours go on, and it is stopped by name."""

from collections import Counter

from chaos.workers import LEASE_OVER, Workers, all_done, reached, taken_over
from support.agreement import shown, wanted
from support.live_shop import Shop, document

SKUS = [f"SKU-{n:02}" for n in range(25)]
POISON = "SKU-13"
CRASHES = 4  # with all its neighbours, then three times alone


def calls_about(shop: Shop) -> Counter[str]:
    """Return how many calls of the journal speak of each SKU."""
    offers = {offer["offerId"]: offer["sku"] for offer in shop.mock.offers().values()}
    found: Counter[str] = Counter()
    for call in shop.calls():
        text = f"{call['path']}?{call['query']} {call['body']}"
        names = SKUS + [offer_id for offer_id in offers if offer_id in text]
        found.update({offers.get(name, name) for name in names if name in text})
    return found


async def test_one_row_of_25_that_kills_its_worker_is_blocked_and_the_others_are_published(
    shop: Shop, crew: Workers
) -> None:
    hold = {"kind": "hold", "when": "before"}
    rule = {"id": "poison", "match": {"sku": POISON, "method": "POST"}, "times": 0}
    shop.mock.faults(rule | {"effects": [hold]})
    listings = [document(sku) for sku in SKUS]
    await shop.put(*listings)
    for crash in range(1, CRASHES + 1):
        victim = crew.start()
        await reached(shop, "poison", count=crash)
        crew.kill(victim)
        await shop.pass_time(LEASE_OVER)
    crew.start()
    await taken_over(shop)
    await all_done(shop)

    row = await shop.row(POISON)
    assert (row["blocked_reason"], row["blocked_scope"]) == ("crash_loop", "all")
    assert shown(shop.mock) == wanted(row for row in listings if row["sku"] != POISON)
    about = calls_about(shop)
    usual = 3  # item, offer, publish
    companions = [sku for sku in SKUS if sku != POISON]
    assert max(about[sku] - usual for sku in companions) <= 5
    assert len(shop.calls()) - usual <= 5 * len(companions), "those about the poison included"
