"""A name as one segment of an address, whatever stands in it: percent-encoded, a slash too.

Servers decode a path before they route it, and so take ``A%2Fdiff`` for two segments. Ours routes
the path as it was sent; a handler gets the name by the annotation ``Segment``.
"""

from typing import Annotated
from urllib.parse import quote, unquote

from pydantic import AfterValidator

Segment = Annotated[str, AfterValidator(unquote)]


def segment(name: str) -> str:
    """Return ``name`` as a segment of an address."""
    return quote(name, safe="")
