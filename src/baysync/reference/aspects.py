"""What a category asks of item specifics: which must be there, which values it takes. Pure."""

from collections.abc import Iterator
from difflib import get_close_matches

from baysync.ebay.identifiers import NONE, NONE_IN
from baysync.reference.model import Aspect, Category, Finding, Subject

IDENTIFIERS = frozenset({"ean", "upc", "isbn", "gtin", "mpn"})
MOST_NAMED = 8


def problems(subject: Subject, category: Category) -> Iterator[Finding]:
    """Yield what the aspects of ``subject`` lack or say wrongly; names and values case aside."""
    own = {name.casefold(): (name, values) for name, values in subject.aspects.items()}
    varied = {name.casefold(): (name, values) for name, values in subject.varied.items()}
    for aspect in category.aspects:
        key = aspect.name.casefold()
        said = own.get(key) or varied.get(key)
        if said is not None and any(said[1]):
            yield from _said(aspect, *said, varies=key in varied)
        elif aspect.required and key not in subject.identifiers:
            yield _missing(aspect, subject)


def _missing(aspect: Aspect, subject: Subject) -> Finding:
    if aspect.name.casefold() in IDENTIFIERS:
        return Finding(
            "missing_identifier",
            _at(aspect.name),
            f"This category wants the {aspect.name} of the product.",
            f'Give it; where the product has none, say "{_not_there(subject.language)}".',
        )
    return Finding(
        "missing_aspect",
        _at(aspect.name),
        f"This category wants the item specific {aspect.name}.",
        f"Add {aspect.name}{_such_as(aspect)}.{_whole(subject)}",
    )


def _whole(subject: Subject) -> str:
    """Return where all that the category asks is shown, on a marketplace that is named."""
    if not subject.marketplace:
        return ""
    place = f"{subject.category} --marketplace {subject.marketplace}"
    return f" All that it asks: `baysync categories show {place}`."


def _said(aspect: Aspect, name: str, values: tuple[str, ...], *, varies: bool) -> Iterator[Finding]:
    at = _at(name)
    if varies and not aspect.varies:
        yield Finding(
            "aspect_cannot_vary",
            "/variants",
            f"In this category variants cannot differ in {name}.",
            f"Let them differ in something else, and say {name} once for all.",
        )
    elif not varies and not aspect.many and len(values) > 1:
        yield Finding(
            "aspect_takes_one_value",
            at,
            f"{name} takes one value here, {len(values)} are given.",
            f"Keep one of {', '.join(values[:MOST_NAMED])}.",
        )
    allowed = {value.casefold() for value in aspect.values}
    for index, value in enumerate(values):
        if aspect.only_listed and allowed and value.casefold() not in allowed:
            yield _not_listed(aspect, at, value)
        elif aspect.longest is not None and len(value) > aspect.longest:
            yield Finding(
                "aspect_value_too_long",
                at if varies else f"{at}/{index}",
                f"{name} takes {aspect.longest} characters here, {len(value)} are given.",
                "Shorten it.",
            )


def _not_listed(aspect: Aspect, at: str, value: str) -> Finding:
    near = get_close_matches(value, aspect.values, n=3, cutoff=0.6)
    fix = f"Did you mean {' or '.join(near)}?" if near else f"Use {aspect.name}{_such_as(aspect)}."
    return Finding(
        "aspect_value_not_allowed",
        at,
        f"{aspect.name} takes only listed values here; {value!r} is none of them.",
        fix,
    )


def _such_as(aspect: Aspect) -> str:
    if not aspect.values:
        return ""
    named = ", ".join(aspect.values[:MOST_NAMED])
    return f": one of {named}{' …' if len(aspect.values) > MOST_NAMED else ''}"


def _not_there(language: str) -> str:
    return NONE_IN.get(language[:2], NONE)


def _at(name: str) -> str:
    return f"/aspects/{name.replace('~', '~0').replace('/', '~1')}"
