"""Split a Markdown page into its sentences and count their words."""

import re
from collections.abc import Iterator
from typing import NamedTuple

LONGEST = 25
FENCED = re.compile(r"^ *(`{3,})[^\n]*\n.*?^ *\1`*$", re.DOTALL | re.MULTILINE)
COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
SPAN = re.compile(r"(?<!`)(`+)(?!`)(?:(?!\n\n).)+?(?<!`)\1(?!`)", re.DOTALL)
LINK = re.compile(r"!?\[([^\]]*)\]\([^)\s]*\)")
HEADING = re.compile(r"^(#{1,6} .*)$", re.MULTILINE)
QUOTED = re.compile(r"^ *> ?", re.MULTILINE)
MARKER = re.compile(r"[-*+] +|\d+[.)] +|#{1,6} +")
BORDER = re.compile(r"(?<!\\)\|")
ABBREVIATIONS = ("e.g.", "i.e.", "etc.", "vs.", "incl.")
NAMES = re.compile(r"(?<!\S)`[^`]+`(?:,? (?:and |or )?`[^`]+`)+")
NOT_SHORT = "".join(f"(?<!{re.escape(short)})" for short in ABBREVIATIONS)
END = re.compile(rf"{NOT_SHORT}(?<=[.!?])[\"')*_\]]*(?: +|$)")
IN_CODE = str.maketrans({" ": "·", "\n": "·", "|": "¦"})  # code is one word of one sentence


class Sentence(NamedTuple):
    """A sentence of a page with its number of words; code between backticks is one word."""

    text: str
    words: int


def sentences(page: str) -> list[Sentence]:
    """Return the sentences of a Markdown page, without code blocks, comments and addresses."""
    prose = COMMENT.sub("\n\n", FENCED.sub("\n\n", page))
    prose = HEADING.sub(r"\n\1\n", QUOTED.sub("", prose))
    prose = SPAN.sub(lambda span: span[0].translate(IN_CODE), prose)
    texts = (text for block in blocks(LINK.sub(r"\1", prose)) for text in split(block))
    counted = (Sentence(text, count(text)) for text in texts)
    return [sentence for sentence in counted if sentence.words]


def blocks(prose: str) -> Iterator[str]:
    """Yield the parts that no sentence runs across: headings, list items, cells, paragraphs."""
    lines: list[str] = []
    for line in [*map(str.strip, prose.splitlines()), ""]:
        marker = MARKER.match(line)
        if not line or marker or line.startswith("|"):
            yield " ".join(lines)
            lines = []
        if line.startswith("|"):
            yield from (cell.strip() for cell in BORDER.split(line))
        elif line:
            lines.append(line[marker.end() :] if marker else line)


def split(block: str) -> Iterator[str]:
    """Yield the sentences of one block; a colon or semicolon ends none."""
    start = 0
    for end in END.finditer(block):
        yield block[start : end.end()].strip()
        start = end.end()
    yield block[start:].strip()


def count(sentence: str) -> int:
    """Return the number of words; a list of names is one, a sign that stands alone is none."""
    words = NAMES.sub("`names`", sentence).split()
    return sum(any(map(str.isalnum, word)) for word in words)
