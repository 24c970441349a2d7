"""eBay's marketplaces: language, currency and site of each. Pure facts.

Source: eBay's table of marketplace ids and its ``LocaleEnum``.
"""

from dataclasses import dataclass

from baysync.base.errors import UnknownMarketplace


@dataclass(frozen=True, slots=True)
class Marketplace:
    """One marketplace baysync can list on.

    Attributes:
        name: eBay's id, such as ``EBAY_DE``.
        currency: ISO 4217; all of them have two decimals.
        sites: language (``de-DE``, the marketplace's first one first) and host of its site.
    """

    name: str
    currency: str
    sites: tuple[tuple[str, str], ...]

    @property
    def language(self) -> str:
        """The language of the site, as HTTP headers spell it: ``de-DE``."""
        return self.sites[0][0]

    @property
    def languages(self) -> tuple[str, ...]:
        """Every language eBay takes here; Belgium and Canada have two."""
        return tuple(language for language, _ in self.sites)

    @property
    def locale(self) -> str:
        """The language as eBay's JSON spells it: ``de_DE``."""
        return locale_of(self.language)

    @property
    def host(self) -> str:
        """The host of the public site, where listings can be seen."""
        return self.sites[0][1]


_ALL = (
    Marketplace("EBAY_US", "USD", (("en-US", "www.ebay.com"),)),
    Marketplace("EBAY_GB", "GBP", (("en-GB", "www.ebay.co.uk"),)),
    Marketplace("EBAY_DE", "EUR", (("de-DE", "www.ebay.de"),)),
    Marketplace("EBAY_AU", "AUD", (("en-AU", "www.ebay.com.au"),)),
    Marketplace("EBAY_AT", "EUR", (("de-AT", "www.ebay.at"),)),
    Marketplace("EBAY_BE", "EUR", (("nl-BE", "www.benl.ebay.be"), ("fr-BE", "www.befr.ebay.be"))),
    Marketplace("EBAY_CA", "CAD", (("en-CA", "www.ebay.ca"), ("fr-CA", "www.cafr.ebay.ca"))),
    Marketplace("EBAY_CH", "CHF", (("de-CH", "www.ebay.ch"),)),
    Marketplace("EBAY_ES", "EUR", (("es-ES", "www.ebay.es"),)),
    Marketplace("EBAY_FR", "EUR", (("fr-FR", "www.ebay.fr"),)),
    Marketplace("EBAY_HK", "HKD", (("zh-HK", "www.ebay.com.hk"),)),
    Marketplace("EBAY_IE", "EUR", (("en-IE", "www.ebay.ie"),)),
    Marketplace("EBAY_IT", "EUR", (("it-IT", "www.ebay.it"),)),
    Marketplace("EBAY_MY", "MYR", (("en-MY", "www.ebay.com.my"),)),
    Marketplace("EBAY_NL", "EUR", (("nl-NL", "www.ebay.nl"),)),
    Marketplace("EBAY_PH", "PHP", (("en-PH", "www.ebay.ph"),)),
    Marketplace("EBAY_PL", "PLN", (("pl-PL", "www.ebay.pl"),)),
    Marketplace("EBAY_SG", "SGD", (("en-SG", "www.ebay.com.sg"),)),
)
MARKETPLACES = {marketplace.name: marketplace for marketplace in _ALL}
DIGITS = {marketplace.currency: 2 for marketplace in _ALL}  # ISO 4217, table A.1


def marketplace(name: str) -> Marketplace:
    """Return the marketplace called ``name``.

    Raises:
        UnknownMarketplace: baysync does not list there; the fix names those it knows.
    """
    known = MARKETPLACES.get(name)
    if known is None:
        raise UnknownMarketplace(
            f"There is no marketplace {name!r}.",
            fix=f"use one of {', '.join(sorted(MARKETPLACES))}.",
        )
    return known


def digits(currency: str | None) -> int:
    """Return how many decimals an amount in ``currency`` has; 2 where that is not known."""
    return DIGITS.get(currency or "", 2)


def locale_of(language: str) -> str:
    """Turn a header's ``de-DE`` into the ``de_DE`` of eBay's JSON."""
    return language.replace("-", "_")


def language_of(locale: str) -> str:
    """Turn the ``de_DE`` of eBay's JSON into a header's ``de-DE``."""
    return locale.replace("_", "-")


def listing_url(name: str, listing_id: str, *, sandbox: bool = False) -> str:
    """Return the public address of a listing; the sandbox has one site for all marketplaces."""
    host = "www.sandbox.ebay.com" if sandbox else marketplace(name).host
    return f"https://{host}/itm/{listing_id}"
