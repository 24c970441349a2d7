"""An import as it is kept."""

from dataclasses import dataclass
from datetime import datetime

UNDO = "undo"


@dataclass(frozen=True, slots=True, kw_only=True)
class Import:
    """A file of listings that was read, or an undo.

    Attributes:
        kind: how the file was read (``csv``, ``shopify``), or ``undo``.
        name: the name of the file, ``-`` for standard input.
        actor: who did it, as ``cli:<os user>``.
        finished_at: None while it runs, or where it was cut off.
        counts: what became of the listings.
        undoes: the import that this undo takes back.
        undone_by: the newest undo of this import.
    """

    id: int
    kind: str
    name: str
    actor: str
    started_at: datetime
    finished_at: datetime | None
    counts: dict[str, int]
    undoes: int | None
    undone_by: int | None
