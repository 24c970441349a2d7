"""Quantities: stored listings that do not say their quantity say that they have none."""

import hashlib
from collections.abc import Iterator
from importlib import import_module
from typing import Any
from uuid import uuid4

import psycopg
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from baysync.db import migrate, revisions
from baysync.db.embedded.cluster import EmbeddedPostgres
from baysync.listing import body
from baysync.listing.decode import plain
from baysync.listing.model import Listing, Variant

(source,) = (migrate.MIGRATIONS / "versions").glob("*_pre_quantities.py")
revision: Any = import_module(f"baysync.db.migrations.versions.{source.stem}")

words = st.text(st.characters(codec="utf-8"), max_size=8)
amounts = st.none() | st.integers(0, 2**31 - 1)
prices = st.none() | st.decimals(0, 10**9, places=2).map(plain)
variants = st.builds(
    Variant,
    sku=words,
    options=st.dictionaries(words, words, max_size=2),
    price=prices,
    quantity=amounts,
)
listings = st.builds(
    Listing,
    sku=words,
    aspects=st.dictionaries(words, st.lists(words, max_size=2).map(tuple), max_size=2),
    price=prices,
    quantity=amounts,
    title=words,
    variants=st.lists(variants, max_size=3).map(tuple),
)


@pytest.fixture
def old(cluster: EmbeddedPostgres) -> Iterator[str]:
    """A database of the revision before."""
    name = f"test_{uuid4().hex[:12]}"
    url = cluster.create(name)
    revisions.run(url, revision.down_revision)
    yield url
    cluster.drop(name)


@given(listings)
def test_a_body_says_each_quantity_and_is_spelled_as_the_program_spells_it(
    listing: Listing,
) -> None:
    counted = [replace(each, quantity=each.quantity or 0) for each in listing.variants]
    expected = replace(listing, quantity=listing.quantity or 0, variants=tuple(counted))
    assert revision.filled(body.encode(listing)) == body.encode(expected)


def test_the_upgrade_changes_bodies_and_entity_tags_and_marks_nothing(old: str) -> None:
    bodies = [b'{"sku":"A-%d"}' % number for number in range(revision.BATCH + 1)]
    bodies.append(b'{"quantity":7,"sku":"B"}')
    with psycopg.connect(old, autocommit=True) as db:
        for stored in bodies:
            db.execute(
                """
                INSERT INTO listing (sku, body, body_hash, client_hash, status, title, source,
                    version, projected_version)
                VALUES (%s, %s, %s, %s, 'active', '', 'csv', 3, 3)
                """,
                (body.decode(stored).sku, stored, body.digest(stored), b"theirs"),
            )
        before = db.execute("SELECT id, sku, updated_at FROM listing ORDER BY id").fetchall()
        migrate.upgrade(old)
        after = db.execute("SELECT id, sku, updated_at FROM listing ORDER BY id").fetchall()
        assert after == before
        found = db.execute(
            """
            SELECT body, body_hash, client_hash, version, projected_version FROM listing
            ORDER BY id
            """
        ).fetchall()
    expected = [revision.filled(stored) for stored in bodies]
    assert expected[-1] == bodies[-1]
    assert found == [
        (stored, hashlib.sha256(stored).digest(), b"theirs", 3, 3) for stored in expected
    ]
