"""Read once, page by page, which items and groups eBay holds when an account is connected.

Nobody wrote down what other programs made there: what is named here is read before baysync first
replaces it. Until the last page is read, anything is.
"""

from dataclasses import dataclass, replace

from baysync.account import survey_store
from baysync.account.survey_store import Survey
from baysync.base import clock
from baysync.db.connection import Db
from baysync.ebay import inventory, wire
from baysync.ebay.calls import following
from baysync.ebay.edge.session import Session
from baysync.ebay.model import Answer, Verdict
from baysync.ebay.verdict import judge

DEADLINE_SECONDS = 120.0
FLOOR = 0.2  # reading leaves this share of every quota to writing
PASSES = 3  # over a list that changes while it is read
LONGEST_ERROR = 300


@dataclass(frozen=True, slots=True, kw_only=True)
class SurveyPage:
    """One page of items: their SKUs, the groups that they are in, and what comes after it."""

    items: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()
    total: int | None = None
    next_page: str | None = None


async def read(db: Db, account_id: int, session: Session, *, pages: int | None = None) -> int:
    """Read on where the last reader stopped; return how many pages were read, at most ``pages``.

    Safe to stop at any point and to run twice: each page is a transaction. A page that eBay does
    not show is tried again after a minute, then later and later.
    """
    reading = replace(session, floor=FLOOR)
    survey = await survey_store.take(db, account_id)
    done, error = 0, None
    while survey is not None and error is None and done != pages:
        call = inventory.get_inventory_items(page=survey.next_page)
        answer = await reading.send(call, deadline=clock.monotonic() + DEADLINE_SECONDS)
        page = page_in(answer)
        if page is None:
            error = _words(answer)
            continue
        now = after(survey, page)
        if not await survey_store.keep(db, survey, now, items=page.items, groups=page.groups):
            return done
        done += 1
        survey = None if now.is_done else now
    if survey is not None:
        await survey_store.give_back(db, survey, error)
    return done


def page_in(answer: Answer) -> SurveyPage | None:
    """Return what a page shows; None where it is none. A list that ended earlier is an empty one.

    Source: Inventory API 1.18, ``InventoryItems``: ``total`` is the number of all items.
    """
    meaning, body = judge(answer), wire.mapping(answer.body)
    if meaning is Verdict.GONE:
        return SurveyPage(total=0)
    total = wire.number(body.get("total"))
    if meaning is not Verdict.DONE or ("inventoryItems" not in body and total != 0):
        return None
    rows, after_it = wire.rows(body.get("inventoryItems")), following(answer)
    keys = (
        wire.text(key)
        for row in rows
        for name in ("inventoryItemGroupKeys", "groupIds")
        for key in wire.items(row.get(name))
    )
    return SurveyPage(
        items=tuple(filter(None, (wire.text(row.get("sku")) for row in rows))),
        groups=tuple(dict.fromkeys(filter(None, keys))),
        total=total,
        next_page=after_it.path if after_it else None,
    )


def after(survey: Survey, page: SurveyPage) -> Survey:
    """Return how far the survey is with one more ``page``.

    Pages count items of a list that may change while it is read, so that one slips from a page
    to another unseen: where the total changed, all is read again, at most ``PASSES`` times. More
    rows than twice the total are pages that lead back to each other: there it ends as well.
    """
    items, total = survey.items + len(page.items), page.total
    moved = survey.moved or (survey.pages > 0 and total != survey.total)
    goes_round = total is not None and items > 2 * total + inventory.PAGE
    now = replace(
        survey,
        pages=survey.pages + 1,
        items=items,
        total=total,
        moved=moved,
        next_page=page.next_page,
    )
    if page.next_page and not goes_round:
        return now
    if moved and survey.passes + 1 < PASSES:
        return replace(now, passes=survey.passes + 1, pages=0, items=0, moved=False, next_page=None)
    return replace(now, is_done=True)


def _words(answer: Answer) -> str:
    said = [f"{problem.error_id} {problem.message}" for problem in answer.problems]
    words = "; ".join(said) or answer.failure or f"status {answer.status}, without items"
    return f"{judge(answer)}: {words}"[:LONGEST_ERROR].replace("\0", "")
