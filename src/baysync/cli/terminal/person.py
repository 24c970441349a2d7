"""The person at the command line: who it is, and whether it agrees."""

import os
import pwd
import sys

import typer

from baysync.base.errors import Refused


def actor() -> str:
    """Return who acts, as the audit log names it: ``cli:<os user>``.

    The user is that of the process, as the system knows it: ``$LOGNAME`` says what anybody likes.
    A user without a name is its number.
    """
    uid = os.getuid()
    try:
        return f"cli:{pwd.getpwuid(uid).pw_name}"
    except KeyError:
        return f"cli:{uid}"


def agree(what: str, *, yes: bool) -> None:
    """Go on only when the person agrees to ``what``, which names the count.

    Raises:
        Refused: there is no terminal to ask on and no ``--yes``.
        Abort: the person said no; the program ends with 1.
    """
    if yes:
        return
    if not sys.stdin.isatty():
        raise Refused(f"This would {what}.", fix="say --yes to do it without being asked.")
    typer.confirm(f"This will {what}. Go on?", abort=True)
