"""Compression of what is stored."""

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from baysync.base.packing import LONGEST, opened, pack, unpack


@given(st.binary(max_size=2_000))
def test_what_is_packed_comes_out_again(plain: bytes) -> None:
    assert unpack(pack(plain)) == plain


@given(st.dictionaries(st.text(), st.text()))
def test_json_is_read_as_it_was_stored_packed_or_plain(document: dict[str, str]) -> None:
    plain = msgspec.json.encode(document)
    assert opened(pack(plain)) == opened(plain) == plain


def test_a_frame_that_claims_more_than_any_document_holds_is_not_unpacked() -> None:
    with pytest.raises(ValueError, match="claims more"):
        unpack(pack(bytes(LONGEST + 1)))
