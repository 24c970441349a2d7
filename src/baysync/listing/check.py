"""The one path of every entrance: document -> listing, made clean, with all its problems."""

from dataclasses import dataclass
from decimal import Decimal

from msgspec import structs, to_builtins

from baysync.listing import html, options, rules
from baysync.listing.decode import MOST_PROBLEMS, decode
from baysync.listing.model import Listing, Override, Problem, Severity
from baysync.listing.warnings import warnings


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """A document as a listing.

    Attributes:
        listing: what can be stored; None if anything is refused.
        problems: all of them: refusals, blocks and warnings.
        stripped: how many elements and attributes cleaning took from the description.
    """

    listing: Listing | None
    problems: tuple[Problem, ...]
    stripped: int = 0


def check(document: object) -> Checked:
    """Return the listing that a decoded document describes, cleaned, with every problem it has."""
    decoded = decode(document)
    if decoded.listing is None:
        return Checked(listing=None, problems=decoded.problems)
    cleaned, stripped, complex_ = _clean(options.ordered(decoded.listing))
    refused = (
        *decoded.problems,
        *rules.refusals(decoded.listing)[:MOST_PROBLEMS],
        *complex_,
    )
    refused_pointers = {bad.pointer for bad in refused}
    others = [
        found
        for found in (*rules.blocking(cleaned, None), *warnings(cleaned))
        if not any(_hides(bad.pointer, found.pointer) for bad in decoded.problems)
        and found.pointer not in refused_pointers
    ]
    problems = (*refused, *others[:MOST_PROBLEMS])
    return Checked(listing=None if refused else cleaned, problems=problems, stripped=stripped)


def check_listing(listing: Listing) -> Checked:
    """Return ``listing``, made by Python code, as ``check`` would return its document."""
    return check(to_builtins(listing, builtin_types=(Decimal,)))


def is_refused(problem: Problem) -> bool:
    """Tell whether a problem keeps its listing out."""
    return problem.severity is Severity.REFUSE


def _hides(unread: str, pointer: str) -> bool:
    """Tell whether a field that could not be read makes what is said at ``pointer`` untrue."""
    return f"{unread}/".startswith(f"{pointer}/") or f"{pointer}/".startswith(f"{unread}/")


def _clean(listing: Listing) -> tuple[Listing, int, list[Problem]]:
    texts = {"": listing.description} | {
        marketplace: override.description
        for marketplace, override in listing.overrides.items()
        if override.description
    }
    results = {
        name: html.clean(text)
        for name, text in texts.items()
        if len(text) <= rules.LONGEST_DESCRIPTION
    }
    found = [_too_complex(name) for name, result in results.items() if result is None]
    clean = {name: result for name, result in results.items() if result}
    changes = {name: result.html for name, result in clean.items() if result.html != texts[name]}
    return _with(listing, changes), sum(result.stripped for result in clean.values()), found


def _with(listing: Listing, descriptions: dict[str, str]) -> Listing:
    if not descriptions:
        return listing
    overrides: dict[str, Override] = {
        name: structs.replace(override, description=descriptions.get(name, override.description))
        for name, override in listing.overrides.items()
    }
    description = descriptions.get("", listing.description)
    return structs.replace(listing, description=description, overrides=overrides)


def _too_complex(marketplace: str) -> Problem:
    return Problem(
        pointer=f"/overrides/{marketplace}/description" if marketplace else "/description",
        rule="html_too_complex",
        message=f"is nested deeper than {html.DEEPEST}, or has over {html.MOST_TAGS:,} tags, "
        f"{html.MOST_ATTRIBUTES} attributes in one, or {html.MOST_AMPERSANDS:,} ampersands",
        fix="simplify the HTML",
    )
