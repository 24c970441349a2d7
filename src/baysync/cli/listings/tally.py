"""What an import has come to: counts, the first problems for people, the file of rejects."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from baysync.base.wording import counted
from baysync.cli.listings.currency import lacks
from baysync.cli.terminal.output import note, print_json
from baysync.files import rejects
from baysync.listing.draft import Draft, LineResult, Outcome
from baysync.listing.model import Problem, Severity

MOST_PROBLEMS = 20
MOST_NOTES = 5


@dataclass(slots=True)
class Tally:
    """Counts what became of the rows of one file, and says it.

    Attributes:
        header: the columns of the file, none if it has lines.
        rejects: where refused rows go; None keeps them nowhere.
        as_json: whether problems go to standard output as JSON instead of to people.
        import_id: the id of the import; None in a dry run.
        no_currency: how many listings have a price and name no currency.
        kept_back: how many listings are stored without a cell that was refused.
        kept: how many filled fields of live listings met an empty cell, by name.
        currencies: those in which such prices would be taken, where they are several.
    """

    header: tuple[str, ...]
    rejects: Path | None
    as_json: bool
    import_id: int | None = None
    rows: int = 0
    outcomes: Counter[str] = field(default_factory=Counter[str])
    stripped: int = 0
    nameless: int = 0
    no_currency: int = 0
    kept_back: int = 0
    currencies: list[str] = field(default_factory=list[str])
    kept: Counter[str] = field(default_factory=Counter[str])
    told: Counter[int] = field(default_factory=Counter[int])
    named: set[str] = field(default_factory=set[str])

    def add(self, drafts: Sequence[Draft], results: Sequence[LineResult]) -> None:
        """Count one batch, tell its problems and write its rejects."""
        refused: list[str] = []
        for draft, result in zip(drafts, results, strict=True):
            self._count(draft, result)
            if _is_refused(result):
                refused.append(rejects.rows(draft, result.problems, self.header))
                self._tell_rejected(result)
            for words in (*result.notes, *_warnings(result)):
                self._tell(words, MOST_NOTES)
        self._write(refused)

    def summary(self) -> dict[str, object]:
        """Return the last line of ``--json``: the counts, fields kept, the id of the import."""
        kept = {"kept": dict(self.kept)} if self.kept else {}
        return {**self.counts(), **kept, **({"import": self.import_id} if self.import_id else {})}

    def counts(self) -> dict[str, int]:
        """Return what became of the rows; what became of the listings adds up to them."""
        created = self.outcomes[Outcome.CREATED]
        updated = self.outcomes[Outcome.UPDATED]
        unchanged = self.outcomes[Outcome.UNCHANGED] + self.outcomes[Outcome.SUPERSEDED]
        return {
            "rows": self.rows,
            "listings": self.outcomes.total(),
            "created": created,
            "updated": updated,
            "unchanged": unchanged,
            "rejected": self.rejected,
        }

    @property
    def rejected(self) -> int:
        """How many listings are not stored."""
        return self.outcomes[Outcome.REJECTED] + self.outcomes[Outcome.SEND]

    @property
    def is_partial(self) -> bool:
        """Whether anything of the file was refused: whole rows, or cells of them."""
        return self.rejected + self.kept_back > 0

    def _count(self, draft: Draft, result: LineResult) -> None:
        self.rows += max(1, len(draft.source))
        self.outcomes[result.outcome] += 1
        stored = result.id is not None
        self.stripped += result.stripped
        self.nameless += result.sku is None
        self.no_currency += stored and not result.currency and lacks(draft)
        self.kept_back += stored and _is_refused(result)
        if result.sku:
            self.named.add(result.sku)

    def _tell_rejected(self, result: LineResult) -> None:
        refused = [p for p in result.problems if p.severity is Severity.REFUSE]
        if self.as_json:
            print_json({"row": result.line, "sku": result.sku, "problems": refused})
            return
        name = f"row {result.line}" + (f" ({result.sku})" if result.sku else "")
        for problem in refused:
            self._tell(f"{name}: {_words(problem)}", MOST_PROBLEMS)

    def _tell(self, words: str, most: int) -> None:
        """Print the first ``most`` lines of a kind; ``tell`` says how many more there were."""
        self.told[most] += 1
        if self.told[most] <= most:
            note(words)

    def _write(self, refused: list[str]) -> None:
        if not refused or self.rejects is None:
            return
        first = self.rejected + self.kept_back == len(refused)
        with self.rejects.open("x" if first else "a", encoding="utf-8", newline="") as out:
            out.write(rejects.head(self.header) if first else "")
            out.writelines(refused)


def _is_refused(result: LineResult) -> bool:
    """Tell whether a listing was refused, or a cell of one that is stored."""
    refused = any(problem.severity is Severity.REFUSE for problem in result.problems)
    return refused or result.outcome in {Outcome.REJECTED, Outcome.SEND}


def _warnings(result: LineResult) -> list[str]:
    """Return what is stored as it is and may not be meant."""
    warned = [each for each in result.problems if each.severity is Severity.WARN]
    stored = warned if result.id is not None else []
    return [f"row {result.line} ({result.sku}): {_words(each)}" for each in stored]


def tell(tally: Tally) -> None:
    """Say to people what an import came to and what to do next."""
    for words in _hints(tally):
        note(words)


def _hints(tally: Tally) -> Iterator[str]:
    unsaid = sum(max(0, count - most) for most, count in tally.told.items())
    if unsaid:
        lines = "more line of this kind is", "more lines of this kind are"
        yield f"{counted(unsaid, *lines)} not shown."
    found = tally.counts()
    counts = ", ".join(f"{found[name]:,} {name}" for name in list(found)[2:])
    listings, rows = counted(found["listings"], "listing"), counted(found["rows"], "row")
    yield f"{listings} from {rows}: {counts}."
    if tally.outcomes[Outcome.SUPERSEDED]:
        yield (
            f"{tally.outcomes[Outcome.SUPERSEDED]:,} came before a later row of the same SKU: "
            "where they differ, the later row counts."
        )
    if tally.stripped:
        parts = "unsafe part was", "unsafe parts were"
        yield f"{counted(tally.stripped, *parts)} taken out of descriptions."
    if tally.currencies:
        yield (
            f"{counted(tally.no_currency, 'listing names', 'listings name')} no currency: each "
            f"marketplace takes such prices for its own ({', '.join(tally.currencies)}), "
            "or holds them back where it has rates. If they are all in one, import the file again "
            "with --currency, as in --currency USD."
        )
    if tally.kept_back:
        stored = "listing is stored", "listings are stored"
        yield f"{counted(tally.kept_back, *stored)} without the cells that were refused."
    yield from _kept_and_undo(tally)
    if tally.is_partial and tally.rejects:
        yield f"The rejected rows are in {tally.rejects}: correct them and import that file."


def _kept_and_undo(tally: Tally) -> Iterator[str]:
    if tally.kept:
        names = ", ".join(f"{count:,} {name}" for name, count in tally.kept.most_common())
        yield (
            f"Empty cells changed nothing; filled fields of live listings that met one: {names}. "
            "To empty them: --empty clear"
        )
    if tally.import_id and (tally.outcomes[Outcome.CREATED] or tally.outcomes[Outcome.UPDATED]):
        yield f"To take this back: baysync imports undo {tally.import_id}"


def _words(problem: Problem) -> str:
    return f"{problem.pointer.removeprefix('/')} {problem.message}: {problem.fix}".lstrip()
