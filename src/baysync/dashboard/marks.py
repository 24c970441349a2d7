"""What differs inside a line, marked on both sides; long lines get less exact marks. Pure.

The search for what two texts share takes the product of their pieces, and more where many pieces
are alike: spaces, brackets. So ends that are the same are taken off first, and what is left is
searched only while it is short.
"""

import difflib
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import takewhile

from markupsafe import Markup, escape

NOTHING = Markup()
MOST = 40_000  # pairs of pieces, of one line: 0.03 s where they are most alike
MOST_OF_ALL = 1_000_000  # of all lines of a page
_WORD = re.compile(r"\w+|\s+|[^\w\s]")
_SENTENCE = re.compile(r"<[^<>]*>|[^<>.!?]+[.!?]*|.", re.DOTALL)
_Edit = tuple[bool, str, str]
_Trimmed = tuple[str, Sequence[str], Sequence[str], str]


@dataclass(slots=True)
class Patience:
    """How much more may be searched for one page."""

    left: int = MOST_OF_ALL

    def suffices(self, pairs: int) -> bool:
        """Tell whether so many pairs may be searched, and count them if so."""
        if pairs > min(self.left, MOST):
            return False
        self.left -= pairs
        return True


def marked(left: str, right: str, patience: Patience) -> tuple[Markup, Markup]:
    """Return both lines with the words that differ marked; sentences, or all, of long ones."""
    words = _trimmed(_WORD.findall(left), _WORD.findall(right))
    for head, one, two, tail in (
        words,
        _trimmed(_SENTENCE.findall(left), _SENTENCE.findall(right)),
    ):
        if patience.suffices(len(one) * len(two)):
            return _shown(head, _edits(one, two), tail)
    head, one, two, tail = words
    return _shown(head, [(False, "".join(one), "".join(two))], tail)


def _trimmed(one: list[str], two: list[str]) -> _Trimmed:
    """Return the pieces between the ends that both have in common, and those ends as text."""
    head = _alike(one, two)
    tail = _alike(reversed(one[head:]), reversed(two[head:]))
    last = len(one) - tail
    return "".join(one[:head]), one[head:last], two[head : len(two) - tail], "".join(one[last:])


def _alike(one: Iterable[str], two: Iterable[str]) -> int:
    pairs = zip(one, two, strict=False)
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], pairs))


def _edits(one: Sequence[str], two: Sequence[str]) -> list[_Edit]:
    matcher = difflib.SequenceMatcher(None, one, two, autojunk=False)
    return [
        (op == "equal", "".join(one[i1:i2]), "".join(two[j1:j2]))
        for op, i1, i2, j1, j2 in matcher.get_opcodes()
    ]


def _shown(head: str, edits: Iterable[_Edit], tail: str) -> tuple[Markup, Markup]:
    left, right = [escape(head)], [escape(head)]
    for same, gone, come in edits:
        left.append(escape(gone) if same else _within("del", gone))
        right.append(escape(come) if same else _within("ins", come))
    return NOTHING.join([*left, escape(tail)]), NOTHING.join([*right, escape(tail)])


def _within(tag: str, text: str) -> Markup:
    return Markup("<{0}>{1}</{0}>").format(Markup(tag), text) if text else NOTHING  # noqa: S704 -- ours
