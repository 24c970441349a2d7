"""What the shop of the histories sells and how it edits; what eBay does to its calls."""

from hypothesis import strategies as st

from live_shop import Document, document

LAMPS = ("LAMP-1", "LAMP-2")
SHIRT = "SHIRT"
ITEMS = (*LAMPS, "SHIRT-S", "SHIRT-M", "SHIRT-L")
CUTS = ("SM", "SML", "SL")

WRITES = (
    "bulkCreateOrReplaceInventoryItem",
    "createOrReplaceInventoryItemGroup",
    "bulkCreateOffer",
    "bulkPublishOffer",
    "publishOfferByInventoryItemGroup",
    "bulkUpdatePriceQuantity",
    "updateOffer",
    "withdrawOffer",
    "withdrawOfferByInventoryItemGroup",
)
READS = ("bulkGetInventoryItem", "getInventoryItemGroup", "getOffers", "getOffer")
LOST: list[Document] = [
    {"kind": "reset", "when": "after"},
    {"kind": "html", "when": "after"},
    {"kind": "late", "ms": 45_000},
    {"kind": "late", "ms": 45_000, "answer": "gateway"},
]
SPOILT: list[Document] = [
    *LOST,
    {"kind": "reset", "when": "before"},
    {"kind": "truncate"},
    {"kind": "empty"},
    {"kind": "drop_rows"},
    {"kind": "unavailable", "answer": "503"},
    {"kind": "throttle", "retry_after": 30},
    {"kind": "throttle"},
    {"kind": "expire_token"},
    {"kind": "unauthorized"},
    {"kind": "latency", "ms": 30_000, "clock": "virtual"},
    {"kind": "shuffle_rows"},
]
TRANSIENT: Document = {"kind": "error", "status": 500, "error_id": 25001}

_titles = st.sampled_from(["Plain", "Bright"])
_descriptions = st.sampled_from(["<p>Warm.</p>", "<p>Cold.</p>"])
_prices = st.sampled_from(["9.99", "21.50"])
_stocks = st.integers(0, 7)
_statuses = st.sampled_from(["active", "active", "ended"])
words: st.SearchStrategy[Document] = st.fixed_dictionaries(
    {"description": _descriptions}, optional={"title": _titles}
)
_lamp: st.SearchStrategy[Document] = st.fixed_dictionaries(
    {},
    optional={
        "title": _titles,
        "description": _descriptions,
        "price": _prices,
        "quantity": _stocks,
        "status": _statuses,
    },
)
_shirt: st.SearchStrategy[Document] = st.fixed_dictionaries(
    {},
    optional={
        "title": _titles,
        "description": _descriptions,
        "status": _statuses,
        "cut": st.sampled_from(CUTS),
        "quantity": st.tuples(st.sampled_from("SML"), _stocks),
        "price": st.tuples(st.sampled_from("SML"), _prices),
    },
)
edits: st.SearchStrategy[tuple[str, Document]] = st.one_of(
    *(st.tuples(st.just(sku), _lamp) for sku in LAMPS), st.tuples(st.just(SHIRT), _shirt)
)


class Catalogue:
    """The shop's documents as of its last edits."""

    def __init__(self) -> None:
        self.listings: dict[str, Document] = {}
        self.variants: dict[str, Document] = {
            size: {
                "sku": f"SHIRT-{size}",
                "options": {"Size": size},
                "quantity": 5,
                "price": "10.00",
            }
            for size in "SML"
        }
        self.cut = "SM"

    def edited(self, sku: str, edit: Document) -> Document:
        """Return the document of a listing with ``edit``, and keep it."""
        if sku == SHIRT:
            edit = self._tailored(dict(edit))
        self.listings[sku] = document(sku) | self.listings.get(sku, {}) | edit
        if sku == SHIRT:
            self.listings[sku].pop("price", None)
        return self.listings[sku]

    def _tailored(self, edit: Document) -> Document:
        self.cut = edit.pop("cut", self.cut)
        for name in ("quantity", "price"):
            if name in edit:
                size, value = edit.pop(name)
                self.variants[size] = self.variants[size] | {name: value}
        return edit | {"quantity": 0, "variants": [self.variants[size] for size in self.cut]}

    def put_back(self, before: Document) -> Document:
        """Take a listing back to an earlier document, and keep that."""
        sku = before["sku"]
        if sku == SHIRT:
            self.variants |= {row["options"]["Size"]: row for row in before["variants"]}
            self.cut = "".join(row["options"]["Size"] for row in before["variants"])
        self.listings[sku] = before
        return before
