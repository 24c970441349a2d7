"""How many drafts are judged and stored at once, pure."""

from collections.abc import Iterable, Iterator, Mapping

from baysync.listing.draft import Draft
from baysync.listing.placing import named

BATCH = 1000
BATCH_CHARACTERS = 8_000_000
VARIANT = 2000  # characters that a variant counts as: there is more to decide than to store
CELL = 100  # characters that a cell of a source row counts as: a thousand columns are much


def batches(drafts: Iterable[Draft]) -> Iterator[list[Draft]]:
    """Yield drafts in batches of at most 1,000, fewer where they are long or have variants."""
    batch: list[Draft] = []
    characters = 0
    for draft in drafts:
        batch.append(draft)
        characters += len(str(draft.document.get("description", "")))
        characters += VARIANT * (len(named(draft)) - 1)
        characters += CELL * sum(len(row) for row in draft.source if isinstance(row, Mapping))
        if len(batch) == BATCH or characters > BATCH_CHARACTERS:
            yield batch
            batch, characters = [], 0
    if batch:
        yield batch
