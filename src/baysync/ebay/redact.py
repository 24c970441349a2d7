"""Take secrets and buyers' data out of what is logged. Pure.

Two nets: by the name of a field, and by the look of a value, so that a secret under an
unexpected name or inside a sentence is caught too.
"""

import re
from collections.abc import Mapping

from baysync.ebay import wire

HIDDEN = "[redacted]"
DEEPEST = 40
KEPT_HEADERS = frozenset(
    {
        "accept",
        "accept-language",
        "content-language",
        "content-length",
        "content-type",
        "date",
        "location",
        "retry-after",
        "rlogid",
        "x-ebay-c-marketplace-id",
        "x-ebay-c-request-id",
        "x-rate-limit-remaining",
    }
)
_SECRET_NAME = re.compile(
    r"passw|secret|token|credential|authoriz|api.?key|session|cookie|^code$|signature",
    re.IGNORECASE,
)
_BUYERS = frozenset(
    {
        "buyer",
        "buyercheckoutnotes",
        "contactaddress",
        "email",
        "fullname",
        "phonenumber",
        "primaryphone",
        "secondaryphone",
        "shipto",
        "taxaddress",
        "taxidentifier",
        "username",
    }
)
_SECRET_LOOKS = re.compile(
    r"""v\^1\.1\#[^\s"'&<]+                                  # an eBay token
    | v%5E1\.1%23[^\s"'&<]+                                  # the same, percent-encoded
    | \b(?:PRD|SBX)-[0-9a-fA-F-]{20,}                        # client secret
    | \b(?:Bearer|Basic)\s+[^\s"',]+                         # Authorization
    | (?<=://)[^/\s:@"']+:[^/\s@"']+(?=@)                    # user and password in a URL
    | (?<=[?&\s"'{,])(?:code|refresh_token|access_token|client_secret|token)=[^&\s"'<]+
    | (?<=^)(?:code|refresh_token|access_token|client_secret|token)=[^&\s"'<]+
    """,
    re.IGNORECASE | re.VERBOSE,
)
_FIELD = re.compile(r'"([^"\\]*+)"(\s*+:\s*+)"[^"]*+"?')
_SECRET_FIELD_NAME = re.compile(r"passw|secret|token|credential|authoriz|^code$", re.IGNORECASE)


def redact(value: object, *, depth: int = 0) -> object:
    """Return a copy of a JSON value with every secret and every buyer's field hidden.

    Empty values stay as they are: that nothing was there is worth knowing. What is nested deeper
    than any document of eBay's is hidden whole.
    """
    if depth > DEEPEST:
        return HIDDEN
    if fields := wire.mapping(value):
        return {name: _field(name, entry, depth + 1) for name, entry in fields.items()}
    if entries := wire.items(value):
        return [redact(entry, depth=depth + 1) for entry in entries]
    return redact_text(value) if isinstance(value, str) else value


def redact_text(text: str) -> str:
    """Return ``text``, be it JSON, form, URL or prose, without anything that looks secret."""
    return _SECRET_LOOKS.sub(HIDDEN, _FIELD.sub(_shown_field, text))


def _shown_field(field: re.Match[str]) -> str:
    if _SECRET_FIELD_NAME.search(field[1]):
        return f'"{field[1]}"{field[2]}"{HIDDEN}"'
    return field[0]


def redact_headers(headers: Mapping[str, str]) -> dict[str, str]:
    """Return the headers worth logging, lower-cased; all others, Authorization too, go."""
    return {
        name.lower(): redact_text(value)
        for name, value in headers.items()
        if name.lower() in KEPT_HEADERS
    }


def _field(name: str, value: object, depth: int) -> object:
    hidden = _SECRET_NAME.search(name) or name.casefold() in _BUYERS
    return HIDDEN if hidden and value else redact(value, depth=depth)
