"""The description of the API: what FastAPI finds in the routes, and what only we know of them.

Every status, the bodies that are read by decoders of ours, and an example of each request.
"""

from collections.abc import Iterator, Mapping
from http import HTTPStatus
from typing import Any, TypeAlias

from fastapi import FastAPI
from fastapi.routing import APIRoute

from baysync.api import schemas
from baysync.api.examples import EXAMPLES, PARAMETERS
from baysync.api.problems import MEDIA_TYPE

Described: TypeAlias = dict[str, Any]
ADDRESS = "http://127.0.0.1:8077"
JSON = "application/json"
METHODS = ("get", "post", "put", "patch", "delete")
MEANS = {
    304: "Nothing has changed.",
    400: "It is no HTTP; or the address, a cursor or the body cannot be read.",
    403: "Another host, another site's page or a proxy stands behind it.",
    404: "There is nothing of that name.",
    408: "The body came too slowly; the connection is closed.",
    409: "It is not in the state that this needs; where several places are meant, with `choices`.",
    412: "It has changed since; `current` shows it.",
    413: "It is too large.",
    415: "The body is compressed.",
    422: "A field or parameter does not fit; `errors` has a pointer for each.",
    500: "A fault of ours; the log has it under the correlation id.",
    503: "The database does not answer, or too many ask at once: try again after `Retry-After`.",
}
EVERYWHERE = (400, 403, 415, 422, 500, 503)
BODY, STREAM = (408, 413), (408,)
TAGS = (
    ("listings", "Listings", "What the shop wants to sell."),
    ("ebay", "On eBay", "How listings stand there, what they were, and what would be sent."),
    ("orders", "Orders", "What was sold."),
    ("operating", "Operating", "What waits, what gave up, what was tried; jobs and accounts."),
    ("observing", "Observing", "Health, readiness and metrics."),
)
_TEXT = {"type": "string"}
_ERROR: Described = {
    "type": "object",
    "properties": dict.fromkeys(("detail", "pointer", "rule", "fix", "severity"), _TEXT),
    "required": ["detail", "pointer"],
}
PROBLEM: Described = {
    "type": "object",
    "description": "RFC 9457 problem details; `code` is for programs, `fix` for people.",
    "required": ["type", "title", "status", "detail", "code", "correlation_id"],
    "properties": {
        **dict.fromkeys(("type", "title", "detail", "code", "correlation_id"), _TEXT),
        "status": {"type": "integer"},
        "instance": _TEXT,
        "fix": _TEXT,
        "errors": {"type": "array", "items": _ERROR},
        "choices": {"type": "array", "items": {"type": "object", "additionalProperties": _TEXT}},
        "current": {"type": ["object", "null"]},
    },
}


def answers(*statuses: int) -> dict[int | str, Described]:
    """Return, for a route, the statuses that it answers beside its own and those of every route."""
    return {status: {"description": MEANS[status]} for status in statuses}


def body(name: str, *, media_type: str = JSON) -> Described:
    """Return, for a route, that it reads a body of this schema; ``|`` parts several."""
    refs = [{"$ref": f"{schemas.REF}{each}"} for each in name.split("|")]
    schema = refs[0] if len(refs) == 1 else {"anyOf": refs}
    return {"requestBody": {"required": True, "content": {media_type: {"schema": schema}}}}


def operation_id(route: APIRoute) -> str:
    """Return the name of an operation for generated clients: ``listings.create``."""
    return ".".join(map(str, (*route.tags, route.name)))


class DescribedApi(FastAPI):
    """FastAPI with a whole description."""

    def openapi(self) -> Described:
        """Return the description, made once."""
        if self.openapi_schema is None:
            self.openapi_schema = completed(super().openapi())
        return self.openapi_schema


def completed(described: Described) -> Described:
    """Return a description with all statuses, schemas, words and examples."""
    known = described["components"]["schemas"]
    for name in ("HTTPValidationError", "ValidationError"):
        known.pop(name, None)
    known |= schemas.components() | {"StockNumbers": schemas.STOCK, "ProblemDetails": PROBLEM}
    known |= {name: _spoken(schema) for name, schema in known.items()}
    described["servers"] = [{"url": ADDRESS}]
    described["tags"] = [
        {"name": name, "x-displayName": title, "description": says} for name, title, says in TAGS
    ]
    for path, method, operation in operations(described):
        _say(operation)
        _answer(operation)
        _exemplify(operation, f"{method.upper()} {path}")
    return described


def operations(described: Mapping[str, Any]) -> Iterator[tuple[str, str, Described]]:
    """Yield path, method and operation of all that a document describes."""
    for path, item in described["paths"].items():
        for method in METHODS:
            if method in item:
                yield path, method, item[method]


def _spoken(schema: Described) -> Described:
    return schema | {"description": _marked(schema.get("description", ""))}


def _marked(words: str) -> str:
    """Return what a docstring says as Markdown, in lines as long as they come."""
    parts = [" ".join(part.split()) for part in words.replace("``", "`").split("\n\n")]
    return "\n\n".join(parts)


def _say(operation: Described) -> None:
    """Take the first sentence of a route for its summary, and the rest for its description."""
    summary, _, rest = _marked(operation.get("description", "")).partition("\n\n")
    operation["summary"], operation["description"] = summary, rest
    for parameter in operation.get("parameters", []):
        parameter.setdefault("description", PARAMETERS[parameter["name"]])
        parameter["schema"].pop("title", None)


def _answer(operation: Described) -> None:
    responses: Described = operation["responses"]
    content = operation.get("requestBody", {}).get("content", {})
    own = BODY if JSON in content else STREAM if content else ()
    for status in (*EVERYWHERE, *own):
        responses.setdefault(str(status), {})
    for status, response in responses.items():
        code = int(status)
        if code >= HTTPStatus.BAD_REQUEST:
            response["description"] = MEANS[code]
            kinds: Described = {} if status == "422" else response.get("content", {})
            response["content"] = kinds
            kinds[MEDIA_TYPE] = {"schema": {"$ref": f"{schemas.REF}ProblemDetails"}}
        elif response.get("description") == "Successful Response":
            response["description"] = HTTPStatus(code).phrase
    operation["responses"] = dict(sorted(responses.items()))


def _exemplify(operation: Described, name: str) -> None:
    """Give each parameter and body of an operation its example."""
    example = EXAMPLES[name]
    for parameter in operation.get("parameters", []):
        if parameter["name"] in example.parameters:
            parameter["example"] = example.parameters[parameter["name"]]
    if example.body is not None:
        (content,) = operation["requestBody"]["content"].values()
        content["example"] = example.body
