"""The parts of the demo that need no world: catalogue, figures, stopwatch, screen."""

import pytest

from baysync.cli.demo import catalogue, play
from baysync.cli.demo.result import Result, drained
from baysync.cli.demo.screen import Screen
from baysync.dashboard.model import Counts
from baysync.listing.check import check
from baysync.listing.gtin import is_gtin
from mockbay.taxonomy import CATEGORIES

QUIET = {
    "listings": 60, "live": 54, "blocked": 6, "dead": 0, "waiting": 0, "processing": 0,
    "oldest_due": None, "in_doubt": 0, "calls_last_day": 9, "failed_last_day": 0,
}  # fmt: skip


def test_the_catalogue_is_60_listings_that_can_all_be_stored() -> None:
    drafts = catalogue.drafts()
    checked = [check(draft.document) for draft in drafts]
    assert len({draft.document["sku"] for draft in drafts}) == 60
    assert all(one.listing is not None for one in checked)
    assert sum(one.stripped for one in checked) == 0, "its HTML is clean already"
    found = {problem.rule for one in checked for problem in one.problems}
    assert found == {"title_too_long", "missing_image", "too_many_images", "image_not_https"}


def test_its_goods_belong_to_the_mock_and_to_nobody_else() -> None:
    listings = [
        one.listing for one in (check(d.document) for d in catalogue.drafts()) if one.listing
    ]
    for listing in listings:
        assert all(".harbour-and-hearth.example/" in url for url in listing.images)
        assert all(is_gtin(code) and code.startswith("952") for code in listing.gtins)
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


@pytest.mark.parametrize("name", ["waiting", "processing", "in_doubt"])
def test_a_queue_is_drained_when_nothing_is_left_or_in_doubt(name: str) -> None:
    assert drained(Counts(**QUIET))  # pyright: ignore[reportArgumentType]
    assert not drained(Counts(**{**QUIET, name: 1}))  # pyright: ignore[reportArgumentType]


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
