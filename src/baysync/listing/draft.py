"""What comes in at any entrance, before it is known to be a listing."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from baysync.listing.model import Problem


class Op(StrEnum):
    """What a draft asks for.

    ``put`` is the whole listing anew. ``patch`` changes what it names of a listing that exists, or
    of a variant; ``merge`` does too, and creates the listing where there is none. ``ask`` is the
    question "is this hash known?".
    """

    PUT = "put"
    PATCH = "patch"
    MERGE = "merge"
    ASK = "ask"


class Outcome(StrEnum):
    """What became of a draft.

    ``superseded``: a later one of the same batch has its SKU. ``send``: the hash is not that of
    the stored listing, send the listing itself.
    """

    CREATED = "created"
    UPDATED = "updated"
    UNCHANGED = "unchanged"
    SUPERSEDED = "superseded"
    REJECTED = "rejected"
    SEND = "send"


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """One listing, patch or question as read, not judged yet.

    Attributes:
        line: the line or row it begins at, 1 is the first after a header.
        document: its fields; empty if it could not be read.
        client_hash: the sender's own hash of it (<= 64 bytes), kept if it is stored.
        problems: what the reader found wrong already.
        withheld: why cells were refused of which the field is not in ``document``: a listing that
            exists takes the rest, one that is new is refused.
        notes: what the reader decided by itself, for a person to know.
        source: the rows as they stood in the file, to be written to the rejects.
        identity: what the shop calls the product for life (``shopify:HANDLE``,
            ``woocommerce:ID``): a merge finds the listing that came with it, under any SKU.
        variants_whole: a merge names all variants; those it does not name are taken away.
        empty: JSON pointers of fields that the source left empty, which changes nothing.
        skus_made: its SKUs were made by the reader, for want of a column: a listing that came with
            the ``identity`` keeps its own, and variants are found by their options.
        tabular: it is a row of a table: a row for a variant passes over the fields that only a
            listing has, and notes them, where a patch is refused.
        switched_on: the source's own switch says that the product is there: that ends a draft, not
            an end that somebody asked for.
        parent: the product of a variant that came without it, as its row names it.
        if_match: the digests of the stored listing that this may change, ``*`` any; None
            changes whatever is stored, or nothing.
        if_none_match: the digests of the stored listing that this may not change, ``*`` any.
        digest: that of the row, as ``listing.accepted`` takes it; None: it is judged each time.
    """

    line: int
    document: Mapping[str, object]
    op: Op = Op.PUT
    client_hash: bytes | None = None
    problems: tuple[Problem, ...] = ()
    withheld: tuple[Problem, ...] = ()
    notes: tuple[str, ...] = ()
    source: tuple[Mapping[str, str] | str, ...] = ()
    identity: str | None = None
    variants_whole: bool = False
    empty: tuple[str, ...] = ()
    skus_made: bool = False
    tabular: bool = False
    switched_on: bool = False
    parent: str = ""
    if_match: frozenset[str] | None = None
    if_none_match: frozenset[str] | None = None
    digest: bytes | None = None

    @property
    def is_conditional(self) -> bool:
        """Whether what is stored decides if it may change that."""
        return self.if_match is not None or self.if_none_match is not None

    def may_change(self, stored: str | None) -> bool:
        """Tell whether it may change the listing of a digest, or make one where that is None.

        Source: RFC 9110 13.1.1, 13.1.2.
        """
        tags = frozenset[str]() if stored is None else frozenset({"*", stored})
        if self.if_match is not None and self.if_match.isdisjoint(tags):
            return False
        return self.if_none_match is None or self.if_none_match.isdisjoint(tags)


@dataclass(frozen=True, slots=True, kw_only=True)
class LineResult:
    """What became of the draft that began at ``line``.

    ``id`` is the listing's, None when nothing is stored under the SKU. ``problems`` holds the
    refusals of a rejected draft; of a stored one its blocks and the cells that were kept back;
    ``stripped`` counts what cleaning took from its description. ``kept`` are those of the draft's
    ``empty`` pointers that the stored listing fills; ``lost`` names the filled fields that a row of
    a file has emptied. ``digest`` is that of the bytes which are stored now, by this or before.
    ``becomes_group`` says whether the listing gained variants or lost them all, None: neither.
    ``currency`` is that of the listing as it is stored now, None where it names none.
    """

    line: int
    sku: str | None
    outcome: Outcome
    id: int | None = None
    problems: tuple[Problem, ...] = ()
    notes: tuple[str, ...] = ()
    stripped: int = 0
    kept: tuple[str, ...] = ()
    lost: tuple[str, ...] = ()
    digest: bytes | None = None
    becomes_group: bool | None = None
    currency: str | None = None
