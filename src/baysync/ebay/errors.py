"""What eBay's error ids mean, in our own words: the data file ``errors.json`` and its readers.

An entry is a verdict, a likely cause and a fix for one or more ids; its ``cases`` are tried in
order and narrow it down by operation, domain, parameter name and, last, by words of the message
(eBay translates messages and puts many causes under one id).
"""

from dataclasses import dataclass
from importlib.resources import files

import msgspec

from baysync.ebay.model import Operation, Problem, Verdict


class Case(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A narrower meaning of an id; every condition that is set must hold."""

    verdict: Verdict
    cause: str
    fix: str
    operations: tuple[Operation, ...] = ()
    domain: str = ""
    parameter: str = ""
    words: tuple[str, ...] = ()

    def fits(self, problem: Problem, op: Operation | None) -> bool:
        """Return whether this case is about ``problem`` as the answer to ``op``."""
        said = problem.message.casefold()
        return (
            (not self.operations or op in self.operations)
            and self.domain in ("", problem.domain)
            and (not self.parameter or problem.parameter(self.parameter) is not None)
            and all(word in said for word in self.words)
        )


class Entry(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The meaning of some error ids wherever none of the ``cases`` fits."""

    ids: tuple[int, ...]
    verdict: Verdict
    cause: str
    fix: str
    cases: tuple[Case, ...] = ()


@dataclass(frozen=True, slots=True)
class Explained:
    """An error id in our own words, with the narrower cases it can have."""

    error_id: int
    verdict: Verdict
    cause: str
    fix: str
    cases: tuple[Case, ...]


@dataclass(frozen=True, slots=True)
class Meaning:
    """What one problem means for one operation.

    ``particular`` is True where a case about this very operation said so.
    """

    verdict: Verdict
    cause: str
    fix: str
    particular: bool


def _load() -> dict[int, Entry]:
    raw = files("baysync.ebay").joinpath("errors.json").read_bytes()
    entries = msgspec.json.decode(raw, type=list[Entry])
    return {error_id: entry for entry in entries for error_id in entry.ids}


_ENTRIES = _load()


def known() -> list[int]:
    """Return every error id that has an entry, ascending."""
    return sorted(_ENTRIES)


def explain(error_id: int) -> Explained | None:
    """Return cause and fix of an error id; None for one we know nothing about."""
    entry = _ENTRIES.get(error_id)
    if entry is None:
        return None
    return Explained(error_id, entry.verdict, entry.cause, entry.fix, entry.cases)


def meaning(problem: Problem, op: Operation | None) -> Meaning | None:
    """Return what ``problem`` means as the answer to ``op``; None for an unknown id.

    ``op`` None: it is not known what was asked, so no case about an operation fits.
    """
    entry = _ENTRIES.get(problem.error_id)
    if entry is None:
        return None
    for case in entry.cases:
        if case.fits(problem, op):
            return Meaning(case.verdict, case.cause, case.fix, particular=bool(case.operations))
    return Meaning(entry.verdict, entry.cause, entry.fix, particular=False)


def is_revision_cap(problem: Problem) -> bool:
    """Return whether eBay takes no more revisions of a listing today.

    The id is documented nowhere: a parameter says so, or else the words.
    """
    said = problem.message.casefold()
    return problem.parameter("revisionLimit") is not None or (
        "revision" in said and "limit" in said
    )


def in_our_words(problem: Problem, op: Operation) -> str:
    """Return what is known of ``problem`` without a word of eBay's: id, names and likely cause."""
    names = [name for name, _ in problem.parameters if name]
    about = ", ".join([part for part in (problem.domain, problem.category, *names) if part])
    known = meaning(problem, op)
    cause = f": {known.cause}" if known else ""
    return f"error {problem.error_id}{about and f' ({about})'}{cause}"


def hints(problem: Problem) -> tuple[str, ...]:
    """Return eBay's parameters as ``name: value`` lines, empty ones left out.

    eBay numbers unnamed parameters ("0", "1"); those are given as bare values.
    """
    return tuple(
        value if name.isdecimal() or not name else f"{name}: {value}"
        for name, value in problem.parameters
        if value
    )
