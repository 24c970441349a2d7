"""Who may steer the mock: programs and pages of this machine, no page of the internet.

A page of the internet can make a browser of this machine send forms to loopback, and by a name of
its own that leads to 127.0.0.1 (DNS rebinding) even read the answers: keys and tokens.
"""

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from ipaddress import ip_address
from urllib.parse import urlsplit

EVERYWHERE = frozenset({"", "0.0.0.0", "::"})  # noqa: S104  (compared with, not bound to)


def is_loopback(name: str) -> bool:
    """Tell whether a host name or address is this machine's own and no other can reach it."""
    if name == "localhost" or name.endswith(".localhost"):
        return True
    try:
        return ip_address(name).is_loopback
    except ValueError:
        return False


def stranger(headers: Mapping[str, str], hosts: AbstractSet[str]) -> str | None:
    """Say why a control call is refused, unless Host and Origin are loopback or of ``hosts``."""
    origin = headers.get("origin")
    for header, place in (("Host", f"//{headers.get('host', '')}"), ("Origin", origin)):
        if place is not None and not _known(name := _name(place), hosts):
            return (
                f"{header} {name!r} is no name of this machine. "
                f"If it is yours, start mockbay with --allow-host {name or 'NAME'}."
            )
    return None


def _known(name: str, hosts: AbstractSet[str]) -> bool:
    return is_loopback(name) or name in hosts


def _name(place: str) -> str:
    try:
        return urlsplit(place).hostname or ""
    except ValueError:
        return ""
