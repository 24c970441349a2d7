"""Listings for the benches, as a shop sends them: HTML of 2 to 20 kB, 12 pictures, 17 specifics."""

import resource
import statistics
from collections.abc import Sequence
from random import Random

from psycopg import AsyncConnection

from baysync.account import store as accounts
from baysync.config import store as live_settings
from baysync.reference.service import ASKS
from support.engine import account
from support.live_shop import MARKETPLACE, document
from support.shop import DEFAULTS

Document = dict[str, object]
_WORD = "abcdefghiklmnoprstuvw"


def listings(count: int, *, seed: int = 1) -> list[Document]:
    """Return ``count`` listings, the same ones for a seed."""
    luck = Random(seed)  # noqa: S311 -- reproducible, not secret
    words = ["".join(luck.choices(_WORD, k=luck.randint(3, 9))) for _ in range(600)]
    return [_listing(number, luck, words) for number in range(count)]


def _listing(number: int, luck: Random, words: Sequence[str]) -> Document:
    return {
        "sku": f"SKU-{number:06}",
        "title": " ".join(luck.choices(words, k=10))[:72].strip(),
        "description": _html(luck, words, int(2_000 + 18_000 * luck.random() ** 2)),
        "price": f"{luck.randint(100, 99_999) / 100:.2f}",
        "currency": "USD",
        "quantity": luck.randint(1, 500),
        "images": [f"https://pictures.example/{luck.getrandbits(64):016x}.jpg" for _ in range(12)],
        "brand": "Baylight",
        "mpn": f"M{number}",
        "condition": "NEW",
        "category": "101",
        "aspects": {word: [luck.choice(words)] for word in luck.sample(words, 17)},
        "weight": {"unit": "KILOGRAM", "value": str(luck.randint(1, 9))},
    }


def _html(luck: Random, words: Sequence[str], length: int) -> str:
    parts: list[str] = []
    size = 0
    while size < length:
        text = " ".join(luck.choices(words, k=40))
        text = f'<p style="margin: 0">{text}</p><br/>\n<ul class="x"><li>{text[:9]}</li></ul>'
        parts.append(text)
        size += len(text)
    return "".join(parts)


def long_listing(sku: str, variants: int, mark: str) -> Document:
    """Return a listing of many variants, and of a long description where it is to be published."""
    rows = [
        {
            "sku": f"{sku}-{n}",
            "options": {"Size": f"size {n // 50}", "Colour": f"colour {n % 50}"},
            "price": f"{10 + n % 90}.90",
            "quantity": 5,
            "images": [f"https://img.example.com/{sku}-{n}-{word}.jpg" for word in "abcdef"],
        }
        for n in range(variants)
    ]
    text = "".join(
        f"<p>Line {n} of {mark}: warm light for cold evenings.</p>" for n in range(8_000)
    )
    own = document(sku, description=text[:400_000] + "</p>", variants=rows)
    return {name: value for name, value in own.items() if name not in {"price", "quantity"}}


async def prepared(url: str) -> None:
    """Connect an account with complete defaults, so that each listing gets a change."""
    async with await AsyncConnection.connect(url, autocommit=True) as db:
        await live_settings.put(db, ASKS, value=False, by="bench")
        await accounts.put_defaults(db, await account(db), MARKETPLACE, DEFAULTS)


def cpu() -> float:
    """Return the seconds of CPU that this process has used."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def spread(values: Sequence[float]) -> str:
    """Return the median of values with their range."""
    middle, least, most = statistics.median(values), min(values), max(values)
    return f"{middle:.3g} [{least:.3g}..{most:.3g}]"
