"""The look at a file before an import that takes away: what it would empty, and how much."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import cast

from baysync.base.errors import Refused
from baysync.change.forecast import is_empty
from baysync.cli.output import note
from baysync.cli.person import agree
from baysync.db.connection import Db
from baysync.ebay_listing import live_store
from baysync.listing import body, entry_store, placing, service, store
from baysync.listing.catalogue import Entry
from baysync.listing.draft import Draft, LineResult, Op
from baysync.listing.history import diff, wording
from baysync.listing.history import service as history
from baysync.listing.history.model import ABSENT, Change, Document, Path

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


@dataclass(slots=True, kw_only=True)
class Losses:
    """What live listings lose: fields that are emptied, by name, and variants."""

    fields: Counter[str] = field(default_factory=Counter[str])
    listings: int = 0
    variants: int = 0


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


async def guard(db: Db, drafts: Iterable[Draft], taking: Taking) -> None:
    """Look at all drafts before one is stored, and ask where live listings would lose much.

    Emptied fields of live listings are named and need a yes. So do whole-product exports that
    take away more than 5 % of the live variants.

    Raises:
        Refused: a yes is needed, and there is no terminal to ask on.
    """
    losses = Losses()
    for batch in service.batches(drafts):
        if taking.empties:
            await _add_fields(db, batch, losses)
        else:
            losses.variants += await _lost_variants(db, batch)
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
        yield f"empty filled fields of {losses.listings:,} live listings: {', '.join(named)}"
    if losses.variants > MOST_VARIANTS * variants:
        yield (
            f"take away {losses.variants:,} of {variants:,} live variants "
            f"({losses.variants / variants:.0%}), which the file does not name"
        )


async def _add_fields(db: Db, batch: Sequence[Draft], losses: Losses) -> None:
    """Store a batch, see what live listings lose by it, and roll it back."""
    async with db.transaction(force_rollback=True):
        ids = service.changed(await service.save(db, batch, source="look"))
        live = await live_store.live(db, ids)
        since = {one.id: one.version - 1 for one in await store.read(db, live)}
        for before, after in await _pairs(db, since):
            emptied = [
                _name(*pair) for pair in diff.changes(before, after).items() if _is_emptied(*pair)
            ]
            losses.fields.update(set(emptied))
            losses.listings += bool(emptied)


async def _pairs(db: Db, since: Mapping[int, int]) -> list[tuple[Document, Document]]:
    versions = await history.read(db, list(since), since=list(since.values()))
    return [
        (body.document(mine[0].body), body.document(mine[-1].body)) for mine in versions.values()
    ]


def _is_emptied(path: Path, change: Change) -> bool:
    return (
        path != (diff.VARIANTS,)
        and not _says_nothing(change.before)
        and _says_nothing(change.after)
    )


def _says_nothing(value: object) -> bool:
    return value is ABSENT or is_empty(value)


def _name(path: Path, _change: Change) -> str:
    """Return the name of a field, one for all variants."""
    match path:
        case (diff.VARIANTS, _):
            return "variants"
        case (diff.VARIANTS, _, name):
            return f"{name} of variants"
        case _:
            return wording.field(path)


async def _lost_variants(db: Db, batch: Sequence[Draft]) -> int:
    """Return how many live variants go because whole products do not name them.

    One whose options come back under another SKU is renamed, not taken away.
    """
    whole = [draft for draft in batch if draft.variants_whole]
    named = {sku for draft in whole for sku in placing.named(draft)}
    drafts = {draft.identity: draft for draft in whole if draft.identity}
    entries = await entry_store.entries(db, sorted(named), sorted(drafts), lock=False)
    lost = [
        (one.id, sku)
        for one in entries
        if one.id is not None
        for sku in one.names - named - _renamed(one, drafts.get(one.identity or ""))
    ]
    return len(await live_store.live_variants(db, lost)) if lost else 0


def _renamed(entry: Entry, draft: Draft | None) -> set[str]:
    """Return the SKUs of stored variants whose options a draft of their product names."""
    if draft is None or not entry.body:
        return set()
    named = [variant.get("options") for variant in _variants(draft.document)]
    return {str(v["sku"]) for v in _variants(entry.document) if v.get("options") in named}


def _variants(document: Document) -> Sequence[Document]:
    return cast("Sequence[Document]", document.get("variants") or ())


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
