"""Every fault on every operation that it fits: all of them in one story, or each alone."""

import pytest

from matrix.plan import DEEPER, GROUPS, Fault
from matrix.scenario import played
from support.depth import DEEP
from support.live_shop import Shop

pytestmark = pytest.mark.usefixtures("unmeasured")
CELLS = [(fault, (op,)) for fault in DEEPER for op in fault.ops if DEEP]


@pytest.mark.parametrize("fault", GROUPS, ids=lambda fault: f"{fault.group} {fault.name}")
async def test_it_ends_converged(shop: Shop, fault: Fault) -> None:
    wrong = await played(shop, fault, fault.ops)
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize(
    ("fault", "ops"), CELLS, ids=[f"{one.group} {one.name}-{ops[0]}" for one, ops in CELLS]
)
async def test_each_cell_alone_ends_converged(
    shop: Shop, fault: Fault, ops: tuple[str, ...]
) -> None:
    wrong = await played(shop, fault, ops)
    assert not wrong, "\n".join(wrong)
