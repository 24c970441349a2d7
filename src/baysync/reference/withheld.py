"""Lists of eBay's that got shorter and wait for a person: what is gone, and the person's word."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import msgspec
from msgspec import Struct

from baysync.base.errors import Conflict
from baysync.db import audit
from baysync.db.connection import Db
from baysync.reference import store, withheld_store
from baysync.reference.choice import KINDS
from baysync.reference.model import Gone, Location, ReferenceKind, SellerPolicies
from baysync.reference.second_look import Listed, gone
from baysync.reference.withheld_store import Withheld


@dataclass(frozen=True, slots=True, kw_only=True)
class MissingReferences:
    """What a list lacks: ``gone`` by kind and id or key, with the seller's name where known.

    ``listings`` are blocked once a person agrees; ``since`` is when eBay was believed to mean it.
    """

    marketplace: str
    gone: tuple[str, ...]
    listings: int
    since: datetime


def missing(one: Withheld) -> MissingReferences:
    """Return in words what a list lacks."""
    known, shown = _decoded(one.kind, one.body), _decoded(one.kind, one.withheld)
    return MissingReferences(
        marketplace=one.marketplace,
        gone=tuple(_named(known, shown)),
        listings=one.listings,
        since=one.since,
    )


class _Offered(Struct):
    """What a wanted document refers to on eBay."""

    fulfillment_policy: str | None = None
    location: str | None = None
    payment_policy: str | None = None
    return_policy: str | None = None


class _Wanted(Struct):
    offer: _Offered | None = None


_WANTED = msgspec.json.Decoder(_Wanted)


async def using(db: Db, account_id: int, marketplace: str, missing: Gone) -> int:
    """Return how many listings of a place would be blocked if ``missing`` were gone."""
    count = 0
    async for document in withheld_store.wanted(db, account_id, marketplace):
        offer = _WANTED.decode(document).offer or _Offered()
        count += (
            offer.fulfillment_policy in missing.fulfillment
            or offer.payment_policy in missing.payment
            or offer.return_policy in missing.return_
            or offer.location in missing.locations
        )
    return count


async def agree(
    db: Db, account_id: int, lists: Sequence[Withheld], *, by: str, target: str
) -> None:
    """Use lists as eBay shows them; what is projected with them is stale then.

    Raises:
        Conflict: eBay shows another list than the one agreed to; nothing is changed.
    """
    async with db.transaction():
        for one in lists:
            if not await withheld_store.believe(db, account_id, one):
                raise Conflict(
                    f"eBay shows other {one.kind} on {one.marketplace} by now.",
                    fix="run it again, and look what is missing now.",
                )
            await store.count_change(db, account_id, one.marketplace)
            lost = missing(one)
            detail = {
                "marketplace": one.marketplace,
                "gone": list(lost.gone),
                "listings": lost.listings,
            }
            await audit.record(db, "account.policies.agree", [target], by=by, detail=detail)


def _named(known: Listed, shown: Listed) -> Iterator[str]:
    lost = gone(known, shown)
    names: Mapping[str, Mapping[str, str]] = (
        known.names if isinstance(known, SellerPolicies) else {}
    )
    for kind, word in KINDS.items():
        for policy in getattr(lost, kind):
            name = names.get(kind, {}).get(policy)
            yield f"{word} policy {policy}" + (f" ({name})" if name else "")
    for key in lost.locations:
        yield f"location {key}"


def _decoded(kind: str, body: bytes) -> Listed:
    if kind == ReferenceKind.POLICIES:
        return msgspec.json.decode(body, type=SellerPolicies)
    return msgspec.json.decode(body, type=dict[str, Location])
