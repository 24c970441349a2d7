"""Characters that steer a terminal or hide what a text says. Pure."""

import re

# C0 without tab and newline, DEL, C1, marks of direction, breaks of lines and paragraphs.
_STEERING = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]")


def visible(text: str) -> str:
    r"""Return ``text`` with each steering character spelled out: ESC as ``\x1b``.

    A tab and a newline stay. What comes of it moves no cursor, colours nothing, sets no title
    and turns no direction (ASVS 16.4.1; Trojan Source, CVE-2021-42574).
    """
    return _STEERING.sub(_spelled, text)


def visible_json(encoded: str) -> str:
    r"""Return JSON that says the same with each steering character as ``\u009b``."""
    return _STEERING.sub(_escaped, encoded)


def _spelled(found: re.Match[str]) -> str:
    code = ord(found[0])
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}"  # noqa: PLR2004


def _escaped(found: re.Match[str]) -> str:
    return f"\\u{ord(found[0]):04x}"
