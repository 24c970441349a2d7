"""Catalogues of shops are imported, published and read back equal to an independent reading.

``TEST_CATALOGUES`` may name a folder of more exports, of which only ``*.csv`` are read.
"""

import asyncio
import os
from pathlib import Path

import pytest
from typer.testing import CliRunner

from baysync.cli.main import app
from support.catalogues import UNTRACKED, read, shown
from support.listing_files import DATA
from support.live_shop import Shop

MORE = os.environ.get("TEST_CATALOGUES", "")
OWN = [DATA / "shopify-apparel.csv", DATA / "shopify.csv", DATA / "woocommerce.csv"]
FILES = [*OWN, *(sorted(Path(MORE).glob("*.csv")) if MORE else [])]


@pytest.mark.parametrize("path", FILES, ids=[path.stem for path in FILES])
async def test_what_a_catalogue_says_is_what_buyers_see(
    shop: Shop, path: Path, database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    await shop.sell_on("EBAY_US", untracked_quantity=UNTRACKED)
    monkeypatch.setenv("DATABASE_URL", database)
    monkeypatch.setenv("BAYSYNC_HOME", str(tmp_path))
    monkeypatch.chdir(tmp_path)  # rejected rows go to a file there
    imported = ["listings", "import", str(path)]
    done = await asyncio.to_thread(CliRunner().invoke, app, imported)
    assert done.exit_code in {0, 1}, done.output  # 1: a row is rejected, named in the output
    await shop.drain()
    wanted, there = read(path), shown(shop.mock)
    wrong = [
        f"{name}: {field} is {getattr(there.get(name), field, None)!r}, not {value!r}"
        for name, one in wanted.items() if one.stock
        for field, value in one._asdict().items()
        if getattr(there.get(name), field, None) != value
    ]  # fmt: skip
    assert not wrong, "\n".join([*wrong, done.output])
    assert there.keys() <= wanted.keys(), "nothing else is for sale"
    assert wanted
