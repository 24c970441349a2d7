"""A listing as people and programs are shown it: prices with the digits of their currency, pure.

What is stored has the shortest spelling of a number ("12"); an answer says "12.00". Reading that
again gives the same listing.
"""

from collections.abc import Iterable, Mapping
from typing import cast

import msgspec

from baysync.ebay.marketplace import digits

PRICES = ("price", "sale_price")
_ENCODER = msgspec.json.Encoder(order="sorted")
Document = Mapping[str, object]


def shown(stored: bytes) -> bytes:
    """Return the stored bytes of a listing with its prices as they are shown."""
    return _ENCODER.encode(document(msgspec.json.decode(stored, type=dict[str, object])))


def document(listing: Document) -> dict[str, object]:
    """Return the fields of a listing with its prices as they are shown, those of variants too."""
    currency = _currency(listing)
    made = _priced(listing, currency)
    if variants := cast("Iterable[Document]", listing.get("variants", ())):
        made["variants"] = tuple(_priced(each, currency) for each in variants)
    if overrides := cast("Mapping[str, Document]", listing.get("overrides", {})):
        made["overrides"] = {at: _override(each, currency) for at, each in overrides.items()}
    return made


def scaled(price: str, currency: str | None) -> str:
    """Return a decimal with at least the digits of its currency; it is never rounded."""
    whole, _, cents = price.partition(".")
    cents = cents.ljust(digits(currency), "0")
    return f"{whole}.{cents}" if cents else whole


def _override(override: Document, currency: str | None) -> dict[str, object]:
    own = _currency(override) or currency
    made = _priced(override, own)
    if variants := cast("Mapping[str, Document]", override.get("variants", {})):
        made["variants"] = {sku: _priced(each, own) for sku, each in variants.items()}
    return made


def _priced(fields: Document, currency: str | None) -> dict[str, object]:
    prices = {
        name: scaled(cast("str", fields[name]), currency) for name in PRICES if name in fields
    }
    return {**fields, **prices}


def _currency(fields: Document) -> str | None:
    return cast("str | None", fields.get("currency"))
