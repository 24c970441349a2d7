"""Nouns of carrying: leaves, the rules of a document, and a body with what it carries.

A leaf is a scalar or a whole list. Item specifics are leaves by name; members of a group and the
values of its axes are leaves one by one. A path leads to a leaf by the names of eBay's JSON.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TypeAlias

Json: TypeAlias = dict[str, object]
Path: TypeAlias = tuple[str, ...]
Flat: TypeAlias = dict[Path, object]
Leaves: TypeAlias = frozenset[Path]
ELEMENT = "[]"
NO_LEAVES: Leaves = frozenset()


@dataclass(frozen=True, slots=True)
class Drop:
    """A value that a seller set and that is not sent on as it stands, and why."""

    path: Path
    reason: str

    @property
    def field(self) -> str:
        """The path as eBay's documentation writes it: ``listingPolicies.bestOfferTerms``."""
        return ".".join(self.path)


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """What a document alone does not tell; ``now`` is ISO 8601 in UTC."""

    now: str = ""
    is_live: bool = True
    in_group: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Beside:
    """One document on its way: what eBay shows, what we want, and what of eBay's is not ours."""

    shown: Flat
    wanted: Flat
    foreign: Flat
    context: Context


Forbids: TypeAlias = Callable[[Beside], Iterator[Drop]]


@dataclass(frozen=True, slots=True, kw_only=True)
class CarryingRules:
    """How one kind of document is carried.

    Attributes:
        read_only: what eBay shows and never takes back.
        constant: ours, whether a body says it or not.
        whole: objects that mean something only whole.
        sets: lists of texts that are taken apart, each text a leaf.
        named: lists of ``{name, values}`` that are taken apart, each value a leaf.
        aspects: the object of item specifics; names are compared without case.
        same: leaves that eBay copies into each other.
        stock: the number we send; carried stock of ``cut_sum`` is at most that in sum, of
            ``cut_each`` in each place.
        forbids: what cannot stand beside what we want.
    """

    read_only: Leaves
    constant: Leaves = NO_LEAVES
    whole: Leaves = NO_LEAVES
    sets: Leaves = NO_LEAVES
    named: Leaves = NO_LEAVES
    aspects: Path = ()
    same: tuple[Leaves, ...] = ()
    stock: Path = ()
    cut_sum: Path = ()
    cut_each: Path = ()
    forbids: Forbids | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Carried:
    """A whole body, the seller's part of it, and what of the seller's it leaves out or changes."""

    body: Json
    kept: Json
    dropped: tuple[Drop, ...] = ()
