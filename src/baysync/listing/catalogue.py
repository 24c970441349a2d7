"""The listings that a batch speaks of, as they are stored and as the batch leaves them."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cached_property

from baysync.listing import body
from baysync.listing.model import ListingStatus


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One listing while a batch is judged.

    Attributes:
        sku: its SKU, as it is now.
        names: the SKUs of its variants.
        status: what the shop wants of it.
        body: its bytes; empty where only its names were read.
        identity: what the shop calls its product for life, if it came with that.
        id: its row, None where nothing is stored yet.
        version: that of the row when it was read, 0 where nothing is stored.
        row_sku: the SKU of the row when it was read.
        stays: somebody asked for its end, or put it away: what a shop says is there is no answer.
    """

    sku: str
    names: frozenset[str]
    status: str
    body: bytes = b""
    identity: str | None = None
    id: int | None = None
    version: int = 0
    row_sku: str | None = None
    stays: bool = False

    @property
    def key(self) -> object:
        """What tells one listing of a batch from the others, whatever becomes of its SKU."""
        return self.sku if self.id is None else self.id

    @cached_property
    def digest(self) -> bytes:
        """The SHA-256 of its bytes."""
        return body.digest(self.body)

    @property
    def document(self) -> dict[str, object]:
        """Its fields, as a patch works on them."""
        return body.document(self.body)

    def with_status(self, status: str) -> "Entry":
        """Return the same listing with another status."""
        document = {name: value for name, value in self.document.items() if name != "status"}
        if status != ListingStatus.ACTIVE:
            document["status"] = status
        return replace(self, status=status, body=body.encode_document(document))

    @property
    def is_off(self) -> bool:
        """Whether it is ended or archived."""
        return self.status in {ListingStatus.ENDED, ListingStatus.ARCHIVED}

    @property
    def is_archived(self) -> bool:
        """Whether it was put away, so that others may have its SKUs."""
        return self.status == ListingStatus.ARCHIVED


class Catalogue:
    """Finds listings by SKU, by a variant's SKU and by identity while a batch is judged."""

    def __init__(self, entries: Iterable[Entry] = ()) -> None:
        self._by_sku: dict[str, Entry] = {}
        self._by_identity: dict[str, str] = {}
        self._holders: dict[str, set[str]] = {}
        for entry in entries:
            self.put(entry)

    def put(self, entry: Entry, *, instead_of: str | None = None) -> None:
        """Take up a listing as it is now, ``instead_of`` one whose SKU it no longer has."""
        for sku in {entry.sku, instead_of or entry.sku}:
            before = self._by_sku.pop(sku, None)
            for name in before.names if before else ():
                self._holders[name].discard(sku)
            if before and before.identity:
                self._by_identity.pop(before.identity, None)
        self._by_sku[entry.sku] = entry
        for name in entry.names:
            self._holders.setdefault(name, set()).add(entry.sku)
        if entry.identity:
            self._by_identity[entry.identity] = entry.sku

    def get(self, sku: str | None) -> Entry | None:
        """Return the listing of this very SKU."""
        return self._by_sku.get(sku or "")

    def of_identity(self, identity: str | None) -> Entry | None:
        """Return the listing that came with this identity."""
        return self.get(self._by_identity.get(identity or ""))

    def holders(self, name: str) -> list[Entry]:
        """Return the listings that have a variant of this SKU, by their own SKU."""
        return [self._by_sku[sku] for sku in sorted(self._holders.get(name, ()))]

    def places(self, name: str) -> list[Entry]:
        """Return the listings that a SKU means: it is theirs, or that of a variant of theirs.

        Those that were put away count only where no other has the SKU.
        """
        own = self.get(name)
        found = [*([own] if own else []), *(e for e in self.holders(name) if e is not own)]
        return [each for each in found if not each.is_archived] or found
