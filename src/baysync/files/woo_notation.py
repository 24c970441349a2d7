r"""The notation of WooCommerce's exporter, undone as its importer undoes it. Pure.

Commas inside a value are ``\,``; line ends of descriptions are ``\n`` and a backslash before an n
is ``\\n`` (WooCommerce, ``implode_values`` and ``filter_description_field``).
"""

import re

from baysync.files.cells import words

_COMMA = re.compile(r"(?<!\\),")
_BREAK = re.compile(r"\\(\\)?n")


def values(cell: str) -> list[str]:
    """Return the values of a cell, as plain texts."""
    return [value for part in _COMMA.split(cell) if (value := _value(part))]


def value(cell: str) -> str:
    """Return the one value of a cell, as plain text."""
    return _value(cell)


def description(cell: str) -> str:
    """Return a description with its line ends."""
    return _BREAK.sub(lambda match: r"\n" if match[1] else "\n", cell)


def categories(cell: str) -> tuple[str, tuple[str, ...]]:
    """Return the last category of the first path, and all others: its parents, then other paths."""
    paths = [[part.strip() for part in path.split(">")] for path in values(cell)]
    names = [name for path in paths for name in reversed(path) if name]
    leaf, others = (names[0], names[1:]) if names else ("", [])
    return leaf, tuple(dict.fromkeys(name for name in others if name != leaf))


def _value(part: str) -> str:
    return words(part.replace(r"\,", ",").strip())
