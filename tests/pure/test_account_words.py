"""How rules of defaults are edited, and which command lets a paused account go on."""

import pytest

from baysync.account.model import Defaults, PauseKind, Policies, Rule
from baysync.account.rules import (
    RuleOf,
    addressed,
    decoded,
    edited,
    edited_rule,
    rule_of,
    way_on,
    without_rule,
)
from baysync.base.errors import NotFound, Refused

CUSHION = RuleOf("type_rules", "Cushion")
BOOKS = RuleOf("category_rules", "267")


def test_a_rule_is_made_edited_and_taken_away_field_by_field() -> None:
    account = Defaults(category="1")
    made = edited_rule(account, CUSHION, {"policies.return": "30 days", "aspects.Filling": "Down"})
    rule = Rule(aspects={"Filling": ("Down",)}, policies=Policies(return_="30 days"))
    assert made == Defaults(category="1", type_rules={"Cushion": rule})
    lower = RuleOf("type_rules", "cushion")
    assert rule_of(made, lower) == rule
    more = edited_rule(made, lower, {"category": "101", "aspects.Filling": ""})
    assert more.type_rules == {"Cushion": Rule(category="101", policies=rule.policies)}
    emptied = edited_rule(more, lower, {"category": "", "policies.return": ""})
    assert emptied == account, "a rule that says nothing is none"
    both = edited_rule(more, BOOKS, {"condition": "USED_GOOD"})
    assert without_rule(both, lower).type_rules == {}
    assert without_rule(both, lower).category_rules == {"267": Rule(condition="USED_GOOD")}
    assert rule_of(account, BOOKS) is None
    with pytest.raises(NotFound, match="no rule for category 267"):
        without_rule(account, BOOKS)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"pricing.percent": "1"}, "unknown field `pricing`"),
        ({"category": "102"}, "cannot name another category"),
    ],
)
def test_what_a_rule_cannot_say_is_refused_with_what_it_can(
    changes: dict[str, str], said: str
) -> None:
    with pytest.raises(Refused, match=said) as refused:
        edited_rule(Defaults(), BOOKS, changes)
    assert "policies.return" in refused.value.fix


def test_a_policy_for_returns_is_written_with_or_without_the_underline() -> None:
    stored = Policies(return_="5")
    assert edited(None, {"policies.return": "5"}).policies == stored
    assert edited(None, {"policies.return_": "5"}).policies == stored
    assert decoded(b'{"policies":{"return":"5"},"aspects":{"return":["x"]}}') == Defaults(
        policies=stored, aspects={"return": ("x",)}
    )
    rules = decoded(b'{"type_rules":{"return":{"policies":{"return":"5"}}}}').type_rules
    assert rules == {"return": Rule(policies=stored)}
    for wrong in (b"[]", b'{"policies":[]}', b'{"type_rules":[]}', b'{"type_rules":{"a":1}}'):
        with pytest.raises(Refused):
            decoded(wrong)


@pytest.mark.parametrize(
    ("kind", "way"),
    [
        (None, None),
        (PauseKind.OUTAGE, None),
        (PauseKind.REAUTH, "baysync accounts connect --renew shop"),
        (PauseKind.CONFIG, "baysync accounts resume shop"),
        (PauseKind.PERSON, "baysync accounts resume shop"),
        (PauseKind.NEW, "baysync accounts resume shop"),
        (PauseKind.DISCONNECTED, "baysync accounts connect --name shop --env …"),
    ],
)
def test_each_pause_has_its_way_on_or_none(kind: PauseKind | None, way: str | None) -> None:
    assert way_on("shop", kind) == way


def test_a_fix_about_an_account_names_it_and_other_words_stay() -> None:
    fix = "`baysync accounts connect --renew NAME`, `baysync accounts defaults NAME --set x=NAME`."
    assert addressed(fix, "my shop") == (
        "`baysync accounts connect --renew 'my shop'`, "
        "`baysync accounts defaults 'my shop' --set x=NAME`."
    )


def test_a_fix_about_defaults_names_the_marketplace_once() -> None:
    bare = "`baysync accounts defaults NAME --set x=1`, `baysync accounts marketplaces NAME`."
    named = "`baysync accounts defaults NAME --marketplace EBAY_DE --set x=1`."
    placed = "`baysync accounts defaults shop --marketplace EBAY_DE --set x=1`"
    assert addressed(bare, "shop", "EBAY_DE") == f"{placed}, `baysync accounts marketplaces shop`."
    assert addressed(named, "shop", "EBAY_DE") == f"{placed}."


def test_what_is_no_default_is_refused_with_names_that_can_be_set() -> None:
    with pytest.raises(Refused, match="unknown field") as refused:
        edited(None, {"colour": "red"})
    fields = refused.value.fix.removeprefix("fields are ").removesuffix(".").split(", ")
    assert "import.decimal" in fields
    assert "importing" not in fields
    assert edited(None, {"import.decimal": "comma"}).importing.decimal == "comma"
