"""The splitter of pages finds the sentences that a person reads, and counts their words."""

import pytest

from support.sentences import sentences


@pytest.mark.parametrize(
    ("page", "texts"),
    [
        ("One. Two! Three? Four", ["One.", "Two!", "Three?", "Four"]),
        ("baysync reads. eBay answers.", ["baysync reads.", "eBay answers."]),
        ("It costs 1.50, see run.py. Then stop.", ["It costs 1.50, see run.py.", "Then stop."]),
        ("One thing: two; three.", ["One thing: two; three."]),
        ("Files, e.g. a table, i.e. rows, etc. are read.", 1),
        ("It *ends.* (It does.) Now.", ["It *ends.*", "(It does.)", "Now."]),
        ("A line\nand its next.\n\nA paragraph", ["A line and its next.", "A paragraph"]),
        ("# A heading\nText\n- an item\n  of two lines\n2. the next", 4),
        ("> Quoted\n> lines", ["Quoted lines"]),
        ("| a cell | another. And more |\n|---|---|", ["a cell", "another.", "And more"]),
        ("Before:\n\n```console\n$ no. words. here\n```\n\nAfter.", ["Before:", "After."]),
        ("- item\n\n  ```python\n  no = 1\n  ```\n", ["item"]),
        ("See [the page](docs/a.md#x). <!-- not. this. --> Next.", ["See the page.", "Next."]),
        ("`a. b` and `c | d` stay", ["`a.·b` and `c·¦·d` stay"]),
        ("", []),
    ],
)
def test_a_page_is_split_into_its_sentences(page: str, texts: list[str] | int) -> None:
    found = [sentence.text for sentence in sentences(page)]
    assert (len(found) if isinstance(texts, int) else found) == texts


@pytest.mark.parametrize(
    ("sentence", "words"),
    [
        ("Four words stand here.", 4),
        ("`baysync queue list --limit 5` is one name.", 4),
        ("A list of `a`, `b` and `c d`, then more.", 6),
        ("A sign - or two · are none.", 6),
        ("See [the page](a.md) of five.", 5),
    ],
)
def test_code_is_one_word_and_so_is_a_list_of_names(sentence: str, words: int) -> None:
    assert [found.words for found in sentences(sentence)] == [words]
