"""A running mock as Python sees it: start it, look into it, make things happen.

Everything is synchronous and uses only the standard library. In asynchronous code, run what
waits (``reached``) in a thread: ``await asyncio.to_thread(mock.reached, "my-rule")``.
"""

import json
import subprocess
import sys
from collections.abc import Generator, Mapping, Sequence
from contextlib import contextmanager
from typing import IO, Any, cast
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import ProxyHandler, Request, build_opener

Document = dict[str, Any]

_opener = build_opener(ProxyHandler({}))
PATIENCE_SECONDS = 30
ENDING_SECONDS = 2  # it keeps nothing: to kill it loses nothing


class ControlError(Exception):
    """The mock refused a control call; the message says why."""


class MockServer:
    """A mock at ``url``; with ``--ca-file`` it speaks TLS at ``tls_url``."""

    def __init__(self, url: str, tls_url: str | None = None) -> None:
        self.url = url
        self.tls_url = tls_url

    @property
    def credentials(self) -> Document:
        """Keys and fresh tokens of the first seller; names as in ``GET /_mock/credentials``."""
        return self.credentials_of(None)

    def credentials_of(self, account: str | None) -> Document:
        """Return keys and fresh tokens of a seller."""
        return self._ask("GET", "credentials", {"account": account} if account else {})

    def state(self) -> Document:
        """Return everything the sellers have: ``accounts`` by name."""
        return self._ask("GET", "state")

    def restore(self, state: Mapping[str, Any]) -> None:
        """Put back what ``state`` gave, or parts of it; a part that is named is replaced whole."""
        self._ask("PUT", "state", body=state)

    def items(self, account: str = "seller-one") -> Document:
        """Return a seller's inventory items by SKU."""
        return self.state()["accounts"][account]["items"]

    def offers(self, account: str = "seller-one") -> Document:
        """Return a seller's offers by offer id."""
        return self.state()["accounts"][account]["offers"]

    def listings(self, account: str = "seller-one") -> Document:
        """Return a seller's listings, ended ones too, by listing id."""
        return self.state()["accounts"][account]["listings"]

    def policies(self, marketplace: str = "EBAY_US", account: str = "seller-one") -> Document:
        """Return the ids of a seller's business policies, as an offer's ``listingPolicies``."""
        kinds = self.state()["accounts"][account]["policies"]
        return {
            f"{kind}PolicyId": policy_id
            for kind, policies in kinds.items()
            for policy_id, policy in policies.items() if policy["marketplaceId"] == marketplace
        }  # fmt: skip

    def journal(
        self, op: str | None = None, *, since: int = 0, bodies: bool = True
    ) -> list[Document]:
        """Return the calls that arrived after number ``since``, of one operation or of all."""
        query = {"since": str(since), "bodies": "1" if bodies else "0"}
        return self._ask("GET", "journal", query | ({"op": op} if op else {}))["calls"]

    def faults(self, *rules: Mapping[str, Any], replace: bool = False) -> list[str]:
        """Add fault rules (see ``mockbay.faults``); return their ids."""
        query = {"replace": "1"} if replace else {}
        return self._ask("POST", "faults", query, {"rules": list(rules)})["ids"]

    def rules(self) -> list[Document]:
        """Return the fault rules with their counters."""
        return self._ask("GET", "faults")["rules"]

    def drop_fault(self, rule: str) -> None:
        """Drop one fault rule; the calls it holds go on."""
        self._ask("DELETE", f"faults/{rule}")

    def clear_faults(self) -> None:
        """Drop every fault rule; held calls go on."""
        self._ask("DELETE", "faults")

    def reached(self, rule: str, *, count: int = 1, seconds: float = 10) -> bool:
        """Wait until so many calls came to the point of a rule."""
        query = {"count": str(count), "timeout": str(seconds)}
        return self._ask("GET", f"faults/{rule}/reached", query)["reached"]

    def release(self, rule: str) -> int:
        """Let the calls that a rule holds go on; return how many."""
        return self._ask("POST", f"faults/{rule}/release")["released"]

    def advance(self, seconds: float = 0, *, to: str | None = None) -> str:
        """Move the virtual clock; return the new time.

        ``to`` is a later moment, or ``tomorrow``: eBay's next day, which begins in California.
        """
        return self._ask("POST", "clock/advance", {}, {"seconds": seconds, "to": to})["now"]

    def buy(self, sku: str | None = None, quantity: int = 1, **more: object) -> Document:
        """Sell some units of a live SKU, or several with ``lines``; return the order.

        Each of ``lines`` names ``sku`` and ``quantity``; ``ship_to`` and ``shipping_cost`` say
        whom the order goes to and what that costs.
        """
        return self._ask("POST", "buy", {}, {"sku": sku, "quantity": quantity, **more})

    def cancel_order(self, order_id: str, *, by: str = "buyer") -> Document:
        """Cancel an order that is not shipped, as its ``buyer`` or as the ``seller``."""
        return self._ask("POST", "cancel-order", {}, {"order_id": order_id, "by": by})

    def seller_edit(self, sku: str, **changes: object) -> Document:
        """Edit a live listing as its seller on the site."""
        return self._ask("POST", "seller-edit", {}, {"sku": sku, **changes})

    def seller_set(
        self,
        sku: str,
        leaves: Mapping[str, object] = {},
        *,
        of: str = "item",
        remove: Sequence[str] = (),
        **more: object,
    ) -> Document:
        """Set leaves by path, or remove some, ``of`` an ``item``, ``offer`` or ``group``.

        ``more`` may name ``marketplace`` and ``account``. Returns the document as eBay shows it.
        """
        body = {"sku": sku, "of": of, "set": leaves, "remove": list(remove), **more}
        return self._ask("POST", "seller-set", {}, body)

    def seller_members(self, sku: str, **changes: object) -> Document:
        """Take variations into the group of a SKU (``add``) and out of it (``remove``)."""
        return self._ask("POST", "seller-members", {}, {"sku": sku, **changes})

    def end_listing(self, sku: str, *, by: str = "seller") -> Document:
        """End a listing outside the API: by the ``seller`` or by ``ebay``."""
        return self._ask("POST", "end-listing", {}, {"sku": sku, "by": by})

    def delete_item(self, sku: str) -> None:
        """Delete the item of a live SKU, as another program of the seller can."""
        self._ask("POST", "delete-item", {}, {"sku": sku})

    def hold(self, sku: str) -> None:
        """Put the listing of a SKU on hold."""
        self._ask("POST", "hold", {}, {"sku": sku})

    def unhold(self, sku: str) -> None:
        """Free the listing of a SKU."""
        self._ask("POST", "unhold", {}, {"sku": sku})

    def revoke_tokens(self, account: str | None = None) -> None:
        """Take back what a seller, or every seller, granted."""
        self._ask("POST", "token/revoke", {}, {"account": account})

    def expire_tokens(self, account: str | None = None) -> None:
        """Let the access tokens of a seller, or all, end now."""
        self._ask("POST", "token/expire", {}, {"account": account})

    def switch(self, **changes: object) -> Document:
        """Change switches (see ``mockbay.switches``); return all of them."""
        return self._ask("PATCH", "switches", {}, changes)

    def return_to(self, url: str) -> None:
        """Register where the consent page leads back to; outlives a reset."""
        self._ask("POST", "ru-name", {}, {"url": url})

    def add_seller(self, name: str) -> Document:
        """Add a seller; return his credentials."""
        return self._ask("POST", "sellers", {}, {"name": name})

    def notify(self, topic: str, data: Document, **how: object) -> list[int]:
        """Deliver a notification (``times``, ``signature``); return what its endpoints answered."""
        body = {"topic": topic, "data": data, **how}
        return self._ask("POST", "notify", {}, body)["statuses"]

    def list_on_site(self, title: str, price: str, **more: object) -> Document:
        """Make a listing that the inventory API does not know; return it with ``listingId``."""
        return self._ask("POST", "list-on-site", {}, {"title": title, "price": price, **more})

    def reset(self, seed: int = 1, **switches: object) -> Document:
        """Begin anew; return the credentials of the first seller."""
        return self._ask("POST", "reset", {}, {"seed": seed, "switches": switches})

    def _ask(
        self, method: str, path: str, query: Mapping[str, str] = {}, body: object = None
    ) -> Document:
        url = f"{self.url}/_mock/{path}{'?' + urlencode(query) if query else ''}"
        data = None if body is None else json.dumps(body).encode()
        request = Request(url, data, {"Content-Type": "application/json"}, method=method)  # noqa: S310  (our own address)
        try:
            with _opener.open(
                request, timeout=PATIENCE_SECONDS + float(query.get("timeout", 0))
            ) as answer:
                return json.load(answer)
        except HTTPError as refused:
            with refused:
                raise ControlError(json.load(refused)["error"]) from None


@contextmanager
def running(*options: str) -> Generator[MockServer]:
    """Run ``mockbay serve`` with more options, on a free port, in a process of its own.

    Its clock runs, as with the command; ``running("--clock", "virtual")`` is what the fixture has.
    """
    command = [sys.executable, "-m", "mockbay", "serve", "--json", "--until-input-ends", *options]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        stdin, stdout = cast("IO[str]", process.stdin), cast("IO[str]", process.stdout)
        try:
            line = stdout.readline()
            if not line:
                raise ControlError(
                    "mockbay serve ended before it listened; see its messages above."
                )
            told = json.loads(line)
            yield MockServer(told["url"], told.get("tls_url"))
        finally:
            stdin.close()
            try:
                process.wait(ENDING_SECONDS)
            except subprocess.TimeoutExpired:  # it stands still: nothing but this ends it
                process.kill()
