"""Which image addresses are safe to hand on. We never fetch them; eBay does, and people click.

Parsers disagree about odd hosts, and a disagreement is how a private address slips through; so
everything that has two readings is refused, by one parser, ours.
"""

import re
from urllib.parse import SplitResult, urlsplit

LONGEST = 2048
_CONTROL = re.compile(r"[\x00-\x1f\x7f\\]")
_NAME = re.compile(r"(?:[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9])?\.)+[a-z](?:[a-z0-9-]{0,61}[a-z0-9])")
_USUAL = re.compile(
    rf"https?://({_NAME.pattern})/[!-\[\]-~]*"
)  # host in lower case, no port, no user
_PRIVATE = (".localhost", ".local", ".internal", ".lan", ".home", ".corp", ".arpa")


def unsafe(url: str) -> str | None:
    """Return why an image address must not be stored, or None if it is safe.

    Safe is ``http`` or ``https`` to a public host name in ASCII, without a user. An IP address
    is not: it has too many spellings. That eBay wants HTTPS is another rule: such a listing is
    stored and blocked.
    """
    if len(url) > LONGEST:
        return f"is longer than {LONGEST} characters"
    if (usual := _USUAL.fullmatch(url)) and not usual[1].endswith(_PRIVATE):
        return None
    if _CONTROL.search(url):
        return "has a control character or a backslash"
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError:
        return "is not a URL"
    if parts.scheme not in {"http", "https"}:
        return f"has the scheme {parts.scheme[:20]!r}"
    return _unsafe_host(parts)


def _unsafe_host(parts: SplitResult) -> str | None:
    host = (parts.hostname or "").removesuffix(".")
    if "@" in parts.netloc:
        return "names a user before its host"
    if not host.isascii():
        return "has letters outside ASCII in its host name"
    if ":" in host or host.rpartition(".")[2][:1].isdigit():
        return "has an IP address for a host"
    if not _NAME.fullmatch(host) or host.endswith(_PRIVATE):
        return "has no public host name"
    return None
