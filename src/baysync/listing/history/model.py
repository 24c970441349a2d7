"""Versions of a listing and the differences between them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final, TypeAlias, final

Document: TypeAlias = Mapping[str, object]
Path: TypeAlias = tuple[str, ...]


@final
class Absent:
    """The type of ``ABSENT``."""


ABSENT: Final = Absent()  # what stands where a field is not


class Form(StrEnum):
    """How a version's bytes lie in the database.

    As accepted it is packed, by older programs plain; the job leaves it whole, or as a ``patch``
    against the body of the version after it.
    """

    ACCEPTED = "accepted"
    PLAIN = "plain"
    WHOLE = "whole"
    PATCH = "patch"


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredVersion:
    """A version as it lies in the database; ``import_id`` is None outside imports."""

    listing_id: int
    version: int
    form: str
    body: bytes
    kind: str
    actor: str
    import_id: int | None
    accepted_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """An accepted version with its listing's bytes; ``kind`` is the entrance it came through."""

    version: int
    body: bytes
    kind: str
    actor: str
    import_id: int | None
    accepted_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Packed:
    """What the job writes of one version."""

    listing_id: int
    version: int
    form: Form
    body: bytes
    superseded_at: datetime | None


@dataclass(frozen=True, slots=True)
class FieldChange:
    """What a field was and became; ``ABSENT`` where there was none."""

    before: object
    after: object


class KeptReason(StrEnum):
    """Why a field is left as it is."""

    CHANGED_SINCE = "changed_since"
    STOCK = "stock"
    TOGETHER = "together"
    NOT_KEPT = "not_kept"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Left:
    """A field that is not put back, and why; the empty path is the whole listing."""

    path: Path
    reason: KeptReason
    detail: str = ""


@dataclass(frozen=True, slots=True)
class PutBack:
    """A listing with fields put back.

    Attributes:
        document: the listing as it is to be.
        changes: what that changes of the listing as it is.
        left: what is left as it is, and why.
    """

    document: Document
    changes: Mapping[Path, FieldChange]
    left: tuple[Left, ...]
