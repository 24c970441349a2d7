"""Who buys: invented people, one in each country, whose data say that they are invented.

Telephone numbers are those set aside for fiction, or zeros.
"""

import re
from typing import NamedTuple

import msgspec

from mockbay.answers import Document
from mockbay.marketplaces import MARKETPLACES
from mockbay.order import BuyerOrder

MARK = "(invented by mockbay)"
NOT_IN_EMAIL = r"[^0-9A-Za-z.-]"
DAYS_WITH_EMAIL = 14
DAY_MS = 86_400_000


class Person(NamedTuple):
    """Somebody who does not exist."""

    name: str
    street: str
    city: str
    state: str
    code: str
    phone: str


PEOPLE = {
    "US": Person("Robin Sample", "12 Example Street", "Springfield", "OR", "97477",
                 "541-555-0142"),
    "GB": Person("Robin Sample", "12 Example Street", "London", "Greater London", "SW1A 1AA",
                 "020 7946 0142"),
    "DE": Person("Erika Beispiel", "Musterweg 12", "Berlin", "Berlin", "10115", "030 23125142"),
    "FR": Person("Camille Exemple", "12 rue de l'Exemple", "Lyon", "Rhône", "69001",
                 "01 99 00 01 42"),
    "IT": Person("Andrea Esempio", "Via Esempio 12", "Bologna", "BO", "40121", "000 0000000"),
    "ES": Person("Alex Ejemplo", "Calle Ejemplo 12", "Valencia", "Valencia", "46001", "000000000"),
    "AU": Person("Robin Sample", "12 Example Street", "Perth", "WA", "6000", "08 5550 0142"),
    "CA": Person("Robin Sample", "12 Example Street", "Ottawa", "ON", "K1A 0B1", "613-555-0142"),
    "AT": Person("Erika Beispiel", "Mustergasse 12", "Graz", "Steiermark", "8010", "0000 000000"),
    "CH": Person("Erika Beispiel", "Musterweg 12", "Bern", "BE", "3011", "000 000 00 00"),
    "IE": Person("Robin Sample", "12 Example Street", "Cork", "Cork", "T12 X0X0", "020 911 0142"),
    "NL": Person("Robin Voorbeeld", "Voorbeeldstraat 12", "Utrecht", "Utrecht", "3511 AA",
                 "000 0000000"),
    "BE": Person("Robin Voorbeeld", "Voorbeeldstraat 12", "Gent", "Oost-Vlaanderen", "9000",
                 "000 00 00 00"),
    "PL": Person("Alex Przykład", "ul. Przykładowa 12", "Gdańsk", "pomorskie", "80-001",
                 "000 000 000"),
    "SG": Person("Robin Sample", "12 Example Street", "Singapore", "", "018956", "0000 0000"),
    "HK": Person("Robin Sample", "12 Example Street", "Hong Kong", "", "", "0000 0000"),
    "MY": Person("Robin Sample", "12 Example Street", "Ipoh", "Perak", "30000", "00 000 0000"),
    "PH": Person("Robin Sample", "12 Example Street", "Cebu City", "Cebu", "6000", "00 000 0000"),
}  # fmt: skip
"""By country."""


def canary_phone(canary: str) -> str:
    """Return the telephone number that stands for a canary; no country has that code."""
    return f"+999 {int(canary, 16) % 10**10:010}"


def _invented(country: str, canary: str) -> Person:
    person = PEOPLE[country]
    if not canary:
        return person
    return person._replace(
        name=f"{person.name} {canary}",
        street=f"{person.street} {canary}",
        phone=canary_phone(canary),
    )


def contact(order: BuyerOrder, now: int, canary: str) -> Document:
    """Return who gets the goods, as eBay's ``shipTo``: what the order says, the rest invented.

    eBay stops showing the e-mail address 14 days after the sale.
    """
    said: Document = msgspec.to_builtins(order.ship_to)
    address: Document = said.get("contactAddress", {})
    home = MARKETPLACES[order.marketplace].country
    country = address.get("countryCode", home)
    person = _invented(country if country in PEOPLE else home, canary)
    shown: Document = {
        "fullName": person.name,
        "primaryPhone": {"phoneNumber": person.phone},
        "email": f"{re.sub(NOT_IN_EMAIL, '-', order.buyer)}{canary}@invented.example",
        **said,
        "contactAddress": address if "addressLine1" in address else _address(person, country),
    }
    if now - order.created > DAYS_WITH_EMAIL * DAY_MS:
        del shown["email"]
    return shown


def _address(person: Person, country: str) -> Document:
    address = {
        "addressLine1": person.street, "addressLine2": MARK, "city": person.city,
        "stateOrProvince": person.state, "postalCode": person.code, "countryCode": country,
    }  # fmt: skip
    return {name: value for name, value in address.items() if value}


def shown(order: BuyerOrder, now: int, canary: str) -> Document:
    """Return the buyer as eBay's ``buyer``: name, and where tax is due."""
    whom = contact(order, now, canary)
    taxed = ("city", "stateOrProvince", "postalCode", "countryCode")
    address: Document = whom["contactAddress"]
    return {
        "username": f"{order.buyer}{canary}",
        "taxAddress": {name: address[name] for name in taxed if name in address},
        "buyerRegistrationAddress": whom,
    }
