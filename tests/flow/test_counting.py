"""What the loop counts of itself."""

from baysync.telemetry.metrics import GATHERED, Series
from support.live_shop import Shop, document

TIMED = ("publish.duration", "publish.item", "queue.item", "adapter.latency")


async def test_a_publish_is_counted_from_the_edit_to_the_snapshot(shop: Shop) -> None:
    GATHERED.take()
    await shop.put(document("LAMP-1"), document("LAMP-2", title=""))
    await shop.drain()
    await shop.put(document("LAMP-1"))
    sums, _ = GATHERED.take()
    counted = {
        (series.name, series.label): amount
        for series, amount in sums.items()
        if not series.name.startswith(
            ("publish.duration", "queue.item", "adapter.latency", "publish.item")
        )
    }
    assert counted[Series("listing.accepted", "created")] == 2
    assert counted[Series("listing.accepted", "unchanged")] == 1
    assert counted[Series("queue.enqueue")] == 1
    assert counted[Series("queue.blocked")] == 1
    assert counted[Series("adapter.create.calls")] == 2
    assert counted[Series("adapter.update.calls")] == 1
    assert counted[Series("adapter.success")] == 3
    assert counted[Series("snapshot.created", "publish_success")] == 1
