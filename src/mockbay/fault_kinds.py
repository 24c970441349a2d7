"""The effects that a fault plan can name, by ``kind``, each with its fields.

``when`` is ``before`` (the call has no effect) or ``after`` (it took effect, and the caller does
not learn of it). ``docs/reference/mockbay-faults.md`` is made of these texts.
"""

from typing import Any, Literal

import msgspec

When = Literal["before", "after"]


class Effect(msgspec.Struct, forbid_unknown_fields=True, tag_field="kind", kw_only=True):
    """What a rule does to a call."""


class Error(Effect, tag="error", kw_only=True):
    """Answer with any error: ``error_id`` of the catalogue or another, under ``status``."""

    status: int
    error_id: int | None = None
    message: str = ""
    parameters: dict[str, str] = {}
    headers: dict[str, str] = {}
    when: When = "before"


class Throttle(Effect, tag="throttle", kw_only=True):
    """Answer 429 with 2001; ``retry_after`` seconds, or no such header."""

    retry_after: int | None = None


class Latency(Effect, tag="latency", kw_only=True):
    """Let time pass before the call: ``real`` waits, ``virtual`` moves the clock of the mock."""

    ms: int
    clock: Literal["real", "virtual"] = "real"


class Hold(Effect, tag="hold", kw_only=True):
    """Keep the call until ``POST /_mock/faults/{id}/release``; ``GET .../reached`` waits for it."""

    when: When = "before"


class Reset(Effect, tag="reset", kw_only=True):
    """Cut the connection without an answer."""

    when: When = "before"


class Late(Effect, tag="late", kw_only=True):
    """Cut the caller off, or tell it 504 (``gateway``), and let the call take effect later.

    That is after ``ms`` of virtual time, after ``real_ms``, or, without either, at ``release``.
    """

    ms: int | None = None
    real_ms: int | None = None
    answer: Literal["reset", "gateway"] = "reset"


class Token(Effect, tag="expire_token"):
    """Let the token of the call be dead from now on."""


class Unauthorized(Effect, tag="unauthorized"):
    """Refuse the token with 401, this once."""


class InvalidGrant(Effect, tag="invalid_grant"):
    """Refuse the refresh token or code of a token call."""


class Revoke(Effect, tag="revoke"):
    """Take back all that the seller granted: refresh tokens and access tokens."""


class Unavailable(Effect, tag="unavailable", kw_only=True):
    """Be out of order: 503, a page, or a cut; mostly with ``for_ms`` and ``times`` 0."""

    answer: Literal["503", "html", "reset"] = "503"


class Html(Effect, tag="html", kw_only=True):
    """Answer with a gateway's page."""

    status: int = 502
    when: When = "before"


class Truncate(Effect, tag="truncate"):
    """Stop in the middle of the answer's JSON, after `{` of a 204, which becomes a 200."""


class Empty(Effect, tag="empty", kw_only=True):
    """Answer without a body; the call took effect."""

    status: int = 200


class Ignore(Effect, tag="ignore"):
    """Answer as usual and change nothing."""


class Rows(Effect, tag="rows", kw_only=True):
    """Let the rows of ``skus`` in a bulk call fail and have no effect."""

    skus: list[str]
    status: int = 400
    error_id: int = 25002
    message: str = ""


class DropRows(Effect, tag="drop_rows", kw_only=True):
    """Leave the rows of ``skus``, or the last, out of the answer; they took effect."""

    skus: list[str] = []


class ShuffleRows(Effect, tag="shuffle_rows"):
    """Answer the rows of a bulk call in reverse."""


class Patch(Effect, tag="patch", kw_only=True):
    """Replace dotted fields of the answer, in each object of a list, or leave them out."""

    set: dict[str, Any] = {}
    remove: list[str] = []


class Stale(Effect, tag="stale"):
    """Answer a read as at the rule's first fire; set ``times`` above 1."""


class Lag(Effect, tag="lag", kw_only=True):
    """Let the next ``reads``, for ``ms`` of virtual time if given, show what was there before."""

    reads: int = 2
    ms: int | None = None


class Catalogue(Effect, tag="catalogue", kw_only=True):
    """Overwrite ``product``, unless an offer says ``includeCatalogProductDetails`` false."""

    product: dict[str, Any]


class Skew(Effect, tag="skew", kw_only=True):
    """Let the answer's ``Date`` be wrong by ``ms``; a ``Retry-After`` is given as such a date."""

    ms: int


class DropFields(Effect, tag="drop_fields", kw_only=True):
    """Overlook dotted ``fields`` of a body or of its rows, and warn."""

    fields: list[str]
    warning: int = 25401


class Act(Effect, tag="act", kw_only=True):
    """Let somebody else act: ``action`` is the name of a control call, ``body`` what it is sent."""

    action: str
    body: dict[str, Any] = {}
    when: When = "before"


AnyEffect = (
    Error | Throttle | Latency | Hold | Reset | Late | Token | Unauthorized | InvalidGrant | Revoke
    | Unavailable | Html | Truncate | Empty | Ignore | Rows | DropRows | ShuffleRows | Patch
    | Act | Stale | DropFields | Lag | Catalogue | Skew
)  # fmt: skip
