"""Say in words why something is not sent: from a block's detail, or eBay's answer. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from baysync.account.rules import addressed
from baysync.change import causes
from baysync.change.causes import Cause


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """Why something is not sent, where it stands in the shop's listing, and the way out."""

    pointer: str
    rule: str
    fix: str


def of_block(
    reason: str, detail: Mapping[str, object] | None, account: str, marketplace: str
) -> list[Reason]:
    """Return every reason that a block gives; never none. Commands name account and marketplace."""
    return [_reason(cause, account, marketplace) for cause in causes.of_block(reason, detail)]


def of_errors(
    errors: Iterable[Mapping[str, object]], account: str, marketplace: str
) -> list[Reason]:
    """Return eBay's errors, each with its id, what it said and named, and a fix.

    Commands name account and marketplace.
    """
    return [_reason(cause, account, marketplace) for cause in causes.of_errors("", errors)]


def _reason(cause: Cause, account: str, marketplace: str) -> Reason:
    fix = addressed(cause.fix, account, marketplace)
    return Reason(pointer=cause.pointer, rule=cause.message, fix=fix)
