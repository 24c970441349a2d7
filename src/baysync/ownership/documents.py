"""The documents of one listing at eBay: whose their leaves are, and what was read of them. Pure.

One value for one attempt of the publisher: it knows what was stored, takes what is read and
what is confirmed, and says what is to be stored.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import NamedTuple

from baysync.ownership import carrying
from baysync.ownership.fields import KNOWN, OPEN
from baysync.ownership.leaves import Said
from baysync.ownership.model import NO_LEAVES, CarryingRules, Context, Drop, Json, Leaves, Path
from baysync.ownership.rules import GROUP, ITEM, OFFER


class Kind(StrEnum):
    """The three kinds of documents that eBay replaces whole."""

    ITEM = "item"
    OFFER = "offer"
    GROUP = "group"


def is_known(kind: Kind, leaf: Path) -> bool:
    """Return whether eBay's files know a leaf; below one that they know, another is unknown."""
    return any(
        leaf == known or (known in OPEN and leaf[: len(known)] == known) for known in KNOWN[kind]
    )


class Document(NamedTuple):
    """One document of a listing; ``key`` is the variant's, empty for a single and for the group."""

    kind: Kind
    key: str = ""


RULES: Mapping[Kind, CarryingRules] = {Kind.ITEM: ITEM, Kind.OFFER: OFFER, Kind.GROUP: GROUP}
THE_GROUP = Document(Kind.GROUP)


@dataclass(frozen=True, slots=True, kw_only=True)
class Stored:
    """What is stored of one document; ``carried`` and ``rebuild`` are None where nothing is."""

    owned: Leaves = NO_LEAVES
    carried: Json | None = None
    rebuild: Json | None = None


