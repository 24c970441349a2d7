"""What stored errors of eBay mean: from the rows of logs and dead letters to cause, fix, hints."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import cast

from baysync.ebay import errors, wire
from baysync.ebay.model import Problem

UNKNOWN_CAUSE = "eBay does not document this error, and nobody has told us about it yet."
UNKNOWN_FIX = "Read eBay's message and hints; if they do not help, ask eBay's developer support."


@dataclass(frozen=True, slots=True)
class Advice:
    """One error of eBay in our own words; ``hints`` are its parameters as ``name: value``.

    ``own`` tells that it is a note of ours: the message says all, and no number of eBay's.
    """

    error_id: int
    message: str
    cause: str
    fix: str
    hints: tuple[str, ...]
    own: bool = False

    def __str__(self) -> str:
        told = f" ({', '.join(self.hints)})" if self.hints else ""
        if self.own:
            return f"{self.message}{told}"
        return f"eBay {self.error_id or 'error'}{told}: {self.cause} {self.fix}"


def advise(rows: object) -> list[Advice]:
    """Return what the stored errors ``rows`` mean; anything that is no list of errors has none."""
    found = cast("Iterable[object]", rows) if isinstance(rows, list) else ()
    return [_advice(cast("Mapping[str, object]", row)) for row in found if isinstance(row, dict)]


def _advice(row: Mapping[str, object]) -> Advice:
    problem = _problem(row)
    if row.get("own"):
        sku = problem.parameter("sku")
        hints = (sku,) if sku else ()
        return Advice(0, problem.message, problem.message, "", hints, own=True)
    known = errors.meaning(problem, None)
    return Advice(
        error_id=problem.error_id,
        message=problem.message,
        cause=known.cause if known else UNKNOWN_CAUSE,
        fix=known.fix if known else UNKNOWN_FIX,
        hints=errors.hints(problem),
    )


def _problem(row: Mapping[str, object]) -> Problem:
    number, given = row.get("error_id"), wire.mapping(row.get("parameters"))
    return Problem(
        error_id=number if isinstance(number, int) else 0,
        message=str(row.get("message") or ""),
        parameters=tuple((name, str(value)) for name, value in given.items()),
    )
