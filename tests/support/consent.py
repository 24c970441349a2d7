"""A seller's consent on the page of a local eBay, for a program that waits for it."""

import json
import re
import socket
import subprocess
from collections.abc import Generator
from contextlib import AbstractContextManager, closing, contextmanager
from http.client import HTTPConnection
from urllib.parse import parse_qsl, urlencode, urlsplit
from urllib.request import ProxyHandler, Request, build_opener

from mockbay.client import MockServer
from support.processes import PROGRAM

browser = build_opener(ProxyHandler({}))


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def connecting(mock: MockServer, *more: str) -> AbstractContextManager[subprocess.Popen[str]]:
    """Run ``baysync accounts connect`` with the keyset of the mock."""
    keys = mock.credentials
    words = ["--env", "mock", "--base-url", mock.url, "--client-id", keys["client_id"]]
    words += ["--ru-name", keys["ru_name"], "--client-secret", keys["client_secret"]]
    return asking(mock, *words, *more)


@contextmanager
def asking(mock: MockServer, *words: str) -> Generator[subprocess.Popen[str]]:
    """Run ``baysync accounts connect`` with these words."""
    port = free_port()
    mock.return_to(f"http://127.0.0.1:{port}/")
    command = ["accounts", "connect", "--no-browser", "--json", "--port", str(port), *words]
    with subprocess.Popen(
        [PROGRAM, *command],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            yield process
        finally:
            process.kill()


def consent_page(process: subprocess.Popen[str]) -> str:
    """Return the address that the program shows, once it waits for the answer."""
    assert process.stderr
    shown: list[str] = []
    for line in process.stderr:
        shown.append(line)
        if line.startswith(("Waiting for", "Then paste")):
            break
    found = re.search(r"^ +(http\S+)$", "".join(shown), re.MULTILINE)
    assert found, "".join(shown)
    return found[1]


def agree(page: str, answer: str = "agree", **changes: str) -> str:
    """Do what the seller's browser does on the consent page; return the text it ends on."""
    parts = urlsplit(page)
    form = {**dict(parse_qsl(parts.query)), "answer": answer, **changes}
    address = f"{parts.scheme}://{parts.netloc}{parts.path}"
    request = Request(address, urlencode(form).encode(), method="POST")  # noqa: S310 - loopback
    with browser.open(request, timeout=20) as page_after:
        return str(page_after.read().decode())


def address_after(page: str) -> str:
    """Return the address to which the consent page would send the browser back."""
    parts = urlsplit(page)
    connection = HTTPConnection(parts.netloc, timeout=20)
    form = urlencode({**dict(parse_qsl(parts.query)), "answer": "agree"})
    connection.request("POST", parts.path, form)
    with closing(connection), connection.getresponse() as answer:
        return str(answer.getheader("Location"))


def ended(process: subprocess.Popen[str]) -> tuple[int, str, str]:
    out, error = process.communicate(timeout=60)
    return process.returncode, out, error


def connected(mock: MockServer, *more: str) -> dict[str, object]:
    """Connect the first seller; return what the program says of it."""
    with connecting(mock, *more) as process:
        return _agreed(process)


def renewed(mock: MockServer, name: str, *more: str) -> dict[str, object]:
    """Let the seller agree to new tokens; return what the program says of it."""
    with asking(mock, "--renew", name, *more) as process:
        return _agreed(process)


def _agreed(process: subprocess.Popen[str]) -> dict[str, object]:
    assert "close this window" in agree(consent_page(process))
    code, out, error = ended(process)
    assert code == 0, error
    return dict(json.loads(out))
