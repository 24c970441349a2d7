"""Differences between versions in words; pure."""

from collections.abc import Mapping

from baysync.listing.history.diff import changes
from baysync.listing.history.model import ABSENT, Document, FieldChange, KeptReason, Left, Path

MOST = 6
_REASONS = {
    KeptReason.CHANGED_SINCE: "was changed since",
    KeptReason.STOCK: "is a quantity: --with-stock gives it back, less what was sold since",
    KeptReason.TOGETHER: "means something only together with a field that was changed since",
    KeptReason.NOT_KEPT: "had a version before that is no longer kept",
    KeptReason.REFUSED: "would be refused as it was",
}


def summary(differences: Mapping[Path, FieldChange]) -> str:
    """Return which fields changed: ``title, price of M, variant L added``."""
    words = [_word(path, change) for path, change in differences.items()]
    more = [f"{len(words) - MOST} more"] if len(words) > MOST else []
    return ", ".join(words[:MOST] + more)


def changed(before: Document | None, after: Document) -> str:
    """Return what a version changed; ``before`` None where the version before is not kept."""
    if before is None:
        return "first known"
    return summary(changes(before, after)) or "nothing"


def reason(left: Left) -> str:
    """Return why a field stays, to follow its name."""
    return _REASONS[left.reason] + (f": {left.detail}" if left.detail else "")


def field(path: Path) -> str:
    """Return what a field is called among people."""
    match path:
        case ():
            name = "the listing"
        case ("variants",):
            name = "order of variants"
        case ("variants", sku):
            name = f"variant {sku}"
        case ("variants", sku, part):
            name = f"{part} of {sku}"
        case ("aspects", part):
            name = f"aspect {part}"
        case ("overrides", marketplace, *rest):
            name = f"{field(tuple(rest))} on {marketplace}"
        case _:
            name = path[-1]
    return name


def _word(path: Path, change: FieldChange) -> str:
    if change.before is ABSENT:
        return f"{field(path)} added"
    return f"{field(path)} taken out" if change.after is ABSENT else field(path)
