"""docs/reference/mockbay-faults.md shows every kind and switch there is, and plans that work."""

import inspect
import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, get_type_hints

import msgspec
import pytest
from typer.testing import CliRunner

from mockbay import fault_plan
from mockbay.cli import app
from mockbay.client import MockServer
from mockbay.switches import Switches
from support.mockbay_calls import INVENTORY, Seller, item
from support.mockbay_endpoint import Endpoint
from support.mockbay_subscriber import DELETION, subscribe

PAGE = Path(__file__).parents[2] / "docs/reference/mockbay-faults.md"
KINDS = re.compile(r"(<!-- kinds:.*?-->\n).*?(<!-- end of kinds -->)", re.DOTALL)
SWITCHES = re.compile(r"(<!-- switches:.*?-->\n).*?(<!-- end of switches -->)", re.DOTALL)
PLANS = re.findall(r"^```json\n(.*?)^```", PAGE.read_text(), re.DOTALL | re.MULTILINE)


def sentence(text: str | None) -> str:
    """Return a docstring on one line of Markdown."""
    return " ".join(inspect.cleandoc(text or "").split()).replace("``", "`").replace("|", "\\|")


def fields(kind: type[msgspec.Struct]) -> str:
    """Return the fields of an effect, each with the value it has unless given."""
    found = [
        f"`{field.name}`" if field.required else f"`{field.name}: {spelled(field)}`"
        for field in msgspec.structs.fields(kind)
    ]
    return ", ".join(found)


def spelled(field: msgspec.structs.FieldInfo) -> str:
    made = field.default_factory() if field.default is msgspec.NODEFAULT else field.default
    return json.dumps(made)


def kinds() -> str:
    """Return the table of effects."""
    rows = [
        f"| `{word}` | {sentence(kind.__doc__)} | {fields(kind)} |"
        for word, kind in sorted(fault_plan.KINDS.items())
    ]
    return "\n".join(["| kind | does | fields |", "|---|---|---|", *rows]) + "\n"


def told() -> Iterator[tuple[str, str]]:
    """Yield each switch with what its docstring says."""
    listed = inspect.cleandoc(Switches.__doc__ or "").partition("Attributes:\n")[2]
    for entry in re.split(r"\n(?=    \w+: )", listed.rstrip()):
        name, _, text = entry.strip().partition(": ")
        yield name, sentence(text)


def switches() -> str:
    """Return the table of switches."""
    hints = get_type_hints(Switches, include_extras=True)
    shown = msgspec.to_builtins(Switches())
    rows = [
        f"| `{name}` | {text} | `{json.dumps(shown[name])}` | {allowed(hints[name])} |"
        for name, text in told()
    ]
    return "\n".join(["| switch | means | at first | may be |", "|---|---|---|---|", *rows]) + "\n"


def allowed(hint: Any) -> str:  # noqa: ANN401  (a type)
    """Return what a switch may be set to."""
    schema = msgspec.json.schema(hint)
    options = schema.get("anyOf", [schema])
    words = {"integer": "a number", "null": "`null`", "boolean": "`true`, `false`"}
    found = [
        ", ".join(f"`{json.dumps(one)}`" for one in option["enum"])
        if "enum" in option
        else f"`{option['pattern']}`"
        if "pattern" in option
        else words[option["type"]]
        for option in options
    ]
    return ", ".join(found)


def test_the_committed_tables_are_those_of_the_code(golden: Callable[[Path, str], None]) -> None:
    page = KINDS.sub(lambda found: found[1] + kinds() + found[2], PAGE.read_text())
    golden(PAGE, SWITCHES.sub(lambda found: found[1] + switches() + found[2], page))
    assert {name for name, _ in told()} == set(Switches.__struct_fields__)


@pytest.mark.parametrize("plan", PLANS, ids=range(len(PLANS)))
def test_a_plan_on_the_page_can_be_used_and_checked(
    mockbay: MockServer, tmp_path: Path, plan: str
) -> None:
    file = tmp_path / "plan.json"
    file.write_text(plan)
    checked = CliRunner().invoke(app, ["faults", "check", str(file)])
    assert (checked.exit_code, "all fine" in checked.output) == (0, True)
    assert len(mockbay.faults(*json.loads(plan)["rules"])) == 1


