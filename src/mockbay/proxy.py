"""mockbay as the proxy of a program that names eBay's own hosts: no other host is reached."""

import asyncio
import re
from collections.abc import Callable
from typing import Any
from urllib.parse import unquote_to_bytes

from mockbay.doors import is_loopback

CONNECT = b"CONNECT "
LONGEST_HEAD = 65_536
EBAY = re.compile(r"([a-z0-9-]+\.)*ebay\.com", re.IGNORECASE)
ABSOLUTE = re.compile(rb"(https?)://([^/?#]*)")
OPENED = b"HTTP/1.1 200 Connection established\r\n\r\n"
REFUSED = "mockbay answers for the hosts of ebay.com only, not for {}."
UNABLE = "mockbay speaks no TLS to {}: start it with --ca-file FILE."


def refusal(host: str, *, secure: bool) -> bytes:
    """Return the answer to a request for a tunnel that is not opened."""
    text = (REFUSED if secure else UNABLE).format(host).encode()
    head = f"HTTP/1.1 403 Forbidden\r\ncontent-length: {len(text)}\r\nconnection: close\r\n\r\n"
    return head.encode() + text


def is_ebays(host: str) -> bool:
    """Tell whether a host name is eBay's."""
    return EBAY.fullmatch(host) is not None


def tunnelled(head: bytes) -> str:
    """Return the host that the head of a ``CONNECT`` request names."""
    words = head.partition(b"\r\n")[0].decode("latin-1").split()
    return words[1].rpartition(":")[0] if len(words) > 1 else ""


def resolve(scope: dict[str, Any]) -> str | None:
    """Turn the absolute address of a proxied request into a path; return a host that is refused.

    RFC 9112, section 3.2.2: each server accepts requests in this form.
    """
    found = ABSOLUTE.match(scope["raw_path"])
    if found is None:
        return None
    scheme, authority = found[1].decode(), found[2].decode("latin-1")
    host = authority.rpartition("@")[2].partition(":")[0]
    if not is_ebays(host) and not is_loopback(host):
        return host
    path = scope["raw_path"][found.end() :] or b"/"
    decoded = unquote_to_bytes(path).decode("utf-8", "replace")
    scope |= {"scheme": scheme, "raw_path": path, "path": decoded}
    return None


class Pipe(asyncio.Protocol):
    """Hands on what one end of a tunnel says to the other, and its end."""

    def __init__(self, other: asyncio.Transport, ended: Callable[[Exception | None], None]) -> None:
        self.other = other
        self.ended = ended

    def data_received(self, data: bytes) -> None:
        """Hand on some bytes."""
        self.other.write(data)

    def pause_writing(self) -> None:
        """Let the other end wait while this one takes no more."""
        self.other.pause_reading()

    def resume_writing(self) -> None:
        """Let the other end go on."""
        self.other.resume_reading()

    def connection_lost(self, exc: Exception | None) -> None:
        """End the other end in the same way."""
        self.ended(exc)
