"""Requests made of the API's own description, and answers checked against it."""

import asyncio
import json
import re
import shlex
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlencode

import jsonschema_rs

from baysync.api.app import description
from baysync.api.openapi import operations
from baysync.dashboard.reference import curl
from support.api_site import Site

Document = dict[str, Any]
CHECKED = {"application/json", "application/problem+json"}


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation of the description."""

    path: str
    method: str
    described: Document

    @property
    def name(self) -> str:
        return f"{self.method.upper()} {self.path}"

    @property
    def target(self) -> str:
        """The address with the examples of its parameters."""
        path, asked = self.path, list[tuple[str, Any]]()
        for parameter in self.described.get("parameters", []):
            if "example" not in parameter:
                continue
            name, value = parameter["name"], parameter["example"]
            if parameter["in"] == "path":
                path = path.replace(f"{{{name}}}", quote(str(value), safe=""))
            else:
                asked.append((name, value))
        return f"{path}?{urlencode(asked, doseq=True)}" if asked else path

    @property
    def example(self) -> tuple[str, bytes | None]:
        """Media type and body of the example."""
        content: Document = self.described.get("requestBody", {}).get("content", {})
        for media_type, told in content.items():
            body = told["example"]
            raw = body if isinstance(body, str) else json.dumps(body)
            return media_type, raw.encode()
        return "", None

    def complaint(self, status: int, media_type: str, body: bytes) -> str | None:
        """Return what is wrong with an answer by the description; None if nothing is."""
        answer = self.described["responses"].get(str(status))
        if answer is None:
            return f"{status} is not described"
        content: Document = answer.get("content", {})
        if not content:
            return f"{status} has a body" if body else None
        told = content.get(media_type.partition(";")[0])
        if told is None:
            return f"{status} as {media_type} is not described"
        if media_type not in CHECKED or "schema" not in told:
            return None
        return mismatch(told["schema"], json.loads(body))


def mismatch(schema: Mapping[str, Any], value: object) -> str | None:
    """Return where a value does not fit a schema of the description."""
    whole = {**schema, "components": description()["components"]}
    error = next(jsonschema_rs.iter_errors(whole, value), None)
    return error and f"{error.instance_path}: {error.message}"[:500]


def described() -> Iterator[Operation]:
    """Yield every operation."""
    for path, method, operation in operations(description()):
        yield Operation(path, method, operation)


def asked_for(method: str, target: str) -> Operation | None:
    """Return the operation that a request is for; None where the description knows none."""
    path = target.partition("?")[0]
    for one in sorted(described(), key=lambda each: each.path.count("{")):
        pattern = re.sub(r"\\\{\w+\\\}", "[^/]+", re.escape(one.path))
        if one.method.upper() == method and re.fullmatch(pattern, path):
            return one
    return None


async def curled(site: Site, operation: Operation) -> tuple[int, str]:
    """Send the example as the reference page shows it; return status and body of the answer."""
    line = curl(operation.path, operation.method, operation.described, site.url)
    status = "\n%{http_code}"
    asked = await asyncio.create_subprocess_exec(
        *shlex.split(line), "-w", status, stdout=asyncio.subprocess.PIPE
    )
    printed, _ = await asked.communicate()
    body, _, code = printed.decode().rpartition("\n")
    return int(code), body


async def ask(site: Site, operation: Operation) -> tuple[int, str, bytes]:
    """Send an operation's example; return status, media type and body of the answer."""
    media_type, body = operation.example
    headers = {"Content-Type": media_type} if media_type else {}
    async with site.http.request(
        operation.method, site.url + operation.target, data=body, headers=headers
    ) as answer:
        return answer.status, answer.headers.get("Content-Type", ""), await answer.read()
