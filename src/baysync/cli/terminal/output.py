"""How commands print: a table on a terminal, tab-separated lines in a pipe, or JSON.

The only door to standard output and error: whatever shops and eBay wrote steers no terminal.
"""

import sys
from collections.abc import Iterable, Mapping, Sequence
from typing import cast

import msgspec
from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from baysync.base.characters import visible, visible_json

Row = Mapping[str, object]


def print_rows(rows: Sequence[Row], columns: Sequence[str], *, as_json: bool = False) -> None:
    """Print ``columns`` of ``rows`` on standard output; ``as_json`` prints whole rows."""
    if as_json:
        print_json(list(rows))
    elif sys.stdout.isatty():
        Console().print(_table(rows, columns))
    else:
        for row in rows:
            sys.stdout.write("\t".join(text(row.get(name)) for name in columns) + "\n")


def print_json(value: object) -> None:
    """Print ``value`` as one line of JSON on standard output: the last line a script reads."""
    print_encoded(msgspec.json.encode(value, enc_hook=str))


def print_encoded(encoded: bytes) -> None:
    """Print JSON on standard output as it is written, however many lines it has."""
    sys.stdout.write(visible_json(encoded.decode()) + "\n")


def print_text(lines: str) -> None:
    """Print ready lines for people on standard output."""
    sys.stdout.write(visible(lines))


def write_data(lines: Iterable[str]) -> None:
    """Write a file's lines on standard output: exactly, unless a person reads them there."""
    sys.stdout.writelines(map(visible, lines) if sys.stdout.isatty() else lines)


def print_error(message: str, fix: str) -> None:
    """Print what went wrong and what to do, on standard error."""
    console = Console(stderr=True, highlight=False, soft_wrap=True)
    console.print(f"[red]error:[/] {_plain(message)}")
    console.print(f"[dim]fix:[/]   {_plain(fix)}")


def note(message: str) -> None:
    """Print a line for people on standard error, out of the way of the data."""
    Console(stderr=True, highlight=False, soft_wrap=True).print(visible(message), markup=False)


def print_described(
    rows: Sequence[Row], columns: Sequence[str], blocks: Iterable[Iterable[str]], *, as_json: bool
) -> None:
    """Print ``rows`` as JSON or, in a pipe, with tabs; on a terminal the ``blocks`` of lines.

    For rows with sentences in them: a table would cut their columns on a narrow terminal.
    """
    if not as_json and sys.stdout.isatty():
        print_lines(line for block in blocks for line in block)
    else:
        print_rows(rows, columns, as_json=as_json)


def print_lines(lines: Iterable[str], *, stderr: bool = False) -> None:
    """Print lines for people; on a terminal each is wrapped at its own indentation, never cut."""
    console = Console(stderr=stderr, highlight=False)
    for line in map(visible, lines):
        words = line.lstrip(" ")
        indent = len(line) - len(words)
        if console.is_terminal:
            console.print(Padding(Text(words, style="" if indent else "bold"), (0, 0, 0, indent)))
        else:
            console.print(Text(line), soft_wrap=True)


def text(value: object) -> str:
    """Return a cell as one line of text; nothing is ``-``."""
    if value is None or value == "":
        return "-"
    if isinstance(value, list | tuple):
        return " ".join(map(text, cast("Sequence[object]", value)))
    return visible(str(value).replace("\t", " ").replace("\n", " "))


def _plain(words: str) -> str:
    return visible(words).replace("[", "\\[")


def _table(rows: Sequence[Row], columns: Sequence[str]) -> Table:
    table = Table(box=None, header_style="dim", pad_edge=False)
    for name in columns:
        numbers = bool(rows) and all(isinstance(row.get(name), int | float) for row in rows)
        table.add_column(name.upper().replace("_", " "), justify="right" if numbers else "left")
    for row in rows:
        table.add_row(*(text(row.get(name)).replace("[", "\\[") for name in columns))
    return table
