"""The page at ``/``: what is going on in the mock, and buttons that make things happen.

Plain HTML and forms; it needs no scripts. Each button is a control call.
"""

from collections.abc import Iterable, Mapping
from html import escape
from urllib.parse import parse_qsl

import msgspec
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from mockbay import actors
from mockbay.answers import part
from mockbay.clock import to_iso
from mockbay.control import Mock
from mockbay.listings import effective_quantity
from mockbay.state import Listing, Offer, Seller, World

MOST_ROWS = 100
NUMBERS = frozenset({"quantity", "ms"})
STYLE = (
    "body{font:15px/1.5 system-ui,sans-serif;margin:2rem;max-width:75rem}"
    "table{border-collapse:collapse;width:100%}td,th{text-align:left;padding:.2rem .6rem;"
    "border-bottom:1px solid #ddd}form{display:inline}input{width:5rem}h2{margin-top:2rem}"
)


async def show(mock: Mock, _: Request) -> Response:
    """Return the page."""
    return HTMLResponse(_page(mock))


async def press(mock: Mock, request: Request) -> Response:
    """Do what a button says and come back to the page; what is impossible is said there."""
    form = dict(parse_qsl((await request.body()).decode("utf-8", "replace")))
    action = form.pop("action", "")
    body = {n: int(v) if n in NUMBERS and v.isdigit() else v for n, v in form.items()}
    try:
        _act(mock, action, body)
    except (actors.Impossible, msgspec.ValidationError) as wrong:
        return HTMLResponse(_page(mock, str(wrong)), 409)
    return RedirectResponse("/", 303)


def _act(mock: Mock, action: str, body: Mapping[str, object]) -> None:
    if action in actors.ACTIONS:
        actors.ACTIONS[action](mock.world, body)
    elif action == "advance":
        mock.world.advance(int(str(body.get("ms", 0))))
    elif action == "clear-faults":
        mock.faults.clear()
    elif action == "release" and body.get("rule") in mock.faults.rules:
        mock.faults.rules[str(body["rule"])].release()
    else:
        raise actors.Impossible(f"There is no action {action!r}.")


def _page(mock: Mock, problem: str = "") -> str:
    world = mock.world
    notice = f"<p role=alert><strong>{escape(problem)}</strong></p>" if problem else ""
    clock = "".join(
        _button("advance", text, ms=ms)
        for text, ms in (("+1 minute", 60_000), ("+1 hour", 3_600_000), ("+1 day", 86_400_000))
    )
    return (
        f"<!doctype html><html lang=en><meta charset=utf-8><title>mockbay</title>"
        f"<style>{STYLE}</style><h1>mockbay</h1>{notice}<p>Seed {world.seed}. It is "
        f"<time>{world.clock.iso()}</time>. {clock}</p>{_accounts(world)}{_listings(world)}"
        f"{_orders(world)}{_faults(mock)}{_journal(world)}"
        "<footer><p>A local test double; not affiliated with eBay.</p></footer></html>"
    )


def _table(title: str, heads: Iterable[str], rows: Iterable[Iterable[object]]) -> str:
    """Return a section; cells are escaped unless they are markup of ours."""
    body = "".join(f"<tr>{''.join(f'<td>{_cell(c)}</td>' for c in row)}</tr>" for row in rows)
    head = "".join(f"<th scope=col>{escape(text)}</th>" for text in heads)
    table = f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
    return f"<h2>{escape(title)}</h2>{table if body else '<p>None.</p>'}"


class _Markup(str):
    """HTML that we wrote ourselves."""

    __slots__ = ()


def _cell(content: object) -> str:
    return content if isinstance(content, _Markup) else escape(str(content))


def _button(action: str, text: str, **fields: object) -> _Markup:
    hidden = "".join(
        f'<input type=hidden name="{name}" value="{escape(str(value))}">'
        for name, value in {"action": action, **fields}.items()
    )
    return _Markup(f'<form method=post action="/">{hidden}<button>{escape(text)}</button></form> ')


