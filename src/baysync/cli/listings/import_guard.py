"""The look at a file before an import that takes away: what it would empty, and how much."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import cast

from baysync.base.errors import Refused
from baysync.base.wording import counted
from baysync.cli.terminal.output import note
from baysync.cli.terminal.person import agree
from baysync.db.connection import Db
from baysync.ebay_listing import live_store
from baysync.files.reading import FileFormat, Reading
from baysync.listing import batching, entry_store, service
from baysync.listing.draft import Draft, LineResult, Op
from baysync.listing.history import diff
from baysync.listing.history.model import Document
from baysync.listing.losses import of_batch
from baysync.listing.merge import sku_in
from baysync.ownership import kind_change
from baysync.ownership.kind_change import LeftBehind

MOST_VARIANTS = 0.05
MOST_NAMED = 8


class Empty(StrEnum):
    """What an empty cell of a table does."""

    KEEP = "keep"
    CLEAR = "clear"


@dataclass(frozen=True, slots=True, kw_only=True)
class Taking:
    """What an import may take away, as the person asked.

    Attributes:
        replace: rows are whole listings: what they do not say goes.
        empty: what empty cells do.
        yes: the person agrees to whatever it comes to.
        dry_run: nothing is stored, so nobody is asked.
    """

    replace: bool
    empty: Empty
    yes: bool
    dry_run: bool

    @property
    def empties(self) -> bool:
        """Whether it may empty fields."""
        return self.replace or self.empty is Empty.CLEAR

    def words(self, reading: Reading) -> str:
        """Return in one line what a file is and does, as it is taken."""
        if reading.layout is FileFormat.JSONL:
            return reading.kind
        if self.replace:
            name, _, _ = reading.kind.partition(":")
            return f"{name}: each row is a whole listing; what it does not say is taken away"
        clearing = "; an empty cell empties its field" if self.empties else ""
        return f"{reading.kind}{clearing}"


@dataclass(slots=True, kw_only=True)
class Losses:
    """What live listings lose: fields that are emptied, by name, variants, and what is eBay's.

    ``left`` is what the seller set on listings that end and come back in another form.
    """

    fields: Counter[str] = field(default_factory=Counter[str])
    listings: int = 0
    variants: int = 0
    left: list[LeftBehind] = field(default_factory=list[LeftBehind])


def as_asked(drafts: Iterable[Draft], taking: Taking) -> Iterator[Draft]:
    """Yield drafts as whole listings, or with their empty cells clearing, where that is asked.

    Raises:
        Refused: rows without titles cannot be whole listings.
    """
    for draft in drafts:
        if taking.replace and draft.op is Op.PATCH and draft.tabular:
            raise Refused(
                "--replace needs whole listings: the rows of this file have no title and price.",
                fix="leave it out: the file changes what it fills.",
            )
        if taking.replace and draft.op is Op.MERGE:
            problems = (*draft.problems, *draft.withheld)  # a whole listing lacks no field
            yield replace(draft, op=Op.PUT, variants_whole=False, problems=problems, withheld=())
        elif taking.empty is Empty.CLEAR and draft.empty:
            yield replace(draft, document=_cleared(draft.document, draft.empty), empty=())
        else:
            yield draft


async def guard(db: Db, drafts: Iterable[Draft], taking: Taking, *, takes: bool) -> None:
    """Look at all drafts before one is stored, and ask where live listings would lose much.

    Emptied fields of live listings are named and need a yes. So do whole-product exports that
    take away more than 5 % of the live variants, and what ends on eBay with listings that change
    their kind. Where the file ``takes`` nothing else, only those that may are judged.

    Raises:
        Refused: a yes is needed, and there is no terminal to ask on.
    """
    losses = Losses()
    for batch in batching.batches(drafts):
        judged = batch if takes else await _turning(db, batch)
        if judged:
            await _add(db, judged, taking, losses)
    for words in _words(losses, await live_store.count_variants(db)):
        if taking.dry_run:
            note(f"This would {words}.")
        else:
            agree(words, yes=taking.yes)


async def kept(db: Db, results: Sequence[LineResult]) -> Counter[str]:
    """Return how many filled fields of live listings met an empty cell and were kept, by name."""
    pointers = {one.id: one.kept for one in results if one.id is not None and one.kept}
    live = await live_store.live(db, list(pointers)) if pointers else []
    return Counter(pointer.rsplit("/", 1)[-1] for at in live for pointer in pointers[at])


def _words(losses: Losses, variants: int) -> Iterator[str]:
    if losses.listings:
        named = [f"{name} ({count:,})" for name, count in losses.fields.most_common(MOST_NAMED)]
        more = len(losses.fields) - MOST_NAMED
        named += [f"{more} more"] if more > 0 else []
        listings = counted(losses.listings, "live listing")
        yield f"empty filled fields of {listings}: {', '.join(named)}"
    if losses.variants > MOST_VARIANTS * variants:
        yield (
            f"take away {losses.variants:,} of {counted(variants, 'live variant')} "
            f"({losses.variants / variants:.0%}), which the file does not name"
        )
    if losses.left:
        yield kind_change.ending(losses.left)


async def _add(db: Db, batch: Sequence[Draft], taking: Taking, losses: Losses) -> None:
    """Judge a batch by what is stored, and add what live listings would lose by it."""
    known = await service.catalogue(db, batch, revive=True)
    judged = await service.judge_all(batch, known)
    changes = {
        one.entry.id: one.becomes_group
        for one in judged
        if one.entry and one.entry.id is not None and one.becomes_group is not None
    }
    losses.left += [one for one in await kind_change.left_behind(db, changes) if one.fields]
    lost = of_batch(judged)
    if taking.empties:
        for at in await live_store.live(db, list(lost)):
            losses.fields.update(lost[at].fields)
            losses.listings += 1
    else:
        variants = [(at, sku) for at, loss in lost.items() for sku in loss.variants]
        losses.variants += len(await live_store.live_variants(db, variants)) if variants else 0


async def _turning(db: Db, batch: Sequence[Draft]) -> list[Draft]:
    """Return the drafts that may give a stored listing variants, or take all of them."""
    named = [
        (sku, draft)
        for draft in batch
        if draft.op is Op.PUT or draft.document.get("variants")
        if (sku := sku_in(draft.document))
    ]
    grouped = await entry_store.grouped(db, [sku for sku, _ in named]) if named else {}
    return [
        draft
        for sku, draft in named
        if sku in grouped
        if draft.op is not Op.PUT or bool(draft.document.get("variants")) is not grouped[sku]
    ]


def _cleared(document: Mapping[str, object], pointers: Sequence[str]) -> dict[str, object]:
    """Return a patch that takes out the fields at ``pointers`` too."""
    cleared: dict[str, object] = dict(document)
    for pointer in pointers:
        *place, name = (
            part.replace("~1", "/").replace("~0", "~") for part in pointer[1:].split("/")
        )
        if not place:
            cleared.setdefault(name, None)
        elif place[0] == diff.VARIANTS and len(place) > 1:
            rows = [dict(row) for row in cast("Sequence[Document]", cleared[diff.VARIANTS])]
            rows[int(place[1])].setdefault(name, None)
            cleared[diff.VARIANTS] = rows
        else:
            inner = cast("Document", cleared.get(place[0]) or {})
            cleared[place[0]] = {name: None, **inner}
    return cleared
