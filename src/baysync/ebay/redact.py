"""Take secrets and buyers' data out of what is logged. Pure.

Two nets: by the name of a field, and by the look of a value, so that a secret under an
unexpected name or inside a sentence is caught too.
"""

import re
from collections.abc import Iterator
from functools import lru_cache

from baysync.ebay import wire

HIDDEN = "[redacted]"
DESCRIPTIONS = frozenset({"description", "listingDescription"})
"""Fields in which a listing of ours holds what every buyer reads."""
DEEPEST = 40
_SECRET_NAME = re.compile(
    r"passw|secret|token|credential|authoriz|(?:api|baysync|private).?key|session|cookie|signature"
    r"|^(?:[0-9a-f]{2})*code$",  # in %26code%3D the name begins behind the %
    re.IGNORECASE,
)
_WHOLE_LINE = re.compile(r"authoriz|cookie", re.IGNORECASE)  # headers of several words
_BUYERS = frozenset(
    {
        "contactaddress",
        "email",
        "finaldestinationaddress",
        "fullname",
        "giftdetails",
        "paymentreferenceid",
        "phone",
        "phonenumber",
        "primaryphone",
        "recipientemail",
        "secondaryphone",
        "sendername",
        "shippingaddress",
        "shipto",
        "taxaddress",
        "taxidentifier",
        "taxpayerid",
        "username",
    }
)
_SECRET_LOOKS = re.compile(
    r"""v\^1\.1\#[^\s"'&<]+                                  # an eBay token
    | v%5E1\.1%23[^\s"'&<]+                                  # the same, percent-encoded
    | (?<![\w-])eyJ[\w-]++\.[\w-]++(?:\.[\w-]*+)?             # a JSON Web Token
    | \b(?:PRD|SBX)-[0-9a-fA-F-]{20,}                        # client secret
    | \b(?:Bearer|Basic)\s+[^\s"',]+                         # Authorization
    | (?<=://)[^/\s:@"']+:[^/\s@"']+(?=@)                    # user and password in a URL
    | (?<![\w.+-])[\w.+-]++(?:@|%(?:25)*+40|&\#64;)(?:[\w-]++\.)+[^\W\d_]{2,}+  # e-mail
    """,
    re.IGNORECASE | re.VERBOSE,
)
_PHONE = re.compile(
    r"""(?<![\w.+-])
    (?: \+\d[\d\s()./-]{5,20}\d
      | 00\d{1,3}[\s()./-]\d[\d\s()./-]{4,18}\d
      | \(\d{2,5}\)\s?\d[\d\s./-]{4,14}\d
      | \d{3}[-.\s]\d{3}[-.\s]\d{4}
      | 0\d(?:[.\s]\d\d){4}
      | (?=(?:\d[-/\s]?){9})0\d{1,5}[-/\s]\d[\d/\s-]{4,14}\d
    )(?!\w)""",
    re.VERBOSE,
)
# A name and what stands between it and its value, quoted and encoded in every way: ``name: ``,
# ``name=``, ``"name": ``, ``\"name\": ``, ``name%3D``, ``&quot;name&quot;:``, ``<name>``.
_NAMED = re.compile(
    r"""(?<![\w.-])(\w[\w.-]*+)
    ((?:\\*+["']|%(?:25)*+2[27]|&quot;|&\#3[49];)?+\s*+
    (?:[:=]>?+|%(?:25)*+3[da]|>)\s*+)""",
    re.IGNORECASE | re.VERBOSE,
)
_QUOTED = re.compile(r"""[bru]?(\\*+)(["']|&quot;|&#3[49];)""", re.IGNORECASE)
# Most values are words and numbers: neither net can catch anything in them.
_PLAIN = re.compile(r"[\w\s,()/+!?-]*+")
_ADDRESS = re.compile(r"https?://[\w-]++(?:\.[\w-]++)++/[\w./~-]*+")  # of a picture, mostly
_PLAIN_SECRET = re.compile(r"\b(?:(?:PRD|SBX)-|(?:Bearer|Basic)\s|eyJ)", re.IGNORECASE)
_NESTED = re.compile(r"""[\[{]|[\]}]|"(?:[^"\\]++|\\.)*+"?+|'(?:[^'\\]++|\\.)*+'?+""", re.DOTALL)
_BARE = re.compile(r"""(?:(?:Bearer|Basic)\s+)?[^\s&"'<>,;)}\]]*+""", re.IGNORECASE)
_LINE = re.compile(r"""[^\r\n"'<>}\]]*+""")


