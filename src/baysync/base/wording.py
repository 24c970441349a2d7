"""Counts in messages."""


def counted(number: int, one: str, many: str = "") -> str:
    """Return a number and what it counts: ``1 live listing``, ``2,000 live listings``.

    ``many`` is for words of which the plural is more than an ``s`` at the end, or verbs follow.
    """
    return f"{number:,} {one if number == 1 else many or one + 's'}"
