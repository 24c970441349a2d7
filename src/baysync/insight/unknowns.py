"""What a dry run cannot know: what only a read of eBay tells, and what follows later. Pure."""

from collections.abc import Iterator

from baysync.ownership.documents import Document, Kind
from baysync.projection.model import Lifecycle
from baysync.publish.model import Work
from baysync.publish.planning.plan import StepKind


def unknowns(work: Work) -> Iterator[str]:
    """Yield what only eBay can say, with what is taken for it here, and what is not foretold."""
    if work.target.verify_at is not None:
        yield (
            "A change is in doubt. baysync reads eBay first: if it shows another state than the "
            "last confirmed one, other calls follow."
        )
    documents = work.documents
    for name in documents.carried:
        stored = documents.stored.get(name)
        if stored is None or stored.carried is None:
            yield (
                f"What the seller set on {_named(work, name)} was never read. baysync reads it "
                "first, and sends it along."
            )
    for name in documents.foreign:
        yield (
            f"Another program may have made {_named(work, name)}. baysync reads it first, and "
            "keeps what it says beside the shop's fields."
        )
    if _comes_back(work):
        yield (
            f"{work.target.sku} gains variants or loses them all, which eBay cannot do to a live "
            "listing. It ends first; the new one follows in a change of its own, with more calls."
        )
    yield from (problem.message for problem in (work.end.problems if work.end else ()))


def _comes_back(work: Work) -> bool:
    is_wanted = work.desired is not None and work.desired.lifecycle is Lifecycle.LIVE
    return is_wanted and StepKind.END.name.lower() in work.done_steps


def _named(work: Work, name: Document) -> str:
    if name.kind is Kind.GROUP:
        return f"the group {work.target.group_key}"
    return f"the {name.kind} {work.items[name.key].sku}"
