"""From a decoded document to a ``Listing``, naming *every* field that does not fit.

msgspec stops at the first bad field; a person who corrects a file wants to see them all. Text
becomes NFC and loses the white space around it; numbers become ``Decimal`` in one spelling.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Context, Decimal
from difflib import get_close_matches
from typing import Any, TypeAlias, cast

from msgspec import NODEFAULT, inspect

from baysync.listing.model import Listing, Problem
from baysync.listing.wording import kind_of, shown

MOST_PROBLEMS = (
    100  # of one listing: nobody reads more, and a hostile document could have a million
)
DECIMAL = re.compile(r"[+-]?(?:[0-9]{1,15}(?:\.[0-9]{0,12})?|\.[0-9]{1,12})")
INTEGER = re.compile(r"[+-]?[0-9]{1,15}")
SURROGATE = re.compile("[\ud800-\udfff]")
DIGITS_BEFORE = 15  # of the point
_MOST_DIGITS = 60
_EXACT = Context(prec=2 * _MOST_DIGITS)  # nothing that is taken is ever rounded
_BAD = object()

At: TypeAlias = "tuple[At, object] | None"  # a place: the one above it and the key; None: the top
Decoder = Callable[["_Found", object, At], object]


@dataclass(frozen=True, slots=True)
class Decoded:
    """What could be read; ``listing`` lacks the bad fields and is None without a usable SKU."""

    listing: Listing | None
    problems: tuple[Problem, ...]


@dataclass(frozen=True, slots=True)
class _Found:
    problems: list[Problem] = field(default_factory=list[Problem])

    def refuse(self, at: At, rule: str, message: str, fix: str) -> object:
        if len(self.problems) < MOST_PROBLEMS:
            self.problems.append(Problem(pointer=_pointed(at), rule=rule, message=message, fix=fix))
        return _BAD


def decode(document: object) -> Decoded:
    """Return the listing that a decoded document describes, with a problem per bad field."""
    found = _Found()
    value = _LISTING(found, document, None)
    listing = value if isinstance(value, Listing) else None
    return Decoded(listing, tuple(found.problems))


def pointer(at: str, key: object) -> str:
    """Return the JSON pointer of ``key`` below ``at`` (RFC 6901), lone surrogates spelled out."""
    text = str(key)
    text = text if text.isascii() else text.encode("utf-8", "backslashreplace").decode()
    return f"{at}/{text.replace('~', '~0').replace('/', '~1')}"


def _pointed(at: At) -> str:
    return "" if at is None else pointer(_pointed(at[0]), at[1])


def trimmed(text: str) -> str:
    """Return text as it is stored, SKUs too: NFC, without white space around it."""
    return text.strip() if text.isascii() else unicodedata.normalize("NFC", text.strip())


def _text(found: _Found, value: object, at: At) -> object:
    if isinstance(value, str) and value.isascii() and "\0" not in value:
        return value.strip()
    if not isinstance(value, str):
        return found.refuse(at, "not_text", f"is {kind_of(value)}, not text", "put it in quotes")
    if "\0" in value:
        return found.refuse(at, "nul", "has a NUL character", "remove the character U+0000")
    if SURROGATE.search(value):
        return found.refuse(
            at, "lone_surrogate", "has half a character (a lone surrogate)", "send whole characters"
        )
    return trimmed(value)


def _decimal(found: _Found, value: object, at: At) -> object:
    number = _as_decimal(value)
    if number is None:
        return found.refuse(
            at,
            "not_a_number",
            f"{shown(value)} is not a decimal number",
            'write it with a point and without symbols: "1234.50"',
        )
    return plain(number)


def _as_decimal(value: object) -> Decimal | None:
    if isinstance(value, str):
        return Decimal(value) if DECIMAL.fullmatch(value.strip()) else None
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
        return None
    number = Decimal(repr(value)) if isinstance(value, float) else Decimal(value)
    if not number.is_finite() or len(number.as_tuple().digits) > _MOST_DIGITS:
        return None
    return number if not number or -_MOST_DIGITS < number.adjusted() < DIGITS_BEFORE else None


def plain(number: Decimal) -> Decimal:
    """Return an equal number without exponent and trailing zeros: the one spelling of it."""
    small = number.normalize(_EXACT)
    whole = small == small.to_integral_value(context=_EXACT)
    return small.quantize(Decimal(1), context=_EXACT) if whole else small


def _integer(found: _Found, value: object, at: At) -> object:
    number = _whole(value)
    if number is None:
        return found.refuse(
            at,
            "not_an_integer",
            f"{shown(value)} is not a whole number",
            "write a whole number such as 3",
        )
    return number


def _whole(value: object) -> int | None:
    """Return the whole number that ``value`` is, in any spelling that has but one reading."""
    if isinstance(value, int) and not isinstance(value, bool):
        return value if abs(value) < 10**DIGITS_BEFORE else None
    if isinstance(value, str) and INTEGER.fullmatch(value.strip()):
        return int(value)
    if isinstance(value, float | Decimal):
        number = _as_decimal(value)
        return None if number is None or plain(number).as_tuple().exponent else int(number)
    return None


def _integer_or(words: tuple[str, ...]) -> Decoder:
    def decoder(found: _Found, value: object, at: At) -> object:
        if isinstance(value, str) and value.strip().casefold() in words:
            return value.strip().casefold()
        number = _whole(value)
        if number is None:
            return found.refuse(
                at,
                "not_an_integer",
                f"{shown(value)} is not a whole number",
                f"write a whole number such as 3, or {' or '.join(map(repr, words))}",
            )
        return number

    return decoder


def _flag(found: _Found, value: object, at: At) -> object:
    if isinstance(value, bool):
        return value
    return found.refuse(
        at, "not_a_flag", f"{shown(value)} is not true or false", "write true or false"
    )


def _choice(kind: inspect.EnumType) -> Decoder:
    known = {str(member.value): member for member in kind.cls}

    def decoder(found: _Found, value: object, at: At) -> object:
        member = known.get(value) if isinstance(value, str) else None
        if member is None:
            return found.refuse(
                at,
                "unknown_value",
                f"{shown(value)} is not known here",
                f"write one of {', '.join(known)}",
            )
        return member

    return decoder


def _list(item: Decoder) -> Decoder:
    def decoder(found: _Found, value: object, at: At) -> object:
        if not isinstance(value, list | tuple):
            return found.refuse(
                at, "not_a_list", f"is {kind_of(value)}, not a list", "write [ ... ]"
            )
        entries = cast("list[object]", value)
        read = [item(found, entry, (at, index)) for index, entry in enumerate(entries)]
        return tuple(entry for entry in read if entry is not _BAD)

    return decoder


def _mapping(item: Decoder) -> Decoder:
    def decoder(found: _Found, value: object, at: At) -> object:
        if not isinstance(value, Mapping):
            return found.refuse(
                at, "not_an_object", f"is {kind_of(value)}, not an object", "write { ... }"
            )
        entries = cast("Mapping[object, object]", value)
        read = {
            _text(found, key, (at, key)): item(found, entry, (at, key))
            for key, entry in entries.items()
        }
        return {key: entry for key, entry in read.items() if key is not _BAD and entry is not _BAD}

    return decoder


def _struct(kind: inspect.StructType) -> Decoder:
    known = {entry.encode_name: _decoder(entry.type) for entry in kind.fields}
    names = {entry.encode_name: entry.name for entry in kind.fields}
    needed = [
        f.name for f in kind.fields if f.default is NODEFAULT and f.default_factory is NODEFAULT
    ]

    def decoder(found: _Found, value: object, at: At) -> object:
        if not isinstance(value, Mapping):
            return found.refuse(
                at, "not_an_object", f"is {kind_of(value)}, not an object", "write { ... }"
            )
        entries = cast("Mapping[str, object]", value)
        read = {
            name: known[name](found, entry, (at, name))
            if name in known
            else _unknown(found, name, (at, name), list(known))
            for name, entry in entries.items()
            if entry is not None
        }
        good: dict[str, Any] = {names[n]: it for n, it in read.items() if it is not _BAD}
        for name in needed:
            if name not in read:
                found.refuse((at, name), "missing", "is missing", f"give the field {name!r}")
        return kind.cls(**good) if all(name in good for name in needed) else _BAD

    return decoder


def _unknown(found: _Found, name: object, at: At, known: list[str]) -> object:
    unread = len(found.problems) >= MOST_PROBLEMS
    close = [] if unread else get_close_matches(str(name)[:100], known, n=1)
    fix = f"did you mean {close[0]!r}?" if close else f"leave it out; known are {', '.join(known)}"
    return found.refuse(at, "unknown_field", "is not a field", fix)


def _decoder(kind: inspect.Type) -> Decoder:
    match kind:
        case inspect.UnionType(types=types):
            return _union(types)
        case inspect.StructType():
            return _struct(kind)
        case inspect.VarTupleType(item_type=item):
            return _list(_decoder(item))
        case inspect.DictType(value_type=item):
            return _mapping(_decoder(item))
        case inspect.EnumType():
            return _choice(kind)
        case _:
            return _LEAVES[type(kind)]


def _union(types: Iterable[inspect.Type]) -> Decoder:
    """Return the decoder of an optional field, which may also take words in place of a number."""
    words = [t.values for t in types if isinstance(t, inspect.LiteralType)]
    if words:
        return _integer_or(tuple(map(str, words[0])))
    return _decoder(next(t for t in types if not isinstance(t, inspect.NoneType)))


_LEAVES: dict[type, Decoder] = {
    inspect.StrType: _text,
    inspect.IntType: _integer,
    inspect.DecimalType: _decimal,
    inspect.BoolType: _flag,
}
_LISTING = _decoder(inspect.type_info(Listing))
