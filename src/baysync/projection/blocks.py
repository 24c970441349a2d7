"""Why a listing cannot be shown on a marketplace: all reasons at once, each with its way out."""

from collections.abc import Iterator, Mapping
from datetime import datetime

from msgspec.structs import replace

from baysync.account.model import Defaults
from baysync.ebay.marketplace import MARKETPLACES, Marketplace
from baysync.listing import sale_rules
from baysync.listing.model import Listing, PolicyChoice
from baysync.listing.rules import blocking
from baysync.projection import reference
from baysync.projection.model import Block
from baysync.projection.stocking import Stocked
from baysync.reference.model import UNKNOWN, MarketplaceRules

UNKNOWN_QUANTITY = "quantity_unknown"


def of_place(defaults: Defaults | None, marketplace: str) -> tuple[Block, ...]:
    """Return why nothing can be shown on ``marketplace``, whatever the listing says."""
    if marketplace not in MARKETPLACES:
        known = ", ".join(sorted(MARKETPLACES))
        return (
            Block(
                reason="unknown_marketplace",
                pointer="/marketplaces",
                rule=f"{marketplace} is not a marketplace that baysync lists on.",
                fix=f"Use one of {known}.",
            ),
        )
    if defaults is None:
        return (
            Block(
                reason="unknown_marketplace",
                pointer="/marketplaces",
                rule=f"The account does not sell on {marketplace}.",
                fix="Take it out of the listing, or sell there: "
                f"`baysync accounts marketplaces NAME --add {marketplace}`.",
            ),
        )
    return ()


def of_listing(
    resolved: Listing, listing: Listing, marketplace: Marketplace, rules: MarketplaceRules = UNKNOWN
) -> tuple[Block, ...]:
    """Return why ``resolved`` cannot be shown there: its own fields first, then the account's.

    Then comes what eBay asks there by ``rules``.
    A pointer leads to what decided the field: the ``listing``, or its override for there.
    """
    at = marketplace.name
    fields = (
        Block(
            reason=problem.rule,
            pointer=_decider(problem.pointer, listing, at),
            rule=problem.message,
            fix=problem.fix,
        )
        for problem in blocking(_here(resolved, marketplace), marketplace.currency)
    )
    asked = (
        replace(block, pointer=_decider(block.pointer, listing, at))
        for block in reference.blocks(resolved, marketplace, rules)
    )
    return (*fields, *_priced(resolved), *_placed(resolved, at), *asked)


def of_sale(listing: Listing, now: datetime) -> tuple[Block, ...]:
    """Return what is wrong with sale prices that are not over at ``now``."""
    return tuple(
        Block(reason=found.rule, pointer=found.pointer, rule=found.message, fix=found.fix)
        for found in sale_rules.blocks(listing, now)
    )


def of_stock(
    listing: Listing, offered: Mapping[str, Stocked], held: Mapping[str, int]
) -> tuple[Block, ...]:
    """Return what nobody says how many to offer of, and buyers do not see yet.

    What the shop does not count is named even where buyers see it: the account can say it.
    """
    places = {each.sku: f"/variants/{at}/quantity" for at, each in enumerate(listing.variants)}
    own = {each.sku for each in listing.variants if each.quantity is not None}
    counts = listing.quantity is None and any(stock.value is not None for stock in offered.values())
    return tuple(
        dict.fromkeys(
            _unknown(stock, places.get(key, "/quantity") if counts or key in own else "/quantity")
            for key, stock in offered.items()
            if stock.value is None and (stock.untracked or key not in held)
        )
    )


def _unknown(stock: Stocked, at: str) -> Block:
    if stock.untracked:
        return Block(
            reason=UNKNOWN_QUANTITY,
            pointer=at,
            rule="The shop does not count its stock, and the account does not say what to offer.",
            fix="Say how many are offered of what is not counted: "
            "`baysync accounts defaults NAME --set untracked_quantity=N`.",
        )
    return Block(
        reason=UNKNOWN_QUANTITY,
        pointer=at,
        rule="The shop does not say how many there are.",
        fix="Give the quantity, 0 if there are none, or `untracked` if the shop does not count.",
    )


def _here(resolved: Listing, marketplace: Marketplace) -> Listing:
    """Return ``resolved`` without what it says of its variants for other marketplaces."""
    if not resolved.overrides:
        return resolved
    overrides = {
        name: each if name == marketplace.name else replace(each, variants=None)
        for name, each in resolved.overrides.items()
    }
    return replace(resolved, overrides=overrides)


def _priced(resolved: Listing) -> Iterator[Block]:
    """Yield what the account's price rules made unfit; the shop's own prices are above 0."""
    prices = (resolved.price, *(variant.price for variant in resolved.variants))
    if any(price is not None and price <= 0 for price in prices):
        yield Block(
            reason="price_not_above_zero",
            pointer="/price",
            rule="The account's price rules leave nothing of the price.",
            fix="Raise it, or give the rules a floor: "
            "`baysync accounts defaults NAME --set pricing.minimum=1.00`.",
        )


def _decider(pointer: str, listing: Listing, marketplace: str) -> str:
    field, _, part = pointer.removeprefix("/").partition("/")
    override = listing.overrides.get(marketplace)
    if field == "policies":
        named = override and override.policies
        is_own, pointer = _names(named, part), pointer if _names(listing.policies, part) else ""
        return f"/overrides/{marketplace}/{field}/{part}" if is_own else pointer
    is_own = field != "variants" and getattr(override, field, None) is not None
    return f"/overrides/{marketplace}{pointer}" if is_own else pointer


def _names(policies: PolicyChoice | None, kind: str) -> bool:
    return bool(getattr(policies, "return_" if kind == "return" else kind, None))


def _placed(resolved: Listing, marketplace: str) -> Iterator[Block]:
    """Yield what the account's defaults would give if it had them."""
    here = f"baysync accounts defaults NAME --marketplace {marketplace}"
    if not resolved.category:
        search = f"`baysync categories search WORDS --marketplace {marketplace}` finds one."
        way = f"`{here} --set category=ID`. {search}"
        yield _default("missing_category", "/category", "category", way)
    if not resolved.condition:
        yield _default(
            "missing_condition", "/condition", "condition", f"`{here} --set condition=NEW`."
        )
    if not resolved.location:
        yield _default("missing_location", "/location", "location", f"`{here} --set location=KEY`.")
    for name in ("fulfillment", "payment", "return"):
        if not _names(resolved.policies, name):
            yield Block(
                reason="missing_policy",
                pointer="",
                rule=f"eBay wants a {name} policy for every offer.",
                fix=f"Give the account one, by id or name: `{here} --set policies.{name}=ID`.",
            )


def _default(reason: str, pointer: str, word: str, way: str) -> Block:
    return Block(
        reason=reason,
        pointer=pointer,
        rule=f"eBay wants a {word} for every listing.",
        fix=f"Give the listing one, or the account with {way}",
    )
