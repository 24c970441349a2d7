"""In which currency the prices of an imported file are: files of shops often do not say."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import cast

from baysync.account import store as accounts
from baysync.base.errors import Refused
from baysync.db.connection import Db
from baysync.ebay.marketplace import MARKETPLACES
from baysync.listing.draft import Draft, Op


def with_currency(drafts: Iterable[Draft], currency: str) -> Iterator[Draft]:
    """Yield ``drafts``, those of whole listings that name no currency with ``currency``.

    Raises:
        Refused: no marketplace trades in it.
    """
    known = sorted({each.currency for each in MARKETPLACES.values()})
    if currency not in known:
        raise Refused(
            f"eBay trades in no currency {currency}.", fix=f"write one of {', '.join(known)}."
        )
    for draft in drafts:
        yield (
            replace(draft, document={**draft.document, "currency": currency})
            if lacks(draft)
            else draft
        )


def lacks(draft: Draft) -> bool:
    """Tell whether a draft of a whole listing gives prices and does not say in which currency."""
    document = draft.document
    if draft.op not in {Op.PUT, Op.MERGE} or document.get("currency"):
        return False
    variants = document.get("variants")
    rows = cast("list[object]", variants) if isinstance(variants, list | tuple) else []
    return any(_has_price(row) for row in (document, *rows))


def _has_price(row: object) -> bool:
    return isinstance(row, Mapping) and bool(cast("Mapping[str, object]", row).get("price"))


async def unsaid(db: Db) -> list[str]:
    """Return in which currencies prices would be taken that name none, where these are several."""
    found: set[str] = set()
    for account in await accounts.read_all(db):
        for row in await accounts.read_defaults(db, account.id):
            if place := MARKETPLACES.get(row.marketplace):
                found.add(row.defaults.currency or place.currency)
    return sorted(found) if len(found) > 1 else []
