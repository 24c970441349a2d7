"""One call on its way through the mock, and the table of operations."""

from collections.abc import Callable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from typing import Literal, cast
from urllib.parse import unquote

import msgspec

from mockbay.answers import Document, Refusal, Reply, refuse
from mockbay.scalars import readable
from mockbay.state import Offer, Seller, World

METADATA = "/sell/metadata/"
Authority = Literal["user", "either", "basic scope", "no token"]
"""Whose token a call wants; ``basic scope`` takes any that has eBay's scope ``api_scope``."""


@dataclass(slots=True)
class Call:
    """A request with the world it arrived in; handlers read it and change the world."""

    world: World
    op: str
    method: str
    path: str
    params: Mapping[str, str]
    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: bytes
    raw_query: str = ""
    origin: str = ""
    account: str | None = None
    kept: bool = False
    proved: bool = False
    row_faults: dict[str, Refusal] = field(default_factory=dict[str, Refusal])
    _document: Document | None = None

    @property
    def seller(self) -> Seller:
        """The seller who owns the token."""
        return self.world.sellers[self.account or ""]

    @property
    def document(self) -> Document:
        """The JSON object of the body; an empty body is an empty object.

        Raises:
            Refusal: 400 with 2004, the body is no JSON object.
        """
        if self._document is None:
            self._document = _parsed(self.body)
        return self._document

    def read_scalars(self, shape: object) -> None:
        """Read each scalar of the body as the type that a shape wants, where it can be."""
        self._document = cast("Document", readable(self.document, shape))

    @property
    def locale(self) -> str:
        """The language of what is written, as bodies spell it: ``en_US``."""
        return self.headers.get("content-language", "").strip().replace("-", "_")

    @property
    def reads(self) -> bool:
        """Whether the call only asks."""
        return self.method == "GET" or self.op == "bulkGetInventoryItem"

    @property
    def zipped(self) -> bool:
        """Whether the answer is compressed: that of the metadata API, for who accepts it."""
        return METADATA in self.path and "gzip" in self.headers.get("accept-encoding", "")

    def offer(self, offer_id: str) -> Offer:
        """Return an offer of the seller.

        Raises:
            Refusal: 404 with 25713, there is none.
        """
        try:
            return self.seller.offers[offer_id]
        except KeyError:
            raise refuse(25713, f"offerId {offer_id}") from None

    def skus(self) -> set[str]:
        """Return every SKU that the call is about, by path, query, body, or through an offer."""
        found = {self.params.get("sku", ""), self.query.get("sku", "")}
        offer_ids = {self.params.get("offerId", "")}
        for row in self._rows():
            found.add(str(row.get("sku", "")))
            offer_ids.add(str(row.get("offerId", "")))
        seller = self.world.sellers.get(self.account or "")
        offers = seller.offers if seller else {}
        found |= {offers[offer_id].sku for offer_id in offer_ids if offer_id in offers}
        return found - {""}

    def groups(self, skus: AbstractSet[str] | None = None) -> set[str]:
        """Return every group that the call is about, by path, body, or through an item.

        ``skus`` asks only for the groups that these are in.
        """
        seller = self.world.sellers.get(self.account or "")
        items = seller.items if seller else {}
        of_items = {items[sku].group for sku in skus or self.skus() if sku in items}
        found = {key for key in of_items if key}
        if skus is None:
            named = {str(row.get("inventoryItemGroupKey", "")) for row in self._rows()}
            found |= (named | {self.params.get("key", "")}) - {""}
        return found

    @property
    def is_bulk(self) -> bool:
        """Whether the body holds rows, each of which is answered by itself."""
        try:
            return isinstance(self.document.get("requests"), list)
        except Refusal:
            return False

    def _rows(self) -> list[Document]:
        try:
            document = self.document
        except Refusal:
            return []
        if not self.is_bulk:
            return [document]
        rows = cast("list[object]", document["requests"])
        return [cast("Document", row) for row in rows if isinstance(row, dict)]


def _parsed(body: bytes) -> Document:
    if not body.strip():
        return {}
    try:
        return msgspec.json.decode(body, type=Document)
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError) as wrong:
        raise refuse(2004, f"Body: {wrong}") from None


Handler = Callable[[Call], Reply]


@dataclass(frozen=True, slots=True)
class Operation:
    """One call of eBay's contract; ``op`` is the name eBay's specification gives it."""

    op: str
    method: str
    template: str
    handler: Handler
    authority: Authority = "user"
    language: bool = False
    api: str = "sell.inventory"


class Table:
    """Finds the operation for a method and a raw path, by segments."""

    def __init__(self, operations: list[Operation]) -> None:
        self._operations: dict[tuple[int, str], list[tuple[list[str], Operation]]] = {}
        for operation in operations:
            segments = _segments(operation.template)
            key = len(segments), operation.method
            self._operations.setdefault(key, []).append((segments, operation))
        for candidates in self._operations.values():  # fixed words win over parameters
            candidates.sort(key=lambda found: [s.startswith("{") for s in found[0]])

    def find(self, method: str, raw_path: str) -> tuple[Operation, dict[str, str]] | None:
        """Return the operation and its parameters, each decoded exactly once."""
        asked = _segments(raw_path)
        for segments, operation in self._operations.get((len(asked), method), []):
            params = _matched(segments, asked)
            if params is not None:
                return operation, params
        return None

    def knows(self, raw_path: str) -> bool:
        """Tell whether any method has an operation at a path."""
        methods = {method for _, method in self._operations}
        return any(self.find(method, raw_path) for method in methods)


def _segments(path: str) -> list[str]:
    return path.strip("/").split("/")


def _matched(segments: list[str], asked: list[str]) -> dict[str, str] | None:
    params: dict[str, str] = {}
    for segment, given in zip(segments, asked, strict=True):
        if segment.startswith("{"):
            params[segment[1:-1]] = unquote(given)
        elif segment != given:
            return None
    return params
