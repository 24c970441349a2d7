"""One spelling, one digest: checked against an independent writer of RFC 8785."""

import hashlib
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random
from typing import get_args

import msgspec
import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st
from msgspec import Struct
from msgspec.structs import replace

from baysync.base.errors import NotCanonical
from baysync.projection import canonical
from baysync.projection.model import Content, Projection
from support.projections import LAMP, projections

GOLDEN = Path(__file__).parents[1] / "golden"


def titled(title: str) -> Projection:
    return Projection(content=Content(title=title))


def structs_in(kind: type[Struct]) -> Iterator[type[Struct]]:
    yield kind
    for field in msgspec.structs.fields(kind):
        for inner in (field.type, *get_args(field.type)):
            for found in (inner, *get_args(inner)):
                if isinstance(found, type) and issubclass(found, Struct):
                    yield from structs_in(found)


@given(projections)
def test_the_fast_way_writes_what_an_independent_writer_writes(projection: Projection) -> None:
    assert canonical.encode(projection) == rfc8785.dumps(msgspec.to_builtins(projection))


@given(projections)
def test_decoding_gives_back_what_was_encoded(projection: Projection) -> None:
    assert canonical.decode(canonical.encode(projection)) == projection


@pytest.mark.parametrize(
    ("text", "spelled"),
    [
        ('€$\u000f\nA\'B"\\\\"/', r'"€$\u000f\nA' + r"'" + r'B\"\\\\\"/"'),
        ("\u0080ö\u2028", '"\u0080ö\u2028"'),
        ("\r\t\b\f\u0001\u007f", '"\\r\\t\\b\\f\\u0001\u007f"'),
        ("😂", '"😂"'),
        ("<script>", '"<script>"'),
    ],
)
def test_texts_are_spelled_as_in_rfc_8785(text: str, spelled: str) -> None:
    document = canonical.encode(titled(text))
    assert document == f'{{"content":{{"title":{spelled}}}}}'.encode()


def test_keys_are_sorted_by_utf_16_units_as_in_rfc_8785_section_3_2_3() -> None:
    names = ["€", "\r", "\ufb33", "1", "😀", "\u0080", "ö"]
    projection = Projection(content=Content(aspects=dict.fromkeys(names, ("x",))))
    keys = list(json.loads(canonical.encode(projection))["content"]["aspects"])
    assert keys == ["\r", "1", "\u0080", "ö", "€", "😀", "\ufb33"]


@given(projections, st.randoms())
def test_the_order_of_keys_does_not_matter(projection: Projection, chance: Random) -> None:
    content = projection.content or Content()
    shuffled = list(content.aspects.items())
    chance.shuffle(shuffled)
    mixed = replace(projection, content=replace(content, aspects=dict(shuffled)))
    same = replace(projection, content=content)
    assert canonical.digest(mixed) == canonical.digest(same)


@given(st.lists(st.text(), min_size=2, max_size=5, unique=True))
def test_the_order_of_images_matters(images: list[str]) -> None:
    one = Projection(content=Content(images=tuple(images)))
    other = Projection(content=Content(images=tuple(reversed(images))))
    assert canonical.digest(one) != canonical.digest(other)


@given(projections, projections)
def test_digests_are_equal_exactly_when_the_documents_are(a: Projection, b: Projection) -> None:
    assert (canonical.digest(a) == canonical.digest(b)) == (a == b)


def test_the_digest_is_the_sha_256_of_the_canonical_bytes() -> None:
    assert canonical.digest(LAMP) == hashlib.sha256(canonical.encode(LAMP)).digest()


def test_every_struct_declares_its_fields_sorted() -> None:
    for kind in structs_in(Projection):
        names = list(kind.__struct_encode_fields__)
        required = {field.name for field in msgspec.structs.fields(kind) if field.required}
        assert names == sorted(names), kind
        assert required <= set(names)


def test_a_new_optional_field_changes_no_digest() -> None:
    class Wider(Content, frozen=True, kw_only=True, omit_defaults=True):
        zone: str | None = None
        zones: tuple[str, ...] = ()

    assert LAMP.content is not None
    wider = Wider(**msgspec.structs.asdict(LAMP.content))
    assert canonical.encode(replace(LAMP, content=wider)) == canonical.encode(LAMP)


def test_a_field_of_a_newer_program_is_passed_over() -> None:
    assert canonical.decode(b'{"novelty":1,"quantity":3}') == Projection(quantity=3)


@pytest.mark.parametrize("broken", [titled("\ud800"), Projection(quantity=2**53)])
def test_what_has_no_canonical_spelling_is_refused(broken: Projection) -> None:
    with pytest.raises(NotCanonical):
        canonical.encode(broken)


def test_golden_digests_are_the_committed_ones(golden: Callable[[Path, str], None]) -> None:
    partial = Projection(content=Content(title="Half a lamp"))
    documents = {"empty": Projection(), "lamp": LAMP, "partial": partial}
    digests = {name: canonical.digest(document).hex() for name, document in documents.items()}
    golden(GOLDEN / "digests.json", json.dumps(digests, indent=2) + "\n")
