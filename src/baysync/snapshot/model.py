"""Immutable records of what eBay showed."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from baysync.ebay_listing.model import Document
from baysync.projection.diff import Diff


class SourceEvent(StrEnum):
    """What made a snapshot necessary."""

    DRIFT_DETECTED = "drift_detected"
    LIFECYCLE_CHANGE = "lifecycle_change"
    MANUAL = "manual"
    POLICY_DEPENDENCY_CHANGE = "policy_dependency_change"
    PUBLISH_SUCCESS = "publish_success"
    READ_BACK = "read_back"
    RESTORE = "restore"


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """What turns one document into another; ``labels`` say how buyers know its variants."""

    edits: Diff
    labels: dict[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class NewSnapshot:
    """A state to be remembered; ``document`` None: nothing is known to be there.

    ``carried`` is what the seller set beside the document, by item, offer and group.
    """

    ebay_listing_id: int
    document: Document | None
    source_event: SourceEvent
    queue_id: int | None = None
    carried: Mapping[str, object] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Latest:
    """The newest snapshot of an ebay listing; ``id`` is that of the one that holds the bytes."""

    ebay_listing_id: int
    id: int
    snapshot_hash: bytes | None
    carried_hash: bytes | None
    body: bytes | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Insert:
    """A snapshot as its row: packed bytes or the id of an equal one, the diff as JSON.

    ``diff`` None: the whole document is new.
    """

    ebay_listing_id: int
    snapshot_hash: bytes | None
    dedup_of: int | None
    body: bytes | None
    projection_version: int
    source_event: str
    diff: str | None
    queue_id: int | None
    carried: bytes | None
    carried_hash: bytes | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshot:
    """One snapshot as it is listed, newest first.

    ``seq`` counts from 1 for each ebay listing; ``diff`` is what changed since the one before, by
    pointer. ``dedup_of`` is the ``seq`` of the equal snapshot that holds the document.
    """

    id: int
    ebay_listing_id: int
    seq: int
    snapshot_hash: bytes | None
    dedup_of: int | None
    projection_version: int
    source_event: str
    diff: dict[str, object]
    correlation_id: str
    queue_id: int | None
    created_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """An ebay listing by the names people know it by."""

    ebay_listing_id: int
    sku: str
    account: str
    marketplace: str
