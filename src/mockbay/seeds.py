"""A new world: the same seed gives the same sellers, keys, tokens and policies."""

from hashlib import sha256

from mockbay.account import KINDS, PROGRAM
from mockbay.answers import Document
from mockbay.clock import Clock
from mockbay.marketplaces import MARKETPLACES
from mockbay.oauth import REFRESH_SECONDS, issue_access, issue_refresh
from mockbay.scopes import SCOPES
from mockbay.state import Application, Seller, World
from mockbay.switches import Switches

SELLERS = ("seller-one", "seller-two")
LOCATION = "main-warehouse"
ADDRESS = {
    "addressLine1": "1 Harbour Road", "city": "Portland", "stateOrProvince": "OR",
    "postalCode": "97201", "country": "US",
}  # fmt: skip


def new_world(seed: int, switches: Switches, *, redirect_url: str | None = None) -> World:
    """Return a world with two sellers, each with policies everywhere and one location."""
    digest = sha256(f"mockbay:{seed}".encode()).hexdigest()
    application = Application(
        client_id=f"mockbay-shop-SBX-{digest[:9]}-{digest[9:17]}",
        client_secret=f"SBX-{switches.canary or digest[17:29]}-{digest[29:33]}-{digest[33:37]}",
        ru_name=f"mockbay-mockbays-shop-{digest[37:43]}",
        redirect_url=redirect_url,
    )
    world = World(seed, switches, Clock(real=switches.clock == "real"), application)
    for name in SELLERS:
        add_seller(world, name)
    return world


def add_seller(world: World, name: str) -> Seller:
    """Add one more seller, ready to sell."""
    world.sellers[name] = made_seller(world, name)
    return world.sellers[name]


def made_seller(world: World, name: str) -> Seller:
    """Return a seller with policies everywhere and one location, who is not in the world yet."""
    number = world.count("seller")
    user_id = sha256(f"user:{world.seed}:{name}".encode()).hexdigest()[:12]
    seller = Seller(name, user_id)
    seller.programs.add(PROGRAM)
    seller.policies = {kind: _policies(kind, number) for kind in KINDS}
    place: Document = {"address": dict(ADDRESS)}
    seller.locations[LOCATION] = {
        "location": place, "name": "Main warehouse", "locationTypes": ["WAREHOUSE"],
        "merchantLocationStatus": "ENABLED",
    }  # fmt: skip
    return seller


def _policies(kind: str, seller: int) -> dict[str, Document]:
    made: dict[str, Document] = {}
    for index, marketplace in enumerate(MARKETPLACES, start=1):
        policy_id = str(6_000_000_000_000 + seller * 10_000 + KINDS.index(kind) * 1_000 + index)
        made[policy_id] = {
            f"{kind}PolicyId": policy_id,
            "name": f"{kind.title()} {marketplace}",
            "description": "",
            "marketplaceId": marketplace,
            "categoryTypes": [{"name": "ALL_EXCLUDING_MOTORS_VEHICLES", "default": True}],
            **DETAILS[kind],
        }
    return made


DETAILS: dict[str, Document] = {
    "fulfillment": {
        "handlingTime": {"value": 1, "unit": "DAY"}, "globalShipping": False,
        "localPickup": False, "freightShipping": False, "pickupDropOff": False,
        "shippingOptions": [], "shipToLocations": {"regionIncluded": []},
    },
    "payment": {"immediatePay": True, "paymentMethods": []},
    "return": {
        "returnsAccepted": True, "returnPeriod": {"value": 30, "unit": "DAY"},
        "refundMethod": "MONEY_BACK", "returnShippingCostPayer": "BUYER",
    },
}  # fmt: skip


def credentials(world: World, name: str = SELLERS[0]) -> Document:
    """Return what a program needs to act as a seller; the tokens are new ones."""
    application = world.application
    return {
        "client_id": application.client_id,
        "client_secret": application.client_secret,
        "ru_name": application.ru_name,
        "account": name,
        "user_token": issue_access(world, name, SCOPES),
        "refresh_token": issue_refresh(world, name, SCOPES),
        "refresh_token_expires_in": REFRESH_SECONDS,
    }
