"""Global trade item numbers: EAN, UPC, ISBN-13, GTIN-14."""

LENGTHS = (8, 12, 13, 14)
_NONE = {"does not apply", "n/a"}


def is_gtin(text: str) -> bool:
    """Tell whether ``text`` has a GTIN's length and check digit, or says that there is none.

    Source: GS1 General Specifications, check digit calculation (weights 3 and 1 from the right).
    """
    if text.casefold() in _NONE:
        return True
    if not (text.isascii() and text.isdigit()) or len(text) not in LENGTHS:
        return False
    weighted = (int(digit) * (3, 1)[at % 2] for at, digit in enumerate(reversed(text[:-1])))
    return (sum(weighted) + int(text[-1])) % 10 == 0
