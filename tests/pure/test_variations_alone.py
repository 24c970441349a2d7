"""WooCommerce rows of variations without their products, as a list of changed stock is."""

import pytest

from baysync.files.reading import FileFormat
from baysync.listing import body
from baysync.listing.catalogue import Catalogue, Entry
from baysync.listing.judge import Judged, judge
from baysync.listing.model import Severity
from support.listing_files import drafts

PRODUCTS = (
    "ID,Type,SKU,Name,Published,In stock?,Stock,Regular price,Parent,Attribute 1 name,"
    "Attribute 1 value(s)\n"
    '7,variable,DRESS,Dress,1,1,,,,Size,"S, M"\n'
    "8,variation,D-S,,1,1,4,20,DRESS,Size,S\n"
    "9,variation,,,1,1,5,22,DRESS,Size,M\n"
)
PLAIN = "sku,parent_sku,title,price,qty,option:Length\nT-S,TEE,Tee,5,1,S\nT-L,TEE,,6,2,L\n"
ONE = "sku,title,price,qty\nCAP,Cap,5,1\n"
CHANGES = "ID,Type,SKU,Parent,In stock?,Stock,Attribute 1 name,Attribute 1 value(s)\n"


def shop() -> Catalogue:
    catalogue = Catalogue()
    known = (
        *drafts(PRODUCTS, FileFormat.WOOCOMMERCE),
        *drafts(PLAIN, FileFormat.CSV),
        *drafts(ONE, FileFormat.CSV),
    )
    for draft in known:
        assert judge(draft, catalogue).entry
    return catalogue


def change(row: str, header: str = CHANGES) -> tuple[Judged, Catalogue]:
    catalogue = shop()
    (draft,) = drafts(f"{header}{row}\n", FileFormat.WOOCOMMERCE)
    return judge(draft, catalogue), catalogue


def stock(catalogue: Catalogue, sku: str) -> dict[str, object]:
    entry = catalogue.get(sku)
    assert isinstance(entry, Entry)
    listing = body.decode(entry.body)
    return {each.sku: each.quantity for each in listing.variants} or {sku: listing.quantity}


@pytest.mark.parametrize(
    ("row", "sku", "becomes"),
    [
        ("8,variation,D-S,DRESS,1,9,Size,S", "DRESS", {"D-S": 9, "woo-9": 5}),
        ("8,variation,D-S,id:7,1,9,Size,S", "DRESS", {"D-S": 9, "woo-9": 5}),
        ("8,variation,D-S,id:7,1,9,,", "DRESS", {"D-S": 9, "woo-9": 5}),
        ("9,variation,,id:7,1,9,Size,M", "DRESS", {"D-S": 4, "woo-9": 9}),
        ("8,variation,D-S,,1,9,Size,S", "DRESS", {"D-S": 9, "woo-9": 5}),
        ("8,variation,D-S,id:404,1,9,Size,S", "DRESS", {"D-S": 9, "woo-9": 5}),
        ("8,variation,D-S,OTHER,1,9,Size,S", "DRESS", {"D-S": 9, "woo-9": 5}),
        ("8,variation,D-S,DRESS,0,9,Size,S", "DRESS", {"D-S": 0, "woo-9": 5}),
        ("10,variation,D-L,id:7,1,3,Size,L", "DRESS", {"D-S": 4, "woo-9": 5, "D-L": 3}),
        ("1,variation,T-L,id:1,1,9,Size,L", "TEE", {"T-S": 1, "T-L": 9}),
        ("2,variation,CAP,id:3,1,9,Size,L", "CAP", {"CAP": 9}),
    ],
)
def test_a_variation_alone_goes_to_the_stored_product(
    row: str, sku: str, becomes: dict[str, object]
) -> None:
    judged, catalogue = change(row)
    assert judged.sku == sku
    assert stock(catalogue, sku) == becomes


def test_a_variation_found_by_its_own_sku_keeps_its_options() -> None:
    judged, _ = change("1,variation,T-L,id:1,1,9,Size,L")
    assert judged.listing
    assert [each.options for each in judged.listing.variants] == [{"Length": "S"}, {"Length": "L"}]


def test_a_file_without_skus_finds_variations_by_their_options() -> None:
    header = "ID,Type,Parent,In stock?,Stock,Attribute 1 name,Attribute 1 value(s)\n"
    judged, catalogue = change("8,variation,id:7,1,9,Size,S", header)
    assert judged.sku == "DRESS"
    assert stock(catalogue, "DRESS") == {"D-S": 9, "woo-9": 5}


@pytest.mark.parametrize(
    ("row", "rule", "words"),
    [
        ("1,variation,N,id:404,1,9,Size,S", "missing_parent", "'id:404' is neither in the file"),
        ("1,variation,N,NO,1,9,Size,S", "missing_parent", "'NO' is neither in the file nor stored"),
        ("1,variation,,id:404,1,9,Size,S", "missing_parent", "nor is a variant woo-1"),
        ("1,variation,N,,1,9,Size,S", "unknown_sku", "no listing has the SKU N"),
        ("1,variation,D-X,DRESS,1,9,,", "missing", "there is no variant D-X yet"),
        ("1,variation,D-X,DRESS,1,9,Size,M", "options_taken", "are those of woo-9"),
        ("1,variation,T-L,id:7,1,9,Size,L", "ambiguous_sku", "a variant of TEE has it"),
    ],
)
def test_a_variation_of_no_product_is_refused_by_name(row: str, rule: str, words: str) -> None:
    judged, _ = change(row)
    assert judged.entry is None
    refused = [one for one in judged.problems if one.severity is Severity.REFUSE]
    assert [one.rule for one in refused] == [rule]
    assert words in refused[0].message
