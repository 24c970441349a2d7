"""Which columns of a plain table mean which field, in the words of shops and their languages."""

import pytest

from baysync.base.errors import ListingFileError
from baysync.files import header_words
from baysync.files.header_words import spelled, spellings
from baysync.files.plain_columns import COLUMNS
from baysync.listing.draft import Draft
from support.listing_files import drafts, reading

PRICES = (
    "prix|Prix TTC|PRIX  T.T.C.|cena|Cena brutto|precio|Precio con IVA|prezzo|Prezzo IVA inclusa"
    "|Preis brutto|VK|Verkaufspreis (brutto)|prijs|pvp|Selling Price|Regular price|Price incl. VAT"
    "|Brutto-VK|Bruttoverkaufspreis|Standardpreis|price\ufeff|Prix\u00a0de\u00a0vente|PriceGross|Pre\u00adis"
)
STOCKS = (
    "On Hand|On hand quantity|Qty on hand|Stock level|Available|In stock|in_stock|Lagermenge"
    "|Bestand|Menge|Verfügbar|Verfuegbare Menge|VERFÜGBARE MENGE|Quantité|Quantite|qté|En stock"
    "|Cantidad|existencias|Giacenza|quantità|Q.tà|ilość|Ilosc|stan magazynowy|aantal|Voorraad"
    "|StockLevel|stock-level|Stock*|Qty."
)
SKUS = (
    "Artikel-Nr.|Artikelnr|Artikelnummer|ARTIKEL_NR|Art.-Nr.|Codice|Codice articolo|Referencia"
    "|Référence|Re\u0301fe\u0301rence|Réf.|Kod produktu|Product code|Item No.|UGS|\ufeffSKU|SKU #"
    "|sku\u200b|Código de artículo"
)
TITLES = (
    "Product Title|Product name|Titre|Titel|Título|Titolo|Tytuł|Nazwa|Nombre|Désignation"
    "|Artikelbezeichnung|Produkt-Titel|Nom du produit|naam"
)
OTHERS = (
    "EK|EK netto|Einkaufspreis|cost|Cost per item|cost price|purchase price|prix d'achat|coste"
    "|costo|cena zakupu|MSRP|RRP|UVP|list price|compare at price|Compare-at|was price|old price"
    "|Streichpreis|prix barré|precio tachado|prezzo barrato|cena katalogowa|Preis netto"
    "|Nettopreis|prix HT|precio sin IVA|prezzo netto|cena netto|price excl. VAT|min price|reserved"
    "|committed|incoming|on order|unavailable|safety stock|minimum stock|reorder level|reserviert"
    "|Mindestbestand|Meldebestand|réservé|stock mínimo|scorta minima|stan minimalny|zarezerwowane"
    "|Price per kg|Grundpreis|Lagerort|Stock location|not available|Discount %"
)


def one(text: str) -> Draft:
    (draft,) = drafts(text)
    assert draft.problems == ()
    return draft


@pytest.mark.parametrize("header", PRICES.split("|"))
def test_a_price_has_many_names(header: str) -> None:
    assert one(f"sku;{header}\nA;4,50\n").document == {"sku": "A", "price": "4.50"}


@pytest.mark.parametrize("header", STOCKS.split("|"))
def test_a_stock_has_many_names(header: str) -> None:
    assert one(f"sku;{header}\nA;4\n").document == {"sku": "A", "quantity": 4}


@pytest.mark.parametrize("header", SKUS.split("|"))
def test_a_sku_has_many_names(header: str) -> None:
    assert one(f"{header};qty\nA;4\n").document == {"sku": "A", "quantity": 4}


@pytest.mark.parametrize("header", TITLES.split("|"))
def test_a_title_has_many_names(header: str) -> None:
    assert one(f"sku;{header}\nA;Cup\n").document == {"sku": "A", "title": "Cup"}


@pytest.mark.parametrize("header", OTHERS.split("|"))
def test_what_means_another_thing_fills_nothing_and_is_named(header: str) -> None:
    read = reading(f"sku;title;{header}\nA;Cup;4\n")
    assert read.notices == (f"nothing is taken from the columns {header}",)
    assert [draft.document for draft in read.drafts] == [{"sku": "A", "title": "Cup"}]
    with pytest.raises(ListingFileError, match="says nothing of them that is understood"):
        reading(f"sku;{header}\nA;4\n")


@pytest.mark.parametrize(
    ("header", "words"),
    [
        ("Code;price", "Code may mean the sku or the barcode"),
        ("id;prix", "id may mean the sku"),
        ("Artikel;Preis", "Artikel may mean the sku or the title"),
        ("sku;Amount", "Amount may mean the price or the quantity"),
        ("sku;Wert", "Wert may mean the price or the quantity"),
        ("sku;stan;cena", "stan may mean the quantity or the condition"),
        ("Artikel-Nr.;Bestellnummer;qty", "both mean the sku"),
        ("sku;On hand;Bestand", "On hand and Bestand both mean the quantity"),
        ("sku;Price EUR;Price USD", "both mean the price"),
        ("sku;in stock;available", "both mean the quantity"),
    ],
)
def test_a_header_that_may_mean_two_things_is_refused_by_name(header: str, words: str) -> None:
    with pytest.raises(ListingFileError) as refused:
        reading(f"{header}\n")
    assert words.casefold() in str(refused.value).casefold()
    assert "rename" in refused.value.fix


