"""What is wrong with the sale price of a listing or variant, pure."""

from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import Decimal

from baysync.listing import sale
from baysync.listing.model import Listing, Problem, Severity, Variant


def blocks(listing: Listing, now: datetime | None) -> Iterator[Problem]:
    """Yield what keeps a listing off eBay until its sale prices make sense.

    One that is over at ``now`` is not judged; without ``now``, none that has an end.
    """
    yield from _part(listing, listing.price, "", now)
    for index, variant in enumerate(listing.variants):
        price = listing.price if variant.price is None else variant.price
        yield from _part(variant, price, f"/variants/{index}", now)


def _part(
    part: Listing | Variant, price: Decimal | None, at: str, now: datetime | None
) -> Iterator[Problem]:
    if part.sale_price is None:
        return
    zone = UTC if now is None or now.tzinfo is None else now.tzinfo
    begin, end = sale.begin(part, zone), sale.end(part, zone)
    if begin and end and end <= begin:
        yield _block(
            f"{at}/sale_until",
            "sale_ends_before_it_begins",
            f"is {part.sale_until}, the sale begins {part.sale_from}",
            "give an end after the beginning, or leave one of them out",
        )
    elif end is None or (now is not None and end > now):
        yield from _below(part.sale_price, price, f"{at}/sale_price")


def _below(sale_price: Decimal, price: Decimal | None, at: str) -> Iterator[Problem]:
    if price is not None and sale_price >= price:
        yield _block(
            at,
            "sale_price_not_below_price",
            f"is {sale_price:f}, the price is {price:f}",
            "give a sale price below the price, or take it out",
        )


def _block(pointer: str, rule: str, message: str, fix: str) -> Problem:
    return Problem(pointer=pointer, rule=rule, message=message, fix=fix, severity=Severity.BLOCK)
