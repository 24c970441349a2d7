"""Clean eBay's errors and warnings, as they come in, of what no log or table may hold. Pure.

Nothing behind the transport sees more than this module leaves, so that no writer has to ask.
"""

from collections.abc import Mapping

from baysync.ebay import wire
from baysync.ebay.model import Family
from baysync.ebay.redact import HIDDEN, redact_prose, redact_text

# APIs that know goods and rules, and no buyer. A new family counts as one that speaks of buyers.
WITHOUT_BUYERS = frozenset(
    {
        Family.INVENTORY,
        Family.ACCOUNT,
        Family.TAXONOMY,
        Family.METADATA,
        Family.ANALYTICS,
        Family.OAUTH,
    }
)
SHOWN_PARAMETERS = frozenset(
    {
        "aspectname",
        "categoryid",
        "fieldname",
        "header",
        "inventoryitemgroupkey",
        "listingid",
        "marketplaceid",
        "merchantlocationkey",
        "offerid",
        "revisionlimit",
        "sku",
    }
)
_ENVELOPES = ("errors", "warnings")


def cleaned(body: object, family: Family) -> object:
    """Return ``body`` with each error and warning of it, those of bulk rows too, made safe.

    Where eBay can speak of buyers, only ids, domain, category and the names of parameters stay.
    Elsewhere the text stays without tokens, e-mails and phone numbers, and a value stays whose
    parameter is in ``SHOWN_PARAMETERS``, or has no name or a number: a piece of the text.
    """
    sections = wire.mapping(body)
    if not sections:
        return body
    safe = {**sections, **_envelopes(sections, family)}
    if rows := wire.items(sections.get("responses")):
        safe["responses"] = [
            {**fields, **_envelopes(fields, family)} if (fields := wire.mapping(row)) else row
            for row in rows
        ]
    return safe


def unread(text: str, family: Family) -> str:
    """Return what may be kept of a body that is no JSON: nothing where it can speak of buyers."""
    return redact_text(text) if family in WITHOUT_BUYERS else ""


def _envelopes(sections: Mapping[str, object], family: Family) -> dict[str, object]:
    """Return the safe errors and warnings of ``sections``, of those it has."""
    known = _known if family in WITHOUT_BUYERS else _anonymous
    return {
        name: [known(row) for row in wire.rows(sections[name])]
        for name in _ENVELOPES
        if name in sections
    }


def _anonymous(row: Mapping[str, object]) -> dict[str, object]:
    kept = {name: row[name] for name in ("errorId", "domain", "category") if name in row}
    names = [_word(parameter.get("name")) for parameter in wire.rows(row.get("parameters"))]
    return {
        **{name: value if name == "errorId" else _word(value) for name, value in kept.items()},
        "parameters": [{"name": name, "value": HIDDEN} for name in names],
    }


def _known(row: Mapping[str, object]) -> dict[str, object]:
    said = {
        name: redact_prose(value) if isinstance(value, str) else value
        for name, value in row.items()
        if isinstance(value, str | int | float)
    }
    parameters = [_parameter(parameter) for parameter in wire.rows(row.get("parameters"))]
    return {**said, **({"parameters": parameters} if parameters else {})}


def _parameter(parameter: Mapping[str, object]) -> dict[str, str]:
    name, value = wire.text(parameter.get("name")), wire.text(parameter.get("value"))
    shown = name.casefold() in SHOWN_PARAMETERS or name.isdecimal() or not name
    return {"name": redact_prose(name), "value": redact_prose(value) if shown else value and HIDDEN}


def _word(value: object) -> str:
    """Return a name of eBay's; '' for what is longer or holds anything else than a name does."""
    text = wire.text(value)
    plain = text.replace("_", "").replace(".", "").replace("-", "")
    return text if len(text) <= 64 and plain.isalnum() and plain.isascii() else ""  # noqa: PLR2004
