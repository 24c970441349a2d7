"""The reference of the HTTP API, read out of its OpenAPI document; pure."""

import json
import shlex
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias
from urllib.parse import quote, urlencode

Json: TypeAlias = Mapping[str, Any]
METHODS = ("get", "post", "put", "patch", "delete")


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """A type in words; ``schema`` names the one that it is, or is a list of, for a link."""

    words: str
    schema: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldView:
    """A parameter or a field: where it stands, what it is, what it says."""

    name: str
    kinds: Sequence[Kind]
    place: str = ""
    needed: bool = False
    says: str = ""
    example: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class StatusView:
    """What one status means, and what is answered with it."""

    status: str
    says: str
    media_types: Sequence[str]
    kinds: Sequence[Kind]


@dataclass(frozen=True, slots=True, kw_only=True)
class OperationView:
    """One request that can be made."""

    id: str
    method: str
    path: str
    summary: str
    paragraphs: Sequence[str]
    parameters: Sequence[FieldView]
    body: Sequence[Kind]
    media_type: str
    statuses: Sequence[StatusView]
    curl: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TagView:
    """The requests about one thing."""

    title: str
    says: str
    operations: Sequence[OperationView]


@dataclass(frozen=True, slots=True, kw_only=True)
class SchemaView:
    """One shape of bodies and answers."""

    name: str
    says: str
    kinds: Sequence[Kind]
    fields: Sequence[FieldView]


def tags(document: Json, address: str) -> list[TagView]:
    """Return all requests by tag; their examples are sent to ``address``."""
    found = [_operation(*each, address) for each in _operations(document)]
    return [
        TagView(
            title=tag["x-displayName"],
            says=tag["description"],
            operations=[one for one in found if one.id.startswith(f"{tag['name']}.")],
        )
        for tag in document["tags"]
    ]


def schemas(document: Json) -> list[SchemaView]:
    """Return all shapes by name."""
    return [
        SchemaView(
            name=name,
            says=schema.get("description", ""),
            kinds=[] if "properties" in schema else list(_kinds(schema)),
            fields=[
                FieldView(
                    name=field,
                    kinds=list(_kinds(inner)),
                    needed=field in schema.get("required", ()),
                )
                for field, inner in schema.get("properties", {}).items()
            ],
        )
        for name, schema in sorted(document["components"]["schemas"].items())
    ]


def curl(path: str, method: str, operation: Json, address: str) -> str:
    """Return the command line that sends the example of an operation."""
    asked: list[tuple[str, object]] = []
    for parameter in operation.get("parameters", ()):
        name, value = parameter["name"], parameter.get("example")
        if parameter["in"] == "path":
            path = path.replace(f"{{{name}}}", quote(str(value), safe=""))
        elif value is not None:
            asked.append((name, value))
    target = address + path + (f"?{urlencode(asked, doseq=True)}" if asked else "")
    words = ["curl", "-s", *_body(operation)]
    chosen = "post" if "requestBody" in operation else "get"
    words += ["-X", method.upper()] if method != chosen else []
    return shlex.join([*words, target])


def _body(operation: Json) -> list[str]:
    for media_type, content in operation.get("requestBody", {}).get("content", {}).items():
        example = content["example"]
        if isinstance(example, str):
            return ["-H", f"Content-Type: {media_type}", "--data-binary", example]
        return ["--json", json.dumps(example, ensure_ascii=False)]
    return []


def _operations(document: Json) -> Iterator[tuple[str, str, Json]]:
    for path, item in sorted(document["paths"].items()):
        for method in METHODS:
            if method in item:
                yield path, method, item[method]


def _operation(path: str, method: str, operation: Json, address: str) -> OperationView:
    content: Json = operation.get("requestBody", {}).get("content", {})
    return OperationView(
        id=operation["operationId"],
        method=method.upper(),
        path=path,
        summary=operation["summary"],
        paragraphs=[part for part in operation["description"].split("\n\n") if part],
        parameters=[_parameter(one) for one in operation.get("parameters", ())],
        body=[kind for told in content.values() for kind in _kinds(told["schema"])],
        media_type=", ".join(content),
        statuses=[_status(*each) for each in operation["responses"].items()],
        curl=curl(path, method, operation, address),
    )


def _parameter(parameter: Json) -> FieldView:
    return FieldView(
        name=parameter["name"],
        kinds=list(_kinds(parameter["schema"])),
        place=parameter["in"],
        needed=parameter["required"],
        says=parameter["description"],
    )


def _status(status: str, response: Json) -> StatusView:
    content: Json = response.get("content", {})
    kinds = [kind for told in content.values() for kind in _kinds(told.get("schema", {}))]
    return StatusView(
        status=status,
        says=response["description"],
        media_types=list(content),
        kinds=list(dict.fromkeys(kinds)),
    )


def _kinds(schema: Json, prefix: str = "") -> Iterator[Kind]:
    """Yield a type in words, one for each choice."""
    choices = schema.get("anyOf", schema.get("oneOf"))
    if choices:
        for each in choices:
            yield from _kinds(each, prefix)
    elif ref := schema.get("$ref"):
        name = ref.rpartition("/")[2]
        yield Kind(words=f"{prefix}{name}", schema=name)
    elif schema.get("type") == "array" and not prefix:
        yield from _kinds(schema.get("items", {}), "list of ")
    elif isinstance(schema.get("additionalProperties"), Mapping) and not prefix:
        yield from _kinds(schema["additionalProperties"], "map to ")
    else:
        yield Kind(words=prefix + _words(schema))


def _words(schema: Json) -> str:
    if "enum" in schema:
        return ", ".join(map(str, schema["enum"]))
    if "const" in schema:
        return str(schema["const"])
    kind = schema.get("type", "any")
    name = kind if isinstance(kind, str) else " or ".join(kind)
    bounds = [f"≥ {schema['minimum']}" if "minimum" in schema else ""]
    bounds += [f"≤ {schema['maximum']:,}" if "maximum" in schema else ""]
    return " ".join(filter(None, [name, schema.get("format", ""), *bounds]))
