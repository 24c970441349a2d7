"""A shop's story: two listings and a group go live, change in every section, end, come back."""

from collections.abc import Iterator

from support.live_shop import Document, document

IMAGES = tuple(f"https://img.example.com/{name}.jpg" for name in "ab")
RICH: Document = {
    "aspects": {"Material": ["Steel", "Wood"], "Room": ["Office"]},
    "condition": "USED_GOOD",
    "condition_note": "A scratch on the foot.",
    "gtins": ["4006381333931"],
    "images": list(IMAGES),
    "mpn": "M-1",
    "size": {"height": "30", "length": "20.5", "unit": "CENTIMETER", "width": "10"},
    "store_categories": ["/Lamps"],
    "subtitle": "With a warm light",
    "tax": {"apply": True, "vat_percentage": "19.5"},
    "weight": {"unit": "KILOGRAM", "value": "1.5"},
}


def variant(size: str, **fields: object) -> Document:
    """Return one variant of the shirt."""
    complete: Document = {
        "quantity": 5,
        "price": "10.00",
        "images": [f"https://img.example.com/{size}.jpg"],
        "mpn": f"shirt-{size}",
    }
    return {"sku": f"SHIRT{size}", "options": {"Size": size}, **complete, **fields}


def shirt(*sizes: str) -> Document:
    """Return the listing with variants."""
    own: Document = {
        "title": "A shirt",
        "aspects": {"Material": ["Cotton"]},
        "subtitle": "Soft",
        "variants": [variant(size) for size in sizes],
    }
    complete = document("SHIRT", **own)
    return {name: value for name, value in complete.items() if name not in {"price", "quantity"}}


def chapters() -> Iterator[list[Document]]:
    """Yield what the shop says, step by step; the last is what buyers must see at the end."""
    lamp, plain, group = document("LAMP-1", **RICH), document("LAMP2"), shirt("S", "M")
    yield [lamp, plain, group]
    del lamp["condition_note"]
    lamp |= {"title": "Brass lamp", "aspects": {"Material": ["Brass"]}, "images": [IMAGES[0]]}
    plain |= {"description": "<p>Cold light.</p>", "price": "21.50"}
    group |= {"title": "A better shirt", "store_categories": ["/Shirts"]}
    group |= {"variants": [variant("S"), variant("M", price="11.00")]}
    yield [lamp, plain, group]
    lamp |= {"quantity": 2}
    plain |= {"quantity": 0, "price": "22.00"}
    group |= {"variants": [variant("S", quantity=1), variant("M", quantity=8), variant("L")]}
    yield [lamp, plain, group]
    plain |= {"quantity": 9}
    yield [lamp | {"status": "ended"}, plain, group | {"status": "ended"}]
    lamp |= {"price": "17.00", "quantity": 4}
    group |= {"variants": [variant("S", quantity=3), variant("M"), variant("L", price="12.00")]}
    yield [lamp, plain, group]
