"""What the page shows: sections of rows, each row with the buttons that fit its state."""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

import msgspec

from mockbay.answers import Document, part
from mockbay.clock import to_iso
from mockbay.control import Mock
from mockbay.fault_plan import kind_of
from mockbay.faults import Rule
from mockbay.journal import Entry
from mockbay.listings import effective_quantity
from mockbay.state import Listing, Offer, Seller, World

MOST_ROWS = 100
LONGEST_BODY = 2_000
NUMBERS = frozenset(
    {"Items", "Offers", "Live", "Orders", "Left", "Sold", "Units", "Fired", "#", "Answered 501"}
)
TONES = {"ACTIVE": "good", "OUT_OF_STOCK": "warn", "EBAY_ENDED": "bad"}
OK, WRONG = 200, 400
PAID = {
    "PAID": "paid", "PENDING": "refund pending", "PARTIALLY_REFUNDED": "refunded in part",
    "FULLY_REFUNDED": "refunded",
}  # fmt: skip
SHIPPED = {"NOT_STARTED": "", "IN_PROGRESS": "in part", "FULFILLED": "shipped"}


class Button(NamedTuple):
    """A button with the fields it sends; ``which`` names those that an edit keeps hidden."""

    action: str
    text: str
    fields: Mapping[str, object]
    hint: str
    which: tuple[str, ...] = ()

    @property
    def edit(self) -> bool:
        """Whether it opens a form to fill in."""
        return bool(self.which)


class Badge(NamedTuple):
    """A word with a colour."""

    text: str
    tone: str


class Longer(NamedTuple):
    """A text that opens a longer one."""

    text: str
    more: str


class Row(NamedTuple):
    """The cells of a row by column, and whether what it shows is over."""

    cells: Mapping[str, object]
    over: bool = False


class Section(NamedTuple):
    """A table under its title, or the sentence that stands there while it is empty."""

    id: str
    size: str
    rows: list[Row]
    none: str

    @property
    def title(self) -> str:
        """The heading."""
        return self.id.capitalize()

    @property
    def heads(self) -> list[str]:
        """The names of the columns."""
        return list(self.rows[0].cells)


def all_of(mock: Mock) -> list[Section]:
    """Return the sections of the page from top to bottom."""
    world, sellers = mock.world, mock.world.sellers.values()
    live = sum(one.alive for seller in sellers for one in seller.listings.values())
    orders = sum(len(seller.orders) for seller in sellers)
    return [
        Section("accounts", f"{len(sellers)}", [_account(seller) for seller in sellers], ""),
        Section("listings", _count(live, "live"), list(_listings(world)),
                "Nothing is listed. Store an item, create an offer, publish it: keys are at "
                "/_mock/credentials."),
        Section("orders", _count(orders, "in all"), list(_orders(world)),
                "Nobody has bought anything. Press Buy beside a live listing."),
        Section("faults", f"{len(mock.faults.rules)}",
                [_rule(rule) for rule in mock.faults.rules.values()],
                "Every call is answered as eBay would."),
        *_unimplemented(world),
        Section("journal", _count(len(world.journal), "calls"), _journal(world),
                "No call has arrived yet."),
    ]  # fmt: skip


def _unimplemented(world: World) -> list[Section]:
    """Return what programs have called in vain, if anything."""
    missed = world.journal.unimplemented
    rows = [Row({"Call": name, "Answered 501": times}) for name, times in missed.items()]
    size = f"{sum(missed.values())} calls that mockbay lacks"
    return [Section("unimplemented", size, rows[-MOST_ROWS:], "")] if rows else []


def _count(number: int, what: str) -> str:
    shown = f", the last {MOST_ROWS} shown" if number > MOST_ROWS else ""
    return f"{number} {what}{shown}"


def _shown(ms: int) -> str:
    return to_iso(ms)[:19].replace("T", " ")


def _account(seller: Seller) -> Row:
    which = {"account": seller.name}
    return Row(
        {
            "Seller": seller.name,
            "Items": len(seller.items),
            "Offers": len(seller.offers),
            "Live": sum(one.alive for one in seller.listings.values()),
            "Orders": len(seller.orders),
            "Actions": (
                Button("token/expire", "Expire tokens", which, f"Expire tokens of {seller.name}"),
                Button("token/revoke", "Revoke tokens", which, f"Revoke tokens of {seller.name}"),
            ),
        }
    )


