"""The parts of the demo that need no world: catalogue, figures, stopwatch, screen."""

from dataclasses import replace

import pytest

from baysync.demo import catalogue, play
from baysync.demo.result import DemoProgress, Result
from baysync.demo.screen import Screen
from baysync.listing.check import check
from baysync.listing.gtin import is_gtin
from mockbay.taxonomy import CATEGORIES

QUIET = DemoProgress(
    listings=60, published=52, blocked=8, dead=0, ebay_listings=88, settled=88, held=8, waiting=0
)


def test_the_catalogue_is_60_listings_that_can_all_be_stored() -> None:
    drafts = catalogue.drafts()
    checked = [check(draft.document) for draft in drafts]
    assert len({draft.document["sku"] for draft in drafts}) == 60
    assert all(one.listing is not None for one in checked)
    assert sum(one.stripped for one in checked) == 0, "its HTML is clean already"
    found = {problem.rule for one in checked for problem in one.problems}
    assert found == {
        "title_too_long", "missing_image", "too_many_images", "image_not_https",
        "variant_options_twice",
    }  # fmt: skip


def test_it_is_sold_in_two_countries_and_some_of_it_in_variants() -> None:
    listings = {
        one.listing.sku: one.listing
        for one in (check(draft.document) for draft in catalogue.drafts())
        if one.listing
    }
    shirt = listings["TEE-ANCHOR"]
    assert len(shirt.variants) == 8
    assert {each.price for each in shirt.variants} == {26, 28}
    assert sum(len(each.variants) > 1 for each in listings.values()) == 7
    german = {sku for sku, each in listings.items() if "EBAY_DE" in each.overrides}
    abroad = {sku for sku, each in listings.items() if not each.marketplaces}
    assert german < abroad, "some go abroad under their English title"
    assert catalogue.REFUSED in listings


def test_its_goods_belong_to_the_mock_and_to_nobody_else() -> None:
    listings = [
        one.listing for one in (check(d.document) for d in catalogue.drafts()) if one.listing
    ]
    for listing in listings:
        assert all(".harbour-and-hearth.example/" in url for url in listing.images)
        codes = (*listing.gtins, *(code for each in listing.variants for code in each.gtins))
        assert all(is_gtin(code) and code.startswith("952") for code in codes)
    types = {listing.shop_type for listing in listings}
    assert types - catalogue.CATEGORIES.keys() == {"Gift boxes"}
    for category in catalogue.CATEGORIES.values():
        assert CATEGORIES[category].leaf


def test_a_result_is_complete_when_all_is_published_or_blocked() -> None:
    good = Result(
        listings=3, published=2, blocked=1, dead=0, ebay_calls=9,
        first_publish_seconds=1.5, seconds=2.0,
    )  # fmt: skip
    assert good.complete
    for change in ({"published": 1}, {"dead": 1}):
        assert not Result(**{**good.as_row(), **change}).complete  # pyright: ignore[reportArgumentType]


def test_a_queue_is_drained_when_nothing_is_left_or_in_doubt() -> None:
    assert QUIET.is_drained
    assert not replace(QUIET, waiting=1).is_drained


def test_the_stopwatch_begins_where_run_began(monkeypatch: pytest.MonkeyPatch) -> None:
    for odd in ("", "yesterday", "1700.N"):
        monkeypatch.setenv("BAYSYNC_STARTED", odd)
        assert play.stopwatch()() < 1
    monkeypatch.setenv("BAYSYNC_STARTED", "1000000000.5")
    assert play.stopwatch()() > 500_000_000


def test_progress_is_a_line_for_each_tenth_where_there_is_no_terminal(
    capsys: pytest.CaptureFixture[str],
) -> None:
    with Screen().bar("publishing", 54) as advance:
        for done in (0, 3, 6, 7, 27, 54, 54):
            advance(done, "6 blocked")
    lines = capsys.readouterr().err.splitlines()
    assert lines == [f"publishing: {done} of 54 6 blocked" for done in (6, 27, 54)]


def test_progress_is_a_bar_on_a_terminal(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("COLUMNS", "120")
    with Screen().bar("publishing", 4) as advance:
        advance(4, "0 blocked")
    assert "4/4" in capsys.readouterr().err


def test_prose_folds_and_commands_do_not(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "40")
    screen, long = Screen(), "much-used " * 9
    screen.tell(long, indent=4)
    screen.say(long)
    *folded, whole = capsys.readouterr().err.splitlines()
    assert len(folded) > 1
    assert all(line.startswith("    much-used") and len(line) <= 40 for line in folded)
    assert whole == long
