"""Decisions about accounts: which keys fit which eBay, what may be proposed. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

import msgspec
from msgspec import structs

from baysync.account.model import Defaults, Policies, Pricing, Stock
from baysync.base.errors import Refused
from baysync.ebay.environment import Environment

FIELDS = (
    *(name for name in Defaults.__struct_fields__ if name not in {"policies", "pricing", "stock"}),
    *(f"policies.{name}" for name in Policies.__struct_fields__),
    *(f"pricing.{name}" for name in Pricing.__struct_fields__),
    *(f"stock.{name}" for name in Stock.__struct_fields__),
)
_MARKS = {Environment.SANDBOX: "SBX", Environment.PRODUCTION: "PRD"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Offered:
    """What a seller has on one marketplace that a default could name: ids by kind."""

    fulfillment: tuple[str, ...] = ()
    payment: tuple[str, ...] = ()
    returns: tuple[str, ...] = ()
    locations: tuple[str, ...] = ()


def refuse_foreign_keys(environment: Environment, client_id: str, client_secret: str) -> None:
    """Return if the keyset may belong to ``environment``; eBay marks keys with SBX and PRD.

    Raises:
        Refused: the keys are those of the other environment.
    """
    for other, mark in _MARKS.items():
        marked = f"-{mark}-" in client_id or client_secret.startswith(f"{mark}-")
        if marked and environment in _MARKS and other is not environment:
            raise Refused(
                f"These are keys of eBay's {other} environment, but the account is to be in "
                f"{environment}.",
                fix=f"use the keyset marked {_MARKS[environment]}, or --env {other}.",
            )


def propose(present: Defaults | None, offered: Offered) -> tuple[Defaults, tuple[str, ...]]:
    """Return defaults with what there is exactly one of, and the names of what to choose.

    What ``present`` names already is kept.
    """
    start = present or Defaults()
    policies = Policies(
        fulfillment=start.policies.fulfillment or _only(offered.fulfillment),
        payment=start.policies.payment or _only(offered.payment),
        return_=start.policies.return_ or _only(offered.returns),
    )
    location = start.location or _only(offered.locations)
    found = {
        "policies.fulfillment": policies.fulfillment,
        "policies.payment": policies.payment,
        "policies.return_": policies.return_,
        "location": location,
    }
    missing = tuple(name for name, value in found.items() if value is None)
    return structs.replace(start, policies=policies, location=location), missing


def edited(present: Defaults | None, changes: Mapping[str, str]) -> Defaults:
    """Return defaults with fields set by path: ``policies.payment``, ``pricing.rates.EUR``.

    A text that begins with ``[`` or ``{`` is JSON; an empty one takes the field away.

    Raises:
        Refused: there is no such field, or it does not take such a value.
    """
    document: dict[str, Any] = msgspec.to_builtins(present or Defaults())
    for path, text in changes.items():
        *outer, name = path.split(".", 2 if path.startswith("pricing.rates.") else 1)
        holder = document
        for each in outer:
            holder = _part(holder, each, path)
        _put(holder, name, _value(path.partition(".")[0], text))
    return _converted(document, strict=False)


def decoded(document: bytes) -> Defaults:
    """Return the defaults in a JSON document.

    Raises:
        Refused: it is not JSON, or a field is unknown or of another type; the field is named.
    """
    try:
        return _converted(msgspec.json.decode(document))
    except msgspec.DecodeError as error:
        raise Refused(f"This is not JSON: {error}.", fix="give one JSON object.") from error


def _part(holder: dict[str, Any], name: str, path: str) -> dict[str, Any]:
    found = holder.setdefault(name, {})
    if not isinstance(found, dict):
        raise Refused(f"{name} has no parts: {path}.", fix=f"--set {name}=VALUE")
    return cast("dict[str, Any]", found)


def _value(head: str, text: str) -> object:
    if text.startswith(("[", "{")):
        try:
            return msgspec.json.decode(text)
        except msgspec.DecodeError as error:
            raise Refused(f"{head} is not JSON: {error}.", fix="quote it, or check it.") from error
    return [text] if head == "aspects" and text else text


def _put(holder: dict[str, Any], name: str, value: object) -> None:
    if value == "":
        holder.pop(name, None)
    else:
        holder[name] = value


def _converted(document: object, *, strict: bool = True) -> Defaults:
    """Texts of a command line are read as the numbers they spell where not ``strict``."""
    try:
        return msgspec.convert(document, Defaults, strict=strict)
    except msgspec.ValidationError as error:
        raise Refused(f"Defaults: {error}.", fix=f"fields are {', '.join(FIELDS)}.") from error


def _only(ids: Sequence[str]) -> str | None:
    return ids[0] if len(ids) == 1 else None
