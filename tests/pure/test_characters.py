"""What steers a terminal never gets there, and what is no text never gets to eBay."""

import json

import pytest

from baysync.base.characters import visible, visible_json


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("ti\x1b]0;pwn\x07tle", r"ti\x1b]0;pwn\x07tle"),
        ("\x1b[2J\x1b[31m", r"\x1b[2J\x1b[31m"),
        ("a\x9b31m", r"a\x9b31m"),
        ("a\x9d0;x\x9c", r"a\x9d0;x\x9c"),
        ("good\rbad", r"good\x0dbad"),
        ("a\x08\x7f\x00", r"a\x08\x7f\x00"),
        ("abc\u202egnp.exe", r"abc\u202egnp.exe"),
        ("a\u2066b\u2069\u200f\u061c", r"a\u2066b\u2069\u200f\u061c"),
        ("a\u2028b\x85", r"a\u2028b\x85"),
        ("Füße\t5 €\n日本", "Füße\t5 €\n日本"),
    ],
)
def test_each_steering_character_is_spelled_out(text: str, shown: str) -> None:
    assert visible(text) == shown
    encoded = json.dumps({"t": text}, ensure_ascii=False)
    assert visible(visible_json(encoded)) == visible_json(encoded)
    assert json.loads(visible_json(encoded)) == {"t": text}, "JSON loses nothing"
