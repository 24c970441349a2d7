"""The seller of the demo: reads the consent page and agrees, as a person would in a browser."""

import secrets
from functools import partial
from html.parser import HTMLParser
from urllib.parse import urlencode, urljoin
from urllib.request import ProxyHandler, build_opener

from msgspec.structs import replace

from baysync.account import service, steering, store
from baysync.account.service import Connected, ConsentRequest
from baysync.cli.accounts import callback, connecting
from baysync.cli.terminal.person import actor
from baysync.demo.catalogue import ACCOUNT, CATEGORIES, CONDITION, PRICING, REFUSED
from baysync.demo.stage import asked_of_mock
from baysync.ebay.environment import Environment
from baysync.ebay.tokens import Application
from baysync.runtime import Runtime
from mockbay.client import MockServer

PATIENCE_SECONDS = 10
STATE_BYTES = 32


class _Form(HTMLParser):
    """The one form of the consent page: where it goes, and what it carries."""

    def __init__(self) -> None:
        super().__init__()
        self.action = ""
        self.fields: dict[str, str] = {}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note the form and its hidden fields."""
        found = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.action = found.get("action", "")
        elif tag == "input":
            self.fields[found["name"]] = found.get("value", "")


def agree(url: str) -> None:
    """Open the consent page at ``url``, press its button, and follow where that leads."""
    browser = build_opener(ProxyHandler({}))
    with browser.open(url, timeout=PATIENCE_SECONDS) as page:
        form = _Form()
        form.feed(page.read().decode())
    answer = urlencode({**form.fields, "answer": "agree"}).encode()
    with browser.open(urljoin(url, form.action), answer, timeout=PATIENCE_SECONDS) as back:
        back.read()


async def connect(runtime: Runtime, mock: MockServer) -> Connected:
    """Connect the seller through the code flow and set what its listings need."""
    asked = await asked_of_mock(partial(_asked, mock))
    transport = runtime.sessions.transport(asked.environment, asked.mock_url)
    oauth = service.oauth_of(asked, transport, runtime.sessions.tokens)
    state = secrets.token_urlsafe(STATE_BYTES)
    async with callback.listen(0, state=state) as answer:
        await asked_of_mock(partial(mock.return_to, answer.url))
        await asked_of_mock(partial(agree, oauth.consent_url(state)))
        code = await answer.code
    connected = await service.connect(runtime.sessions.tokens, transport, asked, code)
    await connecting.set_up(runtime, connected, list(PRICING), by=asked.by)
    await _sort(runtime, connected.id, by=asked.by)
    return connected


def refuse(mock: MockServer) -> None:
    """Let the mock hold one listing back, as eBay does for rules that it does not publish."""
    held = {
        "kind": "rows",
        "skus": [REFUSED],
        "status": 400,
        "error_id": 25019,
        "message": "This item may not be listed before the seller has been checked.",
    }
    mock.faults(
        {"match": {"op": "bulkPublishOffer", "sku": REFUSED}, "times": 0, "effects": [held]}
    )


def _asked(mock: MockServer) -> ConsentRequest:
    keys = mock.credentials
    application = Application(
        client_id=keys["client_id"], client_secret=keys["client_secret"], ru_name=keys["ru_name"]
    )
    return ConsentRequest(
        environment=Environment.MOCK,
        application=application,
        by=actor(),
        mock_url=mock.url,
        name=ACCOUNT,
    )


async def _sort(runtime: Runtime, account_id: int, *, by: str) -> None:
    """Tell the account the categories of the shop's types, and each marketplace's prices."""
    where = [(account_id, marketplace) for marketplace in PRICING]
    async with runtime.db() as db, db.transaction():
        for (_, marketplace), found in (await store.defaults(db, where)).items():
            value = replace(
                found, categories=CATEGORIES, condition=CONDITION, pricing=PRICING[marketplace]
            )
            await steering.set_defaults(db, ACCOUNT, marketplace, value, by=by)
