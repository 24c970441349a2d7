"""How bytes of a table become text: a good row is never changed by a bad one."""

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from baysync.base.errors import ListingFileError
from baysync.files.encoding import Charset, Encoding, Settled, survey

GERMAN = "Gr\u00f6\u00dfe \u2013 5 \u20ac; Baker\u2019s"


def surveyed(data: bytes) -> Encoding:
    stream = io.BytesIO(data)
    encoding = survey(stream)
    assert stream.tell() == 0
    return encoding


def cells(data: bytes) -> list[Settled]:
    encoding = surveyed(data)
    return [
        encoding.cell(line.decode("utf-8", "surrogateescape"))
        for line in data.removeprefix(b"\xef\xbb\xbf").split(b"\n")
    ]


@pytest.mark.parametrize(
    ("data", "charset"),
    [
        (GERMAN.encode(), Charset.UTF8),
        (b"\xef\xbb\xbf" + GERMAN.encode(), Charset.UTF8),
        (b"\xef\xbb\xbfplain", Charset.UTF8),
        (b"plain", Charset.UTF8),
        (b"", Charset.UTF8),
        (GERMAN.encode("utf-16"), Charset.UTF16),
        (b"\xfe\xff" + GERMAN.encode("utf-16-be"), Charset.UTF16),
        (GERMAN.encode("cp1252"), Charset.WINDOWS),
        ("Gr\u00f6\u00dfe".encode() + b" caf\xe9 caf\xe9 caf\xe9", Charset.MIXED),
        (b"cut \xc3", Charset.WINDOWS),
    ],
)
def test_a_file_shows_how_it_is_encoded(data: bytes, charset: Charset) -> None:
    assert surveyed(data).charset is charset


def test_utf_16_without_its_mark_is_refused_by_name() -> None:
    with pytest.raises(ListingFileError, match="UTF-16 without its mark"):
        surveyed("a;b\n".encode("utf-16-le"))
    assert surveyed(b"a;b\n\0" + b"x" * 99).charset is Charset.UTF8


def test_one_strange_cell_is_windows_1252_and_the_others_stay_utf_8() -> None:
    good, strange = cells("Gr\u00f6\u00dfe".encode() + b"\nBaker\x92s tin")
    assert good == Settled("Gr\u00f6\u00dfe")
    assert strange == Settled("Baker\u2019s tin", byte=0x92, at=6)


def test_a_cell_that_holds_both_encodings_or_a_byte_of_neither_is_refused() -> None:
    _, both = cells("sch\u00f6n, gr\u00fcn\n".encode() + "\u00e4".encode() + b"x\x92")
    assert (both.byte, both.at, both.readable) == (0x92, 4, False)
    assert both.text == "\u00e4x\ufffd"
    _, neither = cells("sch\u00f6n, gr\u00fcn\n".encode() + b"caf\x81")
    assert (neither.byte, neither.at, neither.readable) == (0x81, 4, False)


def test_a_file_joined_of_halves_is_read_cell_by_cell() -> None:
    words = ["Gr\u00f6\u00dfe", "sch\u00f6n"]
    rest = ["Gr\u00f6\u00dfe", "sch\u00f6n", "St\u00fcck", "\u00c4pfel"]
    data = "\n".join(words).encode() + b"\n" + "\n".join(rest).encode("cp1252")
    assert surveyed(data).charset is Charset.MIXED
    assert [cell.text for cell in cells(data)] == words + rest


def test_windows_text_that_happens_to_be_utf_8_stays_what_it_was() -> None:
    data = "\u201eSpa\u00df\u201c f\u00fcr Gro\u00dfe".encode("cp1252")
    assert [cell.text for cell in cells(data)] == ["\u201eSpa\u00df\u201c f\u00fcr Gro\u00dfe"]


@given(
    rows=st.lists(
        st.text("abc \u00e4\u00f6\u00fc\u00df\u20ac\u2019\u010d\u017e\u03b1\u65e5"), max_size=20
    ),
    bad=st.binary(max_size=5),
)
def test_good_rows_stay_as_they_are_whatever_stands_in_another(rows: list[str], bad: bytes) -> None:
    data = "\n".join(rows).encode()
    encoding = surveyed(data + b"\n" + bad.replace(b"\0", b""))
    if encoding.charset is Charset.UTF8:
        assert [encoding.cell(row) for row in rows] == [Settled(row) for row in rows]
