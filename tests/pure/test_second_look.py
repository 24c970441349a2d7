"""What a list of eBay's lacks, and what is used until a person agrees."""

from baysync.reference.model import Gone, Location, SellerPolicies
from baysync.reference.second_look import gone, united

OLD = SellerPolicies(
    fulfillment=("1", "2"),
    payment=("1",),
    return_=("3",),
    names={"fulfillment": {"1": "Post", "2": "Freight"}},
)
NEW = SellerPolicies(fulfillment=("2", "4"), names={"fulfillment": {"2": "Lorry", "4": "Air"}})
HALF = Location(complete=False)


def test_what_is_gone_is_named_by_its_kind() -> None:
    assert gone(OLD, NEW) == Gone(fulfillment=("1",), payment=("1",), return_=("3",))
    assert gone({"a": HALF, "b": HALF}, {"b": HALF}) == Gone(locations=("a",))
    assert not gone(NEW, NEW)
    assert not gone({"a": HALF}, {"a": HALF, "b": HALF})
    assert not gone(NEW, {"a": HALF}), "no lists of one kind"


def test_what_is_used_meanwhile_has_what_is_new_and_what_is_gone() -> None:
    assert united(OLD, NEW) == SellerPolicies(
        fulfillment=("1", "2", "4"),
        payment=("1",),
        return_=("3",),
        names={"fulfillment": {"1": "Post", "2": "Lorry", "4": "Air"}},
    )
    assert united({"a": Location()}, {"b": HALF}) == {"a": Location(), "b": HALF}
    changed = united({"a": HALF, "b": HALF}, {"b": Location()})
    assert changed == {"a": HALF, "b": Location()}
