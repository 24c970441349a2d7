"""The page of the documentation about eBay's error ids, made of the same data as the verdicts."""

from collections.abc import Iterator

from baysync.ebay import errors
from baysync.ebay.errors import Case, Explained
from baysync.ebay.model import Verdict

HEAD = """# eBay's error ids

Made from `src/baysync/ebay/errors.json` by `./run just golden`; do not edit by hand.
The words are baysync's own: eBay's text comes with each answer and is kept in the call log.
`baysync errors explain ID` shows one entry.

| verdict | what baysync does |
|---|---|
"""
ACTIONS = {
    Verdict.DONE: "notes it and goes on",
    Verdict.RETRY: "tries again after a while; counts as an attempt",
    Verdict.AMBIGUOUS: "reads back what eBay holds before repeating anything; no attempt spent",
    Verdict.THROTTLED: "rests until eBay's limit allows more; no attempt spent",
    Verdict.REAUTH: "pauses the account until its seller connects it again",
    Verdict.CONFIG: "pauses the account until the setting is corrected",
    Verdict.CONFLICT: "reads what is there and takes it over",
    Verdict.GONE: "is content if it was to be ended, else looks and creates it again",
    Verdict.REJECTED: "gives up at once and shows the field; the next edit tries again",
    Verdict.HELD: "blocks the listing and looks again later, or waits for a person",
    Verdict.CAPPED: "blocks the listing until eBay's day or month is over",
    Verdict.UNRECOGNISED: "tries once more, then gives up and keeps eBay's answer",
}


def markdown() -> str:
    """Return the page: the verdicts, then every known id with cause, fix and exceptions."""
    actions = "".join(f"| `{verdict}` | {ACTIONS[verdict]} |\n" for verdict in Verdict)
    table = "\n| id | verdict | likely cause | fix |\n|---|---|---|---|\n"
    return HEAD + actions + table + "".join(f"{line}\n" for line in _lines())


def _lines() -> Iterator[str]:
    for explained in filter(None, map(errors.explain, errors.known())):
        name = str(explained.error_id)
        yield _row(name, explained)
        yield from (_row(f"{name} {when(case)}", case) for case in explained.cases)


def _row(name: str, meaning: Explained | Case) -> str:
    return f"| {name} | `{meaning.verdict}` | {meaning.cause} | {meaning.fix} |"


def when(case: Case) -> str:
    """Say when a case applies: ``on createOffer, with offerId, saying "already" "exist"``."""
    parts = (
        f"on {' or '.join(case.operations)}" if case.operations else "",
        f"from {case.domain}" if case.domain else "",
        f"with `{case.parameter}`" if case.parameter else "",
        f"saying {' … '.join(case.words)}" if case.words else "",
    )
    return ", ".join(part for part in parts if part)
