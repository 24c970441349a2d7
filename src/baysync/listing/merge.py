"""JSON merge patch (RFC 7396), pure."""

from collections.abc import Mapping
from typing import cast


def merge(target: Mapping[str, object] | None, patch: Mapping[str, object]) -> dict[str, object]:
    """Return ``target`` with ``patch`` merged in: null takes a member out, objects merge within."""
    merged = dict(target or {})
    for name, value in patch.items():
        if value is None:
            merged.pop(name, None)
        elif isinstance(value, Mapping):
            inner = merged.get(name)
            known = cast("Mapping[str, object]", inner) if isinstance(inner, Mapping) else None
            merged[name] = merge(known, cast("Mapping[str, object]", value))
        else:
            merged[name] = value
    return merged
