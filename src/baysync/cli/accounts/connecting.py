"""Connect an account from a terminal: consent, tokens, defaults, enrolment."""

import asyncio
import secrets
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from baysync.account import renewal, service, steering, store, survey, survey_store
from baysync.account.model import Defaults
from baysync.account.rules import propose
from baysync.account.service import Connected, ConsentRequest
from baysync.base.errors import AccessRefused, Refused
from baysync.base.wording import counted
from baysync.change import place_store, places
from baysync.change import service as changes
from baysync.change.model import Detected
from baysync.cli.accounts import callback
from baysync.cli.accounts.consent_page import shown
from baysync.cli.terminal.output import note
from baysync.cli.terminal.progress import progress
from baysync.ebay.edge.oauth import OAuth
from baysync.ebay.tokens import code_from
from baysync.jobs import publishing
from baysync.runtime import Runtime

CONSENT_SECONDS = 600
STATE_BYTES = 32
FALLBACK_MARKETPLACE = "EBAY_US"
PAGES_AT_ONCE = 50  # of items that eBay holds already; a worker reads the rest


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """How the seller's consent reaches us.

    ``port`` is where the browser comes back to on this machine; ``paste`` asks for the address
    instead, for a keyset that leads elsewhere.
    """

    port: int
    paste: bool
    browser: bool


async def connect(
    runtime: Runtime, asked: ConsentRequest, way: Way, marketplaces: Sequence[str]
) -> dict[str, object]:
    """Lead a person through eBay's consent; return what was connected and what is still to choose.

    Raises:
        AccessRefused: the seller declined, did not answer within 10 minutes, or eBay gave nothing.
        Refused: keys of another environment.
        Conflict: the seller is connected already.
    """
    transport = runtime.sessions.transport(asked.environment, asked.mock_url)
    oauth = service.oauth_of(asked, transport, runtime.sessions.tokens)
    for marketplace in marketplaces:
        places.refuse_unknown(marketplace)
    code = await _consent(oauth, way)
    connected = await service.connect(runtime.sessions.tokens, transport, asked, code)
    async with runtime.db() as db:
        present = [row.marketplace for row in await store.read_defaults(db, connected.id)]
    # An account that comes back sells where it sold: another marketplace is asked about by itself.
    chosen = marketplaces or [connected.seller.marketplace or FALLBACK_MARKETPLACE]
    done = await set_up(runtime, connected, [] if present else chosen, by=asked.by)
    async with runtime.db() as db:
        held = {one.account: one for one in await survey_store.progress(db)}[connected.name]
    return {
        "account": connected.name,
        "id": connected.id,
        "seller": connected.seller.username or connected.seller.user_id,
        "again": connected.again,
        "to_choose": done,
        "items": {"read": held.items, "total": held.total, "done": held.done_at is not None},
        "not_added": sorted(set(marketplaces) - {*present, *done}),
    }


async def renew(
    runtime: Runtime, name: str, way: Way, *, secret: str, by: str
) -> dict[str, object]:
    """Lead the seller of an account through eBay's consent again; return what was renewed.

    ``secret`` is the keyset's new client secret, empty where it is still the stored one.

    Raises:
        NotFound: there is no account of that name.
        Refused: it is disconnected.
        Conflict: another eBay user consented.
        AccessRefused: the seller declined, did not answer, or eBay gave nothing.
    """
    tokens = runtime.sessions.tokens
    one = await renewal.read(tokens, name, secret=secret)
    transport = runtime.sessions.transport(
        one.account.environment, one.account.base_urls.get("mock", "")
    )
    code = await _consent(OAuth(transport, one.application, tokens), way)
    seller = await renewal.renew(tokens, transport, one, code, by=by)
    async with runtime.db() as db:
        account = await store.read_named(db, name)
    return {
        "account": name,
        "id": account.id,
        "seller": seller.username or seller.user_id,
        "paused": account.paused_reason,
    }


async def set_up(
    runtime: Runtime, connected: Connected, marketplaces: Sequence[str], *, by: str
) -> dict[str, list[str]]:
    """Set the defaults there is no choice about; return by marketplace what is left to choose.

    The items that eBay holds already are looked up first: what was set on them is kept.
    """
    async with runtime.db() as db:
        session = await runtime.sessions.of(connected.id)
        await survey.read(db, connected.id, session, pages=PAGES_AT_ONCE)
    left: dict[str, list[str]] = {}
    listings = 0
    for marketplace in marketplaces:
        value, missing = await proposed(runtime, connected.id, marketplace)
        async with runtime.db() as db:
            await steering.set_defaults(db, connected.name, marketplace, value, by=by)
            listings = max(listings, len(await place_store.offered(db, marketplace)))
        left[marketplace] = list(missing)
    await enrol(runtime, connected.id, listings=listings)
    return left


async def proposed(
    runtime: Runtime, account_id: int, marketplace: str
) -> tuple[Defaults, tuple[str, ...]]:
    """Return defaults with what there is no choice about there, and the names of what to choose.

    An account that sold there before begins with what it said then.
    """
    session = await runtime.sessions.of(account_id)
    offered = await service.discover(session, marketplace)
    async with runtime.db() as db:
        known = await store.defaults(db, [(account_id, marketplace)])
        left = await place_store.left_defaults(db, account_id, marketplace)
    return propose(known.get((account_id, marketplace), left), offered)


async def enrol(
    runtime: Runtime, account_id: int, *, listings: int, quiet: bool = False
) -> Detected:
    """Offer the listings where an account's defaults now let them be sold; project them again.

    About how many ``listings`` that are tells how far it is; ``quiet`` shows no progress.
    """
    done = 0

    def told(more: int) -> None:
        nonlocal done
        done += more
        advance(done, counted(done, "listing"))

    debounce = publishing.debounce(runtime.settings)
    with progress("deciding", listings, shown=not quiet) as advance:
        async with runtime.db() as db:
            return await changes.enrol(db, account_id, debounce=debounce, advance=told)


def read_file(file: Path) -> bytes:
    """Return the content of a file, of standard input for ``-``.

    Raises:
        Refused: it cannot be read.
    """
    try:
        return sys.stdin.buffer.read() if str(file) == "-" else file.read_bytes()
    except OSError as error:
        raise Refused(f"{file}: {error.strerror}.", fix="name a file, or -.") from error


async def _consent(oauth: OAuth, way: Way) -> str:
    return await (_pasted(oauth, way) if way.paste else _sent_back(oauth, way))


async def _sent_back(oauth: OAuth, way: Way) -> str:
    state = secrets.token_urlsafe(STATE_BYTES)
    async with callback.listen(way.port, state=state) as answer:
        try:
            with shown(oauth.consent_url(state), browser=way.browser):
                note(f"Waiting for the browser at {answer.url} (or start again with --paste) …")
                async with asyncio.timeout(CONSENT_SECONDS):
                    return await answer.code
        except TimeoutError as error:
            raise AccessRefused(
                f"Nobody answered within {CONSENT_SECONDS // 60} minutes.",
                fix="start again; where the keyset leads elsewhere, use --paste.",
            ) from error


async def _pasted(oauth: OAuth, way: Way) -> str:
    state = secrets.token_urlsafe(STATE_BYTES)
    with shown(oauth.consent_url(state), browser=way.browser):
        note("Then paste the whole address of the page you end on:")
        return code_from((await asyncio.to_thread(input)).strip(), state=state)
