"""Bodies drawn from the decoder's own types: JSON that nearly fits, with all that is hostile."""

import json

from hypothesis import strategies as st
from msgspec import inspect

from baysync.listing.model import Listing

Text = st.SearchStrategy[str]
SKUS = ("A", "B", "A/B", "V1", "V2", "", ".", "..", "%2F", "a?b#c", "\u00e4 \u2603", "x" * 300)
TEXTS = (
    *(
        "",
        " ",
        "x",
        "x" * 100,
        "1",
        "-1",
        "1e30",
        "NaN",
        "\0",
        "\ud800",
        "\u202e",
        "\u0085",
        "\x1b[2J",
    ),
    *(
        "EBAY_US",
        "EUR",
        "active",
        "draft",
        "archived",
        "untracked",
        "kilogram",
        "2026-02-30",
        "<p>",
    ),
    *(
        "ftp://x",
        "https://[",
        "https://img.example.com/a.jpg",
        "https://169.254.169.254/",
        "[",
        "{}",
    ),
)
NUMBERS = (
    *(
        "0",
        "-0",
        "1",
        "5",
        "-1",
        "0.1",
        "19.90",
        "1e2",
        "1e28",
        "1e30",
        "-1e30",
        "1e400",
        "1E-400000",
    ),
    *("1e-999999999", "1e999999999", "1e99999999999999999999", "2147483648", "9007199254740993"),
    *("9" * 40, "9" * 41, "0." + "0" * 30 + "1"),
)


def listings() -> Text:
    """Return whole documents, of which now and then a field is no more than JSON."""
    return _fitting(inspect.type_info(Listing))


def lines() -> Text:
    """Return lines of a bulk body: documents, patches, questions, and what is none of them."""
    asked = _object({"sku": skus(), "hash": _spelled(TEXTS)})
    patched = st.tuples(skus(), listings()).map(
        lambda two: f'{{"op": "patch", "sku": {two[0]}, {two[1][1:]}'.replace(", }", "}")
    )
    return st.one_of(listings(), patched, asked, junk(), st.sampled_from(["{", "nul", "\0", '"']))


def stock() -> Text:
    """Return bodies for the stock door."""
    item = _object({"sku": skus(), "quantity": st.one_of(_numbers(), junk())})
    items = st.lists(st.one_of(item, item, junk()), max_size=4).map(_listed)
    return st.one_of(items.map(lambda text: f'{{"items": {text}}}'), junk())


def skus() -> Text:
    """Return SKUs, of which some are none."""
    return _spelled(SKUS)


def junk() -> Text:
    """Return JSON of any kind."""
    scalars = st.one_of(_spelled(TEXTS), _numbers(), st.sampled_from(["null", "true", "NaN"]))
    return st.one_of(
        scalars,
        st.lists(scalars, max_size=3).map(_listed),
        st.dictionaries(_spelled(TEXTS), scalars, max_size=2).map(_braced),
    )


def _numbers() -> Text:
    return st.sampled_from(NUMBERS)


def _spelled(texts: tuple[str, ...]) -> Text:
    return st.sampled_from(texts).map(json.dumps)


def _listed(texts: list[str]) -> str:
    return f"[{', '.join(texts)}]"


def _braced(fields: dict[str, str]) -> str:
    return f"{{{', '.join(f'{name}: {text}' for name, text in fields.items())}}}"


def _object(fields: dict[str, Text]) -> Text:
    drawn = st.fixed_dictionaries({}, optional={json.dumps(n): each for n, each in fields.items()})
    return drawn.map(_braced)


def _kind(kind: inspect.Type, name: str = "") -> Text:
    fitting = skus() if name == "sku" else _fitting(kind)
    return st.one_of(fitting, fitting, fitting, junk())


def _fitting(kind: inspect.Type) -> Text:
    match kind:
        case inspect.StructType():
            return _object({f.encode_name: _kind(f.type, f.encode_name) for f in kind.fields})
        case inspect.UnionType():
            return st.one_of([_fitting(each) for each in kind.types])
        case inspect.VarTupleType():
            return st.lists(_kind(kind.item_type), max_size=2).map(_listed)
        case inspect.DictType():
            values = _kind(kind.value_type)
            return st.dictionaries(_spelled(TEXTS), values, max_size=2).map(_braced)
        case inspect.EnumType():
            return _spelled(tuple(str(each.value) for each in kind.cls))
        case _:
            return _SCALARS.get(type(kind), _spelled(TEXTS))


_SCALARS: dict[type[inspect.Type], Text] = {
    inspect.BoolType: st.sampled_from(["true", "false"]),
    inspect.DecimalType: st.one_of(_numbers(), _numbers().map(json.dumps)),
    inspect.IntType: st.one_of(_numbers(), _numbers().map(json.dumps)),
    inspect.NoneType: st.just("null"),
}
