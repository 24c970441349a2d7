"""Pages: limit, offset, and the addresses of the neighbours."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar
from urllib.parse import urlencode

from mockbay.answers import Document, refuse
from mockbay.call import Call

T = TypeVar("T")
INVENTORY_ERRORS = (25706, 25706)


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
        host = call.origin if absolute else ""
        query = urlencode({**call.query, "limit": self.limit, "offset": offset})
        return f"{host}{call.path}?{query}"


def page_of(
    call: Call,
    *,
    longest: int,
    usual: int,
    errors: tuple[int, int] = INVENTORY_ERRORS,
    clipped: bool = False,
) -> Page:
    """Return the page that a call asks for, its offset in records.

    ``clipped`` is for calls without a maximum: more than ``longest`` is asked, that many are given.

    Raises:
        Refusal: 400 with the first of ``errors``, the limit is no number or outside its bounds;
            with the second, the offset is none.
    """
    limit = _number(call, "limit", usual, errors[0])
    offset = _number(call, "offset", 0, errors[1])
    if limit < 1 or (limit > longest and not clipped):
        raise refuse(errors[0], f"limit must be 1 to {longest}, got {limit}.")
    limit = min(limit, longest)
    return Page(limit, offset, step=limit)


def _number(call: Call, name: str, usual: int, error_id: int) -> int:
    text = call.query.get(name, str(usual))
    if not re.fullmatch(r"[0-9]{1,9}", text):
        raise refuse(error_id, f"{name} {text!r}.")
    return int(text)
