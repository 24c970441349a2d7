"""Every open question of mockbay, answered the other way, and mixes of the answers."""

import os
from random import Random

from mockbay.switches import Switches
from support.depth import DEEP
from support.live_shop import Document

OF_THE_TOOL = {
    "any_category",
    "canary",
    "clock",
    "journal_bodies",
}  # how the mock itself runs, no question about eBay
FLIPPED: Document = {
    "strict_headers": False,
    "strict_fields": True,
    "empty_query": "given",
    "strict_types": True,
    "basic_scope_tokens": "application",
    "strict_sku": True,
    "price_quantity_max_skus": 1,
    "minimum_rule": False,
    "item_quantity_drops_on_sale": False,
    "republish": "error",
    "republish_at_zero": True,
    "withdraw_again": 25002,
    "stale_listing_after_withdraw": True,
    "missing_item": "400 25702",
    "no_offers": "empty",
    "duplicate_offer": "25729",
    "updated": 200,
    "mixed_rows": 200,
    "locale_exact": True,
    "exact_aspects": False,
    "item_offset": "records",
    "revision_cap": None,
    "revision_error_id": 25002,
    "variation_limit": 3,
    "axis_limit": 1,
    "axis_values_limit": 3,
    "selling_limit": 100,
    "quota": 5_000,
    "reference_quota": 50,
    "burst_calls": 150,
    "burst_ms": 60_000,
    "retry_after": 10,
    "hold_allows_revision": True,
    "order_lag_ms": 60_000,
    "refund_lag_ms": 60_000,
    "feed_lag_ms": 60_000,
    "error_dialect": "odd",
    "concurrent_writes": "permitted",
    "condition_extras": "refused",
    "other_product": "refused",
    "best_offer_amounts": "dropped",
    "compared_prices": "refused",
    "other_currency": "warned",
    "shipping_overrides": "refused",
    "second_category": "refused",
    "tax_category": "warned",
}
THIRD: Document = {
    "missing_item": "404",
    "duplicate_offer": "25002",
    "mixed_rows": 400,
    "condition_extras": "warned",
}
"""Where a question has more than two answers."""
ALONE = DEEP  # else the mixes flip each, together with others
MIXES = 20 if os.environ.get("CI") or ALONE else 8


def unanswered() -> set[str]:
    """Return the switches of mockbay that are not flipped here."""
    return set(Switches.__struct_fields__) - FLIPPED.keys() - OF_THE_TOOL


def settings() -> dict[str, Document]:
    """Return the settings under which the suite must pass: all, mixes, and if deep each alone."""
    alone = {f"{name}={value}": {name: value} for name, value in FLIPPED.items() if ALONE}
    third = {f"{name}={value}": {name: value} for name, value in THIRD.items() if ALONE}
    mixes = {f"mix {seed}": _mixed(Random(seed)) for seed in range(MIXES)}  # noqa: S311
    return {
        "as it is": {},
        **alone,
        **third,
        "all": FLIPPED,
        "all, and the third": FLIPPED | THIRD,
        **mixes,
    }


def _mixed(luck: Random) -> Document:
    chosen = {name: value for name, value in FLIPPED.items() if luck.random() < 0.5}
    return chosen | {name: value for name, value in THIRD.items() if luck.random() < 0.3}