@pytest.mark.parametrize(
    ("header", "unused"),
    [
        ("sku;Code;price", "Code"),
        ("sku;price;Amount", "Amount"),
        ("sku;Référence;price", "Référence"),
        ("sku;price;Price USD", "Price USD"),
        ("sku;qty;condition;stan", "stan"),
        ("SKU;Price;Retail Price", "Retail Price"),
    ],
)
def test_a_word_that_may_mean_a_field_gives_way_to_one_that_does(header: str, unused: str) -> None:
    assert reading(f"{header}\n").notices == (f"nothing is taken from the columns {unused}",)


@pytest.mark.parametrize(
    ("text", "quantities"),
    [
        ("sku;qty;in stock\nA;9;0\nB;9;1\nC;9;\n", [0, 9, 9]),
        ("sku;qty;Is_In_Stock\nA;9;no\nB;9;yes\n", [0, 9]),
        ("sku;Bestand;Auf Lager\nA;9;Nein\nB;9;Ja\n", [0, 9]),
        ("sku;qty;availability\nA;9;out_of_stock\nB;9;in stock\n", [0, 9]),
        ("sku;qty;available\nA;9;vergriffen\nB;9;Non disponible\nC;9;faux\n", [0, 0, 0]),
        ("sku;qty;availability\nA;9;backorder\nB;9;7\nC;9;-2\nD;9;4.0\n", [0, 9, 0, 9]),
        ("sku;qty;availability\nA;9;ships in 3 days\nB;9;yes\n", [None, 9]),
        ("sku;qty;is in stock;availability\nA;9;1;sold out\nB;9;1;\n", [0, 9]),
        ("sku;On hand;Available\nA;10;8\nB;4;1\n", [8, 1]),
        ("sku;On hand;Available\nA;10;1\nB;4;0\n", [10, 0]),
        ("sku;available\nA;0\nB;0\n", [0, 0]),
        ("sku;available\nA;0\nB;7\n", [0, 7]),
    ],
)
def test_a_flag_beside_a_quantity_ends_sales_and_alone_it_counts(
    text: str, quantities: list[int]
) -> None:
    assert [draft.document.get("quantity") for draft in drafts(text)] == quantities


@pytest.mark.parametrize("cells", [("0", "1"), ("Yes", "No"), ("1", "1")])
def test_counts_that_may_be_flags_are_refused(cells: tuple[str, str]) -> None:
    with pytest.raises(ListingFileError, match="The column in stock may count pieces") as refused:
        reading(f"sku;In stock\nA;{cells[0]}\nB;{cells[1]}\n")
    assert "rename it to quantity" in refused.value.fix


@pytest.mark.parametrize(
    ("header", "cell", "price", "currency"),
    [
        ("Preis (EUR)", "1.234,50", "1234.50", "EUR"),
        ("Preis \u20ac", "4,50", "4.50", "EUR"),
        ("prix\u20ac", "4,50", "4.50", "EUR"),
        ("cena z\u0142", "4,50", "4.50", "PLN"),
        ("Cena brutto [PLN]", "4,50", "4.50", "PLN"),
        ("Price/USD", "4.50", "4.50", "USD"),
        ("price ($)", "4.50", "4.50", None),
        ("Prix CHF", "CHF 4.50", "4.50", "CHF"),
    ],
)
def test_a_currency_in_a_header_is_that_of_its_cells(
    header: str, cell: str, price: str, currency: str | None
) -> None:
    document = one(f"sku;{header}\nA;{cell}\n").document
    assert (document["price"], document.get("currency")) == (price, currency)


def test_a_cell_that_names_another_currency_than_its_header_is_refused() -> None:
    (draft,) = drafts("sku;Preis (EUR)\nA;USD 4.50\n")
    assert draft.document == {"sku": "A"}
    assert [problem.message for problem in draft.withheld] == ["'USD 4.50 EUR' is not a number"]


def test_no_word_means_two_fields() -> None:
    spelling_of = [
        (spelling, name)
        for name, languages in header_words.WORDS.items()
        for word in (name, *header_words.aliases(languages))
        for spelling in spellings(word)
    ]
    assert dict(spelling_of) == COLUMNS
    assert len(set(spelling_of)) == len(COLUMNS)
    others = {spelled(word) for word in OTHERS.split("|")}
    unclear = {spelled(word) for words in header_words.UNCLEAR for word in words.split("|")}
    weak = {
        s
        for languages in (header_words.WEAK_SKU, header_words.WEAK_PRICE)
        for w in header_words.aliases(languages)
        for s in spellings(w)
    }
    assert not (others | unclear | weak) & COLUMNS.keys()
    assert not others & (unclear | weak)


@pytest.mark.parametrize(
    ("header", "cells", "images"),
    [
        ("Bild 2,Bild 1", "b,a", ["a", "b"]),
        ("Product Image URL - 1,Product Image URL - 2", "a,", ["a"]),
        ("images,image_10,image_2", "a|b,d,c", ["a", "b", "c", "d"]),
        ("image,Image 1", "a,a", ["a"]),
        ("images,Image 1", '"[""a""]",b', ["a"]),
    ],
)
def test_numbered_pictures_stand_in_their_order(header: str, cells: str, images: list[str]) -> None:
    text = f"sku,title,price,{header}\nA,Mug,9,{cells}\n"
    assert one(text).document["images"] == images
    assert reading(text).notices == ()


def test_numbered_pictures_that_are_empty_change_nothing() -> None:
    found = one("sku,title,price,Image 1,Image 2\nA,Mug,9,,\n")
    assert "images" not in found.document
    assert found.empty == ("/images",)
