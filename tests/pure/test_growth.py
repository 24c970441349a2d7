"""Work on a stranger's text grows with its length alone, at sizes where that can be measured."""

import gc
import time
from collections.abc import AsyncIterator, Callable
from itertools import repeat

import anyio
import pytest

from baysync.account.model import Defaults
from baysync.api.listings_bulk import read_lines
from baysync.dashboard.lines import compare
from baysync.ebay.redact import redact_text
from baysync.listing import html
from baysync.listing.check import check
from baysync.listing.strict_json import Malformed, parse
from baysync.projection.build import build

MEASURABLE = 0.05  # seconds of CPU
MOST_DOUBLINGS = 12
TRIES = 5  # a neighbour on the machine may slow one down; what is quadratic is slow in all


def keys_of_which_one_is_twice(size: int) -> None:
    pairs = ",".join(f'"k{n}":0' for n in range(size))
    with pytest.raises(Malformed, match=f"k{size - 1}"):
        parse(f'{{{pairs},"k{size - 1}":1}}')


def refused_pictures(size: int) -> None:
    assert check({"sku": "A", "images": ["ftp://x", 1] * size}).listing is None


def blocked_pictures(size: int) -> None:
    assert check({"sku": "A", "images": ["ftp://x"] * size}).problems


def attributes_of_tags(size: int) -> None:
    tag = "<p " + " ".join(f"a{n}" for n in range(html.MOST_ATTRIBUTES - 1)) + ">x</p>"
    assert html.clean(tag * size) is not None


def attributes_of_one_tag(size: int) -> None:
    assert html.clean("<p" + " " * size + "a>x</p>") is not None


def ampersands(size: int) -> None:
    html.clean("<p>" + "&" * size)


def words_that_mean_secrets(size: int) -> None:
    assert redact_text('"' + "token" * size)


def quoted_words_that_mean_secrets(size: int) -> None:
    assert redact_text('"token":"' * size)


def a_line_without_end(size: int) -> None:
    async def drops() -> AsyncIterator[bytes]:
        for drop in repeat(b"x", size):
            yield drop

    async def read() -> list[int]:
        return [number async for number, _ in read_lines(drops())]

    assert anyio.run(read) == [1]


def options_of_variants(size: int) -> None:
    variants = [{"sku": f"A-{n}", "options": {"Size": f"{n}"}} for n in range(size)]
    listing = check({"sku": "A", "price": "1", "variants": variants}).listing
    assert listing is not None
    assert build(listing, Defaults(category="1"), "EBAY_US").blocks


def words_that_differ(size: int) -> None:
    compare({"text": "old lamp " * size}, {"text": "new lamp " * size})


def lines_that_differ(size: int) -> None:
    compare(*({f"{n:06}": {"price": word, "quantity": 5} for n in range(size)} for word in "ab"))


@pytest.mark.parametrize(
    "work",
    [
        keys_of_which_one_is_twice,
        refused_pictures,
        blocked_pictures,
        attributes_of_tags,
        attributes_of_one_tag,
        ampersands,
        words_that_mean_secrets,
        quoted_words_that_mean_secrets,
        a_line_without_end,
        options_of_variants,
        words_that_differ,
        lines_that_differ,
    ],
)
def test_twice_the_input_is_no_more_than_twice_the_work(work: Callable[[int], None]) -> None:
    size = 100
    for _ in range(MOST_DOUBLINGS):
        if cpu(work, size) >= MEASURABLE:
            break
        size *= 2
    assert any(cpu(work, 2 * size) < 2.5 * cpu(work, size) for _ in range(TRIES))


def cpu(work: Callable[[int], None], size: int) -> float:
    """Return the seconds of CPU that this thread spends on some work.

    The garbage collector rests: it goes through all objects of the process, not of the work.
    """
    gc.disable()
    try:
        before = time.thread_time()
        work(size)
        return time.thread_time() - before
    finally:
        gc.enable()
