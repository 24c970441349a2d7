"""Characters that no listing may carry to eBay, wherever they stand, pure."""

import re
from collections.abc import Iterator, Mapping
from typing import cast

import msgspec

from baysync.listing.decode import pointer
from baysync.listing.model import Listing, Problem, Severity

# C0 without tab and the ends of lines, DEL, C1, and what turns the direction of the text behind it
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e]")
_MAYBE = re.compile(rb"\\[ubf]")  # in its JSON
_MAYBE_BEYOND = (re.compile(rb"\xc2[\x80-\x9f]"), re.compile(rb"\xe2\x80[\xaa-\xae]"))
_SHOPS_OWN = frozenset({"shop_type", "shop_types", "sku", "tags"})  # never text of eBay's page


def blocks(listing: Listing) -> Iterator[Problem]:
    """Yield a problem for each text with a control character or an override of direction."""
    encoded = msgspec.json.encode(listing)
    if _is_suspect(encoded):
        fields = cast("Mapping[str, object]", msgspec.json.decode(encoded))
        for name in fields.keys() - _SHOPS_OWN:
            yield from _problems(fields[name], pointer("", name))


def _is_suspect(encoded: bytes) -> bool:
    """Tell whether JSON may hold such a character; each search is for bytes that are rare."""
    if b"\x7f" in encoded or (b"\\" in encoded and _MAYBE.search(encoded)):
        return True
    return not encoded.isascii() and any(sign.search(encoded) for sign in _MAYBE_BEYOND)


def _problems(value: object, at: str) -> Iterator[Problem]:
    if isinstance(value, str):
        yield from _problem(value, at)
    elif isinstance(value, dict):
        for name, entry in cast("Mapping[str, object]", value).items():
            yield from _problem(name, pointer(at, name))
            yield from _problems(entry, pointer(at, name))
    elif isinstance(value, list):
        for index, entry in enumerate(cast("list[object]", value)):
            yield from _problems(entry, f"{at}/{index}")


def _problem(text: str, at: str) -> Iterator[Problem]:
    if found := _FORBIDDEN.search(text):
        message = f"has the control character U+{ord(found[0]):04X}"
        yield Problem(
            pointer=at,
            rule="control_character",
            message=message,
            fix="remove it; in a text that was read in a wrong encoding, export the file as UTF-8",
            severity=Severity.BLOCK,
        )
