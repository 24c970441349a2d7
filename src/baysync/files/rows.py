"""Rows that make one draft: their problems, notes and sources put together. Pure."""

from collections.abc import Iterator, Sequence

from baysync.base.wording import counted
from baysync.files.cells import RowEntry
from baysync.files.table import TableRow
from baysync.listing.draft import Draft, Op
from baysync.listing.model import Problem

IDENTIFYING = frozenset(
    {"sku", "variant sku", "parent sku", "parent", "handle", "url handle", "id", "type"}
)
_AXES = ("option", "attribute")


def drafted(  # noqa: PLR0913 - one argument per part of a draft
    rows: Sequence[TableRow],
    entry: RowEntry,
    parts: Sequence[RowEntry] = (),
    *,
    op: Op = Op.MERGE,
    notes: Sequence[str] = (),
    problems: Sequence[Problem] = (),
    identity: str | None = None,
    variants_whole: bool = False,
    skus_made: bool = False,
    switched_on: bool = False,
    parent: str = "",
) -> Draft:
    """Return the draft that rows make; ``parts`` are its variants."""
    entries = (entry, *parts)
    line = min(row.number for row in rows)
    strange = [(row.number, one) for row in rows for one in row.strange]
    return Draft(
        line=line,
        document=entry.fields,
        op=op,
        problems=(
            *(problem for one in entries for problem in one.problems),
            *(problem for row in rows for problem in broken(row, line)),
            *problems,
        ),
        withheld=(
            *(problem for one in entries for problem in one.withheld),
            *(problem for row in rows for problem in unread(row, line)),
        ),
        notes=(*(one.words(row) for row, one in strange if one.readable), *notes),
        source=tuple(row.source for row in rows),
        identity=identity,
        variants_whole=variants_whole,
        skus_made=skus_made,
        empty=tuple(pointer for one in entries for pointer in one.empty),
        tabular=True,
        switched_on=switched_on or identity is not None,
        parent=parent,
    )


def broken(row: TableRow, line: int) -> Iterator[Problem]:
    """Yield why a row cannot be trusted at all: cells are shifted, or no SKU can be read.

    A problem names its row, unless that is the ``line`` at which its draft begins.
    """
    if row.surplus:
        place = "it" if row.number == line else f"row {row.number}"
        yield Problem(
            pointer="",
            rule="surplus_cells",
            message=f"{place} has {counted(row.surplus, 'cell')} more than there are columns",
            fix="put cells that hold the separator in quotation marks",
        )
    yield from (problem for column, problem in _unreadable(row, line) if _is_identifying(column))


def unread(row: TableRow, line: int) -> Iterator[Problem]:
    """Yield the cells that are in no encoding and so change nothing."""
    yield from (
        problem for column, problem in _unreadable(row, line) if not _is_identifying(column)
    )


def _unreadable(row: TableRow, line: int) -> Iterator[tuple[str, Problem]]:
    for one in row.strange:
        if not one.readable:
            yield (
                one.column,
                Problem(
                    pointer="",
                    rule="not_text",
                    message=one.words(None if row.number == line else row.number),
                    fix="correct the cell and save the file as UTF-8",
                ),
            )


def _is_identifying(column: str) -> bool:
    name = column.casefold().replace("_", " ").strip()
    return name in IDENTIFYING or name.startswith(_AXES)
