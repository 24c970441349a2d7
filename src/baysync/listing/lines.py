"""One line of NDJSON: a listing, a patch, or the question whether a hash is known."""

from collections.abc import Mapping
from typing import cast

from baysync.listing.draft import Draft, Op
from baysync.listing.model import Problem
from baysync.listing.strict_json import Malformed, parse

LONGEST_LINE = 4 * 1024 * 1024
LONGEST_HASH = 64
PROBLEMS, BROKEN = "_problems", "_line"  # what a file of rejects adds
_OWN = {"op", "hash", PROBLEMS, BROKEN}


def draft(raw: bytes, line: int) -> Draft:
    """Return what a line asks for; what is wrong with it stands in the draft's problems.

    ``{"sku": ..., "hash": ...}`` alone asks; ``"op": "patch"`` merges (RFC 7396); anything else
    is a whole listing, kept with its ``hash`` if it has one.
    """
    shown = raw.decode("utf-8", "replace").strip()
    try:
        value = parse(raw)
    except Malformed as malformed:
        return _broken(line, shown, malformed.problem)
    if not isinstance(value, dict):
        return _broken(line, shown, _not_an_object(shown))
    fields = cast("dict[str, object]", value)
    if isinstance(fields.get(BROKEN), str):
        return draft(str(fields[BROKEN]).encode("utf-8", "replace"), line)
    return _draft(fields, line, shown)


def too_long(line: int) -> Draft:
    """Return the answer to a line of more than 4 MiB, which is not read."""
    problem = Problem(
        pointer="",
        rule="line_too_long",
        message=f"has more than {LONGEST_LINE:,} bytes",
        fix="send one listing a line, pictures by address",
    )
    return Draft(line=line, document={}, problems=(problem,))


def _draft(fields: Mapping[str, object], line: int, shown: str) -> Draft:
    document = {name: value for name, value in fields.items() if name not in _OWN}
    op, problems = _op(fields.get("op", Op.PUT.value))
    digest, more = _hash(fields.get("hash"))
    if digest is not None and set(document) == {"sku"} and op is Op.PUT:
        op = Op.ASK
    return Draft(
        line=line,
        document=document,
        op=op,
        client_hash=digest,
        problems=(*problems, *more),
        source=(shown,),
    )


def _op(value: object) -> tuple[Op, tuple[Problem, ...]]:
    if isinstance(value, str) and value in {Op.PUT.value, Op.PATCH.value}:
        return Op(value), ()
    problem = Problem(
        pointer="/op",
        rule="unknown_op",
        message=f"{ascii(value)[:40]} is nothing to do",
        fix='write "put" or "patch", or leave it out',
    )
    return Op.PUT, (problem,)


def _hash(value: object) -> tuple[bytes | None, tuple[Problem, ...]]:
    if value is None:
        return None, ()
    if isinstance(value, str) and value.isascii() and 0 < len(value) <= LONGEST_HASH:
        return value.encode(), ()
    problem = Problem(
        pointer="/hash",
        rule="bad_hash",
        message="is not text of 1 to 64 ASCII characters",
        fix="send a SHA-256 in hexadecimal, or any text that differs when the listing does",
    )
    return None, (problem,)


def _not_an_object(shown: str) -> Problem:
    fix = "write one listing a line: jq -c '.[]' file" if shown[:1] == "[" else "write { ... }"
    return Problem(pointer="", rule="not_an_object", message="is not an object", fix=fix)


def _broken(line: int, shown: str, problem: Problem) -> Draft:
    return Draft(line=line, document={}, problems=(problem,), source=(shown,))
