"""The words that shops write above the columns of a plain table, by field and language. Pure.

Headers are compared as ``spelled`` gives them: ``Artikel-Nr.``, ``artikel_nr`` and ``ArtikelNr``
are one word. A word of which the meaning is another (cost, net price, reserved stock) is absent,
and so nothing is taken from its column.
"""

import re
import unicodedata
from collections.abc import Iterator, Mapping

_STROKES = str.maketrans({"ł": "l", "ø": "o", "đ": "d", "æ": "ae", "œ": "oe"})
_UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue"})
IN_STOCK = "in stock"

WORDS: Mapping[str, Mapping[str, str]] = {
    "sku": {
        "en": "custom label|custom label (sku)|item sku|product sku|product code/sku|variant sku"
        "|seller sku",
        "fr": "ugs",
    },
    "parent sku": {
        "en": "parent|group sku|parent id",
        "de": "hauptartikel|vaterartikel|parent artikelnummer",
        "fr": "sku parent|référence parent",
        "es": "sku padre|referencia padre",
        "it": "sku padre|codice padre",
        "pl": "sku nadrzędny",
    },
    "title": {
        "en": "name|product name|product title|item title|item name|article name|listing title",
        "de": "titel|bezeichnung|artikelbezeichnung|artikelname|produktname|produkttitel",
        "fr": "titre|nom|nom du produit|titre du produit|désignation|libellé",
        "es": "título|nombre|nombre del producto|denominación",
        "it": "titolo|nome|nome prodotto|nome del prodotto|denominazione",
        "pl": "tytuł|nazwa|nazwa produktu|nazwa towaru",
        "nl": "naam|productnaam|artikelnaam",
    },
    "subtitle": {
        "de": "untertitel",
        "fr": "sous-titre",
        "es": "subtítulo",
        "it": "sottotitolo",
        "pl": "podtytuł",
        "nl": "ondertitel",
    },
    "description": {
        "en": "body|body html|body (html)|long description|item description|product description",
        "de": "beschreibung|artikelbeschreibung|produktbeschreibung",
        "fr": "description longue|description du produit|descriptif",
        "es": "descripción|descripción larga",
        "it": "descrizione|descrizione lunga",
        "pl": "opis|opis produktu",
        "nl": "omschrijving|beschrijving|productomschrijving",
    },
    "price": {
        "en": "unit price|start price|selling price|regular price|gross price"
        "|price gross|price incl. tax|price incl. vat|price including vat|price tax incl."
        "|price tax included",
        "de": "preis|verkaufspreis|preis brutto|bruttopreis|verkaufspreis brutto|vk|vk preis"
        "|vk brutto|brutto vk|bruttoverkaufspreis|verkaufspreis inkl. mwst|einzelpreis|stückpreis"
        "|preis inkl. mwst",
        "fr": "prix|prix ttc|prix de vente|prix de vente ttc|prix unitaire|tarif ttc",
        "es": "precio|precio con iva|precio iva incluido|precio de venta|precio unitario|pvp",
        "it": "prezzo|prezzo iva inclusa|prezzo ivato|prezzo lordo|prezzo di vendita"
        "|prezzo unitario",
        "pl": "cena|cena brutto|cena sprzedaży|cena sprzedaży brutto|cena detaliczna",
        "nl": "prijs|verkoopprijs|brutoprijs|prijs incl. btw|stukprijs",
    },
    "currency": {
        "en": "currency code",
        "de": "währung",
        "fr": "devise",
        "es": "moneda|divisa",
        "it": "valuta",
        "pl": "waluta",
    },
    "quantity": {
        "en": "qty|stock|current stock|current stock level|stock quantity|stock qty|stock level"
        "|stock count|stock on hand|inventory|inventory quantity|inventory qty"
        "|inventory level|on hand|on hand quantity|on hand qty|quantity on hand"
        "|qty on hand|available stock|available quantity|available qty|quantity available"
        "|qty available|quantity in stock|qty in stock|units in stock",
        "de": "menge|bestand|lagerbestand|lagermenge|lagerstand|anzahl|stückzahl"
        "|verfügbare menge|verfügbarer bestand|aktueller bestand|vorrat",
        "fr": "quantité|qté|quantité en stock|quantité disponible|stock disponible|stock actuel",
        "es": "cantidad|existencias|stock disponible|cantidad disponible|cantidad en stock"
        "|unidades|inventario",
        "it": "quantità|q.tà|qta|giacenza|disponibilità|scorte|quantità disponibile|esistenza"
        "|pezzi",
        "pl": "ilość|stan magazynowy|stan magazynu|dostępna ilość|liczba sztuk|sztuk|zapas",
        "nl": "aantal|voorraad|hoeveelheid|voorraadniveau|beschikbare voorraad",
    },
    # beside a quantity these are flags, alone they are counts
    IN_STOCK: {
        "en": "available",
        "de": "auf lager|verfügbar|lieferbar",
        "fr": "en stock|disponible",
        "es": "en existencia",
        "it": "disponibile|in magazzino",
        "pl": "dostępny|w magazynie",
        "nl": "op voorraad|beschikbaar",
    },
    # whether the shop counts: where it does not, no number does either
    "tracked": {
        "en": "manage stock|track inventory|inventory tracking|track stock|track quantity"
        "|inventory tracked|stock tracked",
    },
    "condition": {
        "en": "item condition|condition id",
        "de": "zustand|artikelzustand",
        "it": "condizione",
        "es": "condición",
    },
    "condition note": {
        "en": "condition description|condition notes",
        "de": "zustandsbeschreibung",
    },
    "images": {
        "en": "image|image url|image urls|product image|product image url|picture|picture url"
        "|pictures|photo|photos",
        "de": "bilder|bild|bild url",
        "fr": "url image",
        "es": "imágenes|imagen|fotos|url imagen",
        "it": "immagini|immagine|foto",
        "pl": "zdjęcia|zdjęcie",
        "nl": "afbeeldingen|afbeelding|foto's",
    },
    "brand": {
        "en": "manufacturer|vendor",
        "de": "marke|hersteller",
        "fr": "marque|fabricant",
        "es": "marca|fabricante",
        "it": "produttore",
        "pl": "marka|producent",
        "nl": "merk|fabrikant",
    },
    "mpn": {
        "en": "manufacturer part number|part number",
        "de": "herstellernummer",
        "fr": "référence fabricant",
        "es": "referencia fabricante|referencia del fabricante",
        "it": "codice produttore",
        "pl": "kod producenta",
    },
    "gtins": {
        "en": "gtin|ean|upc|isbn|barcode|ean code|global trade item number",
        "de": "strichcode",
        "fr": "code-barres|code ean|gencod",
        "es": "código de barras|código ean",
        "it": "codice a barre|codice ean",
        "pl": "kod ean|kod kreskowy",
        "nl": "streepjescode",
    },
    "category": {"en": "ebay category|category id|ebay category id", "de": "kategorie"},
    "location": {"en": "merchant location|merchant location key|warehouse"},
    "shop type": {"en": "type|product type|shop category", "de": "warengruppe"},
    "shop types": {},
    "tags": {
        "en": "keywords",
        "de": "schlagworte|schlagwörter",
        "fr": "mots-clés|étiquettes",
        "es": "etiquetas|palabras clave",
        "it": "etichette|parole chiave",
        "pl": "tagi|słowa kluczowe",
    },
    "store categories": {"en": "store category", "de": "shop kategorie"},
    "marketplaces": {"en": "marketplace", "de": "marktplatz"},
    "status": {"en": "state"},
    "published": {
        "en": "visible|is visible|product visible|active|active (0/1)|is active|enabled|is enabled"
        "|product online|allow purchases|sellable",
        "de": "veröffentlicht|aktiv|sichtbar",
        "fr": "publié|actif",
        "es": "publicado|activo",
        "it": "pubblicato|attivo",
        "pl": "opublikowany|aktywny",
        "nl": "gepubliceerd|actief",
    },
    "hidden": {
        "en": "archived|is archived|disabled|is disabled|discontinued",
        "de": "archiviert|deaktiviert|gesperrt",
    },
    "weight": {"en": "weight value", "de": "gewicht", "fr": "poids", "es": "peso", "pl": "waga"},
    "weight unit": {"de": "gewichtseinheit"},
    "size": {"en": "dimensions", "de": "maße"},
    "tax": {"de": "steuer"},
    "overrides": {},
    "options": {},
    "regulatory": {"en": "gpsr"},
    "backorders": {"en": "backorder|allow backorders"},
    "sale price": {
        "en": "special price|promo price|promotional price|discounted price|offer price",
        "de": "angebotspreis|aktionspreis|sonderpreis|reduzierter preis",
        "fr": "prix promo|prix promotionnel|prix soldé|prix réduit",
        "es": "precio de oferta|precio oferta|precio rebajado|precio promocional",
        "it": "prezzo scontato|prezzo promozionale|prezzo in offerta",
        "pl": "cena promocyjna|cena specjalna",
        "nl": "aanbiedingsprijs|actieprijs|kortingsprijs",
    },
    "on sale": {"en": "is on sale"},
    "sale dates": {"en": "sale price effective date"},
    "sale from": {"en": "sale start|sale start date|special from date|special price from date"},
    "sale until": {"en": "sale end|sale end date|special to date|special price to date"},
}
ALWAYS_FLAGS = "is in stock|is available|availability|stock status"
# What may mean a field, and does where no column has a name that means nothing else.
WEAK_SKU: Mapping[str, str] = {
    "en": "article number|item number|item no|product code|item code|stock code|reference|ref",
    "de": "artikelnummer|artikel-nr.|art.-nr.|bestellnummer|produktnummer|artikelcode",
    "fr": "référence|réf.|référence produit|référence article|code article|code produit",
    "es": "referencia|código de artículo|código de producto|código del artículo",
    "it": "codice|codice articolo|codice prodotto|riferimento|cod. articolo",
    "pl": "kod produktu|kod towaru|symbol|indeks",
    "nl": "artikelnr|productcode|referentie",
}
WEAK_PRICE: Mapping[str, str] = {"en": "retail price|standard price", "de": "standardpreis"}
# Words with two meanings, and the fields that each may mean.
UNCLEAR: Mapping[str, tuple[str, ...]] = {
    "code|código|kod|number|nummer|nr|no|numéro|número|numero|numer|id": ("sku", "barcode or id"),
    "item|article|artikel|artículo|articolo|product|produkt|produit|producto|prodotto|towar": (
        "sku",
        "title",
    ),
    "amount|betrag|importe|importo|kwota|montant|bedrag": ("price", "quantity"),
    "value|wert|valeur|valor|valore|wartość|waarde": ("price", "quantity"),
    "stan": ("quantity", "condition"),
    "tarif|tarifa|tariffa|rate": ("price", "shipping or tax"),
}


def spelled(column: str) -> str:
    """Return a header without case, accents, spaces and punctuation; signs of money stay."""
    return _letters(unicodedata.normalize("NFKD", column.casefold()))


def aliases(languages: Mapping[str, str]) -> Iterator[str]:
    """Yield the words of a field as they are written, language by language."""
    for words in languages.values():
        yield from words.split("|")


def spellings(word: str) -> set[str]:
    """Return a word as ``spelled`` gives it: with umlauts folded, and written out."""
    return {spelled(word), spelled(word.translate(_UMLAUTS))}


def _letters(text: str) -> str:
    return re.sub(r"[\W_]+", _money_sign, text.translate(_STROKES))


def _money_sign(match: re.Match[str]) -> str:
    return "".join(sign for sign in match[0] if unicodedata.category(sign) == "Sc")
