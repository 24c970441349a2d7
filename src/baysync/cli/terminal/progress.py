"""Progress on standard error: a bar on a terminal, a line per tenth anywhere else."""

from collections.abc import Callable, Generator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

from baysync.base.characters import visible

_TENTHS = 10
Advance = Callable[[int, str], None]


@contextmanager
def progress(what: str, total: int, *, shown: bool = True) -> Generator[Advance]:
    """Yield a function that is told how far the work is, of ``total``, and a few words about it."""
    console = Console(stderr=True, quiet=not shown, highlight=False)
    if not console.is_terminal:
        yield _tenths(console, what, total)
        return
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.percentage:>3.0f} %"),
    )
    with Progress(*columns, TimeRemainingColumn(), console=console, transient=True) as bar:
        task = bar.add_task(what, total=max(total, 1))
        yield lambda done, words: bar.update(
            task, completed=done, description=f"{what} {visible(words)}"
        )


def _tenths(console: Console, what: str, total: int) -> Advance:
    told = 0

    def advance(done: int, words: str) -> None:
        nonlocal told
        tenth = min(_TENTHS, done * _TENTHS // max(total, 1))
        if tenth > told:
            told = tenth
            console.print(f"{what}: {tenth * _TENTHS} % {visible(words)}".rstrip(), markup=False)

    return advance
