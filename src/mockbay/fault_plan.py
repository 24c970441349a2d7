"""Reading a fault plan, so that what is wrong in it is told with its place and its fix."""

import re
from collections.abc import Collection
from difflib import get_close_matches
from typing import Any, cast, get_args

import msgspec

from mockbay import fault_kinds
from mockbay.actors import ACTIONS
from mockbay.faults import Match, Plan, Spec
from mockbay.operations import NAMES


def kind_of(effect: fault_kinds.Effect | type[fault_kinds.Effect]) -> str:
    """Return the word that a plan calls an effect."""
    return str(effect.__struct_config__.tag)


KINDS: dict[str, type[fault_kinds.Effect]] = {
    kind_of(kind): kind for kind in get_args(fault_kinds.AnyEffect)
}
"""The effects by the word that a plan calls them."""
PLACE = re.compile(r"(?P<what>.*?)(?: - at `\$\.?(?P<place>.*)`)?", re.DOTALL)
QUOTED = re.compile(r"[`'](.+?)[`']")
STEP = re.compile(r"(\w+)|\[(\d+)\]")


class WrongPlan(ValueError):
    """A plan cannot be used; says where, what is wrong, and what to write instead."""


def read(raw: bytes) -> Plan:
    """Return the plan that some JSON spells.

    Raises:
        WrongPlan: it is no JSON, or a field, a word or a number in it is wrong.
    """
    try:
        plan = msgspec.json.decode(raw, type=Plan)
    except msgspec.ValidationError as wrong:
        raise WrongPlan(_explained(str(wrong), raw)) from None
    except (msgspec.DecodeError, UnicodeDecodeError) as wrong:
        raise WrongPlan(f"This is no JSON: {wrong}") from None
    for number, spec in enumerate(plan.rules):
        _check_names(f"rules[{number}]", spec)
    return plan


def _check_names(place: str, spec: Spec) -> None:
    named = [spec.match.op] if isinstance(spec.match.op, str) else spec.match.op or []
    for name in named:
        if name not in {*NAMES, "*", "unknown"}:
            raise WrongPlan(f"{place}.match.op: no call {name!r}{_instead(name, NAMES)}")
    for number, effect in enumerate(spec.effects):
        if isinstance(effect, fault_kinds.Act) and effect.action not in ACTIONS:
            where, word = f"{place}.effects[{number}].action", effect.action
            raise WrongPlan(f"{where}: no action {word!r}{_instead(word, ACTIONS)}")


def _explained(message: str, raw: bytes) -> str:
    """Turn msgspec's message into one that names the field and the fix."""
    found = PLACE.fullmatch(message)
    what, place = (found["what"], found["place"] or "") if found else (message, "")
    word = quoted[1] if (quoted := QUOTED.search(what)) else ""
    if place.endswith(".kind"):
        return f"{place}: no kind {word!r}{_instead(word, KINDS)}"
    if "unknown field" in what:
        known = _shape(place, msgspec.json.decode(raw)).__struct_fields__
        return f"{place or 'the plan'}: no field {word!r}{_instead(word, known)}"
    if "missing required field" in what:
        return f"{place or 'the plan'}: add {word!r}"
    return f"{place or 'the plan'}: {what[:1].lower()}{what[1:]}"


def _instead(word: str, known: Collection[str]) -> str:
    close = get_close_matches(word, known, 1, 0.6)
    return f"; did you mean {close[0]!r}?" if close else f"; there are {', '.join(sorted(known))}"


def _shape(place: str, document: Any) -> type[msgspec.Struct]:  # noqa: ANN401  (any JSON)
    """Return the type of the object at a place of a plan."""
    for name, number in STEP.findall(place):
        document = document[int(number)] if number else document[name]
    last = STEP.findall(place)[-2:]
    if last and last[0][0] == "effects":
        return KINDS[cast("dict[str, str]", document)["kind"]]
    if last and last[0][0] == "rules":
        return Spec
    return Match if last and last[-1][0] == "match" else Plan
