"""What an import foretells: what goes live on each marketplace, and what keeps the rest out."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field

from baysync.account import store as accounts
from baysync.base.wording import counted
from baysync.change import forecast_store
from baysync.change import service as change
from baysync.change.forecast import LIVE, Counting, Forecast, PlaceForecast
from baysync.cli.terminal import cause_words
from baysync.cli.terminal.output import print_lines
from baysync.db.connection import Db
from baysync.listing.draft import LineResult

MOST_CAUSES = 12
NO_ACCOUNT = "No eBay account is connected, so nothing goes live: baysync accounts connect --help"
NO_PLACE = "No account sells on any marketplace, so nothing goes live: baysync accounts --help"


@dataclass(slots=True)
class Foresight:
    """Collects what is decided about the listings of a file, batch by batch.

    ``rehearsed`` tells whether nothing of it is kept. A SKU counts once, by its first row.
    ``lost`` counts, by field, the listings of which the file empties a filled field.
    """

    rehearsed: bool
    counting: Counting = field(default_factory=Counting)
    seen: set[str] = field(default_factory=set[str])
    lost: Counter[str] = field(default_factory=Counter[str])
    nowhere: str = ""
    paused: list[str] = field(default_factory=list[str])

    async def read(self, db: Db, results: Sequence[LineResult]) -> None:
        """Count what the listings of ``results`` lost, and what detection decided of them."""
        for one in results:
            self.lost.update(one.lost)
        if ids := _stored(results):
            rows = await forecast_store.decided(db, ids)
            self.counting.add(row for row in rows if row.sku not in self.seen)
            self.seen |= {row.sku for row in rows}

    async def rehearse(self, db: Db, results: Sequence[LineResult]) -> None:
        """Decide about the listings of ``results`` and count it, in a transaction to roll back."""
        if ids := _stored(results):
            await change.rehearse(db, ids)
            await self.read(db, results)

    async def end(self, db: Db) -> None:
        """Note whether there is any place to sell in, and which accounts send nothing now."""
        connected = [each for each in await accounts.read_all(db) if each.state == "connected"]
        self.paused = [
            f"{each.name} is paused ({each.paused_reason}): nothing is sent until it goes on. "
            f"See baysync accounts show {each.name}"
            for each in connected
            if each.paused_for_good or each.paused_kind
        ]
        if not connected:
            self.nowhere = NO_ACCOUNT
        elif not await accounts.enrolled(db):
            self.nowhere = NO_PLACE


def _stored(results: Sequence[LineResult]) -> list[int]:
    return sorted({one.id for one in results if one.id is not None})


def summary(foresight: Foresight) -> dict[str, object]:
    """Return what the last line of ``--json`` says of the forecast."""
    forecast = foresight.counting.result()
    return {
        "blocked": forecast.blocked,
        "lost": dict(foresight.lost.most_common()),
        "forecast": [_row(place) for place in forecast.places],
    }


def tell(foresight: Foresight) -> None:
    """Say to people what becomes of the listings on each marketplace, and how to mend the rest."""
    print_lines(lines(foresight.counting.result(), foresight), stderr=True)


def lines(forecast: Forecast, foresight: Foresight) -> Iterator[str]:
    """Yield the lines of a forecast; none where no listing was taken."""
    if not foresight.seen:
        return
    for name, count in foresight.lost.most_common():
        verb = "would lose" if foresight.rehearsed else "lost"
        whose = "its" if count == 1 else "their"
        yield f"{count:,} {verb} {whose} {name.replace('_', ' ')}."
    if foresight.nowhere:
        yield foresight.nowhere
        return
    for place in forecast.places:
        yield from _place(place, rehearsed=foresight.rehearsed)
    if forecast.off:
        off = "is not active, and so is", "are not active, and so are"
        yield f"{counted(forecast.off, *off)} offered nowhere."
    if forecast.places and not forecast.blocked:
        yield "Nothing is blocked."
    yield from foresight.paused


def _place(place: PlaceForecast, *, rehearsed: bool) -> Iterator[str]:
    numbers = ", ".join(_numbers(place, rehearsed=rehearsed))
    yield f"{place.account} on {place.marketplace}: {numbers}"
    for group in place.causes[:MOST_CAUSES]:
        yield from cause_words.lines(group)
    if more := place.causes[MOST_CAUSES:]:
        causes = "more cause is", "more causes are"
        yield f"  {counted(len(more), *causes)} not shown; --json has all."
    if place.unjudged:
        yield (
            f"  The item specifics of {place.unjudged:,} of them are checked once eBay's rules for "
            "their category are known: more causes may be found."
        )
    if place.waiting:
        yield (
            f"  {counted(place.waiting, 'waits', 'wait')} until eBay has been asked what it wants "
            f"of their category: {_asks(rehearsed=rehearsed)}"
        )


def _asks(*, rehearsed: bool) -> str:
    if rehearsed:
        return "`baysync work` asks after the import."
    return "`baysync work` asks; then `baysync listings blocked` names what is missing."


def _numbers(place: PlaceForecast, *, rehearsed: bool) -> Iterator[str]:
    kinds = ", ".join(f"{count:,} {fate}" for fate in LIVE if (count := getattr(place, fate)))
    will = "would be" if rehearsed else "will be"
    yield f"{place.live:,} {will} live" + (f" ({kinds})" if kinds else "")
    stays = "of them stays live as it is", "of them stay live as they are"
    stay = f" ({counted(place.blocked_live, *stays)})" if place.blocked_live else ""
    yield f"{place.blocked:,} blocked{stay}"
    for count, words in (
        (place.waiting, "wait for eBay's word"),
        (place.out_of_stock, "out of stock"),
        (place.ending, "would end" if rehearsed else "will end"),
        (place.off, "not for sale there"),
    ):
        if count:
            yield f"{count:,} {words}"


def _row(place: PlaceForecast) -> dict[str, object]:
    numbers: dict[str, object] = asdict(place)
    causes = [cause_words.row(group) for group in place.causes]
    for cause in causes:
        del cause["account"], cause["marketplace"]
    return numbers | {"causes": causes}
