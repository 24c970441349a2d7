"""Which lines of two texts stand for each other, in time that grows with their length. Pure.

Lines that stand once in each text are anchors (patience diff, Bram Cohen 2009): the longest row of
them in one order on both sides holds, and only what lies between two anchors is searched.
"""

import difflib
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Sequence

Opcode = tuple[str, int, int, int, int]
"""As of ``difflib``: what happened, and where from and to in the left and in the right text."""
MOST_PAIRS = 10_000  # lines by lines that are searched; longer stretches are replaced as a whole


def opcodes(left: Sequence[str], right: Sequence[str]) -> Iterator[Opcode]:
    """Yield what turns ``left`` into ``right``."""
    i = j = 0
    for at, to in _anchors(left, right):
        yield from _between(left[i:at], right[j:to], i, j)
        yield "equal", at, at + 1, to, to + 1
        i, j = at + 1, to + 1
    yield from _between(left[i:], right[j:], i, j)


def _between(left: Sequence[str], right: Sequence[str], i: int, j: int) -> Iterator[Opcode]:
    if len(left) * len(right) > MOST_PAIRS:
        yield "replace", i, i + len(left), j, j + len(right)
        return
    for op, i1, i2, j1, j2 in difflib.SequenceMatcher(None, left, right).get_opcodes():
        yield op, i + i1, i + i2, j + j1, j + j2


def _anchors(left: Sequence[str], right: Sequence[str]) -> list[tuple[int, int]]:
    """Return the places of the lines that stand once on each side, in an order that both have."""
    times = Counter(left), Counter(right)
    places = {line: to for to, line in enumerate(right) if times[1][line] == 1}
    pairs = [
        (at, places[line]) for at, line in enumerate(left) if times[0][line] == 1 and line in places
    ]
    # The longest rising row: ``ends[n]`` is the least place at which a row of n + 1 can end.
    ends: list[int] = []
    last: list[int] = []  # the pair at that place
    before: list[int] = []
    for index, (_, to) in enumerate(pairs):
        length = bisect_left(ends, to)
        ends[length : length + 1], last[length : length + 1] = [to], [index]
        before.append(last[length - 1] if length else -1)
    row: list[tuple[int, int]] = []
    index = last[-1] if last else -1
    while index >= 0:
        row.append(pairs[index])
        index = before[index]
    return row[::-1]
