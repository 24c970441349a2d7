"""What an answer means. Pure: decides on status, error id and parameters, on words only last.

The rules about ids are data (``errors.json``); here stand those about everything else: silence,
foreign bodies, rows of bulk calls, success that lacks what success must bring.
"""

from collections.abc import Iterable, Mapping, Sequence

from baysync.ebay import errors, wire
from baysync.ebay.model import Answer, Call, Failure, ItemAnswer, Operation, Problem, Verdict

# Of several problems the one that says most: eBay puts the general (25001, 25002) first and the
# particular behind it; what concerns the whole account outranks what concerns an item.
STRENGTH = (
    Verdict.DONE,
    Verdict.UNRECOGNISED,
    Verdict.RETRY,
    Verdict.AMBIGUOUS,
    Verdict.REJECTED,
    Verdict.GONE,
    Verdict.CONFLICT,
    Verdict.CAPPED,
    Verdict.HELD,
    Verdict.THROTTLED,
    Verdict.CONFIG,
    Verdict.REAUTH,
)
OAUTH = frozenset({Operation.EXCHANGE_CODE, Operation.REFRESH_ACCESS, Operation.APPLICATION_ACCESS})
BULK = frozenset(
    {
        Operation.BULK_PUT_INVENTORY_ITEM,
        Operation.BULK_GET_INVENTORY_ITEM,
        Operation.BULK_UPDATE_PRICE_QUANTITY,
        Operation.BULK_CREATE_OFFER,
        Operation.BULK_PUBLISH_OFFER,
        Operation.BULK_MIGRATE_LISTING,
    }
)
# What a success must bring to count as one; of a bulk call, each of its rows.
REQUIRED = {
    Operation.CREATE_OFFER: "offerId",
    Operation.PUBLISH_OFFER: "listingId",
    Operation.PUBLISH_GROUP: "listingId",
    Operation.BULK_CREATE_OFFER: "offerId",
    Operation.BULK_PUBLISH_OFFER: "listingId",
    Operation.BULK_GET_INVENTORY_ITEM: "inventoryItem",
}
# A list this call is made for: absent, nothing is known about it.
LISTED = {Operation.GET_OFFERS: "offers"}
# The fields that name a row, the surer one first.
ROW_NAMES = {
    Operation.BULK_PUBLISH_OFFER: ("offerId",),
    Operation.BULK_MIGRATE_LISTING: ("listingId",),
}
FACELESS = {
    401: Verdict.AMBIGUOUS,
    406: Verdict.CONFIG,
    411: Verdict.CONFIG,
    415: Verdict.CONFIG,
    429: Verdict.THROTTLED,
}
GRANT_ERRORS = {
    "invalid_grant": Verdict.REAUTH,
    "invalid_client": Verdict.CONFIG,
    "invalid_request": Verdict.CONFIG,
    "invalid_scope": Verdict.CONFIG,
    "unauthorized_client": Verdict.CONFIG,
    "unsupported_grant_type": Verdict.CONFIG,
}


def judge(answer: Answer) -> Verdict:
    """Return what ``answer`` means for the call as a whole.

    A bulk call whose rows were answered is ``done``, whatever the rows say: see ``outcomes``.
    ``ambiguous`` with ``answer.sent`` False means eBay is out of reach: nothing to read back.
    A call the deadline guard kept back counts as ``throttled``: nothing happened, try later.
    """
    if answer.failure is not None and answer.failure is not Failure.BAD_BODY:
        return _failed(answer)
    if answer.call.op in OAUTH:
        return _granted(answer)
    if answer.call.op in BULK and _rows(answer):
        return Verdict.DONE
    return _judge(answer.call.op, answer.status, answer.problems, complete=_is_complete(answer))


def outcomes(answer: Answer) -> list[ItemAnswer] | None:
    """Return the outcome of every key of the call, in the call's order.

    None: eBay refused a call of several rows as a whole (4xx, no row answered), which says
    nothing about any single row; send each half again. A row left out of the answer is
    ``ambiguous``. Rows are matched by SKU, offer id or listing id, never by position.
    """
    if answer.call.op in BULK and (rows := _rows(answer)):
        return _matched(answer.call, rows)
    if is_refused_whole(answer):
        return None
    verdict = judge(answer)
    return [
        ItemAnswer(
            key=key,
            verdict=verdict,
            status=answer.status,
            problems=answer.problems,
            warnings=answer.warnings,
            data=wire.mapping(answer.body) if answer.call.op not in BULK else {},
        )
        for key in answer.call.keys
    ]


def is_refused_whole(answer: Answer) -> bool:
    """Return whether eBay refused a call of several rows without a word about any of them."""
    refused = answer.status is not None and 400 <= answer.status < 500  # noqa: PLR2004
    several = answer.call.op in BULK and len(answer.call.keys) > 1
    about_items = judge(answer) in _ABOUT_ITEMS
    return refused and several and about_items and not _rows(answer)


_ABOUT_ITEMS = frozenset(
    {
        Verdict.UNRECOGNISED,
        Verdict.RETRY,
        Verdict.REJECTED,
        Verdict.GONE,
        Verdict.CONFLICT,
        Verdict.CAPPED,
        Verdict.HELD,
    }
)


def strongest(verdicts: Iterable[Verdict]) -> Verdict:
    """Return the verdict that outranks the others; ``done`` for none."""
    return max(verdicts, key=STRENGTH.index, default=Verdict.DONE)


