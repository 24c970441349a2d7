"""The Identity API: who the seller behind a token is. Pure builder and reader.

Source: commerce/identity/v1, on a host of its own.
"""

from dataclasses import dataclass

from baysync.ebay import wire
from baysync.ebay.calls import get
from baysync.ebay.model import Answer, Call, Family, Operation


@dataclass(frozen=True, slots=True, kw_only=True)
class Seller:
    """A user of eBay. ``user_id`` never changes, the name may."""

    user_id: str
    username: str
    marketplace: str


def get_user() -> Call:
    """Ask whose token this is."""
    return get(Operation.GET_USER, "/commerce/identity/v1/user/", Family.IDENTITY)


def seller_in(answer: Answer) -> Seller | None:
    """Return the seller of an answer to ``get_user``; None when it names none."""
    body = wire.mapping(answer.body)
    user_id = wire.text(body.get("userId"))
    if not user_id:
        return None
    return Seller(
        user_id=user_id,
        username=wire.text(body.get("username")),
        marketplace=wire.text(body.get("registrationMarketplaceId")),
    )
