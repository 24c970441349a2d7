"""Where eBay is: the environments and the hosts that may be called in each. Pure."""

from dataclasses import astuple, dataclass
from enum import StrEnum
from urllib.parse import urlsplit

from baysync.base.errors import HostRefused
from baysync.ebay.model import Family

LOOPBACK = ("127.0.0.1", "localhost", "::1")


class Environment(StrEnum):
    """mockbay on this machine, eBay's sandbox, or the real thing."""

    MOCK = "mock"
    SANDBOX = "sandbox"
    PRODUCTION = "production"


@dataclass(frozen=True, slots=True, kw_only=True)
class Hosts:
    """Base addresses without a slash at the end, one per group of APIs.

    ``api`` serves the sell APIs and the token endpoint, ``apiz`` identity, ``apim`` media,
    ``auth`` the consent page.
    """

    api: str
    apiz: str
    apim: str
    auth: str

    def of(self, family: Family) -> str:
        """Return the base address that serves ``family``."""
        return self.apiz if family is Family.IDENTITY else self.api


def hosts(environment: Environment, *, mock_url: str = "") -> Hosts:
    """Return where eBay is in ``environment``; for the mock, all of it at ``mock_url``.

    Raises:
        HostRefused: the mock is not at a loopback address, or an address was given for an
            environment whose hosts are eBay's own.
    """
    if environment is Environment.MOCK:
        base = mock_url.rstrip("/")
        return checked(environment, Hosts(api=base, apiz=base, apim=base, auth=base))
    if mock_url:
        raise HostRefused(
            f"{environment} has eBay's own hosts, {mock_url!r} cannot replace them.",
            fix="use the environment mock for addresses of your own.",
        )
    domain = "ebay.com" if environment is Environment.PRODUCTION else "sandbox.ebay.com"
    names = ("api", "apiz", "apim", "auth")
    return Hosts(**{name: f"https://{name}.{domain}" for name in names})


def checked(environment: Environment, given: Hosts) -> Hosts:
    """Return ``given`` if each of its addresses may be called in ``environment``.

    Raises:
        HostRefused: an address is not loopback for the mock, or not eBay's own by https.
    """
    for address in astuple(given):
        if not _is_allowed(environment, address):
            raise HostRefused(
                f"{address!r} must not be called in the environment {environment}.",
                fix="the mock listens on http://127.0.0.1:PORT; sandbox and production are"
                " eBay's own hosts.",
            )
    return given


def _is_allowed(environment: Environment, address: str) -> bool:
    try:
        parts = urlsplit(address)
        named = (parts.scheme, parts.hostname or "", parts.port)
    except ValueError:
        return False
    if parts.username is not None or parts.path or parts.query or parts.fragment:
        return False
    scheme, host, port = named
    if environment is Environment.MOCK:
        return scheme in ("http", "https") and host in LOOPBACK
    sandbox = host.endswith(".sandbox.ebay.com")
    own = host.endswith(".ebay.com") and sandbox == (environment is Environment.SANDBOX)
    return scheme == "https" and own and port in (None, 443)
