"""Category suggestions for listings that have none, or one that takes no listings."""

from collections.abc import Sequence
from dataclasses import dataclass

from baysync.base.errors import BaysyncError
from baysync.ebay.marketplace import MARKETPLACES
from baysync.ebay.taxonomy import CategoryNode
from baysync.reference import service
from baysync.reference.preflight import SUGGESTS
from baysync.reference.service import SellerMarketplace
from baysync.runtime import Runtime

ABOUT_CATEGORY = frozenset({"missing_category", "category_not_leaf", "unknown_category"})
MOST_TITLES = 20  # each is a call to eBay
MOST_SHOWN = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanting:
    """A row about a category, and the title that eBay may know a better one for."""

    row: dict[str, object]
    account_id: int
    marketplace: str
    title: str


async def suggest(runtime: Runtime, wanting: Sequence[Wanting]) -> None:
    """Put eBay's suggestions into the first rows of ``wanting`` and their fixes.

    An eBay that cannot be reached suggests nothing.
    """
    for each in [one for one in wanting if one.title and one.marketplace in MARKETPLACES][
        :MOST_TITLES
    ]:
        try:
            found = await _ask(runtime, each)
        except BaysyncError:
            return
        if found:
            each.row["suggestions"] = [words(category) for category in found[:MOST_SHOWN]]
            fits = "; ".join(map(words, found[:MOST_SHOWN]))
            fix = str(each.row["fix"]).removesuffix(SUGGESTS).rstrip()
            each.row["fix"] = f"{fix} eBay suggests: {fits}."


async def _ask(runtime: Runtime, each: Wanting) -> list[CategoryNode]:
    session = await runtime.sessions.of(each.account_id)
    place = SellerMarketplace(each.account_id, each.marketplace, session)
    async with runtime.db() as db:
        tree_id = await service.tree_id(db, place)
    return await service.suggest(place, tree_id, each.title) if tree_id else []


def words(category: CategoryNode) -> str:
    """Return a category as people read it: id, name, and the names above it."""
    above = f" ({' > '.join(category.path)})" if category.path else ""
    return f"{category.category_id} {category.name}{above}"
