"""Categories are found by all words, wherever in their path, those that name them first."""

from baysync.reference.catalogue import CategoryPath, locate, search
from baysync.reference.model import Named, Names

TREE = (
    Named("1", "Home & Garden", "", leaf=False),
    Named("10", "Lampen", "1", leaf=False),
    Named("101", "Tischlampen", "10", leaf=True),
    Named("102", "Für Gärten", "10", leaf=True),
    Named("103", "Gartenlampen", "1", leaf=True),
)
NAMES = Names(version="1", categories=TREE)


def ids(text: str) -> list[str]:
    return [place.id for place in search(NAMES, text)]


def test_all_words_must_be_there_each_at_the_beginning_of_one() -> None:
    assert ids("lampen") == ["102", "101"]
    assert ids("lampen tisch") == ["101"]
    assert ids("garten") == ["102", "103"]
    assert ids("GÄRTEN für") == ["102"]
    assert ids("lamp zeppelin") == []
    assert ids(" ") == []


def test_a_category_stands_below_those_above_it() -> None:
    by_id = {each.id: each for each in TREE}
    assert locate(by_id, by_id["101"]) == CategoryPath(
        id="101", name="Tischlampen", path=("Home & Garden", "Lampen"), leaf=True
    )
    assert locate(by_id, by_id["1"]).path == ()
