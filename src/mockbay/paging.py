"""Pages: limit, offset, and the addresses of the neighbours."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar
from urllib.parse import urlencode

from mockbay.answers import Document, refuse
from mockbay.call import Call

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Page:
    """One page: ``offset`` counts records; addresses count in ``unit`` and move by ``step``."""

    limit: int
    offset: int
    step: int
    unit: int = 1

    def cut(self, listed: Sequence[T]) -> Sequence[T]:
        """Return the part of a list that is on this page."""
        return listed[self.offset : self.offset + self.limit]

    def answer(self, call: Call, total: int, *, absolute: bool = False) -> Document:
        """Return the fields that every paged answer carries."""
        asked = self.offset // self.unit
        body: Document = {
            "href": self._address(call, asked, absolute=absolute),
            "limit": self.limit,
            "total": total,
        }
        if self.offset + self.limit < total:
            body["next"] = self._address(call, asked + self.step, absolute=absolute)
        if asked > 0:
            body["prev"] = self._address(call, max(asked - self.step, 0), absolute=absolute)
        return body

    def _address(self, call: Call, offset: int, *, absolute: bool) -> str:
        host = f"http://{call.headers.get('host', '')}" if absolute else ""
        query = urlencode({**call.query, "limit": self.limit, "offset": offset})
        return f"{host}{call.path}?{query}"


def page_of(call: Call, *, longest: int, usual: int) -> Page:
    """Return the page that a call asks for, its offset in records.

    Raises:
        Refusal: 400 with 25706, limit or offset is no number or outside its bounds.
    """
    asked = call.query.get("limit", str(usual)), call.query.get("offset", "0")
    if not all(text.isascii() and text.isdigit() and len(text) < 10 for text in asked):  # noqa: PLR2004
        raise refuse(25706, f"limit {asked[0]!r}, offset {asked[1]!r}.")
    limit, offset = int(asked[0]), int(asked[1])
    if not 1 <= limit <= longest:
        raise refuse(25706, f"limit must be 1 to {longest}, got {limit}.")
    return Page(limit, offset, step=limit)
