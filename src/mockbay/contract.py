"""Every call that eBay's specifications have, and the answer to those that the mock lacks."""

import csv
import re
from pathlib import Path
from typing import NamedTuple

from mockbay.answers import Lacking, Reply, refuse
from mockbay.call import Call, Operation, Table
from mockbay.operations import OPERATIONS

FAMILIES = frozenset({"buy", "commerce", "developer", "post-order", "sell", "shopping", "ws"})
"""How the addresses of eBay's APIs begin."""


class EbayCall(NamedTuple):
    """One call of eBay's contract."""

    api: str
    method: str
    path: str
    name: str

    @property
    def shape(self) -> tuple[str, str]:
        """Method and path, whatever the parameters of the path are called."""
        return self.method, re.sub(r"\{\w+\}", "{}", self.path)

    @property
    def implemented(self) -> bool:
        """Whether the mock answers it."""
        return self.shape in _ANSWERED


def _shape(operation: Operation) -> tuple[str, str]:
    return EbayCall("", operation.method, operation.template, "").shape


def _read() -> list[EbayCall]:
    with Path(__file__).with_name("ebay_calls.csv").open(newline="") as rows:
        return [EbayCall(**row) for row in csv.DictReader(rows)]


_ANSWERED = frozenset(_shape(operation) for operation in OPERATIONS)
CALLS = _read()
"""The calls of the APIs that the mock has, by API and path."""
_APIS = {tuple(call.path.split("/")[1:3]) for call in CALLS}
_LATER = {("sell", "account", "v2")}
"""Versions of such an API that eBay has beside the one that is listed."""


def unimplemented(call: Call) -> Reply:
    """Return the answer to a call that eBay has and the mock has not: 501, never eBay's."""
    return Lacking(f"{call.method} {call.path}" if call.op == "unknown" else call.op).reply()


ABSENT = [
    Operation(call.name, call.method, call.path, unimplemented, "no token", api=call.api)
    for call in CALLS
    if not call.implemented
]
"""The calls that are answered with 501."""


def unrouted(table: Table, call: Call) -> Reply:
    """Return the answer to an address that no call has, or has by another method only.

    Of an API that the mock knows it is the gateway's; of any other nobody here can know it.
    """
    begin = tuple(call.path.strip("/").split("/")[:3])
    if (begin[0] in FAMILIES and begin[:2] not in _APIS) or begin in _LATER:
        return unimplemented(call)
    return refuse(2004 if table.knows(call.path) else 2002).reply()
