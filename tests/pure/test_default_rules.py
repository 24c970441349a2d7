"""Who decides a field: override, listing, its category's rule, its type's rule, the account."""

import msgspec
import pytest
from msgspec.structs import replace

from baysync.account.model import Defaults, Policies, Rule
from baysync.account.rules import decoded
from baysync.base.errors import Refused
from baysync.listing.model import Listing, Override, PolicyChoice
from baysync.projection import ruled
from baysync.projection.resolve import category, resolve
from support.shop import LAMP

GB = "EBAY_GB"


def layer(word: str) -> Rule:
    """Return what a layer may say, all of it spelled ``word``."""
    return Rule(
        aspects={"Shade": (word,)},
        condition=word,
        location=word,
        policies=Policies(payment=word),
    )


CUSHION = replace(LAMP, aspects={}, shop_type="cushion", tags=("Sale",), category="101")
ACCOUNT = Defaults(
    aspects={"Shade": ("account",)},
    condition="account",
    location="account",
    policies=Policies(payment="account"),
)
OWN = replace(
    CUSHION,
    aspects={"Shade": ("listing",)},
    condition="listing",
    location="listing",
    policies=PolicyChoice(payment="listing"),
)
HERE = Override(
    aspects={"Shade": ("override",)},
    condition="override",
    policies=PolicyChoice(payment="override"),
)


@pytest.mark.parametrize("most", ["account", "type", "category", "listing", "override"])
def test_each_layer_goes_before_those_below_it(most: str) -> None:
    level = ["account", "type", "category", "listing", "override"].index(most)
    defaults = replace(
        ACCOUNT,
        type_rules={"Cushion": layer("type")} if level >= 1 else {},
        category_rules={"101": layer("category"), "999": layer("no")} if level >= 2 else {},
    )
    own = OWN if level >= 3 else CUSHION
    seen = resolve(replace(own, overrides={GB: HERE} if level >= 4 else {}), defaults, GB)
    assert seen.aspects["Shade"] == (most,)
    assert seen.condition == most
    assert seen.location == ("listing" if level == 4 else most)
    assert (seen.policies or PolicyChoice()).payment == most


def test_a_rule_says_only_what_it_says_and_names_are_one_whatever_their_capitals() -> None:
    defaults = replace(
        ACCOUNT,
        aspects={"shade": ("account",), "Filling": ("Feathers",)},
        words={"Red": "Rot", "Blue": "Blau"},
        type_rules={"Sale": Rule(aspects={"Shade": ("type",)}, words={"red": "Rubin"})},
    )
    seen = resolve(
        replace(CUSHION, shop_type=None, aspects={"Colour": ("Red", "Blue")}), defaults, GB
    )
    assert seen.aspects == {
        "Brand": ("Lumo",),
        "Colour": ("Blau", "Rubin"),
        "Filling": ("Feathers",),
        "Shade": ("type",),
    }
    assert seen.condition == "account"


def test_the_rule_of_a_type_chooses_the_category_and_its_rule_then_counts() -> None:
    books = Rule(category="267", condition="USED_GOOD")
    defaults = Defaults(
        category="1",
        categories={"Book": "9"},
        category_rules={"267": Rule(aspects={"Author": ("Unknown",)})},
        type_rules={"book": books},
    )
    novel = replace(LAMP, shop_type="Book")
    seen = resolve(novel, defaults, GB)
    assert (seen.category, seen.condition) == ("267", "USED_GOOD")
    assert seen.aspects["Author"] == ("Unknown",)
    assert category(novel, defaults, GB) == "267"
    assert category(replace(novel, shop_type=None), defaults, GB) == "1"
    there = replace(novel, overrides={GB: Override(category="5")})
    assert "Author" not in resolve(there, defaults, GB).aspects


def test_rules_that_contradict_each_other_are_refused() -> None:
    with pytest.raises(Refused, match="cannot name another category"):
        decoded(b'{"category_rules":{"101":{"category":"102"}}}')
    with pytest.raises(Refused, match="capitals do not count"):
        decoded(b'{"type_rules":{"Book":{},"book":{}}}')


def test_defaults_without_rules_are_stored_as_before_there_were_any() -> None:
    assert msgspec.json.encode(Defaults(category="1"), order="sorted") == b'{"category":"1"}'
    assert ruled.for_listing(Listing(sku="A"), ACCOUNT, None) == ACCOUNT
