"""What the demo says while it plays, on standard error: a bar on a terminal, else plain lines."""

from collections.abc import Generator
from contextlib import contextmanager
from textwrap import fill
from typing import Protocol

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from baysync.base.characters import visible

STEPS = 10
WIDEST = 80


class Advance(Protocol):
    """Tell how far the work is."""

    def __call__(self, done: int, words: str) -> None:
        """Show ``done`` of the total, with ``words`` beside it."""


class Screen:
    """The terminal, or whatever stands in for it."""

    def __init__(self) -> None:
        self.console = Console(stderr=True, highlight=False, soft_wrap=True)

    def say(self, text: str = "", style: str = "") -> None:
        """Print one line as it is: it can be copied however narrow the terminal is."""
        self.console.print(visible(text), markup=False, style=style)

    def tell(self, text: str, style: str = "", *, indent: int = 0) -> None:
        """Print prose, folded where the terminal or the reader's eye ends."""
        at, width = " " * indent, min(self.console.width, WIDEST)
        folded = fill(text, width, initial_indent=at, subsequent_indent=at, break_on_hyphens=False)
        self.say(folded, style)

    @contextmanager
    def bar(self, words: str, total: int) -> Generator[Advance]:
        """Show progress towards ``total`` for the length of the block."""
        if not self.console.is_terminal:
            yield _Plain(self, words, total)
            return
        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
        with Progress(
            *columns, TimeElapsedColumn(), TextColumn("{task.fields[more]}"), console=self.console
        ) as progress:
            task = progress.add_task(words, total=total, more="")

            def advance(done: int, words: str) -> None:
                progress.update(task, completed=done, more=visible(words))

            yield advance


class _Plain:
    """A line for every tenth of the way."""

    def __init__(self, screen: Screen, words: str, total: int) -> None:
        self._screen = screen
        self._words = words
        self._total = total
        self._told = 0

    def __call__(self, done: int, words: str) -> None:
        step = done * STEPS // max(self._total, 1)
        if step > self._told:
            self._told = step
            self._screen.say(f"{self._words}: {done} of {self._total} {words}".rstrip())
