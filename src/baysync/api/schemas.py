"""What the decoder of listings takes, as JSON Schema, made of the same types; pure."""

from collections.abc import Iterable
from typing import TypeAlias, cast

from msgspec import NODEFAULT, Struct, inspect

from baysync.listing.decode import DECIMAL, DIGITS_BEFORE, INTEGER
from baysync.listing.lines import LONGEST_HASH
from baysync.listing.model import UNTRACKED, Listing, Variant
from baysync.listing.stock import MOST_ITEMS

Schema: TypeAlias = dict[str, object]

PATCH = "Patch"  # ends the names of what a patch may say
REF = "#/components/schemas/"
_BOUNDS: Schema = {"exclusiveMinimum": -(10**DIGITS_BEFORE), "exclusiveMaximum": 10**DIGITS_BEFORE}
_DIGITS: list[Schema] = [
    {"type": "integer", **_BOUNDS},
    {"type": "string", "pattern": rf"^\s*(?:{INTEGER.pattern})\s*$"},
]
NULL: Schema = {"type": "null"}
TEXT: Schema = {"type": "string", "pattern": r"^[^\x00]*$"}
WHOLE: Schema = {"anyOf": _DIGITS}
DECIMALS: Schema = {
    "anyOf": [
        {"type": "number", **_BOUNDS},
        {"type": "string", "pattern": rf"^\s*(?:{DECIMAL.pattern})\s*$"},
    ]
}
QUANTITY: Schema = {"anyOf": [*_DIGITS, {"const": UNTRACKED}]}
STOCK: Schema = {
    "type": "object",
    "required": ["items"],
    "properties": {
        "items": {
            "type": "array",
            "maxItems": MOST_ITEMS,
            "items": {
                "type": "object",
                "required": ["sku", "quantity"],
                "properties": {"sku": TEXT, "quantity": QUANTITY},
            },
        }
    },
}
HASH: Schema = {"type": "string", "minLength": 1, "maxLength": LONGEST_HASH}


def components() -> dict[str, Schema]:
    """Return the schemas of a whole listing and of a patch by name, with those that they name."""
    found: dict[str, Schema] = {}
    for patch in ("", PATCH):
        _add(Listing, found, patch)
    listing, patched = _properties(found["Listing"]), _properties(found[f"Listing{PATCH}"])
    _properties(found[f"Variant{PATCH}"])["remove"] = {"type": "boolean"}
    found["ListingPut"] = {name: v for name, v in found["Listing"].items() if name != "required"}
    found["Line"] = {
        "description": "One line of NDJSON: a listing, a patch, or the question after a hash.",
        "anyOf": [
            {**found["Listing"], "properties": {**listing, "hash": HASH, "op": {"const": "put"}}},
            {
                **found[f"Listing{PATCH}"],
                "required": ["op", "sku"],
                "properties": {**patched, "op": {"const": "patch"}},
            },
        ],
    }
    return found


def _properties(schema: Schema) -> Schema:
    return cast("Schema", schema["properties"])


def _add(kind: type[Struct], found: dict[str, Schema], patch: str) -> None:
    """Add the schema of a struct; a patch needs no field but the SKU of a variant."""
    name = f"{kind.__name__}{patch}"
    if name in found:
        return
    found[name] = {}  # named while it is made
    described = inspect.type_info(kind)
    if not isinstance(described, inspect.StructType):
        raise TypeError(f"{name} is no struct")
    needed = [
        each.encode_name
        for each in described.fields
        if each.default is NODEFAULT
        and each.default_factory is NODEFAULT
        and (not patch or (kind is Variant and each.name == "sku"))
    ]
    properties: Schema = {}
    for each in described.fields:
        schema = _schema(each.type, found, patch)
        is_needed = each.encode_name in needed
        properties[each.encode_name] = schema if is_needed else {"anyOf": [*_parts(schema), NULL]}
    doc = (kind.__doc__ or "").partition("\n\n")[0]
    found[name] = {
        "type": "object",
        "description": " ".join(doc.split()),
        "properties": properties,
        "additionalProperties": False,
        **({"required": needed} if needed else {}),
    }


def _parts(schema: Schema) -> list[object]:
    return cast("list[object]", schema.get("anyOf", [schema]))


def _schema(kind: inspect.Type, found: dict[str, Schema], patch: str) -> Schema:
    match kind:
        case inspect.UnionType(types=types):
            return _union(types, found, patch)
        case inspect.StructType(cls=cls):
            _add(cls, found, patch)
            return {"$ref": f"{REF}{cls.__name__}{patch}"}
        case inspect.VarTupleType(item_type=item):
            return {"type": "array", "items": _schema(item, found, patch)}
        case inspect.DictType(value_type=item):
            inner = _schema(item, found, patch)
            return {"type": "object", "propertyNames": TEXT, "additionalProperties": inner}
        case inspect.EnumType(cls=cls):
            return {"enum": [str(member.value) for member in cls]}
        case _:
            return _LEAVES[type(kind)]


def _union(types: Iterable[inspect.Type], found: dict[str, Schema], patch: str) -> Schema:
    if any(isinstance(each, inspect.LiteralType) for each in types):
        return QUANTITY
    return _schema(
        next(each for each in types if not isinstance(each, inspect.NoneType)), found, patch
    )


_LEAVES: dict[type, Schema] = {
    inspect.StrType: TEXT,
    inspect.IntType: WHOLE,
    inspect.DecimalType: DECIMALS,
    inspect.BoolType: {"type": "boolean"},
}