def _edit(offer: Offer, account: str) -> _Markup:
    value = offer.price[0] if offer.price else ""
    return _Markup(
        '<form method=post action="/"><input type=hidden name=action value=seller-edit>'
        f'<input type=hidden name=sku value="{escape(offer.sku)}">'
        f'<input type=hidden name=account value="{escape(account)}">'
        f'<input name=price aria-label=Price value="{escape(value)}"> '
        f'<input name=quantity aria-label=Quantity value="{offer.quantity or 0}"> '
        "<button>Edit</button></form> "
    )


def _accounts(world: World) -> str:
    rows = [
        (
            seller.name, len(seller.items), len(seller.offers),
            sum(one.alive for one in seller.listings.values()), len(seller.orders),
            _button("token/revoke", "Revoke tokens", account=seller.name),
        )
        for seller in world.sellers.values()
    ]  # fmt: skip
    return _table("Accounts", ("Seller", "Items", "Offers", "Live", "Orders", ""), rows)


def _listings(world: World) -> str:
    rows = [
        _listing(world, seller, listing, offer)
        for seller in world.sellers.values()
        for listing in list(seller.listings.values())[-MOST_ROWS:]
        for offer in [seller.offers.get(one) for one in listing.offer_ids]
        if offer is not None
    ]
    heads = ("Listing", "Seller", "SKU", "Title", "Price", "Left", "Sold", "Status", "")
    return _table(f"Listings (the last {MOST_ROWS} of each seller)", heads, rows)


def _listing(world: World, seller: Seller, listing: Listing, offer: Offer) -> list[object]:
    title = part(seller.items[offer.sku].document, "product").get("title", "")
    status = f"{listing.status}{', on hold' if listing.on_hold else ''}"
    price = " ".join(offer.price or ())
    return [
        listing.listing_id, seller.name, offer.sku, title, price,
        effective_quantity(world, seller, offer), listing.sold.get(offer.sku, 0), status,
        _buttons(offer, listing, seller.name) if listing.alive else "",
    ]  # fmt: skip


def _buttons(offer: Offer, listing: Listing, account: str) -> _Markup:
    which = {"sku": offer.sku, "listing_id": listing.listing_id, "account": account}
    freed = ("unhold", "Free") if listing.on_hold else ("hold", "Hold")
    return _Markup(
        _button("buy", "Buy one", **which)
        + _edit(offer, account)
        + _button("end-listing", "End as seller", **which)
        + _button("end-listing", "End as eBay", by="ebay", **which)
        + _button(*freed, **which)
    )


def _orders(world: World) -> str:
    rows = [
        (
            order["orderId"], seller.name, order["sku"], order["quantity"],
            to_iso(order["created"]), "cancelled" if order["cancelled"] else
            _button("cancel-order", "Cancel", order_id=order["orderId"]),
        )
        for seller in world.sellers.values()
        for order in list(seller.orders.values())[-MOST_ROWS:]
    ]  # fmt: skip
    return _table("Orders", ("Order", "Seller", "SKU", "Units", "Made", ""), rows)


def _faults(mock: Mock) -> str:
    rows = [
        (
            key, ", ".join(type(effect).__name__.lower() for effect in rule.spec.effects),
            rule.fired, len(rule.held) + len(rule.late), _button("release", "Release", rule=key),
        )
        for key, rule in mock.faults.rules.items()
    ]  # fmt: skip
    clear = _button("clear-faults", "Drop all") if rows else ""
    return _table("Faults", ("Rule", "Effects", "Fired", "Holding", ""), rows) + clear


def _journal(world: World) -> str:
    rows = [
        (
            entry.seq, to_iso(entry.at), entry.account or "", entry.op,
            entry.path, entry.status or "", entry.outcome, ", ".join(map(str, entry.errors)),
        )
        for entry in reversed(world.journal.entries[-MOST_ROWS:])
    ]  # fmt: skip
    heads = ("#", "Time", "Seller", "Call", "Path", "Status", "Outcome", "Errors")
    return _table(f"Journal (the last {MOST_ROWS} calls)", heads, rows)
