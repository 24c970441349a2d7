"""What a person asks about categories: from the cache, and from eBay once where it has nothing."""

from dataclasses import dataclass
from datetime import datetime

import msgspec

from baysync.base import packing
from baysync.db.connection import Db
from baysync.ebay import taxonomy
from baysync.ebay.model import Verdict
from baysync.ebay.verdict import judge
from baysync.reference import service, store
from baysync.reference.model import NAMES, NAMES_TTL, Category, Named, Names, ReferenceKind, Tree
from baysync.reference.service import SellerMarketplace
from baysync.reference.store import CacheRow, Due


@dataclass(frozen=True, slots=True, kw_only=True)
class CategoryNames:
    """The names of a marketplace's categories, and when eBay said them."""

    names: Names
    fetched_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Details:
    """What eBay asks in a category, and when it said so."""

    category: Category
    fetched_at: datetime


async def catalogue(db: Db, place: SellerMarketplace) -> CategoryNames | None:
    """Return the categories of a marketplace, fetched if the cache has none of today's version.

    None where there are none and eBay gives no answer. An older version is better than nothing.
    """
    tree = await store.kept(db, _row(place, ReferenceKind.TREE))
    names = await store.kept(db, _row(place, ReferenceKind.TREE, NAMES))
    known = names and CategoryNames(names=_unpacked(names.body), fetched_at=names.fetched_at)
    version = tree and msgspec.json.decode(tree.body, type=Tree).version
    if known and version in {None, known.names.version}:
        return known
    if await _fetch(db, place) and (
        names := await store.kept(db, _row(place, ReferenceKind.TREE, NAMES))
    ):
        return CategoryNames(names=_unpacked(names.body), fetched_at=names.fetched_at)
    return known


async def details(db: Db, place: SellerMarketplace, category: str) -> Details | None:
    """Return what eBay asks in a category, asked now if the cache does not know it.

    None where eBay gives no answer.
    """
    row = _row(place, ReferenceKind.CATEGORY, category)
    stored = await store.kept(db, row)
    if stored is None:
        await service.ask_for(db, place, [Due(ReferenceKind.CATEGORY, category)])
        stored = await store.kept(db, row)
    if stored is None:
        return None
    body = msgspec.json.decode(stored.body, type=Category)
    return Details(category=body, fetched_at=stored.fetched_at)


async def _fetch(db: Db, place: SellerMarketplace) -> bool:
    tree_id = await service.tree_id(db, place)
    if tree_id is None:
        return False
    answer = await service.send(
        place, taxonomy.get_category_tree(tree_id, marketplace=place.marketplace)
    )
    found, nodes = taxonomy.tree_in(answer), taxonomy.nodes_in(answer)
    if judge(answer) is not Verdict.DONE or found is None or not nodes:
        return False
    names = Names(
        version=found.version,
        categories=tuple(Named(n.category_id, n.name, n.parent, n.leaf) for n in nodes),
    )
    body = packing.pack(msgspec.json.encode(names))
    await store.put(db, _row(place, ReferenceKind.TREE, NAMES, body), ttl=NAMES_TTL)
    return True


def _row(
    place: SellerMarketplace, kind: ReferenceKind, key: str = "", body: bytes | None = None
) -> CacheRow:
    return CacheRow(
        account_id=place.account_id, marketplace=place.marketplace, kind=kind, key=key, body=body
    )


def _unpacked(body: bytes) -> Names:
    return msgspec.json.decode(packing.unpack(body), type=Names)
