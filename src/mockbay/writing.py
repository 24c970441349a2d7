"""One write at a time to an item or a group: the one that comes second gets 25025.

A call whose answer a fault plan keeps is still being written; every other is over at once. What
is kept *before* it takes effect has not reached eBay yet.
"""

from collections.abc import Generator
from contextlib import contextmanager

from mockbay.answers import refuse
from mockbay.call import Call

ROOT = "/sell/inventory/v1/"
BUSY = 25025
Names = set[tuple[str, str]]


@contextmanager
def kept(call: Call) -> Generator[None]:
    """Let nobody else write what this call writes, from its effect to the end of the block."""
    call.kept = True
    try:
        yield
    finally:
        call.kept = False
        writers = call.world.writers
        for name in [name for name, writer in writers.items() if writer == id(call)]:
            del writers[name]


def enter(call: Call) -> None:
    """Refuse what another call is writing: the whole call, or those rows of a bulk call.

    Raises:
        Refusal: 500 with 25025.
    """
    writers = call.world.writers
    refused = call.world.switches.concurrent_writes == "refused"
    if not refused or call.reads or not call.path.startswith(ROOT):
        return
    if writers:
        _refuse_second(call)
    if call.kept:
        for name in _names(call, call.skus(), call.groups()):
            writers.setdefault(name, id(call))


def _refuse_second(call: Call) -> None:
    skus = call.skus()
    busy = sorted(sku for sku in skus if _is_taken(call, _names(call, {sku}, call.groups({sku}))))
    if call.is_bulk:
        call.row_faults.update({sku: refuse(BUSY, sku) for sku in busy})
    elif _is_taken(call, _names(call, skus, call.groups())):
        raise refuse(BUSY, ", ".join(busy))


def _names(call: Call, skus: set[str], groups: set[str]) -> Names:
    owner = call.account or ""
    return {(owner, f"item {sku}") for sku in skus} | {(owner, f"group {key}") for key in groups}


def _is_taken(call: Call, names: Names) -> bool:
    mine = id(call)
    return any(call.world.writers.get(name, mine) != mine for name in names)
