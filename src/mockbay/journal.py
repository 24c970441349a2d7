"""The journal: every call that reached the mock, in the order of arrival."""

import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from urllib.parse import parse_qsl, urlencode

from mockbay.answers import Document, Reply
from mockbay.clock import to_iso

KEPT_HEADERS = (
    "authorization", "accept", "accept-language", "content-type", "content-language",
    "x-ebay-c-marketplace-id", "user-agent",
)  # fmt: skip
SECRET_FIELDS = frozenset({"refresh_token", "code"})
WORTH_PACKING = 300


@dataclass(slots=True)
class Entry:
    """One call: what was asked, what was answered, and whether it took effect."""

    seq: int
    at: int
    method: str
    path: str
    query: str
    op: str
    headers: tuple[tuple[str, str], ...]
    packed: bytes
    hash: str
    account: str | None = None
    status: int | None = None
    outcome: str = "running"
    applied: bool = False
    faults: list[str] = field(default_factory=list[str])
    errors: list[int] = field(default_factory=list[int])
    rows: list[int] = field(default_factory=list[int])

    @property
    def body(self) -> str:
        """The body as it was sent, secrets of the token call struck out."""
        return _unpacked(self.packed).decode("utf-8", "replace")

    def record(self, reply: Reply) -> None:
        """Note the answer: status, error ids, and the status of each row of a bulk call."""
        self.status = reply.status
        self.outcome = "answered"
        if isinstance(reply.body, dict):
            rows: list[Document] = reply.body.get("responses") or []
            self.rows = [row["statusCode"] for row in rows if "statusCode" in row]
            self.errors = [e["errorId"] for doc in (reply.body, *rows) for e in errors_of(doc)]

    def shown(self, *, bodies: bool) -> Document:
        """Return the entry as ``GET /_mock/journal`` shows it."""
        document: Document = {
            "seq": self.seq, "at": to_iso(self.at), "method": self.method, "path": self.path,
            "query": self.query, "op": self.op, "account": self.account,
            "headers": dict(self.headers), "body_hash": self.hash, "status": self.status,
            "outcome": self.outcome, "applied": self.applied, "faults": self.faults,
            "errors": self.errors, "rows": self.rows,
        }  # fmt: skip
        return document | {"body": self.body} if bodies else document


def errors_of(document: Document) -> list[Document]:
    """Return the errors of an envelope that carry an id; OAuth's own errors have none."""
    errors: list[Document] = document.get("errors") or []
    return [error for error in errors if "errorId" in error]


class Journal:
    """Calls by number, the first is 1, and how often the mock lacked which."""

    def __init__(self) -> None:
        self.entries: list[Entry] = []
        self.unimplemented: dict[str, int] = {}
        self._headers: dict[tuple[tuple[str, str], ...], tuple[tuple[str, str], ...]] = {}

    def __len__(self) -> int:
        return len(self.entries)

    def begin(self, entry: Entry) -> Entry:
        """Number and keep a call that has just arrived."""
        entry.seq = len(self.entries) + 1
        entry.headers = self._headers.setdefault(entry.headers, entry.headers)
        self.entries.append(entry)
        return entry

    def miss(self, entry: Entry, what: str) -> None:
        """Note and count that the mock lacks ``what`` a call asked for."""
        entry.outcome = "not implemented"
        self.unimplemented[what] = self.unimplemented.get(what, 0) + 1

    def since(self, seq: int) -> Iterable[Entry]:
        """Return the calls after number ``seq``."""
        return self.entries[max(seq, 0) :]


def redacted(headers: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    """Return the headers that matter, without tokens and without what differs by machine."""
    kept = [(name, headers[name]) for name in KEPT_HEADERS if name in headers]
    return tuple((n, v.split(" ")[0] + " ..." if n == "authorization" else v) for n, v in kept)


def packed(body: bytes, *, form: bool) -> bytes:
    """Return a body as it is kept: secrets of a form struck out, long ones compressed."""
    if form:
        pairs = parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True)
        body = urlencode([(n, "..." if n in SECRET_FIELDS else v) for n, v in pairs]).encode()
    return b"z" + zlib.compress(body, 1) if len(body) > WORTH_PACKING else b"p" + body


def _unpacked(kept: bytes) -> bytes:
    return zlib.decompress(kept[1:]) if kept[:1] == b"z" else kept[1:]


def digest(body: bytes) -> str:
    """Return the SHA-256 of a body, in hex."""
    return sha256(body).hexdigest()