def test_the_plans_do_what_the_page_says(mockbay: MockServer, seller: Seller) -> None:
    lost, outage, batch, buyer, _, third = (json.loads(plan)["rules"][0] for plan in PLANS)
    offer_id = seller.live("LAMP-1")
    seller.withdraw(offer_id)
    mockbay.faults(lost)
    assert seller.publish(offer_id).status == 200
    with pytest.raises(ConnectionResetError):
        seller.publish(offer_id)
    mockbay.faults(outage, replace=True)
    assert seller.get_item("LAMP-1").status == 503
    mockbay.advance(600)
    assert seller.get_item("LAMP-1").status == 200
    mockbay.faults(batch, replace=True)
    rows = [item() | {"sku": sku, "locale": "en_US"} for sku in ("LAMP-1", "B", "C")]
    path = f"{INVENTORY}/bulk_create_or_replace_inventory_item"
    answered = seller.call("POST", path, {"requests": rows}).json["responses"]
    assert [(row["sku"], row["statusCode"]) for row in answered] == [("C", 201), ("B", 201)]
    mockbay.faults(buyer, replace=True)
    for _ in range(2):
        seller.put_item("LAMP-1")
    assert [one["sold"] for one in mockbay.listings().values()][-1] == {"LAMP-1": 1}
    mockbay.faults(third, replace=True)
    statuses = [seller.get_item("LAMP-1").status for _ in range(6)]
    assert statuses == [200, 200, 429, 200, 200, 429]


def test_the_plan_about_notifications_does_what_the_page_says(
    mockbay: MockServer, seller: Seller, endpoint: Endpoint
) -> None:
    subscribe(mockbay, endpoint)
    mockbay.faults(json.loads(PLANS[4])["rules"][0])
    seller.live("LAMP-1")
    mockbay.advance(5)
    assert mockbay.notify(DELETION, {}) == [204], "what came before it has been delivered"
    told = [json.loads(body)["notification"] for body, _ in endpoint.got[:-1]]
    assert [one["data"] for one in told] == [{"newer": True}, {}, {}]
    assert told[1] == told[2]


EFFECTS = "rules[0].effects[0]"


@pytest.mark.parametrize(
    ("rule", "message"),
    [
        ({"effects": [{"kind": "rset"}]}, f"{EFFECTS}.kind: no kind 'rset'; did you mean 'reset'?"),
        ({"effects": [{"kind": "x"}]}, f"{EFFECTS}.kind: no kind 'x'; there are act, "),
        ({"effects": [{"kind": "reset", "wen": 1}]},
         f"{EFFECTS}: no field 'wen'; did you mean 'when'?"),
        ({"effects": [{"kind": "act", "action": "bye"}]},
         f"{EFFECTS}.action: no action 'bye'; did you mean 'buy'?"),
        ({"effects": [{"kind": "latency"}]}, f"{EFFECTS}: add 'ms'"),
        ({"effects": [], "time": 3}, "rules[0]: no field 'time'; did you mean 'times'?"),
        ({"effects": [], "match": {"sku_": "A"}},
         "rules[0].match: no field 'sku_'; did you mean 'sku'?"),
        ({"effects": [], "match": {"op": "publishOfer"}},
         "rules[0].match.op: no call 'publishOfer'; did you mean 'publishOffer'?"),
        ({}, "rules[0]: add 'effects'"),
        ({"effects": [], "every": 0}, "rules[0].every: expected `int` >= 1"),
        (3, "rules[0]: expected `object`, got `int`"),
    ],
)  # fmt: skip
def test_a_wrong_plan_is_told_its_field_and_its_fix(rule: object, message: str) -> None:
    with pytest.raises(fault_plan.WrongPlan) as wrong:
        fault_plan.read(json.dumps({"rules": [rule]}).encode())
    assert str(wrong.value).startswith(message)


@pytest.mark.parametrize(
    ("raw", "message"),
    [
        (b"{", "This is no JSON"),
        (b"[]", "the plan: expected `object`, got `array`"),
        (b"{}", "the plan: add 'rules'"),
        (b'{"rule": []}', "the plan: no field 'rule'; did you mean 'rules'?"),
        (b"\xff", "no JSON"),
    ],
)
def test_what_is_no_plan_at_all_says_so(raw: bytes, message: str) -> None:
    with pytest.raises(fault_plan.WrongPlan, match=re.escape(message)):
        fault_plan.read(raw)
