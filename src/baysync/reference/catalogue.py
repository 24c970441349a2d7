"""Find categories by words, and say where one stands in its tree. Pure."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from baysync.reference.model import Named, Names

_WORDS = re.compile(r"\w+")


@dataclass(frozen=True, slots=True, kw_only=True)
class CategoryPath:
    """A category: its id and name, the names above it from the top, and whether it is lowest."""

    id: str
    name: str
    path: tuple[str, ...]
    leaf: bool


def search(names: Names, text: str) -> list[CategoryPath]:
    """Return the lowest categories whose names, or those above them, have all words of ``text``.

    A word is found where a name has one that begins so, accents and capitals aside. Those with
    more of the words in their own name come first, then the shorter ones.
    """
    wanted = _words(text)
    by_id = {each.id: each for each in names.categories}
    places = [locate(by_id, each) for each in names.categories if each.leaf]
    found = [(place, _own(wanted, place)) for place in places if _fits(wanted, place)]
    found.sort(key=lambda one: (-one[1], len(one[0].name), one[0].path, one[0].id))
    return [place for place, _ in found]


def locate(by_id: Mapping[str, Named], category: Named) -> CategoryPath:
    """Return where a category stands; ``by_id`` are all of its tree."""
    path, above = list[str](), category.parent
    while above in by_id:
        path.append(by_id[above].name)
        above = by_id[above].parent
    return CategoryPath(
        id=category.id, name=category.name, path=tuple(reversed(path)), leaf=category.leaf
    )


def _fits(wanted: Sequence[str], place: CategoryPath) -> bool:
    there = _words(" ".join((place.name, *place.path)))
    return bool(wanted) and all(_has(there, word) for word in wanted)


def _own(wanted: Sequence[str], place: CategoryPath) -> int:
    own = _words(place.name)
    return sum(_has(own, word) for word in wanted)


def _has(words: Sequence[str], start: str) -> bool:
    return any(word.startswith(start) for word in words)


def _words(text: str) -> list[str]:
    plain = unicodedata.normalize("NFKD", text.casefold())
    return _WORDS.findall("".join(c for c in plain if not unicodedata.combining(c)))
