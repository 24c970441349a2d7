"""Numbers, truth values and their texts: eBay reads one where its contract has the other.

Its own samples write ``"1"`` for an integer and ``"true"`` for a boolean, and programs send prices
as numbers.
"""

import re
from typing import cast

from mockbay.shapes import Each

INTEGER = re.compile(r"-?[0-9]{1,18}")
DECIMAL = re.compile(r"-?[0-9]{1,18}\.[0-9]{1,18}")
TRUTH = {"true": True, "false": False}


def readable(value: object, shape: object) -> object:
    """Return a copy of a value with each scalar as the type that a shape wants, where it can be.

    What cannot be read as that type stays as it is.
    """
    if isinstance(value, list) and isinstance(shape, list):
        inner = cast("list[object]", shape)[0]
        rows: object = [readable(one, inner) for one in cast("list[object]", value)]
        return rows
    if isinstance(value, dict) and isinstance(shape, Each | dict):
        fields = cast("Each | dict[str, object]", shape)
        document = cast("dict[str, object]", value)
        whole: object = {name: readable(one, _of(fields, name)) for name, one in document.items()}
        return whole
    if isinstance(value, str):
        return _from_text(value, shape)
    if isinstance(value, int | float) and not isinstance(value, bool):
        return _from_number(value, shape)
    return cast("object", value)


def _of(fields: Each | dict[str, object], name: str) -> object:
    return fields.shape if isinstance(fields, Each) else fields.get(name)


def _from_text(text: str, wanted: object) -> object:
    if wanted is bool:
        return TRUTH.get(text.lower(), text)
    if (wanted is int or wanted is float) and INTEGER.fullmatch(text):
        return int(text)
    return float(text) if wanted is float and DECIMAL.fullmatch(text) else text


def _from_number(number: float, wanted: object) -> object:
    if wanted is str:
        return str(number)
    return int(number) if wanted is int and number == int(number) else number