@dataclass(slots=True, kw_only=True)
class Documents:
    """The documents of one listing while its change is carried out.

    ``stored`` is what the database holds. ``shown`` are documents as eBay showed them in this
    attempt, until they are replaced; ``dropped`` names what a body left out of the seller's.
    ``unread`` are documents of which nothing was owned before this attempt: they were never
    written. ``foreign`` are those that another program may have made: they are read all the same.
    ``refused`` are leaves that eBay's files do not know and that eBay takes from this account in no
    document of the kind. ``without`` is what eBay refused in this attempt, ``unnamed`` where its
    refusal named nothing, and ``learnt`` is what of that it takes bodies without.
    ``rebuilds`` are documents that are deleted to be made anew; ``kept`` is what the last body
    carried.
    """

    stored: dict[Document, Stored] = field(default_factory=dict[Document, Stored])
    owned: dict[Document, Leaves] = field(default_factory=dict[Document, Leaves])
    shown: dict[Document, Json] = field(default_factory=dict[Document, Json])
    carried: dict[Document, Json] = field(default_factory=dict[Document, Json])
    unread: set[Document] = field(default_factory=set[Document])
    foreign: Collection[Document] = ()
    rebuilds: dict[Document, Json] = field(default_factory=dict[Document, Json])
    refused: Mapping[Kind, Leaves] = field(default_factory=dict[Kind, Leaves])
    without: dict[Document, Leaves] = field(default_factory=dict[Document, Leaves])
    unnamed: set[Document] = field(default_factory=set[Document])
    learnt: dict[Kind, Leaves] = field(default_factory=dict[Kind, Leaves])
    kept: dict[Document, Leaves] = field(default_factory=dict[Document, Leaves])
    dropped: dict[Document, tuple[Drop, ...]] = field(
        default_factory=dict[Document, tuple[Drop, ...]]
    )

    def begin(self, said: Said) -> dict[Document, Leaves]:
        """Own what the bodies of this attempt will say; return the documents that grew by it."""
        grown: dict[Document, Leaves] = {}
        leaves = {Document(Kind.ITEM, key): each for key, each in said.items.items()}
        leaves |= {Document(Kind.OFFER, key): each for key, each in said.offers.items()}
        leaves |= {THE_GROUP: said.group} if said.group else {}
        for document, each in leaves.items():
            if document not in self.stored and document not in self.foreign:
                self.unread.add(document)
            before = self.owned.get(document)
            if before is None or not each <= before:
                grown[document] = self.owned[document] = each | (before or NO_LEAVES)
        return grown

    def is_written(self, document: Document) -> bool:
        """Return whether eBay may hold it, ours or not: it is read before it is replaced."""
        return document in self.owned and document not in self.unread

    def mask(self, document: Document, shown: Mapping[str, object]) -> Json:
        """Return what of ``shown`` is compared with what we want; all of it where none is owned."""
        owned = self.owned.get(document)
        return dict(shown) if owned is None else carrying.mask(shown, owned, RULES[document.kind])

    def see(self, document: Document, shown: Mapping[str, object]) -> None:
        """Take what eBay has just shown; the next body of the document carries from it."""
        self.shown[document] = dict(shown)
        owned, rules = self.owned.get(document), RULES[document.kind]
        if owned is not None:
            every = owned | carrying.leaves_of({}, rules)
            leaves = carrying.strangers(carrying.flatten(shown, rules), {}, every, rules)
            self.carried[document] = carrying.nest(leaves, rules)

    def body(
        self, document: Document, ours: Mapping[str, object], context: Context = carrying.PLAIN
    ) -> Json:
        """Return ``ours`` with what a seller set, as far as eBay showed it in this attempt."""
        shown = self.shown.get(document, self.rebuilds.get(document))
        if shown is None:
            return dict(ours)
        carried = carrying.carry(
            shown,
            ours,
            self.owned.get(document, NO_LEAVES),
            RULES[document.kind],
            context,
            without=self.without.get(document, NO_LEAVES) | self._refused(document.kind),
        )
        self.dropped[document] = carried.dropped
        self.kept[document] = frozenset(carrying.flatten(carried.kept, RULES[document.kind]))
        return carried.body

    def refuse(self, document: Document, words: Sequence[str], ours: Mapping[str, object]) -> bool:
        """Leave out of the next body what a refusal names of the seller's, or what is unknown.

        Returns whether the next body is another one; a second refusal is the shop's.
        """
        kept, rules = self.kept.get(document, NO_LEAVES), RULES[document.kind]
        named = carrying.named_in(words, kept, carrying.flatten(ours, rules))
        refused = named or frozenset(leaf for leaf in kept if not is_known(document.kind, leaf))
        if not refused or document in self.without:
            return False
        self.without[document] = refused
        if not named:
            self.unnamed.add(document)
        return True

    def is_there(self, document: Document, body: Mapping[str, object]) -> bool:
        """Return whether eBay has shown this very body, so that there is nothing to send."""
        shown = self.shown.get(document)
        return shown is not None and carrying.is_there(body, shown, RULES[document.kind])

    def confirm(self, document: Document, ours: Mapping[str, object]) -> None:
        """Note that ``ours`` stands at eBay: what it does not say is the seller's from now on.

        What eBay's files do not know and this body left out, no body of the account says from now.
        """
        if document in self.unnamed:
            known = self.learnt.get(document.kind, NO_LEAVES)
            self.learnt[document.kind] = known | self.without[document]
        self.owned[document] = carrying.leaves_of(ours, RULES[document.kind])
        self.shown.pop(document, None)
        self.rebuilds.pop(document, None)
        self.unread.discard(document)

    def rebuild(self, document: Document) -> bool:
        """Keep what eBay shows of a document that is deleted to be made anew, if it was read."""
        if document in self.shown:
            self.rebuilds[document] = self.shown[document]
        return document in self.rebuilds

    def forget(self, document: Document) -> None:
        """Take it that eBay has no such document: it is written unread."""
        self.shown.pop(document, None)
        self.unread.add(document)

    @property
    def changed(self) -> dict[Document, Stored]:
        """What differs from what is stored, as it is to be stored."""
        now = {
            document: Stored(
                owned=owned,
                carried=self.carried.get(document, self._before(document).carried),
                rebuild=self.rebuilds.get(document),
            )
            for document, owned in self.owned.items()
        }
        return {
            document: each for document, each in now.items() if each != self.stored.get(document)
        }

    @property
    def seen(self) -> dict[Document, Stored]:
        """What is stored, with the seller's part as it was shown in this attempt."""
        return {
            document: replace(before, carried=now)
            for document, now in self.carried.items()
            if (before := self.stored.get(document))
        }

    @property
    def is_other(self) -> bool:
        """Whether eBay shows other values of the seller's than when they were read before."""
        return any(
            before.carried is not None and before.carried != now
            for document, now in self.carried.items()
            if (before := self.stored.get(document))
        )

    @property
    def sellers(self) -> dict[str, Json]:
        """What the seller set, as last shown, by ``kind`` or ``kind/variant``."""
        known = {document: each.carried for document, each in self.stored.items()}
        known |= self.carried
        return {
            "/".join(filter(None, document)): each
            for document, each in sorted(known.items())
            if each
        }

    def _refused(self, kind: Kind) -> Leaves:
        """Return what the account's bodies of a kind leave out, unless eBay's files know it now."""
        leaves = self.refused.get(kind, NO_LEAVES)
        return frozenset(leaf for leaf in leaves if not is_known(kind, leaf))

    def _before(self, document: Document) -> Stored:
        return self.stored.get(document, Stored())
