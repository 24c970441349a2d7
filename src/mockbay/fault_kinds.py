"""The effects that a fault plan can name; ``mockbay.faults`` tells what each does."""

from typing import Any, Literal

import msgspec

When = Literal["before", "after"]


class Effect(msgspec.Struct, forbid_unknown_fields=True, tag_field="kind", kw_only=True):
    """What a rule does to a call."""


class Error(Effect, tag="error", kw_only=True):
    """Answer with an error of the catalogue."""

    status: int
    error_id: int | None = None
    message: str = ""
    parameters: dict[str, str] = {}
    headers: dict[str, str] = {}
    when: When = "before"


class Throttle(Effect, tag="throttle", kw_only=True):
    """Answer 429."""

    retry_after: int | None = None


class Latency(Effect, tag="latency", kw_only=True):
    """Let time pass before the call."""

    ms: int
    clock: Literal["real", "virtual"] = "real"


class Hold(Effect, tag="hold", kw_only=True):
    """Keep the call until it is released."""

    when: When = "before"


class Reset(Effect, tag="reset", kw_only=True):
    """Cut the connection."""

    when: When = "before"


class Late(Effect, tag="late", kw_only=True):
    """Cut the caller off now and let the call take effect later."""

    ms: int | None = None
    real_ms: int | None = None
    answer: Literal["reset", "gateway"] = "reset"


class Token(Effect, tag="expire_token"):
    """Let the token of the call end."""


class Unauthorized(Effect, tag="unauthorized"):
    """Refuse the token this once."""


class InvalidGrant(Effect, tag="invalid_grant"):
    """Refuse the refresh token or code."""


class Revoke(Effect, tag="revoke"):
    """Take back all that the seller granted."""


class Unavailable(Effect, tag="unavailable", kw_only=True):
    """Be out of order."""

    answer: Literal["503", "html", "reset"] = "503"


class Html(Effect, tag="html", kw_only=True):
    """Answer with a gateway's page."""

    status: int = 502
    when: When = "before"


class Truncate(Effect, tag="truncate"):
    """Stop in the middle of the answer."""


class Empty(Effect, tag="empty", kw_only=True):
    """Answer without a body."""

    status: int = 200


class Ignore(Effect, tag="ignore"):
    """Answer as usual and change nothing."""


class Rows(Effect, tag="rows", kw_only=True):
    """Let chosen rows of a bulk call fail."""

    skus: list[str]
    status: int = 400
    error_id: int = 25002
    message: str = ""


class DropRows(Effect, tag="drop_rows", kw_only=True):
    """Leave rows out of the answer."""

    skus: list[str] = []


class ShuffleRows(Effect, tag="shuffle_rows"):
    """Answer the rows in another order."""


class Patch(Effect, tag="patch", kw_only=True):
    """Change fields of the answer."""

    set: dict[str, Any] = {}
    remove: list[str] = []


class Stale(Effect, tag="stale"):
    """Answer a read as at the first time."""


class Lag(Effect, tag="lag", kw_only=True):
    """Let the reads after a write show what was there before it."""

    reads: int = 2
    ms: int | None = None


class Catalogue(Effect, tag="catalogue", kw_only=True):
    """Let eBay's catalogue overwrite products whose offers permit it."""

    product: dict[str, Any]


class Skew(Effect, tag="skew", kw_only=True):
    """Let the clock of the answer be wrong."""

    ms: int


class DropFields(Effect, tag="drop_fields", kw_only=True):
    """Overlook fields of what is written, and warn."""

    fields: list[str]
    warning: int = 25401


class Act(Effect, tag="act", kw_only=True):
    """Let somebody else act before or after the call."""

    action: str
    body: dict[str, Any] = {}
    when: When = "before"


AnyEffect = (
    Error | Throttle | Latency | Hold | Reset | Late | Token | Unauthorized | InvalidGrant | Revoke
    | Unavailable | Html | Truncate | Empty | Ignore | Rows | DropRows | ShuffleRows | Patch
    | Act | Stale | DropFields | Lag | Catalogue | Skew
)  # fmt: skip
