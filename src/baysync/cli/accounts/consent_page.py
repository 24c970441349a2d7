"""Show eBay's consent page: printed here, opened in the browser without its ``state`` in a command.

Other users of a machine can read the arguments of every process. Who knows the state can send a
code of his own to where we wait, and connect his account for the seller's.
"""

import webbrowser
from collections.abc import Generator
from contextlib import contextmanager
from html import escape
from pathlib import Path
from tempfile import TemporaryDirectory

from baysync.cli.terminal.output import note

_PAGE = """<!doctype html>
<meta charset="utf-8"><meta name="referrer" content="no-referrer">
<meta http-equiv="refresh" content="0; url={url}">
<title>baysync</title><p><a href="{url}">On to eBay</a></p>
"""


@contextmanager
def shown(url: str, *, browser: bool) -> Generator[None]:
    """Print ``url`` and, with ``browser``, open it there; for the length of the block.

    The browser gets the name of a file that only this user can read, and goes on from there.
    """
    note(f"Agree on this page as the seller:\n  {url}")
    if not browser:
        yield
        return
    with TemporaryDirectory(prefix="baysync-consent-") as folder:  # made with mode 0700
        page = Path(folder, "consent.html")
        page.write_text(_PAGE.format(url=escape(url)))
        webbrowser.open(page.as_uri())
        yield
