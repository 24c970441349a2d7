"""The page about error ids in the documentation is made of the verdicts' own data."""

from collections.abc import Callable
from pathlib import Path

from baysync.ebay import errors
from baysync.ebay.errors_page import ACTIONS, markdown
from baysync.ebay.model import Verdict

PAGE = Path(__file__).parents[2] / "docs/reference/errors.md"


def test_the_committed_page_of_errors_is_current(golden: Callable[[Path, str], None]) -> None:
    golden(PAGE, markdown())


def test_the_page_has_every_id_with_its_exceptions() -> None:
    page = markdown()
    assert [i for i in errors.known() if f"\n| {i} | " not in page] == []
    for line in (
        "| 25002 on createOffer or bulkCreateOffer, with `offerId` | `conflict` |",
        "| 25804 from API_ACCOUNT | `conflict` |",
        "saying already … publish | `conflict` |",
    ):
        assert line in page


def test_every_verdict_says_what_happens_then() -> None:
    assert list(ACTIONS) == list(Verdict)
