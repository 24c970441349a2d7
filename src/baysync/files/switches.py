"""The words with which shops switch a product off, or say that it is there, by language. Pure."""

import re
from collections.abc import Iterable
from enum import StrEnum

from baysync.files.cells import Unclear

_ON_WORDS = (
    "1|yes|true|y|x|on|j|o|s|t|ja|oui|sí|si|sì|tak|vrai|wahr|waar|verdadero|vero|prawda|active"
    "|aktiv|actif|activo|attivo|aktywny|actief|enabled|online|published"
    "|visible|sichtbar|in stock|instock|available"
    "|low stock|auf lager|vorrätig|verfügbar|lieferbar|sofort lieferbar|en stock|disponible"
    "|en existencia|disponibile|in magazzino|dostępny|w magazynie|op voorraad|beschikbaar"
)
_OFF_WORDS = (
    "0|no|false|n|f|off|nein|non|nie|nee|faux|falsch|falso|onwaar|fałsz|-1|unpublished"
    "|inactive|inaktiv|inactif|inactivo|inattivo|disabled|hidden|offline|draft"
    "|archived|not available|unavailable"
    "|not in stock|out of stock|outofstock|preorder|pre order|backorder|back order|discontinued"
    "|sold out|ausverkauft|vergriffen|nicht auf lager|nicht vorrätig|nicht verfügbar"
    "|nicht lieferbar|nicht mehr lieferbar|épuisé|rupture|rupture de stock|en rupture"
    "|en rupture de stock|hors stock|indisponible|non disponible|agotado|sin stock|sin existencias"
    "|no disponible|esaurito|non disponibile|brak|brak w magazynie|niedostępny|uitverkocht"
    "|niet op voorraad|niet beschikbaar"
)
_ON, _OFF = frozenset(_ON_WORDS.split("|")), frozenset(_OFF_WORDS.split("|"))
_NUMBER = re.compile(r"-?[0-9]+(?:[.,]0+)?")
_JOINTS = re.compile(r"(?<=\w)[-_\s]+(?=\w)")


class Switch(StrEnum):
    """What a cell says: ``on``, ``off``, nothing, or what is no word of either."""

    ON = "on"
    OFF = "off"
    EMPTY = ""
    UNCLEAR = "unclear"


def switch(cell: str) -> Switch:
    """Return what a cell says in any of the words; a number is on where it is above zero."""
    word = _JOINTS.sub(" ", cell.casefold())
    if not word:
        return Switch.EMPTY
    if is_word(word):
        return Switch.ON if word in _ON else Switch.OFF
    if not _NUMBER.fullmatch(word):
        return Switch.UNCLEAR
    return Switch.ON if word.strip("0.,") and word[0] != "-" else Switch.OFF


def is_word(cell: str) -> bool:
    """Tell whether a cell is a word that switches; of numbers only 0, 1 and -1 are."""
    word = _JOINTS.sub(" ", cell.casefold())
    return word in _ON or word in _OFF


def counts(cell: str) -> bool:
    """Tell whether a cell is a number of pieces that switches nothing: any but 0, 1 and -1."""
    return bool(_NUMBER.fullmatch(cell)) and not is_word(cell)


def strictest(cells: Iterable[str]) -> str:
    """Return of cells that all switch one thing the one that counts: off, else unclear, else on."""
    order = (Switch.OFF, Switch.UNCLEAR, Switch.ON, Switch.EMPTY)
    return min(cells, key=lambda cell: order.index(switch(cell)), default="")


def unclear(cell: str) -> Unclear:
    """Return why a cell is refused that neither switches on nor off."""
    return Unclear(
        "not_a_switch",
        f"{cell[:40]!r} does not say whether it is sold",
        "write yes or no; if the column says something else, rename it",
    )
