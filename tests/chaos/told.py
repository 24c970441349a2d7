"""Histories that are told: each shows one planted fault, which random ones seldom meet."""

from chaos.catalogue import LAMPS, PRICES, SHIRT
from chaos.history import History
from support.agreement import shown

LAMP = LAMPS[0]


def old_price(history: History) -> None:
    """List again at a price that eBay was told before the last."""
    history.relist_at_an_old_price(sku=LAMP, price=PRICES[0])
    history.rest()


def throttled_look(history: History) -> None:
    """Sell during a raise; the look that shows it is followed by one that eBay puts off."""
    history.sell_unseen(sku=LAMP, op="bulkGetInventoryItem")
    history.rest()


def capped_raise(history: History) -> None:
    """Sell during a raise of one variant, on a day on which eBay takes no raise of another."""
    history.shop.mock.switch(revision_cap=1)
    history.catalogue.edited(SHIRT, {"quantity": ("S", 9)})  # said with the raise of the other
    history.sell_within_raise("SHIRT-M", "getOffer", nth=3)  # two looks go before
    history.shop.mock.switch(revision_cap=None)
    history.wait(86_400)
    history.rest()


def late_worker(history: History) -> None:
    """Let a worker come back after its lease, when another has done its work."""
    history.edit((LAMP, {"title": "Bright"}))
    history.stall(calls=1, after=True)
    history.wait(150)
    history.publish()
    history.wait(100)
    history.publish()
    history.resume()
    history.rest()


def late_call(history: History) -> None:
    """Let a worker stand still before its call until its lease has ended."""
    history.edit((LAMP, {"title": "Bright"}))
    history.stall(calls=1, after=False)
    history.wait(150)
    history.resume()
    history.rest()


def taken_over(history: History) -> None:
    """Let a worker come back while another has its change, and a newer edit of it."""
    edits = (LAMP, {"title": "Bright"}), (LAMP, {"title": "Plain"})
    history.take_over(edits, 1, after=True)
    history.rest()


def unplugged(history: History) -> None:
    """Lose the database between a claim and its first call, with an edit made meanwhile."""
    history.unplug(edits=((LAMP, {"title": "Plain"}), (LAMP, {"title": "Bright"})))
    history.pending_changes_name_what_is_wanted()
    history.rest()


def sold_out_unseen(history: History) -> None:
    """Sell a new listing out before anybody knows that it is live: the worker died."""
    throttled = {"kind": "throttle", "retry_after": 30}
    history.shop.mock.faults({"match": {"op": "bulkPublishOffer"}, "effects": [throttled]})
    history.edit(("LAMP-9", {}))
    history.publish()
    history.wait(60)
    history.crash(1, after=True)
    history.edit(("LAMP-9", {"quantity": 0}))
    history.wait(150)
    history.rest()


def late_item(history: History) -> None:
    """Let an older replacement of the item land after a newer quantity."""
    late = {"kind": "late", "ms": 45_000, "answer": "gateway"}
    replacement = {"op": "bulkCreateOrReplaceInventoryItem"}
    history.shop.mock.faults({"match": replacement, "effects": [late]})
    history.edit((LAMP, {"title": "Bright"}))
    history.publish()
    history.wait(20)
    history.edit((LAMP, {"quantity": 3}))
    history.publish()
    history.rest()
    stock = shown(history.shop.mock)[LAMP].stock
    assert stock == (3, 3), "eBay holds more of an item than the shop has"


def unplugged_amid(history: History) -> None:
    """Lose the database behind the first call of a plan, which the shop then takes back."""
    before = history.catalogue.listings[LAMP]
    history.lose_database((LAMP, {"price": "12.50", "title": "Bright"}), calls=2)
    history.put(history.catalogue.put_back(before))
    history.rest()


def relisted_behind_an_error(history: History) -> None:
    """List again what eBay has ended with a system error for an answer."""
    error = {"kind": "error", "status": 500, "error_id": 25001, "when": "after"}
    history.shop.mock.faults({"match": {"op": "withdrawOffer"}, "effects": [error]})
    history.edit((LAMP, {"status": "ended"}))
    history.publish()
    history.edit((LAMP, {"status": "active"}))
    history.rest()


def held(history: History) -> None:
    """Let eBay hold a listing that the shop edits meanwhile."""
    history.hold(LAMP)
    history.edit((LAMP, {"title": "Bright"}))
    history.publish()
    history.rest()
