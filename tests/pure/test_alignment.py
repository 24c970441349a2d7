"""What stands for what on two sides: all lines, in order, equal where it says so."""

from hypothesis import given
from hypothesis import strategies as st

from baysync.dashboard.alignment import MOST_PAIRS, opcodes

texts = st.lists(st.sampled_from("abcdefgh{}"), max_size=30)


@given(texts, texts)
def test_opcodes_turn_one_text_into_the_other(left: list[str], right: list[str]) -> None:
    i = j = 0
    for op, i1, i2, j1, j2 in opcodes(left, right):
        assert (i1, j1) == (i, j)
        assert (left[i1:i2] == right[j1:j2]) is (op == "equal")
        i, j = i2, j2
    assert (i, j) == (len(left), len(right))


@given(st.lists(st.integers(0, 50), unique=True), st.data())
def test_lines_that_stand_once_are_found_wherever_others_come_between(
    numbers: list[int], data: st.DataObject
) -> None:
    left = [str(number) for number in numbers]
    right = [line for line in left for line in (data.draw(st.sampled_from("xy")), line)]
    equal = [
        left[i] for op, i1, i2, _, _ in opcodes(left, right) if op == "equal" for i in range(i1, i2)
    ]
    assert equal == left


def test_a_long_stretch_without_a_line_of_its_own_is_replaced_whole() -> None:
    size = int(MOST_PAIRS**0.5) + 1
    assert list(opcodes(["a"] * size, ["b"] * size)) == [("replace", 0, size, 0, size)]
