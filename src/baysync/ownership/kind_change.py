"""What a listing leaves behind on eBay that gains variants or loses them all.

The old listing ends and a new one begins: of what the seller set on the old one nothing goes along.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from baysync.base.wording import counted
from baysync.db.connection import Db
from baysync.listing.draft import LineResult
from baysync.ownership import store
from baysync.ownership.carrying import flatten
from baysync.ownership.documents import RULES
from baysync.ownership.model import Path
from baysync.ownership.store import LiveDocument

_MOST_NAMED = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftBehind:
    """What the seller set on a live listing, by eBay's names for the fields, as far as it was read.

    ``is_read`` False: some of its documents were never read, and may hold more.
    """

    listing_id: int
    sku: str
    marketplace: str
    fields: tuple[str, ...]
    is_read: bool

    @property
    def words(self) -> str:
        """Where it is, and the fields: ``LAMP-1 on EBAY_US (product.subtitle)``."""
        named = ", ".join(self.fields)
        return f"{self.sku} on {self.marketplace} ({named})"


async def left_behind(db: Db, changes: Mapping[int, bool]) -> list[LeftBehind]:
    """Return what listings that become groups (True) or single (False) leave behind where live."""
    if not changes:
        return []
    return gathered(await store.live_documents(db, list(changes)), changes)


async def with_words(db: Db, results: Sequence[LineResult]) -> list[LineResult]:
    """Let results that change the kind of a live listing say what it leaves behind on eBay."""
    changes = {
        one.id: one.becomes_group
        for one in results
        if one.id is not None and one.becomes_group is not None
    }
    words: dict[int, list[str]] = {}
    for one in await left_behind(db, changes):
        words.setdefault(one.listing_id, []).extend(_said(one))
    return [
        replace(one, notes=(*one.notes, *words[one.id]))
        if one.becomes_group is not None and one.id in words
        else one
        for one in results
    ]


def ending(left: Sequence[LeftBehind]) -> str:
    """Return in words what ``left``, which is not empty, ends on eBay, to be asked about."""
    named = [one.words for one in left[:_MOST_NAMED]]
    more = len(left) - _MOST_NAMED
    named += [f"{more:,} more"] if more > 0 else []
    listings = counted(len(left), "live listing")
    return (
        f"end {listings} on eBay, to come back with or without variants, and what was set there: "
        f"{', '.join(named)}"
    )


def gathered(documents: Iterable[LiveDocument], changes: Mapping[int, bool]) -> list[LeftBehind]:
    """Return what of ``documents`` is of the old kind and the seller's, by listing and place."""
    places: dict[tuple[int, str], list[LiveDocument]] = {}
    for one in documents:
        if one.is_of_group is not changes[one.listing_id]:
            places.setdefault((one.listing_id, one.marketplace), []).append(one)
    return [
        LeftBehind(
            listing_id=id_,
            sku=rows[0].sku,
            marketplace=marketplace,
            fields=tuple(sorted({field for row in rows for field in _fields(row)})),
            is_read=all(row.carried is not None for row in rows),
        )
        for (id_, marketplace), rows in places.items()
    ]


def _fields(document: LiveDocument) -> set[str]:
    rules = RULES[document.kind]
    return {_field(path, rules.aspects) for path in flatten(document.carried or {}, rules)}


def _field(path: Path, aspects: Path) -> str:
    """Return the name of a field: objects below the second level are named as a whole."""
    within_aspects = bool(aspects) and path[: len(aspects)] == aspects
    return ".".join(path[: len(aspects) + 1] if within_aspects else path[:2])


def _said(one: LeftBehind) -> Iterable[str]:
    if one.fields:
        yield f"what was set on eBay ends with the old listing: {one.words}"
    if not one.is_read:
        yield (
            f"{one.sku} on {one.marketplace} was not read from eBay since it was made: what else "
            f"was set there ends too; baysync queue verify {one.sku} reads it"
        )
