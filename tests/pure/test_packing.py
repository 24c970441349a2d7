"""Compression of what is stored."""

from hypothesis import given
from hypothesis import strategies as st

from baysync.base.packing import pack, unpack


@given(st.binary(max_size=2_000))
def test_what_is_packed_comes_out_again(plain: bytes) -> None:
    assert unpack(pack(plain)) == plain
