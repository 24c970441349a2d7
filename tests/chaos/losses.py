"""What is taken from the workers: their database in the middle of a plan, a seller's consent."""

from collections.abc import Sequence
from dataclasses import replace
from functools import partial

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule
from psycopg import OperationalError

from baysync.account import store as accounts
from baysync.account import token_store
from baysync.db.connection import Db
from baysync.ebay.tokens import Granted
from baysync.publish.model import Work
from baysync.publish.settling.decision import Decision
from chaos import catalogue
from chaos.catalogue import READS, WRITES
from chaos.stalls import Unplugged
from chaos.standing import Workers, calls
from support.live_shop import Document

REVOKED = "revoked"


class Losses(Workers):
    """The rules of what is lost; ``revoked``: eBay may take back, or has, what was granted."""

    def __init__(self) -> None:
        super().__init__()
        self.revoked = False

    @rule(edit=catalogue.edits, calls=calls)
    def lose_database(self, edit: tuple[str, Document], calls: int) -> None:
        """Lose the database before a call in the middle of a plan; it is back at once."""
        self.edit(edit)
        self.do(self.worker(partial(Unplugged, calls=calls)).publish_once())
        self.stirred = True

    @rule(edit=catalogue.edits)
    def lose_commit(self, edit: tuple[str, Document]) -> None:
        """Lose the answer to the commit that settles a claim: it is settled once more."""
        self.edit(edit)
        lost: list[object] = []

        def done(works: Sequence[Work], _decisions: dict[int, Decision]) -> None:
            if not lost:
                lost.append(works)
                raise OperationalError("the server closed the connection")

        self.do(replace(self.shop.publisher, done=done).publish_once())
        self.stirred = True

    @rule()
    def import_again(self) -> None:
        """Send everything once more, as it is."""
        self.put(*self.catalogue.listings.values())

    @precondition(lambda self: not self.revoked)
    @rule(edit=catalogue.edits, op=st.sampled_from(WRITES + READS), nth=st.integers(1, 2))
    def revoke(self, edit: tuple[str, Document], op: str, nth: int) -> None:
        """Take back at some call what the seller granted; nothing is sent until he grants anew."""
        self.revoked = True
        effects: list[Document] = [{"kind": "revoke"}]
        self.shop.mock.faults({"id": REVOKED, "match": {"op": op}, "nth": nth, "effects": effects})
        self.edit(edit)
        self.publish()

    @precondition(lambda self: self.revoked)
    @rule()
    def grant(self) -> None:
        """Let the seller grant it anew."""
        self.revoked = False
        self.shop.mock.drop_fault(REVOKED)
        fresh = self.shop.mock.credentials
        granted = Granted(
            access=fresh["user_token"], expires_in=7200, refresh=fresh["refresh_token"]
        )

        async def store(db: Db) -> None:
            async with db.transaction():
                await token_store.write_granted(
                    db, self.shop.runtime.keyring, self.shop.account_id, granted
                )
                await accounts.resume(db, self.shop.account_id)

        self.ask(store)
