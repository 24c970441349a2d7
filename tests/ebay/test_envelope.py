"""eBay's errors are made safe where they come in."""

import msgspec
import pytest

from baysync.ebay import envelope, errors, wire
from baysync.ebay.model import Family, Operation, Problem
from baysync.ebay.redact import HIDDEN

ERROR = {
    "errorId": 32100,
    "domain": "API_FULFILLMENT",
    "category": "REQUEST",
    "message": "Order of buyer CANARY, 5 CANARY Street, is odd",
    "longMessage": "CANARY@example.com, token v^1.1#CANARY, password=CANARY, +49 30 1234567",
    "parameters": [{"name": "buyerEmail", "value": "CANARY"}, {"name": "sku", "value": "A-1"}],
}


@pytest.mark.parametrize("section", ["errors", "warnings"])
@pytest.mark.parametrize("family", [Family.FULFILLMENT, Family.IDENTITY])
def test_errors_that_can_speak_of_buyers_keep_ids_and_names_only(
    section: str, family: Family
) -> None:
    body = envelope.cleaned({section: [ERROR], "total": 1}, family)
    assert b"CANARY" not in msgspec.json.encode(body)
    (problem,) = wire.problems(wire.mapping(body)[section])
    assert problem == Problem(
        error_id=32100,
        category="REQUEST",
        domain="API_FULFILLMENT",
        parameters=(("buyerEmail", HIDDEN), ("sku", HIDDEN)),
    )
    told = errors.in_our_words(problem, Operation.GET_ORDERS)
    assert told.startswith("error 32100 (API_FULFILLMENT, REQUEST, buyerEmail, sku): ")


def test_other_errors_keep_their_words_without_secrets_in_bulk_rows_too() -> None:
    told = {**ERROR, "message": "eBay's words", "inputRefIds": ["CANARY"]}
    body = envelope.cleaned({"responses": [{"sku": "A-1", "errors": [told]}, 7]}, Family.INVENTORY)
    assert b"CANARY" not in msgspec.json.encode(body)
    row, other = wire.items(wire.mapping(body)["responses"])
    assert other == 7
    (problem,) = wire.problems(wire.mapping(row)["errors"])
    assert problem.message == f"{HIDDEN}, token {HIDDEN} password={HIDDEN}, {HIDDEN}"
    assert problem.parameters == (("buyerEmail", HIDDEN), ("sku", "A-1"))


def test_a_numbered_parameter_is_a_piece_of_the_text() -> None:
    rows = [{"parameters": [{"name": "0", "value": "Size"}, {"name": "1", "value": "a@b.example"}]}]
    (problem,) = wire.problems(
        wire.mapping(envelope.cleaned({"errors": rows}, Family.INVENTORY))["errors"]
    )
    assert problem.parameters == (("0", "Size"), ("1", HIDDEN))


def test_names_that_are_sentences_are_none() -> None:
    error = {"errorId": 1, "domain": "of CANARY", "parameters": [{"name": "CANARY Street 5"}]}
    body = envelope.cleaned({"errors": [error]}, Family.FULFILLMENT)
    assert b"CANARY" not in msgspec.json.encode(body)


@pytest.mark.parametrize("body", [None, [], "text", 5, {}, {"errors": {}}, {"responses": {}}])
def test_any_shape_is_taken(body: object) -> None:
    assert envelope.cleaned(body, Family.INVENTORY) in (body, {"errors": []})


def test_what_cannot_be_read_is_kept_only_where_no_buyer_is() -> None:
    page = "<html>token=CANARY</html>"
    assert envelope.unread(page, Family.FULFILLMENT) == ""
    assert envelope.unread(page, Family.INVENTORY) == f"<html>token={HIDDEN}</html>"
