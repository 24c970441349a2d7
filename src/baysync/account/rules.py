"""Decisions about accounts: which keys fit which eBay, what may be proposed. Pure."""

import re
import shlex
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, TypeVar, cast

import msgspec
from msgspec import structs

from baysync.account.model import (
    Defaults,
    Importing,
    PauseKind,
    Policies,
    Pricing,
    Rule,
    Stock,
)
from baysync.account.plausible import refuse_implausible
from baysync.base.errors import NotFound, Refused
from baysync.ebay.environment import Environment

POLICIES = tuple(f"policies.{name.rstrip('_')}" for name in Policies.__struct_fields__)
_PARTS = {"importing", "policies", "pricing", "stock"}
FIELDS = (
    *(name for name in Defaults.__struct_fields__ if name not in _PARTS),
    *(f"import.{name}" for name in Importing.__struct_fields__),
    *POLICIES,
    *(f"pricing.{name}" for name in Pricing.__struct_fields__),
    *(f"stock.{name}" for name in Stock.__struct_fields__),
)
RULE_FIELDS = (*(name for name in Rule.__struct_fields__ if name != "policies"), *POLICIES)
S = TypeVar("S", Defaults, Rule)
_NAMELESS = re.compile(r"(baysync accounts [a-z]+(?: --renew)?) NAME\b")
_DEFAULTS = re.compile(r"baysync accounts defaults NAME(?: --marketplace \w+)?")
_MARKS = {Environment.SANDBOX: "SBX", Environment.PRODUCTION: "PRD"}


@dataclass(frozen=True, slots=True, kw_only=True)
class SellerOffers:
    """What a seller has on one marketplace that a default could name: ids by kind."""

    fulfillment: tuple[str, ...] = ()
    payment: tuple[str, ...] = ()
    returns: tuple[str, ...] = ()
    locations: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RuleOf:
    """Which rule of an account's defaults: that of a category id, or of a type of the shop."""

    field: Literal["category_rules", "type_rules"]
    key: str


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


def way_on(name: str, kind: str | None) -> str | None:
    """Return the command after which a paused account goes on; None where it does so by itself.

    ``kind`` is who paused it, a ``PauseKind`` or None where nobody has.
    """
    match kind:
        case None | PauseKind.OUTAGE:
            return None
        case PauseKind.REAUTH:
            return f"baysync accounts connect --renew {name}"
        case PauseKind.DISCONNECTED:
            return f"baysync accounts connect --name {name} --env …"
        case _:
            return f"baysync accounts resume {name}"


def addressed(fix: str, account: str, marketplace: str = "") -> str:
    """Return a fix whose commands about an account name ``account`` instead of NAME.

    Commands about defaults name the ``marketplace`` too, which they need where there are several.
    """
    if marketplace:
        placed = f"baysync accounts defaults NAME --marketplace {marketplace}"
        fix = _DEFAULTS.sub(placed, fix)
    return _NAMELESS.sub(lambda found: f"{found[1]} {shlex.quote(account)}", fix)


def propose(present: Defaults | None, offered: SellerOffers) -> tuple[Defaults, tuple[str, ...]]:
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
        "policies.return": policies.return_,
        "location": location,
    }
    missing = tuple(name for name, value in found.items() if value is None)
    return structs.replace(start, policies=policies, location=location), missing


def edited(present: Defaults | None, changes: Mapping[str, str]) -> Defaults:
    """Return defaults with fields set by path: ``policies.payment``, ``pricing.rates.EUR``.

    A text that begins with ``[`` or ``{`` is JSON; an empty one takes the field away.

    Raises:
        Refused: there is no such field, or it does not take such a value, or a blank one.
    """
    document: dict[str, Any] = msgspec.to_builtins(present or Defaults())
    _change(document, changes)
    return _converted(document, strict=False)


def rule_of(defaults: Defaults, rule: RuleOf) -> Rule | None:
    """Return one of the rules of an account, None where there is none."""
    rules: Mapping[str, Rule] = getattr(defaults, rule.field)
    return rules.get(_key(rules, rule))


