"""The shop of the adapter suite: at a mock of its own, or wherever TEST_EBAY_URL says."""

import os
from collections.abc import AsyncGenerator, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass

import pytest

from baysync.base import clock
from baysync.ebay import accounts, inventory, offers, wire
from baysync.ebay.model import Answer, Call, ItemAnswer, Verdict
from baysync.ebay.tokens import Application, StoredTokens
from baysync.ebay.verdict import outcomes
from mockbay.client import MockServer
from support.ebay_account import Account, Tokens, account_at
from support.mockbay_calls import Document, Seller, item

US = "EBAY_US"
URL = os.environ.get("TEST_EBAY_URL", "")
CATEGORY = os.environ.get("TEST_EBAY_CATEGORY", "101")  # a leaf that wants Brand and Type
OURS = ("A 1/ü", "A", "B", "C", *(f"S{number}" for number in range(5)))


@dataclass
class Shop:
    """A seller as baysync sees and reaches him."""

    account: Account
    controlled: MockServer | None
    policies: Document
    location: str

    @property
    def mock(self) -> MockServer:
        """The mock to steer; a test that needs it is skipped where eBay is not ours."""
        return self.controlled or pytest.skip("TEST_EBAY_URL names an eBay we do not steer")

    async def ask(self, call: Call) -> Answer:
        return await self.account.session.send(call, deadline=clock.monotonic() + 60)

    async def rows(self, call: Call) -> dict[str, ItemAnswer]:
        return {row.key: row for row in outcomes(await self.ask(call)) or []}

    def offer(self, sku: str) -> Document:
        """Return the body of an offer that could be published."""
        known = {"listingPolicies": self.policies, "merchantLocationKey": self.location}
        return Seller("", "").offer(sku, categoryId=CATEGORY, **known)

    async def live(self, *skus: str) -> list[str]:
        """Put these SKUs live; return their offer ids."""
        items = [(sku, "en_US", item()) for sku in skus]
        await self.ask(inventory.bulk_create_or_replace_inventory_item(items))
        created = await self.rows(offers.bulk_create_offer([self.offer(sku) for sku in skus]))
        ids = [offers.offer_id_in(created[sku]) for sku in skus]
        published = await self.rows(offers.bulk_publish_offer(ids))
        assert {row.verdict for row in published.values()} == {Verdict.DONE}
        return ids

    async def clear(self, skus: Iterable[str]) -> None:
        """Delete these items with their offers and listings."""
        for sku in skus:
            await self.ask(inventory.delete_inventory_item(sku))


def keyset(mock: MockServer) -> tuple[Application, Tokens]:
    known = mock.credentials
    application = Application(known["client_id"], known["client_secret"], known["ru_name"])
    return application, Tokens(StoredTokens(refresh=known["refresh_token"]))


def keyset_of_environment() -> tuple[Application, Tokens]:
    names = ("CLIENT_ID", "CLIENT_SECRET", "RU_NAME")
    application = Application(*(os.environ[f"TEST_EBAY_{name}"] for name in names))
    return application, Tokens(StoredTokens(refresh=os.environ["TEST_EBAY_REFRESH_TOKEN"]))


@asynccontextmanager
async def shop_at(mock: MockServer | None) -> AsyncGenerator[Shop]:
    """Open the shop at a mock, or at TEST_EBAY_URL, where it begins and ends empty."""
    application, tokens = keyset(mock) if mock else keyset_of_environment()
    async with account_at(mock.url if mock else URL, tokens, keyset=application) as account:
        shop = Shop(account, mock, {}, "")
        for kind in accounts.PolicyKind:
            found = accounts.policies_in(
                kind, await shop.ask(accounts.get_policies(kind, marketplace=US))
            )
            shop.policies[f"{kind}PolicyId"] = found[0].policy_id
        places = wire.mapping((await shop.ask(inventory.get_locations())).body)
        shop.location = wire.text(wire.rows(places["locations"])[0]["merchantLocationKey"])
        if mock is None:
            await shop.clear(OURS)
        yield shop
        if mock is None:
            await shop.clear(OURS)
