"""Say in a few words why an eBay listing is as it is. Pure."""

from collections.abc import Sequence

from baysync.account.model import PauseKind
from baysync.base.wording import counted
from baysync.insight.listing.model import Standing
from baysync.insight.model import Light


def reason(one: Standing, stopping: Sequence[Light] = ()) -> str:
    """Return in a few words why an eBay listing is not, or is, as the shop wants it.

    ``stopping`` are the lights by which nothing of its account reaches eBay.
    """
    if one.blocked_reason:
        held = "its content is" if one.blocked_scope == "content" else "everything is"
        return f"{held} blocked: {one.blocked_reason}"
    if one.projected and one.dead and not one.change:
        return "eBay refused what is wanted: see the dead letter"
    if one.projected and one.desired == one.published and not one.verify_at:
        return "eBay shows what is wanted" if one.published else "nothing is wanted on eBay"
    if one.projected and is_paused(one, stopping):
        return f"a change waits: the account is paused ({one.paused})"
    words = _under_way(one, is_stopped=bool(stopping))
    return ". ".join([words, *(light.message for light in stopping)])


def is_paused(one: Standing, stopping: Sequence[Light]) -> bool:
    """Return whether the pause is the cause: in an outage the lights say more, where any is lit."""
    return one.paused is not None and not (stopping and one.paused_kind == PauseKind.OUTAGE)


def _under_way(one: Standing, *, is_stopped: bool) -> str:
    if not one.projected:
        return "the newest edit is not projected yet"
    if one.verify_at:
        return "in doubt: it is read back"
    if one.capped_until is None:
        later = f", not before {one.due_at:%F %T} UTC" if one.due_at else ""
        goes = "waits" if is_stopped else "is on its way"
        return f"a change {goes}: {one.change}{later}"
    until = f"{one.capped_until:%F %H:%M} UTC"
    revisions = counted(one.revisions, "revision")
    return f"{revisions} today, eBay takes no more: the rest waits until {until}"
