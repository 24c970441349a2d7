"""Rows of which columns lie packed: opened where they are read."""

from collections.abc import Sequence
from typing import Any, TypeVar

from psycopg import AsyncCursor
from psycopg.rows import AsyncRowFactory, RowMaker, class_row

from baysync.base.packing import opened

T = TypeVar("T")


def opened_row(kind: type[T], *packed: str) -> AsyncRowFactory[T]:
    """Return what makes ``kind`` of rows, as ``class_row`` does, with ``packed`` columns opened."""

    def factory(cursor: AsyncCursor[Any]) -> RowMaker[T]:
        make = class_row(kind)(cursor)
        columns = cursor.description or ()
        places = [at for at, column in enumerate(columns) if column.name in packed]

        def row(values: Sequence[Any]) -> T:
            plain = list(values)
            for at in places:
                if plain[at] is not None:
                    plain[at] = opened(plain[at])
            return make(plain)

        return row

    return factory
