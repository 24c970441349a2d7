"""What the mock says: replies, refusals, and eBay's error envelope."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, cast

from mockbay.catalogue import ERRORS, Known

Document = dict[str, Any]

NO_HEADERS: Mapping[str, str] = {}


@dataclass(slots=True)
class Reply:
    """An answer: ``body`` is a JSON document, ready bytes, or nothing at all."""

    status: int
    body: Document | bytes | None = None
    headers: Mapping[str, str] = field(default_factory=dict[str, str])
    content_type: str = "application/json"

    @property
    def succeeded(self) -> bool:
        """Whether the status is 2xx; rows of a bulk answer may still have failed."""
        return 200 <= self.status < 300  # noqa: PLR2004  (the class of success)


class Refusal(Exception):
    """A call is refused with a status and the errors that say why."""

    def __init__(self, status: int, errors: list[Document]) -> None:
        super().__init__(status, errors)
        self.status = status
        self.errors = errors

    def reply(self) -> Reply:
        """Return the refusal in eBay's envelope."""
        return Reply(self.status, {"errors": self.errors})


NOT_IMPLEMENTED = {"x-mockbay": "not-implemented"}


class Lacking(Refusal):
    """The mock lacks what a call asks for, ``what``: 501, which no answer of eBay's is."""

    def __init__(self, what: str) -> None:
        error: Document = {
            "errorId": 501, "domain": "MOCKBAY", "category": "APPLICATION",
            "message": f"mockbay does not implement {what}: this is no answer of eBay's. "
            "docs/reference/mockbay-operations.md lists what it implements.",
            "parameters": [{"name": "lacking", "value": what}],
        }  # fmt: skip
        super().__init__(501, [error])

    def reply(self) -> Reply:
        """Return the refusal with the header that marks it."""
        return Reply(self.status, {"errors": self.errors}, NOT_IMPLEMENTED)


def lacking(reply: Reply) -> str | None:
    """Return what the mock lacks, if an answer says that it lacks something."""
    if not isinstance(reply.body, dict) or "x-mockbay" not in reply.headers:
        return None
    return reply.body["errors"][0]["parameters"][0]["value"]


def part(document: Document, *way: str) -> Document:
    """Return an object inside a document; {} where the way ends or leads to something else."""
    for name in way:
        inner = document.get(name)
        document = cast("Document", inner) if isinstance(inner, dict) else {}
    return document


def describe(
    error_id: int, detail: str = "", parameters: Mapping[str, str] = NO_HEADERS
) -> Document:
    """Return one error or warning as eBay spells it; ``detail`` follows the known message."""
    known = ERRORS.get(error_id, Known(500, "API_UNKNOWN", "APPLICATION", "Unlisted error."))
    described: Document = {
        "errorId": error_id,
        "domain": known.domain,
        "category": known.category,
        "message": f"{known.message} {detail}".strip(),
    }
    if known.domain == "API_INVENTORY":
        described["subdomain"] = "Selling"
    if parameters:
        described["parameters"] = [{"name": n, "value": v} for n, v in parameters.items()]
    return described


def refuse(
    error_id: int,
    detail: str = "",
    *,
    status: int | None = None,
    parameters: Mapping[str, str] = NO_HEADERS,
) -> Refusal:
    """Return the refusal for a known error; the status is that of the catalogue unless given."""
    known = ERRORS.get(error_id)
    return Refusal(
        status or (known.status if known else 500), [describe(error_id, detail, parameters)]
    )
