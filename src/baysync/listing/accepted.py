"""Rows known since they were accepted: the same row again changes nothing. Pure.

A digest covers all that decides what a row comes to: its bytes or what its reader made of them
(options and decisions included), the entrance, and ``READING``. What a row means may depend on the
listing too, so it is known only while that has the version which the row left it at; and rows that
name a day are never known, for their meaning depends on today.
"""

import hashlib
from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from msgspec import Struct, json

from baysync.listing.draft import Draft, LineResult, Op, Outcome
from baysync.listing.model import Listing, Problem
from baysync.listing.origin import Origin

READING = b"3"
"""Raise it with each change of what a row means, or of what is said of one."""
_ENCODER = json.Encoder(decimal_format="number")


class Remarks(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What is said of a row that changes nothing, each time it comes."""

    problems: tuple[Problem, ...] = ()
    notes: tuple[str, ...] = ()
    stripped: int = 0
    kept: tuple[str, ...] = ()
    currency: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """A listing whose version a row was accepted at; ``body_hash`` is that of its bytes."""

    digest: bytes
    listing_id: int
    sku: str
    variant_skus: Sequence[str]
    identity: str | None
    body_hash: bytes
    answer: bytes

    @property
    def names(self) -> AbstractSet[str]:
        """All that a draft can call the listing by."""
        return {self.sku, *self.variant_skus, *({self.identity} if self.identity else ())}

    def result(self, line: int) -> LineResult:
        """Return what is said of the row at ``line``."""
        remarks = json.decode(self.answer, type=Remarks)
        return LineResult(
            line=line,
            sku=self.sku,
            outcome=Outcome.UNCHANGED,
            id=self.listing_id,
            problems=remarks.problems,
            notes=remarks.notes,
            stripped=remarks.stripped,
            kept=remarks.kept,
            digest=self.body_hash,
            currency=remarks.currency,
        )


def of_line(raw: bytes) -> bytes:
    """Return the digest of a line of NDJSON, unread."""
    return hashlib.sha256(b"line\0" + READING + b"\0" + raw).digest()


def of_draft(draft: Draft, origin: Origin) -> bytes | None:
    """Return the digest of what a reader made of a row; None where it is never known."""
    if draft.op is Op.ASK or draft.problems or draft.is_conditional or origin.is_missing:
        return None
    read = (
        *(READING, origin.kind, draft.op, draft.document, draft.withheld, draft.notes),
        *(draft.identity, draft.variants_whole, draft.empty, draft.skus_made, draft.tabular),
        *(draft.switched_on, draft.parent),
    )
    try:
        return hashlib.sha256(_ENCODER.encode(read)).digest()
    except UnicodeEncodeError:  # half a character
        return None


def answer(result: LineResult, listing: Listing) -> bytes | None:
    """Return what to say when the row of ``result`` comes again; None: judge it again.

    ``listing`` is what is stored. What is noted of a change is not true of its repetition.
    """
    changed = result.outcome is not Outcome.UNCHANGED
    if (changed and result.notes) or _names_a_day(listing):
        return None
    remarks = Remarks(
        problems=result.problems,
        notes=result.notes,
        stripped=result.stripped,
        kept=result.kept,
        currency=result.currency,
    )
    return json.encode(remarks)


def _names_a_day(listing: Listing) -> bool:
    return any(part.sale_from or part.sale_until for part in (listing, *listing.variants))
