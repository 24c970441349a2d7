"""How values are spelled on a page: ages, numbers, states with a tone.."""

import re
from datetime import datetime, timedelta

from markupsafe import Markup, escape

UNITS = ((86_400, "d"), (3_600, "h"), (60, "m"))
TONES = {
    "ok": {"done", "live", "publish_success", "active", "sold"},
    "warn": {
        "retry", "ambiguous", "throttled", "reauth", "config", "conflict", "gone", "pending",
        "blocked", "held", "capped", "read_back", "drift_detected", "cancelled",
        "taken_back",
    },
    "acc": {"started", "processing", "lifecycle_change", "manual", "policy_dependency_change"},
    "bad": {"rejected", "unrecognised", "expired", "dead", "on_sale_twice"},
}  # fmt: skip


def ago(then: datetime, now: datetime) -> str:
    """Return how long ago ``then`` was, in its largest unit: ``38s ago``, ``3h ago``."""
    return f"{span(now - then)} ago"


def span(length: timedelta) -> str:
    """Return a length of time in its largest unit."""
    seconds = max(0, int(length.total_seconds()))
    for size, unit in UNITS:
        if seconds >= size:
            return f"{seconds // size}{unit}"
    return f"{seconds}s"


def number(value: int) -> str:
    """Return a number with separators of thousands."""
    return f"{value:,}"


def tone(word: str) -> str:
    """Return the tone of a state or outcome: ok, warn, bad, acc, or empty for a neutral one."""
    return next((name for name, words in TONES.items() if word in words), "")


def coded(text: str) -> Markup:
    """Return a sentence with what stands between backticks as code; all of it is escaped."""
    plain = str(escape(text))
    return Markup(re.sub(r"`([^`]+)`", r"<code>\1</code>", plain))  # noqa: S704 - escaped


def spoken(word: str) -> str:
    """Return a snake_case word as people write it."""
    return word.replace("_", " ")
