"""One spelling for each text, number and list, so that equal listings have equal documents."""

import unicodedata
from collections.abc import Collection, Iterable, Mapping
from decimal import Decimal
from typing import TypeVar

from msgspec import Struct

from baysync.ebay import identifiers

BRAND = frozenset({"brand", "marca", "marka", "marke", "marque", "merk"})
MPN = frozenset({"mpn"})
S = TypeVar("S", bound=Struct)


def text(words: str) -> str:
    """Return ``words`` in Unicode normal form C without space around them."""
    return words.strip() if words.isascii() else unicodedata.normalize("NFC", words).strip()


def optional(words: str | None) -> str | None:
    """Return the text in its one spelling; nothing but space says nothing."""
    return (text(words) or None) if words is not None else None


def decimal(value: Decimal) -> str:
    """Return a finite number without exponent, trailing zeros or a sign before zero.

    ``10.50`` and ``10.5`` agree. No rounding: every digit that says something stays.
    """
    digits = format(value, "f")
    if "." in digits:
        digits = digits.rstrip("0").rstrip(".")
    return "0" if digits == "-0" else digits


def distinct(words: Iterable[str]) -> tuple[str, ...]:
    """Return texts in their order, each once, empty ones left out."""
    return tuple(dict.fromkeys(filter(None, map(text, words))))


def unordered(words: Iterable[str]) -> tuple[str, ...]:
    """Return texts sorted, each once: their order says nothing and eBay changes it."""
    found = distinct(words)
    return found if len(found) < 2 else tuple(sorted(found))  # noqa: PLR2004 -- one is in order


def aspects(given: Mapping[str, Iterable[str]]) -> dict[str, tuple[str, ...]]:
    """Return item specifics by name; one without a value is left out."""
    spelled = {text(name): unordered(values) for name, values in given.items()}
    return {name: values for name, values in sorted(spelled.items()) if name and values}


def identity(
    named: str | None, specifics: Mapping[str, tuple[str, ...]], names: Collection[str]
) -> str | None:
    """Return brand or MPN: ``named``, else the single value of a specific called one of ``names``.

    eBay copies these specifics into the product by itself; we do the same before it.
    """
    found = (
        values[0]
        for name, values in specifics.items()
        if name.casefold() in names and len(values) == 1
    )
    return optional(named) or next(found, None)


def numbers(named: Iterable[str], specifics: Mapping[str, tuple[str, ...]]) -> tuple[str, ...]:
    """Return product numbers: ``named``, and of each kind not among them those in specifics.

    eBay picks up specifics called EAN, ISBN or UPC as product numbers; we do the same before it.
    Where there is a number, the words that there is none of another kind say nothing.
    """
    found = unordered(named)
    kinds = {identifiers.kind(number) for number in found}
    picked = (
        number
        for name, values in specifics.items()
        if name.casefold() in identifiers.KINDS and name.casefold() not in kinds
        for number in values
    )
    every = unordered((*found, *picked))
    return tuple(number for number in every if not identifiers.is_none(number)) or every


def said(document: S) -> S | None:
    """Return ``document``, or None when all its fields are at their defaults."""
    return None if document == type(document)() else document
