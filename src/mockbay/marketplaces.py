"""The marketplaces the mock knows, with what depends on them."""

from typing import NamedTuple

from mockbay.names import names


class Marketplace(NamedTuple):
    """Currency, locale of its listings, category tree, and country of a marketplace."""

    currency: str
    locale: str
    tree: str
    country: str


MARKETPLACES = {
    "EBAY_US": Marketplace("USD", "en_US", "0", "US"),
    "EBAY_GB": Marketplace("GBP", "en_GB", "3", "GB"),
    "EBAY_DE": Marketplace("EUR", "de_DE", "77", "DE"),
    "EBAY_FR": Marketplace("EUR", "fr_FR", "71", "FR"),
    "EBAY_IT": Marketplace("EUR", "it_IT", "101", "IT"),
    "EBAY_ES": Marketplace("EUR", "es_ES", "186", "ES"),
    "EBAY_AU": Marketplace("AUD", "en_AU", "15", "AU"),
    "EBAY_CA": Marketplace("CAD", "en_CA", "2", "CA"),
    "EBAY_AT": Marketplace("EUR", "de_AT", "16", "AT"),
    "EBAY_CH": Marketplace("CHF", "de_CH", "193", "CH"),
    "EBAY_IE": Marketplace("EUR", "en_IE", "205", "IE"),
    "EBAY_NL": Marketplace("EUR", "nl_NL", "146", "NL"),
    "EBAY_BE": Marketplace("EUR", "nl_BE", "123", "BE"),
    "EBAY_PL": Marketplace("PLN", "pl_PL", "212", "PL"),
    "EBAY_SG": Marketplace("SGD", "en_SG", "216", "SG"),
    "EBAY_HK": Marketplace("HKD", "zh_HK", "201", "HK"),
    "EBAY_MY": Marketplace("MYR", "en_MY", "207", "MY"),
    "EBAY_PH": Marketplace("PHP", "en_PH", "211", "PH"),
}
"""Tree ids of the big four are eBay's documented ones; the others only have to differ."""

LOCALES = frozenset(
    names(
        "en_US en_CA fr_CA en_GB en_AU en_IN de_AT fr_BE fr_FR de_DE it_IT nl_BE nl_NL es_ES "
        "de_CH fi_FI zh_HK hu_HU en_PH pl_PL pt_PT ru_RU en_SG en_IE en_MY"
    )
)
"""What ``Content-Language`` may say, spelled with an underscore as in bodies."""