def _listings(world: World) -> Iterable[Row]:
    for seller in world.sellers.values():
        for listing in list(seller.listings.values())[: -MOST_ROWS - 1 : -1]:
            for offer_id in listing.offer_ids:
                if (offer := seller.offers.get(offer_id)) is not None:
                    yield _listing(world, seller, listing, offer)


def _listing(world: World, seller: Seller, listing: Listing, offer: Offer) -> Row:
    said = seller.groups.get(listing.group or "")  # a group's words are its own
    said = said or part(seller.items[offer.sku].document, "product")
    left = effective_quantity(world, seller, offer)
    status = Badge(listing.status, TONES.get(listing.status, ""))
    title = str(said.get("title", ""))
    return Row(
        {
            "Listing": listing.listing_id,
            "Seller": f"{seller.name} {listing.marketplace}",
            "SKU": offer.sku,
            "Title": title,
            "Price": " ".join(offer.price or ()),
            "Left": left if listing.alive else "",
            "Sold": listing.sold.get(offer.sku, 0),
            "Status": Badge("ON HOLD", "bad") if listing.on_hold else status,
            "Actions": _acts(seller, listing, offer, {"title": title, "quantity": left})
            if listing.alive else (),
        },
        over=not listing.alive,
    )  # fmt: skip


def _acts(seller: Seller, listing: Listing, offer: Offer, now: Document) -> tuple[Button, ...]:
    which = {"sku": offer.sku, "listing_id": listing.listing_id, "account": seller.name}
    price = offer.price[0] if offer.price else ""
    freed = ("unhold", "Free") if listing.on_hold else ("hold", "Hold")
    return (
        Button("buy", "Buy", which, f"Buy one {offer.sku}"),
        Button(*freed, which, f"{freed[1]} {offer.sku}"),
        Button("end-listing", "End", which, f"End {offer.sku} as the seller"),
        Button("end-listing", "End as eBay", which | {"by": "ebay"}, f"End {offer.sku} as eBay"),
        Button("seller-edit", "Edit", which | now | {"price": price}, f"Edit {offer.sku}",
               which=tuple(which)),
    )  # fmt: skip


def _orders(world: World) -> Iterable[Row]:
    for seller in world.sellers.values():
        for order in list(seller.orders.values())[: -MOST_ROWS - 1 : -1]:
            key, over = order.order_id, order.cancelled is not None
            cancel = Button("cancel-order", "Cancel", {"order_id": key}, f"Cancel order {key}")
            yield Row(
                {
                    "Order": key, "Seller": seller.name,
                    "SKU": ", ".join(line.sku for line in order.lines),
                    "Units": sum(line.quantity for line in order.lines),
                    "Made": _shown(order.created),
                    "Paid": PAID[order.payment_status(world.clock.ms)],
                    "Shipped": SHIPPED[order.fulfillment_status] if not over else "cancelled",
                    "Actions": () if over or order.packages else (cancel,),
                },
                over=over,
            )  # fmt: skip


def _rule(rule: Rule) -> Row:
    key, kept = rule.spec.id, len(rule.held) + len(rule.late)
    named = [kind_of(effect) for effect in rule.spec.effects]
    drop = Button("drop", "Drop", {"rule": key}, f"Drop {key}")
    release = Button("release", "Release", {"rule": key}, f"Release {key}")
    return Row(
        {
            "Rule": Longer(key, msgspec.json.encode(rule.spec).decode()),
            "Effects": ", ".join(named),
            "Fired": rule.fired,
            "Keeps": _count(kept, "calls") if kept else "",
            "Actions": (drop, release) if kept else (drop,),
        }
    )


def _journal(world: World) -> list[Row]:
    return [_call(entry) for entry in reversed(world.journal.entries[-MOST_ROWS:])]


def _call(entry: Entry) -> Row:
    status = entry.status or 0
    tone = "good" if OK <= status < WRONG else "bad" if status else "warn"
    asked = f"{entry.method} {entry.path}{'?' + entry.query if entry.query else ''}"
    body = entry.body[:LONGEST_BODY]
    return Row(
        {
            "#": entry.seq,
            "Time": _shown(entry.at),
            "Seller": entry.account or "",
            "Call": Longer(entry.op, f"{asked}\n{body}".strip()),
            "Status": Badge(str(entry.status or entry.outcome), tone),
            "Errors": ", ".join(str(one) for one in entry.errors),
            "Faults": ", ".join(entry.faults),
        }
    )
