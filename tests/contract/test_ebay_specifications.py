"""Our calls and verdicts against eBay's own OpenAPI files, where somebody has them.

Their licence keeps them out of this repository: name their folder in TEST_EBAY_SPECS.
"""

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from baysync.ebay import accounts, errors, inventory, offers
from baysync.ebay.environment import Environment, hosts
from baysync.ebay.model import Answer, Call, Problem, Verdict
from baysync.ebay.verdict import judge
from baysync.projection import payload
from baysync.projection.model import (
    Axis,
    Contact,
    Content,
    Group,
    Lifecycle,
    Offer,
    Price,
    Projection,
    Regulatory,
    Size,
    Tax,
    Variant,
    Weight,
)
from support.ebay_calls import EVERY, US
from support.ebay_specs import FOLDER, Document, body_schema, declared, lacks, missing, strays
from support.ebay_specs import described as looked_up

OBSERVED = {25721}  # answered to a picture address with a space, in no specification
UNSAID = {Verdict.DONE, Verdict.UNRECOGNISED}
SHOWN = "https://shop.example/lamp.jpg"

pytestmark = missing


def specifications() -> Iterator[Document]:
    for path in sorted(Path(FOLDER).glob("*.json")):
        yield json.loads(path.read_text())


def addresses(spec: Document) -> Iterator[tuple[str, str, Document]]:
    """Yield method, address and description of every operation."""
    for server in spec["servers"]:
        base = server["url"].format(
            **{name: value["default"] for name, value in server.get("variables", {}).items()}
        )
        for path, methods in spec["paths"].items():
            for method, operation in methods.items():
                if method in ("get", "put", "post", "delete"):
                    yield method.upper(), base + path, operation


def described(call: Call) -> Document:
    """Return eBay's description of a call, found by name, method and address."""
    address = hosts(Environment.PRODUCTION).of(call.family) + call.path.partition("?")[0]
    for spec in specifications():
        for method, template, operation in addresses(spec):
            pattern = re.sub(r"\\\{[^}]+\\\}", "[^/]+", re.escape(template))
            named = (operation["operationId"], method) == (call.op, call.method)
            if named and re.fullmatch(pattern, address):
                return operation
    pytest.fail(f"{call.op}: {call.method} {address} is in no specification")


@pytest.mark.parametrize("call", EVERY.values(), ids=list(EVERY))
def test_a_call_is_as_ebay_describes_it(call: Call) -> None:
    operation = described(call)
    parameters: list[Document] = operation.get("parameters", [])
    given = {pair.partition("=")[0] for pair in call.path.partition("?")[2].split("&")} - {""}
    assert given <= {p["name"] for p in parameters if p["in"] == "query"}
    required = {p["name"] for p in parameters if p.get("required") and p["in"] != "path"}
    headers = {"Content-Type": call.body, "Content-Language": call.language}
    sent = given | {name for name, value in headers.items() if value is not None}
    assert required <= sent
    assert ("requestBody" in operation) <= (call.body is not None)


@pytest.mark.parametrize("call", EVERY.values(), ids=list(EVERY))
def test_every_error_ebay_declares_for_a_call_has_a_verdict(call: Call) -> None:
    failures = [pair for pair in declared(described(call)) if pair[0] >= 400]
    wrong = {Verdict.UNRECOGNISED} if call.method == "DELETE" else UNSAID  # what is gone is deleted
    unjudged = [
        pair
        for pair in failures
        if judge(Answer(call=call, status=pair[0], problems=(Problem(error_id=pair[1]),))) in wrong
    ]
    assert unjudged == []


def test_every_error_id_of_ebays_is_explained_and_ours_are_not_invented() -> None:
    theirs = {
        error_id
        for spec in specifications()
        for _, _, operation in addresses(spec)
        for _, error_id in declared(operation)
    }
    ours = set(errors.known())
    assert theirs - ours == set()
    inventory = {error_id for error_id in ours if 25_000 <= error_id < 26_000}
    assert inventory - theirs == OBSERVED


