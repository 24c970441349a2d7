"""Differences are a flat map by pointer, and applying them gives the other document."""

import msgspec
import pytest
from hypothesis import given
from msgspec.structs import replace

from baysync.projection.diff import Diff, DiffOp, Edit, apply, diff, section, tokens
from baysync.projection.model import Content, Projection, Section
from support.projections import LAMP, projections


def with_images(*images: str) -> Projection:
    return Projection(content=Content(images=images))


@given(projections, projections)
def test_applying_the_difference_gives_the_other_document(a: Projection, b: Projection) -> None:
    assert apply(diff(a, b), a) == b


@given(projections, projections)
def test_a_difference_survives_a_store_that_keeps_no_order(a: Projection, b: Projection) -> None:
    stored = msgspec.json.encode(dict(reversed(diff(a, b).items())))
    assert apply(msgspec.json.decode(stored, type=Diff), a) == b


@given(projections)
def test_equal_documents_have_no_difference(projection: Projection) -> None:
    same = msgspec.json.decode(msgspec.json.encode(projection), type=Projection)
    assert diff(projection, same) == {}


def test_one_changed_word_is_one_entry_with_both_sides() -> None:
    assert diff(LAMP, replace(LAMP, quantity=3)) == {
        "/quantity": Edit(op=DiffOp.REPLACE, before=5, after=3)
    }


def test_a_document_that_was_not_there_has_no_sections() -> None:
    first = Projection(quantity=1)
    assert diff(None, first) == {"/quantity": Edit(op=DiffOp.ADD, after=1)}
    assert diff(first, None) == {"/quantity": Edit(op=DiffOp.REMOVE, before=1)}
    assert apply(diff(None, first), None) == first


def test_slashes_and_tildes_in_names_are_escaped() -> None:
    found = diff(
        Projection(content=Content(aspects={"A": ("1",)})),
        Projection(content=Content(aspects={"A": ("1",), "in/out ~": ("2",)})),
    )
    assert list(found) == ["/content/aspects/in~1out ~0"]
    assert tokens(next(iter(found)))[-1] == "in/out ~"


def test_an_image_that_comes_or_goes_has_a_pointer_of_its_own() -> None:
    assert diff(with_images("a", "b", "c"), with_images("a", "c", "https://x/y.jpg")) == {
        "/content/images/b": Edit(op=DiffOp.REMOVE, before="b"),
        "/content/images/https:~1~1x~1y.jpg": Edit(op=DiffOp.ADD, after="https://x/y.jpg"),
    }


def test_another_main_image_is_a_move() -> None:
    found = diff(with_images("a", "b"), with_images("b", "a"))
    assert found == {"/content/images": Edit(op=DiffOp.MOVE, before=("a", "b"), after=("b", "a"))}


def test_an_image_twice_has_no_key_so_the_list_is_one_value() -> None:
    found = diff(with_images("a", "a"), with_images("a"))
    assert found == {"/content/images": Edit(op=DiffOp.REPLACE, before=("a", "a"), after=("a",))}


@pytest.mark.parametrize(
    ("pointer", "named"),
    [("/quantity", Section.QUANTITY), ("/content/aspects/Colour", Section.CONTENT)],
)
def test_a_pointer_names_its_section(pointer: str, named: Section) -> None:
    assert section(pointer) is named


def test_a_picture_that_goes_and_one_that_comes_are_an_edit_each() -> None:
    before = Projection(content=Content(images=("https://a/1", "https://a/2")))
    after = Projection(content=Content(images=("https://a/2", "https://a/3")))
    edits = diff(before, after)
    assert {edit.op for edit in edits.values()} == {DiffOp.ADD, DiffOp.REMOVE}
    assert apply(edits, before) == after
