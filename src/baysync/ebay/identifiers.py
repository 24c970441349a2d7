"""Product numbers as eBay has them: its three fields, and its words for "there is none"."""

KINDS = ("ean", "isbn", "upc")
"""eBay's fields for product numbers; item specifics of these names are product numbers too."""
NONE = "Does not apply"
# What eBay's own listing forms say in each language where a product has no such number.
NONE_IN = {
    "de": "Nicht zutreffend",
    "es": "No aplicable",
    "fr": "Ne s'applique pas",
    "it": "Non applicabile",
    "nl": "Niet van toepassing",
    "pl": "Nie dotyczy",
}
UPC_LENGTH, OLD_ISBN_LENGTH = 12, 10
_NONE = {words.casefold() for words in (NONE, *NONE_IN.values())}


def is_none(text: str) -> bool:
    """Tell whether ``text`` says, in whatever language, that there is no number."""
    return text.casefold() in _NONE


def kind(text: str) -> str:
    """Return the field that a number belongs into, by length and prefix (GS1, ISO 2108)."""
    if is_none(text):
        return "ean"
    if len(text) == OLD_ISBN_LENGTH or text.startswith(("978", "979")):
        return "isbn"
    return "upc" if len(text) == UPC_LENGTH else "ean"
