"""What the bulk calls share: rows, their limits, and an answer per row."""

from collections.abc import Callable, Hashable, Iterable

from mockbay.answers import Document, Refusal, Reply, refuse
from mockbay.call import Call

MOST_ROWS = 25
Row = Callable[[Call, Document], list[Document]]


def rows(call: Call, name: str = "requests") -> list[Document]:
    """Return the rows of a bulk body.

    Raises:
        Refusal: 400, the field is missing or empty.
    """
    found: list[Document] = call.document.get(name) or []
    if not found:
        raise refuse(25709, f"{name} must hold at least one row.", parameters={"fieldName": name})
    return found


def at_most(found: list[Document], limit: int, error_id: int) -> None:
    """Refuse the whole call when it holds too many rows."""
    if len(found) > limit:
        raise refuse(error_id, f"At most {limit}, got {len(found)}.")


def distinct(keys: Iterable[Hashable], error_id: int) -> None:
    """Refuse the whole call when two rows are about the same thing."""
    listed = list(keys)
    if len(set(listed)) < len(listed):
        raise refuse(error_id)


def answer(call: Call, found: list[Document], one: Row) -> Reply:
    """Do every row by itself; 200 when all succeeded, 400 when none, else as is switched."""
    answers = [_row(call, row, one) for row in found]
    return collected(call, [row for made in answers for row in made])


def collected(call: Call, answers: list[Document]) -> Reply:
    """Return the outer answer for the answers of the rows."""
    failed = [row for row in answers if row["statusCode"] >= 400]  # noqa: PLR2004
    status = 200 if not failed else 400
    if 0 < len(failed) < len(answers):
        status = call.world.switches.mixed_rows
    return Reply(status, {"responses": answers})


def named(row: Document) -> Document:
    """Return what identifies a row, to be repeated in its answer."""
    return {name: row[name] for name in NAMES if row.get(name) is not None}


NAMES = ("sku", "offerId", "marketplaceId", "format", "locale")


def _row(call: Call, row: Document, one: Row) -> list[Document]:
    planned = [fault for key in _keys(call, row) if (fault := call.row_faults.get(key))]
    try:
        if planned:
            raise planned[0]
        made = one(call, row)
    except Refusal as refused:
        made = [named(row) | {"statusCode": refused.status, "errors": refused.errors}]
    return [{"warnings": [], "errors": []} | answered for answered in made]


def _keys(call: Call, row: Document) -> set[str]:
    """Return the SKUs by which a fault plan may name a row."""
    offer = call.seller.offers.get(str(row.get("offerId", "")))
    return {str(row.get("sku", "")), offer.sku if offer else ""} - {""}
