"""Forecasts: one fate for each listing and place, causes counted, memory that stays constant."""

from typing import Any

import pytest

from baysync.change import causes, forecast
from baysync.change.causes import Causes, of_block
from baysync.change.forecast import Counting, Decided, ForecastState
from baysync.cli.terminal import cause_words, output


def block(reason: str, pointer: str = "", rule: str = "eBay wants it.") -> dict[str, str]:
    return {"reason": reason, "pointer": pointer, "rule": rule, "fix": "Give it."}


def decided(number: int = 1, **changes: Any) -> Decided:  # noqa: ANN401 - any field
    blocks = changes.pop("blocks", None)
    if blocks:
        changes["blocked_reason"] = blocks[0]["reason"]
        changes["blocked_detail"] = {"blocks": blocks} | changes.pop("more", {})
    plain: dict[str, Any] = {
        "listing_id": number,
        "sku": f"LAMP-{number}",
        "account": "shop",
        "marketplace": "EBAY_DE",
        "intent": "create",
        "state": "new",
        "follows": False,
        "refused": False,
        "sold_out": False,
        "blocked_reason": None,
        "blocked_detail": None,
    }
    return Decided(**plain | changes)


def fate(row: Decided) -> ForecastState:
    return forecast.fate(row, forecast.causes_of(row))


SOLD_OUT, CHECKING = block("out_of_stock", "/quantity"), block("checking_rules")


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, ForecastState.NEW),
        ({"intent": "update"}, ForecastState.UPDATED),
        ({"intent": "relist"}, ForecastState.RELISTED),
        ({"intent": "verify"}, ForecastState.UNCHANGED),
        ({"intent": "end", "follows": True}, ForecastState.ENDING),
        ({"intent": "verify", "follows": True}, ForecastState.OFF),
        ({"intent": "update", "sold_out": True}, ForecastState.OUT_OF_STOCK),
        ({"blocks": [SOLD_OUT], "follows": True}, ForecastState.OUT_OF_STOCK),
        ({"blocks": [CHECKING], "follows": True}, ForecastState.WAITING),
        ({"blocks": [block("missing_image"), SOLD_OUT], "follows": True}, ForecastState.BLOCKED),
        ({"refused": True}, ForecastState.BLOCKED),
        ({"blocked_reason": "paused", "intent": "update"}, ForecastState.BLOCKED),
    ],
)
def test_a_listing_has_one_fate_in_a_place(
    changes: dict[str, Any], expected: ForecastState
) -> None:
    assert fate(decided(**changes)) is expected


def test_all_causes_of_a_listing_count_at_once_and_each_once() -> None:
    counting = Counting()
    author = block("missing_aspect", "/aspects/Author")
    images = [block("image_not_https", f"/images/{n}") for n in range(3)]
    counting.add(
        [
            decided(1, blocks=[author, *images]),
            decided(2, blocks=[author]),
            decided(2, blocks=[author], marketplace="EBAY_US"),
            decided(3),
            decided(4, account=None, marketplace=None),
        ]
    )
    found = counting.result()
    german, american = found.places
    assert [(each.rule, each.about, each.count) for each in german.causes] == [
        ("missing_aspect", "Author", 2),
        ("image_not_https", "", 1),
    ]
    assert (german.live, german.new, german.blocked, american.blocked) == (1, 1, 2, 1)
    assert (found.blocked, found.off) == (2, 1), "a listing is blocked once, wherever that is"


def test_what_is_live_and_what_cannot_be_judged_yet_is_counted_among_the_blocked() -> None:
    counting = Counting()
    counting.add(
        [
            decided(1, blocks=[block("missing_image")], state="live"),
            decided(2, blocks=[block("missing_category", "/category")]),
            decided(3, blocks=[block("missing_image")], more={"awaited": True}),
        ]
    )
    (place,) = counting.result().places
    assert (place.blocked, place.blocked_live, place.unjudged) == (3, 1, 2)


def test_a_policy_that_is_missing_is_told_from_another_by_its_message() -> None:
    payment = block("missing_policy", "", "eBay wants a payment policy for every offer.")
    (cause,) = of_block("missing_policy", {"blocks": [payment]})
    assert cause.about == "eBay wants a payment policy for every offer."
    aspect = block("missing_aspect", "/overrides/EBAY_DE/aspects/A~1B~0C/0")
    assert of_block("x", {"blocks": [aspect]})[0].about == "A/B~C"


def test_groups_do_not_grow_without_end() -> None:
    counted = Causes()
    for number in range(causes.MOST_GROUPS + 200):
        odd = block("unknown_category", "/category", f"Category {number} is not in the tree.")
        counted.add("shop", "EBAY_DE", f"S{number}", of_block("", {"blocks": [odd]}))
    groups = counted.sorted()
    assert len(groups) == causes.MOST_GROUPS + 1
    assert (groups[0].about, groups[0].count, groups[0].alike) == ("", 200, False)
    assert len(groups[0].skus) == causes.MOST_SKUS


def test_a_group_names_its_count_its_first_listings_and_the_command_for_its_place() -> None:
    counted = Causes()
    wants = block("missing_category", "/category", "eBay wants a category for every listing.")
    wants["fix"] = "Give it, or `baysync accounts defaults NAME --set category=ID`."
    for number in range(5):
        counted.add("my shop", "EBAY_DE", f"S{number}", of_block("", {"blocks": [wants]}))
    (group,) = counted.sorted()
    place = "'my shop' --marketplace EBAY_DE"
    assert list(cause_words.lines(group)) == [
        "  5 x missing_category: S0, S1, S2 and 2 more",
        "      eBay wants a category for every listing.",
        f"      fix: Give it, or `baysync accounts defaults {place} --set category=ID`.",
    ]


def test_a_group_whose_messages_differ_shows_the_first_as_an_example() -> None:
    counted = Causes()
    for number in (81, 95):
        long = block("title_too_long", "/title", f"has {number} characters, eBay takes 80")
        counted.add("shop", "EBAY_DE", f"S{number}", of_block("", {"blocks": [long]}))
    (group,) = counted.sorted()
    assert list(cause_words.lines(group))[:2] == [
        "  2 x title_too_long: S81, S95",
        "      S81: has 81 characters, eBay takes 80",
    ]


def test_an_item_specific_that_is_missing_names_the_default_for_all() -> None:
    counted = Causes()
    title = block("missing_aspect", "/aspects/Book Title")
    counted.add("shop", "EBAY_US", "B", of_block("", {"blocks": [title]}))
    (group,) = counted.sorted()
    assert "--marketplace EBAY_US --set 'aspects.Book Title=VALUE'`" in cause_words.fix(group)


def test_on_a_narrow_terminal_a_cause_is_wrapped_and_never_cut(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name, value in {"FORCE_COLOR": "1", "NO_COLOR": "1", "COLUMNS": "40"}.items():
        monkeypatch.setenv(name, value)
    output.print_lines(["shop", f"  3 x wrong_currency_of_the_marketplace {'word ' * 12}"])
    head, *rest = capsys.readouterr().out.splitlines()
    assert head.rstrip() == "\x1b[1mshop\x1b[0m"
    assert all(line.startswith("  ") and len(line) <= 40 for line in rest), rest
    assert "wrong_currency_of_the_marketplace" in "".join(rest)
