"""Random identifiers; pure code is handed them."""

from uuid import UUID, uuid4


def correlation_id() -> str:
    """Return 32 hex digits that link the log lines, attempts and calls of one piece of work."""
    return uuid4().hex


def claim_id() -> UUID:
    """Return a fresh fencing token for one claim."""
    return uuid4()
