"""What is sold at any moment of a change stays sold, or is taken back in time and counted."""

import pytest

from matrix.sales import SALES, WORLDS, Sale, sold
from support.live_shop import Document, Shop

pytestmark = pytest.mark.usefixtures("unmeasured")


@pytest.mark.parametrize("world", WORLDS, ids=lambda world: "-".join(map(str, world.values())))
@pytest.mark.parametrize("sale", SALES, ids=lambda sale: sale.name)
async def test_what_is_sold_stays_sold(shop: Shop, sale: Sale, world: Document) -> None:
    wrong = await sold(shop, sale, world)
    assert not wrong, "\n".join(wrong)