def _failed(answer: Answer) -> Verdict:
    if answer.failure is Failure.REFUSED_BY_GUARD:
        return Verdict.THROTTLED
    if answer.failure is Failure.NO_ACCESS and answer.cause is not None:
        return judge(answer.cause)
    return Verdict.AMBIGUOUS


def _granted(answer: Answer) -> Verdict:
    """Judge the token endpoint: RFC 6749 errors, though also eBay's envelope under load."""
    body = wire.mapping(answer.body)
    named = GRANT_ERRORS.get(wire.text(body.get("error")))
    if named is not None and not _is_success(answer.status):
        return named
    complete = bool(wire.text(body.get("access_token")))
    return _judge(answer.call.op, answer.status, answer.problems, complete=complete)


def _judge(
    op: Operation, status: int | None, problems: Sequence[Problem], *, complete: bool
) -> Verdict:
    if problems:
        return strongest(_of_problem(problem, op, status) for problem in problems)
    if _is_success(status):
        return Verdict.DONE if complete else Verdict.AMBIGUOUS
    return FACELESS.get(status or 0, Verdict.AMBIGUOUS)


def _of_problem(problem: Problem, op: Operation, status: int | None) -> Verdict:
    if status == 429:  # noqa: PLR2004
        return Verdict.THROTTLED
    if errors.is_revision_cap(problem):
        return Verdict.CAPPED
    meaning = errors.meaning(problem, op)
    if meaning is None:
        return _of_stranger(status or 0)
    if meaning.verdict is Verdict.DONE and not (meaning.particular or _is_success(status)):
        return Verdict.UNRECOGNISED
    return meaning.verdict


def _of_stranger(status: int) -> Verdict:
    """Judge an error id we do not know by the status it came with."""
    if status >= 500:  # noqa: PLR2004
        return Verdict.RETRY
    return {401: Verdict.AMBIGUOUS, 404: Verdict.GONE}.get(status, Verdict.UNRECOGNISED)


def _is_success(status: int | None) -> bool:
    return status is not None and 200 <= status < 300  # noqa: PLR2004


def _is_complete(answer: Answer) -> bool:
    """Return whether a success brought what this call is made for."""
    if answer.failure is Failure.BAD_BODY or answer.call.op in BULK:
        return False
    body = wire.mapping(answer.body)
    if (required := REQUIRED.get(answer.call.op)) is not None:
        return _has(body, required)
    if (listed := LISTED.get(answer.call.op)) is not None:
        return isinstance(body.get(listed), list)
    return answer.call.method != "GET" or answer.status == 204 or isinstance(answer.body, dict)  # noqa: PLR2004


def _has(row: Mapping[str, object], name: str) -> bool:
    value = row.get(name)
    return bool(wire.text(value) or wire.mapping(value))


def _rows(answer: Answer) -> list[Mapping[str, object]]:
    return wire.rows(wire.mapping(answer.body).get("responses"))


def _matched(call: Call, rows: Sequence[Mapping[str, object]]) -> list[ItemAnswer]:
    aliases = _aliases(call)
    names = ROW_NAMES.get(call.op, ("sku", "offerId"))
    found: dict[str, list[Mapping[str, object]]] = {key: [] for key in call.keys}
    nameless: list[Mapping[str, object]] = []
    for row in rows:
        key = next((aliases[t] for n in names if (t := wire.text(row.get(n))) in aliases), None)
        if key is not None:
            found[key].append(row)
        elif not any(wire.text(row.get(name)) for name in names):
            nameless.append(row)
    unanswered = [key for key, matches in found.items() if not matches]
    if len(unanswered) == len(nameless) == 1:
        found[unanswered[0]] = nameless
    return [_outcome(call.op, key, found[key]) for key in call.keys]


def _aliases(call: Call) -> dict[str, str]:
    """Map every name a row may carry to its key: an offer's id stands for the SKU it is of."""
    aliases = {key: key for key in call.keys}
    for request in wire.rows(wire.mapping(call.body).get("requests")):
        sku = wire.text(request.get("sku"))
        for offer in wire.rows(request.get("offers")) if sku in aliases else []:
            aliases[wire.text(offer.get("offerId"))] = sku
    return aliases


def _outcome(op: Operation, key: str, rows: Sequence[Mapping[str, object]]) -> ItemAnswer:
    if not rows:
        return ItemAnswer(key=key, verdict=Verdict.AMBIGUOUS)
    judged = [_row(op, key, row) for row in rows]
    worst = max(judged, key=lambda item: STRENGTH.index(item.verdict))
    return ItemAnswer(
        key=key,
        verdict=worst.verdict,
        status=worst.status,
        problems=tuple(dict.fromkeys(p for item in judged for p in item.problems)),
        warnings=tuple(dict.fromkeys(w for item in judged for w in item.warnings)),
        data=worst.data,
    )


def _row(op: Operation, key: str, row: Mapping[str, object]) -> ItemAnswer:
    status = wire.number(row.get("statusCode"))
    problems = wire.problems(row.get("errors"))
    required = REQUIRED.get(op)
    complete = required is None or _has(row, required)
    return ItemAnswer(
        key=key,
        verdict=_judge(op, status, problems, complete=complete),
        status=status,
        problems=problems,
        warnings=wire.problems(row.get("warnings")),
        data=row,
    )