def full() -> Projection:
    """Return a projection of a group that says everything there is to say."""
    contact = Contact(
        city="Hamburg", company="Lumo", country="DE", email="a@b.example", line1="Weg 1",
        phone="1", postal_code="20095", roles=("EU_RESPONSIBLE_PERSON",),
    )  # fmt: skip
    size = Size(height="10", length="20.5", unit="CENTIMETER", width="3")
    variant = Variant(gtins=("4006381333931",), images=(SHOWN,), options={"Colour": "Brass"})
    group = Group(
        axes=(Axis(name="Colour", values=("Brass",)),), pictured=("Colour",),
        variants={"L-1": variant},
    )  # fmt: skip
    content = Content(
        aspects={"Brand": ("Lumo",)}, brand="Lumo", condition="NEW", condition_note="Boxed",
        gtins=("4006381333931", "012345678905", "9783161484100"), group=group, images=(SHOWN,),
        mpn="L-1", size=size, subtitle="Warm", title="Lamp",
        weight=Weight(unit="KILOGRAM", value="1.2"),
    )  # fmt: skip
    offer = Offer(
        category="1", description="<p>A lamp.</p>", fulfillment_policy="1", location="berlin",
        payment_policy="2", regulatory=Regulatory(manufacturer=contact, responsible=(contact,)),
        return_policy="3", store_categories=("/Lamps",),
        tax=Tax(apply=True, category="1", vat_percentage="19"),
    )  # fmt: skip
    price = Price(currency="EUR", value="34.99")
    return Projection(content=content, lifecycle=Lifecycle.LIVE, offer=offer, price=price)


def sent() -> list[Call]:
    """Return every call that carries a body, with bodies as the publisher makes them."""
    whole = full()
    item, offer = payload.bodies(whole, sku="A", marketplace=US, quantity=3)
    assert whole.offer
    assert whole.price
    update = payload.offer_update(whole.offer, price=whole.price, quantity=3)
    change = payload.price_quantity("A", "1", price=whole.price, quantity=3)
    place = {"location": {"address": {"country": "DE", "postalCode": "10115", "city": "Berlin"}}}
    return [
        inventory.put_inventory_item("A", "en_US", item, marketplace=US),
        inventory.bulk_create_or_replace_inventory_item([("A", "en_US", item)]),
        inventory.bulk_get_inventory_item(["A"]),
        inventory.bulk_update_price_quantity([change]),
        inventory.bulk_migrate_listing(["110"]),
        inventory.put_inventory_item_group(
            "G", "en_US", payload.group(whole, {"L-1": "A"}), marketplace=US
        ),
        inventory.create_location("L", place),
        offers.create_offer(offer),
        offers.bulk_create_offer([offer]),
        offers.update_offer("1", update, marketplace=US),
        offers.publish_offer("1"),
        offers.bulk_publish_offer(["1"]),
        offers.withdraw_offer("1"),
        offers.publish_group("G", marketplace=US),
        offers.withdraw_group("G", marketplace=US),
        accounts.opt_in_to_business_policies(),
    ]


def test_every_body_has_the_shape_that_ebay_describes() -> None:
    wrong: set[str] = set()
    for call in sent():
        found = looked_up(call.method, call.path.partition("?")[0])
        assert found is not None, call.op
        operation, spec = found
        schema = body_schema(operation.get("requestBody", {}))
        body = json.loads(json.dumps(call.body))
        if schema is None:
            assert body in ({}, None), call.op
        else:
            wrong |= {*strays(body, schema, spec, call.op), *lacks(body, schema, spec, call.op)}
    assert wrong == set()
    bodied = {call.op for call in EVERY.values() if call.body is not None}
    assert bodied <= {call.op for call in sent()}, "no call with a body is forgotten"
