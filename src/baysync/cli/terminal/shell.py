"""What every command needs: words that say something, and errors without a traceback."""

from collections.abc import Sequence
from itertools import pairwise
from typing import cast

import typer
from typer.core import TyperGroup

from baysync.base.errors import BaysyncError, Refused

_WORDS = "baysync.words"


def refuse_empty(words: Sequence[str]) -> None:
    """Return if each of the words of a command line says something.

    An empty one is mostly a variable of a script that was never set.

    Raises:
        Refused: an option or argument is empty.
    """
    for before, word in pairwise(("", *words)):
        option, _, value = word.partition("=") if word.startswith("--") else (before, "", word)
        if not value.strip() and (not word.startswith("--") or "=" in word):
            name = option if option.startswith("-") else "An argument"
            raise Refused(f"{name} is empty.", fix="give it a value, or leave it out.")


class Shell(TyperGroup):
    """The root command: an error of ours becomes two lines on standard error and an exit code."""

    def parse_args(self, ctx: object, args: list[str]) -> list[str]:
        """Keep the words of the command line for ``invoke``, and parse them."""
        context = cast("typer.Context", ctx)
        context.meta[_WORDS] = tuple(args)
        return super().parse_args(context, args)

    def invoke(self, ctx: object) -> object:
        """Run the chosen command."""
        context = cast("typer.Context", ctx)
        try:
            refuse_empty(context.meta[_WORDS])
            return super().invoke(context)
        except BaysyncError as error:
            from baysync.cli.terminal.output import print_error  # noqa: PLC0415 -- most have nothing to say

            print_error(error.message, error.fix)
            raise typer.Exit(error.exit_code) from error
