"""What the control calls are sent, beside the bodies that ``actors`` knows."""

from typing import Annotated, Any

import msgspec


class Unusable(Exception):
    """A control call cannot be done; says what to change."""


class Reset(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """Begin anew: with another seed, and with switches set."""

    seed: Annotated[int, msgspec.Meta(ge=0)] | None = None
    switches: dict[str, Any] = {}


class Advance(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """How far the virtual clock moves, or to which later moment: ISO 8601, or ``tomorrow``.

    ``tomorrow`` is the next midnight in California, when quotas and revisions count anew.
    """

    seconds: Annotated[float, msgspec.Meta(ge=0, le=1e9)] = 0
    ms: Annotated[int, msgspec.Meta(ge=0, le=10**12)] = 0
    to: str | None = None


class ReturnTo(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """Where consent leads back to."""

    url: Annotated[str, msgspec.Meta(pattern="^https?://")]


class NewSeller(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """One more seller."""

    name: Annotated[str, msgspec.Meta(min_length=1)]
