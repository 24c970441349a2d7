"""What somebody should look at in a listing that is taken all the same, pure."""

import html
import re
from collections.abc import Iterator

from baysync.listing.decode import pointer
from baysync.listing.model import Listing, Problem, Severity

_ENTITY = re.compile(r"&(?:[A-Za-z][A-Za-z0-9]{1,31}|#[0-9]{1,7}|#[xX][0-9A-Fa-f]{1,6});")
LONGEST_SHOWN = 80


def warnings(listing: Listing) -> tuple[Problem, ...]:
    """Return what is taken as it is and may not be meant; nothing keeps the listing out."""
    return (*_entities(listing), *_shared(listing))


def _entities(listing: Listing) -> Iterator[Problem]:
    """Yield titles that spell characters as HTML does: buyers read ``&amp;`` as it stands."""
    texts = {"/title": listing.title, "/subtitle": listing.subtitle}
    for marketplace, override in listing.overrides.items():
        at = pointer("/overrides", marketplace)
        texts |= {f"{at}/title": override.title, f"{at}/subtitle": override.subtitle}
    for at, text in texts.items():
        found = _ENTITY.search(text or "")
        if text and found and html.unescape(found[0]) != found[0]:
            yield _warning(
                at,
                "html_entity",
                f"has the HTML entity {found[0]}, which buyers see as it stands",
                f"send the character itself: {html.unescape(text)[:LONGEST_SHOWN]!r}",
            )


def _shared(listing: Listing) -> Iterator[Problem]:
    """Yield what is to be known of variants that share one stock."""
    sharers = [each.sku for each in listing.variants if each.quantity is None]
    if len(sharers) > 1 and isinstance(listing.quantity, int) and listing.quantity > 0:
        yield _warning(
            "/quantity",
            "shared_stock",
            f"{listing.quantity} are shared by {len(sharers)} variants that say no quantity: "
            f"all are offered as {sharers[0][:LONGEST_SHOWN]}, unless the account deals them out",
            "give each variant its own quantity, or deal them out with "
            "`baysync accounts defaults NAME --marketplace MARKETPLACE --set shared_stock=split`",
        )


def _warning(pointer: str, rule: str, message: str, fix: str) -> Problem:
    return Problem(pointer=pointer, rule=rule, message=message, fix=fix, severity=Severity.WARN)