def redact(value: object, *, public: frozenset[str] = frozenset(), depth: int = 0) -> object:
    """Return a copy of a JSON value with every secret and every buyer's field hidden.

    Empty values stay as they are: that nothing was there is worth knowing. What is nested deeper
    than any document of eBay's is hidden whole. Texts of fields named in ``public`` stay unread.
    """
    if depth > DEEPEST:
        return HIDDEN
    if isinstance(value, str):
        return redact_text(value)
    if fields := wire.mapping(value):
        return {
            name: entry
            if name in public and isinstance(entry, str)
            else HIDDEN
            if entry and _is_telling(name)
            else redact(entry, public=public, depth=depth + 1)
            for name, entry in fields.items()
        }
    if entries := wire.items(value):
        return [redact(entry, public=public, depth=depth + 1) for entry in entries]
    return value


def redact_text(text: str) -> str:
    """Return ``text``, be it JSON, form, URL or prose, without anything that looks secret.

    Values of telling names go in whatever spelling they have, tokens and e-mails by their look.
    It takes time in proportion to the length of ``text``.
    """
    plain = _PLAIN.fullmatch(text) or _ADDRESS.fullmatch(text)
    if plain and not _PLAIN_SECRET.search(text):
        return text
    return _SECRET_LOOKS.sub(HIDDEN, "".join(_without_named(text)))


def redact_prose(text: str) -> str:
    """Return a message of eBay's without what looks secret and without phone numbers.

    Documents keep what looks like a phone number: in them it is a GTIN or an id far more often.
    """
    return _PHONE.sub(HIDDEN, redact_text(text))


def _without_named(text: str) -> Iterator[str]:
    """Yield ``text`` piece by piece with the values of telling names hidden."""
    kept = searched = 0
    while named := _NAMED.search(text, searched):
        start = searched = named.end()
        if _is_telling(named[1]) and not (named[1] == "code" and named[2].strip() == ":"):
            start, searched = _value(text, start, named[1])
        if searched > start:
            yield text[kept:start] + HIDDEN
            kept = searched
    yield text[kept:]


def _value(text: str, start: int, name: str) -> tuple[int, int]:
    """Return where the value behind ``start`` begins and ends; an open one ends with the text."""
    if quote := _QUOTED.match(text, start):
        return quote.end(), _closing_quote(text, quote)
    if text.startswith(("[", "{"), start):
        return start, _closing_bracket(text, start)
    bare = _LINE if _WHOLE_LINE.search(name) else _BARE
    value = bare.match(text, start)
    return start, value.end() if value else start


def _closing_quote(text: str, opening: re.Match[str]) -> int:
    """Return where a string ends, in JSON within JSON too: more backslashes do not end it."""
    level, at = len(opening[1]), opening.end()
    while (quote := text.find(opening[2], at)) >= 0:
        before = text[at:quote]
        content = before.rstrip("\\")
        escapes = len(before) - len(content)
        if escapes <= level or (level == 0 and escapes % 2 == 0):
            return at + len(content)
        at = quote + 1
    return len(text)


def _closing_bracket(text: str, start: int) -> int:
    depth = 0
    for token in _NESTED.finditer(text, start):
        depth += {"[": 1, "{": 1, "]": -1, "}": -1}.get(token[0], 0)
        if depth == 0:
            return token.end()
    return len(text)


@lru_cache(maxsize=4096)  # documents use the same few hundred names again and again
def _is_telling(name: str) -> bool:
    plain = name.casefold()
    buyers = plain in _BUYERS or plain.startswith("buyer") or plain.endswith("email")
    return buyers or _SECRET_NAME.search(name) is not None
