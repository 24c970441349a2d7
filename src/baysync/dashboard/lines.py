"""Two documents side by side, line by line, with what differs inside a line marked. Pure."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from markupsafe import Markup, escape

from baysync.dashboard.alignment import opcodes
from baysync.dashboard.marks import NOTHING, Patience, marked

CONTEXT = 3
SHORTEST_FOLD = 4


class Kind(StrEnum):
    """What happened to a line, named as its CSS class."""

    SAME = "ctx"
    CHANGED = "chg"
    REMOVED = "del"
    ADDED = "add"


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One row of the comparison; a side that has no line has no number."""

    kind: Kind
    left: Markup = NOTHING
    right: Markup = NOTHING
    left_number: int | None = None
    right_number: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Hunk:
    """Lines that belong together; ``folded`` ones are all the same on both sides."""

    folded: bool
    lines: tuple[Line, ...]


def compare(before: object, after: object) -> tuple[Hunk, ...]:
    """Return the lines of two JSON values, keys sorted, with long equal stretches folded."""
    lines = tuple(_lines(_spelled(before), _spelled(after)))
    near = {
        index + step
        for index, line in enumerate(lines)
        if line.kind is not Kind.SAME
        for step in range(-CONTEXT, CONTEXT + 1)
    }
    return tuple(_hunks(lines, near))


def _spelled(value: object) -> list[str]:
    if value is None:
        return []
    return json.dumps(value, indent=2, sort_keys=True, ensure_ascii=False).splitlines()


def _lines(left: list[str], right: list[str]) -> Iterator[Line]:
    patience = Patience()
    for op, i1, i2, j1, j2 in opcodes(left, right):
        if op == "equal":
            for offset in range(i2 - i1):
                yield _same(left[i1 + offset], i1 + offset + 1, j1 + offset + 1)
        else:
            yield from _changed(left[i1:i2], right[j1:j2], (i1 + 1, j1 + 1), patience)


def _same(text: str, left_number: int, right_number: int) -> Line:
    return Line(
        kind=Kind.SAME,
        left=escape(text),
        right=escape(text),
        left_number=left_number,
        right_number=right_number,
    )


def _changed(
    left: list[str], right: list[str], numbers: tuple[int, int], patience: Patience
) -> Iterator[Line]:
    i, j = numbers
    paired = min(len(left), len(right))
    for offset in range(paired):
        marked_left, marked_right = marked(left[offset], right[offset], patience)
        yield Line(
            kind=Kind.CHANGED,
            left=marked_left,
            right=marked_right,
            left_number=i + offset,
            right_number=j + offset,
        )
    for offset in range(paired, len(left)):
        yield Line(kind=Kind.REMOVED, left=escape(left[offset]), left_number=i + offset)
    for offset in range(paired, len(right)):
        yield Line(kind=Kind.ADDED, right=escape(right[offset]), right_number=j + offset)


def _hunks(lines: Iterable[Line], near: set[int]) -> Iterator[Hunk]:
    group: list[Line] = []
    shown = True
    for index, line in enumerate(lines):
        if (index in near) is not shown:
            yield from _hunk(group, shown=shown)
            group, shown = [], index in near
        group.append(line)
    yield from _hunk(group, shown=shown)


def _hunk(group: list[Line], *, shown: bool) -> Iterator[Hunk]:
    if group:
        yield Hunk(folded=not shown and len(group) >= SHORTEST_FOLD, lines=tuple(group))
