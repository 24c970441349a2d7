"""Why a listing cannot be shown on a marketplace: all reasons at once, each with its way out."""

from collections.abc import Iterator

from baysync.account.model import Defaults, Policies
from baysync.ebay.marketplace import MARKETPLACES, Marketplace
from baysync.projection.model import Block
from baysync.projection.resolve import Resolved


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
                reason="no_account_default",
                pointer="/marketplaces",
                rule=f"The account has no defaults for {marketplace}.",
                fix="Set them with `baysync accounts defaults`.",
            ),
        )
    return ()


def of_listing(
    resolved: Resolved, policies: Policies, marketplace: Marketplace
) -> tuple[Block, ...]:
    """Return why this listing cannot be shown there: its own fields first, then the account's."""
    if resolved.listing.variants:
        return (_SEVERAL_VARIANTS,)
    return (*_fields(resolved), *_currency(resolved, marketplace), *_placed(resolved, policies))


_SEVERAL_VARIANTS = Block(
    reason="variations_not_supported_yet",
    pointer="/variants",
    rule="A listing with several variants cannot be published yet.",
    fix="Wait for a newer baysync, or give each variant a listing of its own.",
)


def _fields(resolved: Resolved) -> Iterator[Block]:
    if resolved.price is None:
        yield Block(
            reason="missing_price",
            pointer="/price",
            rule="A listing has a price.",
            fix="Give the listing a price.",
        )


def _currency(resolved: Resolved, marketplace: Marketplace) -> Iterator[Block]:
    if resolved.currency != marketplace.currency:
        yield Block(
            reason="currency_mismatch",
            pointer="/currency",
            rule=f"{marketplace.name} sells in {marketplace.currency}, not {resolved.currency}.",
            fix=f"Give a price in {marketplace.currency} under /overrides/{marketplace.name}.",
        )


def _placed(resolved: Resolved, policies: Policies) -> Iterator[Block]:
    """Yield what the account's defaults would give if it had them."""
    if not resolved.category:
        yield _default("missing_category", "/category", "category", "--category")
    if not resolved.condition:
        yield _default("missing_condition", "/condition", "condition", "--condition")
    if not resolved.location:
        yield _default("missing_location", "/location", "location", "--location")
    for name in ("fulfillment", "payment", "return"):
        if not getattr(policies, "return_" if name == "return" else name):
            yield Block(
                reason="missing_policy",
                pointer="",
                rule=f"eBay wants a {name} policy for every offer.",
                fix=f"Set the account's {name} policy with `baysync accounts defaults`.",
            )


def _default(reason: str, pointer: str, word: str, option: str) -> Block:
    return Block(
        reason=reason,
        pointer=pointer,
        rule=f"eBay wants a {word} for every listing.",
        fix=f"Give the listing one, or the account with `baysync accounts defaults {option}`.",
    )