def edited_rule(present: Defaults, rule: RuleOf, changes: Mapping[str, str]) -> Defaults:
    """Return defaults with fields of a rule set by path; a rule that says nothing goes.

    Raises:
        Refused: there is no such field, or it does not take such a value.
    """
    rules: Mapping[str, Rule] = getattr(present, rule.field)
    document: dict[str, Any] = msgspec.to_builtins(rule_of(present, rule) or Rule())
    _change(document, changes)
    value = _as(document, Rule, "Rule", RULE_FIELDS, strict=False)
    others = {key: each for key, each in rules.items() if key != _key(rules, rule)}
    kept = others if value == Rule() else {**others, _key(rules, rule): value}
    return _converted({**msgspec.to_builtins(present), rule.field: msgspec.to_builtins(kept)})


def without_rule(present: Defaults, rule: RuleOf) -> Defaults:
    """Return defaults without one of their rules.

    Raises:
        NotFound: there is no such rule.
    """
    rules: Mapping[str, Rule] = getattr(present, rule.field)
    key = _key(rules, rule)
    if key not in rules:
        raise NotFound(
            f"There is no rule for {rule.field.removesuffix('_rules')} {rule.key}.",
            fix="`baysync accounts defaults NAME` shows those there are.",
        )
    kept = {name: each for name, each in rules.items() if name != key}
    return structs.replace(present, **{rule.field: kept})


def _key(rules: Mapping[str, Rule], rule: RuleOf) -> str:
    """Return under which key a rule stands, or would stand: a type is found without case."""
    folded = {name.casefold(): name for name in rules}
    return folded.get(rule.key.casefold(), rule.key)


def _change(document: dict[str, Any], changes: Mapping[str, str]) -> None:
    for path, text in changes.items():
        written = "policies.return_" if path == "policies.return" else path
        *outer, name = written.split(".", 2 if path.startswith("pricing.rates.") else 1)
        holder = document
        for each in outer:
            holder = _part(holder, each, path)
        _put(holder, name, _value(path.partition(".")[0], text))


def decoded(document: bytes) -> Defaults:
    """Return the defaults in a JSON document.

    Raises:
        Refused: it is not JSON, or a field is unknown or of another type; the field is named.
    """
    try:
        return _converted(_spelled(msgspec.json.decode(document)))
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


def _spelled(document: object) -> object:
    """Return a document, or a rule, with ``policies.return`` as it is stored: ``return_``."""
    return _respelled(document, "return", "return_")


def _respelled(document: object, old: str, new: str) -> object:
    """Return a document, or a rule, with one kind of policy under another name."""
    if not isinstance(document, dict):
        return document
    spelled = dict(cast("dict[str, object]", document))
    if isinstance(policies := spelled.get("policies"), dict):
        chosen = cast("dict[str, object]", policies)
        spelled["policies"] = {
            new if name == old else name: policy for name, policy in chosen.items()
        }
    for field in ("category_rules", "type_rules"):
        if isinstance(rules := spelled.get(field), dict):
            named = cast("dict[str, object]", rules)
            spelled[field] = {key: _respelled(rule, old, new) for key, rule in named.items()}
    return spelled


def written(value: Defaults | Rule | None) -> object:
    """Return defaults, or a rule of theirs, as ``decoded`` reads them: ``policies.return``."""
    return _respelled(msgspec.to_builtins(value), "return_", "return")


def _converted(document: object, *, strict: bool = True) -> Defaults:
    return _as(document, Defaults, "Defaults", FIELDS, strict=strict)


def _as(document: object, kind: type[S], word: str, fields: Sequence[str], *, strict: bool) -> S:
    """Texts of a command line are read as the numbers they spell where not ``strict``."""
    try:
        value = msgspec.convert(document, kind, strict=strict)
    except msgspec.ValidationError as error:
        raise Refused(f"{word}: {error}.", fix=f"fields are {', '.join(fields)}.") from error
    refuse_implausible(document, value)
    return value


def _only(ids: Sequence[str]) -> str | None:
    return ids[0] if len(ids) == 1 else None
