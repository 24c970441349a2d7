"""What the shop of the histories sells and how it edits; what eBay does to its calls."""

from hypothesis import strategies as st

from baysync.listing.ebay_sku import derived
from support.live_shop import MARKETPLACE, Document, document

LAMPS = ("LAMP-1", "LAMP-2")
SHIRT = "SHIRT"
ABROAD = "EBAY_DE"
PLACES = (MARKETPLACE, ABROAD)
TRAVELLER = LAMPS[1]
ABROAD_SKU = derived(TRAVELLER, ABROAD)  # the plain one is taken at home, before
ITEMS = (*LAMPS, ABROAD_SKU, "SHIRT-S", "SHIRT-M", "SHIRT-L")
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
    {"kind": "error", "status": 500, "error_id": 25001, "when": "after"},
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
PRICES = ("9.99", "21.50")
_prices = st.sampled_from(PRICES)
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
_traveller: st.SearchStrategy[Document] = st.fixed_dictionaries(
    {},
    optional={
        "title": _titles,
        "description": _descriptions,
        "price": _prices,
        "quantity": _stocks,
        "status": _statuses,
        "places": st.sampled_from([PLACES, PLACES, PLACES[:1], PLACES[1:]]),
        "abroad": st.fixed_dictionaries(
            {},
            optional={
                "title": st.sampled_from(["Schlicht", "Hell"]),
                "price": st.sampled_from(["8.50", "19.00"]),
            },
        ),
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
    st.tuples(st.just(LAMPS[0]), _lamp),
    st.tuples(st.just(TRAVELLER), _traveller),
    st.tuples(st.just(SHIRT), _shirt),
)
on_site: st.SearchStrategy[Document] = st.fixed_dictionaries(
    {"price": st.sampled_from(["1.00", "99.00"])},
    optional={
        "title": st.just("As the seller says"),
        "description": st.just("<p>Mine.</p>"),
        "quantity": st.sampled_from([0, 1, 9]),
    },
)


def listed(item: str) -> str:
    """Return the shop's SKU of the listing that an item of eBay belongs to."""
    if item == ABROAD_SKU:
        return TRAVELLER
    return SHIRT if item.startswith(SHIRT) else item


def place(item: str, marketplace: str = MARKETPLACE) -> str:
    """Return one word for the eBay listing of an item, or of a shop's SKU on a marketplace."""
    return ABROAD_SKU if marketplace == ABROAD or item == ABROAD_SKU else listed(item)


def places(listing: Document) -> list[Document]:
    """Return what a document says of each of its eBay listings."""
    if listing["sku"] != TRAVELLER:
        return [listing]
    home, abroad = (
        listing if place in listing["marketplaces"] else listing | {"status": "ended"}
        for place in PLACES
    )
    return [home, abroad | listing["overrides"][ABROAD] | {"sku": ABROAD_SKU}]


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
        self.named = False  # whether the one that is sold abroad was on sale at home

    def edited(self, sku: str, edit: Document) -> Document:
        """Return the document of a listing with ``edit``, and keep it."""
        if sku == SHIRT:
            edit = self._tailored(dict(edit))
        if sku == TRAVELLER:
            edit = self._sent_abroad(dict(edit))
        at_home = document(sku, marketplaces=[MARKETPLACE])
        self.listings[sku] = at_home | self.listings.get(sku, {}) | edit
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

    def _sent_abroad(self, edit: Document) -> Document:
        """Say where the listing is sold; first at home, so that each place has its name."""
        before = self.listings.get(TRAVELLER)
        said = before["overrides"][ABROAD] if before else {"currency": "EUR", "price": "8.50"}
        sold = before["marketplaces"] if before else PLACES[:1]
        asked = edit.pop("places", sold)
        words = {ABROAD: said | edit.pop("abroad", {})}
        made = {"overrides": words, "marketplaces": list(asked if self.named else sold)}
        status = edit.get("status", before.get("status", "active") if before else "active")
        self.named = self.named or status == "active"
        return edit | made

    def put_back(self, before: Document) -> Document:
        """Take a listing back to an earlier document, and keep that."""
        sku = before["sku"]
        if sku == SHIRT:
            self.variants |= {row["options"]["Size"]: row for row in before["variants"]}
            self.cut = "".join(row["options"]["Size"] for row in before["variants"])
        self.listings[sku] = before
        return before
