"""Global trade item numbers: EAN, UPC, ISBN-13, GTIN-14."""

from baysync.ebay.identifiers import NONE, is_none

LENGTHS = (8, 12, 13, 14)
FIX = f'check its digits, leave it out, or say "{NONE}"'


def is_gtin(text: str) -> bool:
    """Tell whether ``text`` has a GTIN's length and check digit, or says that there is none.

    eBay has its own words for that, in each language.

    Source: GS1 General Specifications, check digit calculation (weights 3 and 1 from the right).
    """
    if is_none(text):
        return True
    if not (text.isascii() and text.isdigit()) or len(text) not in LENGTHS:
        return False
    weighted = (int(digit) * (3, 1)[at % 2] for at, digit in enumerate(reversed(text[:-1])))
    return (sum(weighted) + int(text[-1])) % 10 == 0
